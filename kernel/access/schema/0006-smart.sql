-- What a SMART launch from our screens carries, and when each application last used what a person gave it.

create table access.launch (
  handle_hash  bytea primary key,        -- SHA-256 of the handle in the address: who reads the table can launch nothing
  client       text not null references access.client (id) on delete cascade,
  account      text not null,
  patient      text,                     -- Patient id
  encounter    text,                     -- Encounter id
  intent       text,
  ends_at      timestamptz not null,
  used_at      timestamptz               -- a handle is good once
);
create index launch_ends on access.launch (ends_at);

create table access.app_use (
  account  text not null,
  client   text not null,
  used_at  timestamptz not null,
  primary key (account, client)
);

create schema if not exists access;

-- Accounts, sessions, clients, keys, broken glass. The tables of people who act; no clinical data.

create table access.account (
  id            text primary key,              -- sign-in name, lower case
  name          text not null,
  roles         text[] not null,
  unit          text,                          -- Organization id
  practitioner  text,                          -- Practitioner id
  password      text not null,                 -- argon2id, PHC string
  demo          boolean not null default false,
  active        boolean not null default true,
  failures      int not null default 0,        -- wrong passwords in a row
  locked_until  timestamptz,
  created_at    timestamptz not null default now(),
  password_at   timestamptz not null default now(),
  last_sign_in  timestamptz
);

create table access.session (
  token_hash  bytea primary key,               -- SHA-256 of the cookie's value: the table alone signs nobody in
  account     text not null references access.account (id) on delete cascade,
  created_at  timestamptz not null,
  seen_at     timestamptz not null,
  ip          text not null,
  agent       text not null
);
create index session_account on access.session (account);
create index session_seen on access.session (seen_at);

create table access.client (
  id          text primary key,
  name        text not null,
  secret      text not null,                   -- argon2id, PHC string
  scopes      text not null,                   -- what it may ask for, separated by spaces
  active      boolean not null default true,
  created_at  timestamptz not null default now()
);

create table access.signing_key (
  kid         text primary key,
  jwk         jsonb not null,                  -- private key
  created_at  timestamptz not null default now()
);

create table access.opening (                  -- break-glass
  id          bigint generated always as identity primary key,
  account     text not null,
  name        text not null,
  unit        text,
  patient     text not null,
  reason      text not null,
  opened_at   timestamptz not null,
  until       timestamptz not null
);
create index opening_until on access.opening (until);
create index opening_opened on access.opening (opened_at desc);

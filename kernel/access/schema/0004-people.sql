-- Posts of the staff register, reviews of accounts, one-time codes of citizens.

create table access.post (                     -- a view of PractitionerRoles, kept by the change feed
  role          text primary key,              -- PractitionerRole id
  practitioner  text not null,
  unit          text not null,                 -- Organization id
  roles         text[] not null,
  starts        date,
  ends          date                           -- last day
);
create index post_practitioner on access.post (practitioner);
create index post_starts on access.post (starts);
create index post_ends on access.post (ends);

create table access.review (                   -- who signed off which unit's accounts, and when
  unit         text not null,
  reviewed_at  timestamptz not null,
  reviewer     text not null,
  name         text not null,
  primary key (unit, reviewed_at)
);

create table access.review_line (
  unit         text not null,
  reviewed_at  timestamptz not null,
  account      text not null,
  roles        text[] not null,
  verdict      text not null check (verdict in ('keep', 'close')),
  primary key (unit, reviewed_at, account),
  foreign key (unit, reviewed_at) references access.review (unit, reviewed_at)
);

create table access.one_time_code (
  browser     bytea primary key,               -- SHA-256 of the cookie that the browser was given with it
  person      text,                            -- Patient id; null when nothing was sent
  hash        bytea not null,                  -- SHA-256 of browser and code
  tries       int not null default 0,
  created_at  timestamptz not null,
  expires_at  timestamptz not null
);
create index one_time_code_expires on access.one_time_code (expires_at);

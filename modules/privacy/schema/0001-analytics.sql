create schema if not exists privacy;

-- Privacy analytics (modules/privacy/analytics): what is remembered of the audit to judge the next line, and the alerts. All of it
-- can be made anew from the audit but what the officer wrote.

create table privacy.position (          -- one row: up to where the audit was judged
  one boolean primary key default true check (one),
  era int2 not null,
  xid int8 not null,
  n   int4 not null
);

create table privacy.seen (              -- persons of an account in a day; kept two days
  day     date not null,
  account text not null,
  pt      int8 not null,
  primary key (day, account, pt)
);

create table privacy.activity (          -- one row for each account and day
  day     date not null,
  account text not null,
  unit    text not null,                 -- '' = none
  persons int4 not null,
  night   int4 not null,                 -- of them at night
  primary key (day, account)
);
create index activity_unit on privacy.activity (unit, day);

create table privacy.place (             -- networks from which an account came
  account text not null,
  network text not null,
  seen    date not null,
  primary key (account, network)
);

create table privacy.alert (
  id       uuid primary key default gen_random_uuid(),
  rule     text not null,
  severity text not null,
  day      date not null,
  account  text not null,
  patient  text not null,                -- '' = about no single person
  unit     text,
  first_at timestamptz not null,
  last_at  timestamptz not null,
  times    int4 not null,
  lines    text[] not null,              -- ids of audit lines, at most 50
  state    text not null default 'open', -- open, reviewing, closed
  note     text,
  by       text,
  at       timestamptz,
  unique (rule, day, account, patient)
);
create index alert_state on privacy.alert (state, last_at desc, id desc);
create index alert_last on privacy.alert (last_at desc, id desc);

create schema if not exists statistics;

-- Numbers of statutory reports (modules/statistics). FHIR has no resource for the cells of a form; what leaves the house is a file or
-- a MeasureReport. Rows are of units, never of persons: who is behind a number is asked of the record again, by right.

create table statistics.figure (          -- what was counted from the record; can be made anew at any time
  form    text not null,
  version date not null,
  unit    text not null,                  -- Organization id
  period  text not null,                  -- 2026-10, 2026-Q4, 2026
  counts  jsonb not null,                 -- cell → number or null
  made    timestamptz not null,
  stale   boolean not null,               -- the record has changed since, or it is being counted
  turn    int4 not null default 0,        -- one more with each change of the record that touches it
  primary key (form, version, unit, period)
);
create index figure_unit on statistics.figure (unit, form, period);

create table statistics.entry (           -- typed and corrected numbers: every one that ever stood, append only
  form    text not null,
  unit    text not null,
  period  text not null,
  cell    text not null,                  -- row.column
  n       int4 not null,                  -- 1, 2, …: the newest holds
  kind    text not null check (kind in ('typed', 'corrected')),
  value   float8,                         -- null = taken back
  counted float8,                         -- what was counted when it was corrected
  reason  text,
  by      text not null,
  by_name text not null,
  at      timestamptz not null,
  primary key (form, unit, period, cell, n)
);

create table statistics.remark (          -- a comment on a cell, and whether somebody is to look at it again
  form    text not null,
  unit    text not null,
  period  text not null,
  cell    text not null,
  text    text not null,
  follow  boolean not null,
  by      text not null,
  by_name text not null,
  at      timestamptz not null,
  primary key (form, unit, period, cell)
);
create index remark_follow on statistics.remark (unit, period) where follow;

create table statistics.sheet (           -- a report that somebody began
  form    text not null,
  unit    text not null,
  period  text not null,
  version date not null,
  state   text not null default 'open' check (state in ('open', 'submitted', 'approved')),
  handed  timestamptz,                    -- first handed in: punctuality is judged by it
  numbers jsonb,                          -- as they were handed in; null while open
  primary key (form, unit, period)
);
create index sheet_period on statistics.sheet (period, form, state);

create table statistics.step (            -- who handed in, returned, approved, reopened
  form    text not null,
  unit    text not null,
  period  text not null,
  n       int4 not null,
  act     text not null,
  reason  text,
  by      text not null,
  by_name text not null,
  at      timestamptz not null,
  numbers jsonb,                          -- what was handed in with this step
  primary key (form, unit, period, n)
);

create table statistics.pivot (           -- a table that somebody put together and kept: the question, never its numbers
  id         uuid primary key,
  owner      text not null,               -- account
  owner_name text not null,
  unit       text,                        -- Organization that sees it, too; null = the owner alone
  name       text not null,
  ask        jsonb not null,              -- form, periods, rows, columns, cell, unit, view
  at         timestamptz not null,
  unique (owner, name)
);
create index pivot_unit on statistics.pivot (unit) where unit is not null;

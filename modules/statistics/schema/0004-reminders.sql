create table statistics.reminder (        -- a unit was called or written to about reports that it has not handed in; append only
  unit    text not null,
  month   text not null,                  -- 2026-10
  text    text not null,                  -- what was said
  by      text not null,
  by_name text not null,
  at      timestamptz not null,
  primary key (unit, month, at)
);

-- Kept numbers of a form in one array, in the order of its counted cells: a report over a province and a year reads a row for each unit
-- and month. Everything in it can be counted again, so nothing is carried over.
drop table statistics.figure;

create table statistics.figure (
  form    text not null,
  version date not null,
  unit    text not null,                  -- Organization id
  period  text not null,                  -- 2026-10, 2026-Q4, 2026
  layout  text not null,                  -- which cells there are and how they are counted; another layout is another question
  counts  float8[],                       -- one for each counted cell; null in it = no number; null whole = never counted
  made    timestamptz,                    -- when that count began
  stale   boolean not null,               -- the record has changed since
  turn    int4 not null default 0,        -- one more with each change of the record that touches it
  primary key (form, version, unit, period)
);
create index figure_unit on statistics.figure (unit, form, period);

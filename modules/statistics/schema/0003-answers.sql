create table statistics.answer (          -- why a number that is unlike others is right: every answer that ever stood, append only
  form    text not null,
  unit    text not null,
  period  text not null,
  cell    text not null,
  value   float8 not null,                -- the number that was explained: of another number it is asked again
  text    text not null,
  by      text not null,
  by_name text not null,
  at      timestamptz not null,
  primary key (form, unit, period, cell, at)
);

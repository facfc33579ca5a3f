-- What the program remembers about this database: one row a fact.
create schema if not exists program;
create table program.fact (
  name    text primary key,     -- province: 'demo' or 'real'; client: the client of YBA_CLIENT
  value   jsonb not null,
  at      timestamptz not null default now()
);

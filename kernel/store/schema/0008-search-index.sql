-- What the rows of each resource type can be found by, and the programs that write such rows (kernel/store/reindex).

-- One row a type. A search parameter is answered while `parameters` holds the fingerprint of its definition: then every row
-- of the type agrees with it. The pass that makes them agree keeps its place here, batch by batch, with the rows it changed.
create table search_index (
  type       text collate "C" primary key,
  parameters jsonb not null,                    -- code → fingerprint
  state      text not null default 'level'      -- waiting = a pass is needed; running = begun, by a program that may be gone
    check (state in ('level', 'waiting', 'running', 'stopped', 'failed')),
  why        text not null default '',          -- parameter, version or operator
  pass       jsonb,                             -- what the pass makes the rows agree with; null = not begun
  at_table   text,                              -- place of the pass: res or shared, the row after which it goes on
  at_d0      timestamptz,
  at_idh     int8,
  seen       int8 not null default 0,
  changed    int8 not null default 0,
  total      int8 not null default 0,           -- estimate
  moved      timestamptz not null default now(),
  error      text
);

-- The definitions that programs write rows by: the base ones (rules) and the SearchParameter resources (definitions).
-- A change raises the generation.
create table search_catalogue (
  one         boolean primary key default true check (one),
  generation  int8 not null,
  rules       text not null,
  definitions text not null
);
insert into search_catalogue values (true, 0, '', '');

-- Programs on this database and the generation below which they write no more. A pass waits for them.
create table writer (id text primary key, generation int8 not null, rules text not null, seen timestamptz not null);

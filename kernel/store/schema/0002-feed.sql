-- The change feed. Position of a change = (era, xid, n): transaction ids grow, a transaction takes its id after it holds
-- the locks of all it changes, and a reader stops below the oldest transaction still running (pg_snapshot_xmin).
-- So the order agrees with the commits of every resource, and nothing appears behind a reader. No sequence is needed.

-- Transaction ids begin anew when a dump is loaded into another server; the era then goes up.
create table era (n int2 primary key, cluster int8 not null, since timestamptz not null default now());

create table log (
  xid int8 not null,              -- pg_current_xact_id()
  ts  timestamptz not null,
  pt  int8 not null,
  idh int8 not null,
  n   int4 not null,              -- place among the writes of the transaction
  ver int4 not null,
  era int2 not null,
  t   int2 not null,
  op  int2 not null,              -- 1 create, 2 update, 3 delete
  id  text collate "C" not null
);
create index log_position on log (era, xid, n);

-- How far each consumer has come; moved in the transaction of its own work (kernel/events).
create table consumer (
  name     text primary key,
  era      int2 not null,
  xid      int8 not null,
  n        int4 not null,
  moved    timestamptz not null default now()
);

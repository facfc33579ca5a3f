-- What `yba load` has done (kernel/store/load). Piece by piece in the transaction of its rows, so that a load that was
-- cut off goes on where it stood: a piece is in here with all that it wrote, or neither is there.

create table load (
  id      text primary key,       -- named by the audit lines of the load
  sources text[] not null,        -- files as they were given
  who     text not null,
  why     text not null,
  began   timestamptz not null default clock_timestamp(),
  ended   timestamptz             -- null: it was cut off or is under way
);

-- A piece of a source: some lines, or one document.
create table load_piece (
  source  text not null,
  at      int8 not null,          -- bytes before it
  part    int4 not null,          -- a piece with conditions is several transactions
  sha     bytea not null,         -- SHA-256 of its bytes: a file that changed since is not taken for the same
  load    text not null,
  created int4 not null,
  updated int4 not null,
  unchanged int4 not null,
  deleted int4 not null,
  refused jsonb not null,         -- [{line, place, text, textEn}]
  primary key (source, at, part)
);

-- Indexes that a large load into an empty store does without until its end.
create table deferred_index (name text primary key, definition text not null);

-- Begins the transaction of a piece: takes the locks of all resources whose ids were given, in one order, and then its
-- transaction id; says where each of them lies (null = nowhere yet).
create function load_open(a_t int2[], a_idh int8[], a_inside int8[], out places int8[], out xid int8, out ts float8)
language plpgsql
-- A plan made while the tables were empty must not be kept for the millions of rows that come.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  places := commit_open(a_idh, a_t, a_idh, a_inside);
  xid := pg_current_xact_id()::text::int8;
  ts := extract(epoch from date_trunc('milliseconds', clock_timestamp()))::float8 * 1000;
end $$;

-- The record. One row per current resource; everything of a person lies together under the person's key `pt`
-- (hash64('Patient/' || id), 0 = nobody's). Every unique key contains `pt`, so the tables can be distributed by person.
-- What each key order is for, what a crash leaves behind and what it costs: docs/database.md.

create extension if not exists pg_trgm;

create table res (
  pt    int8 not null,            -- shard key: the person whose row it is
  idh   int8 not null,            -- hash64(type || '/' || id)
  c0    int8,                     -- token hash of the type's main code
  ts    timestamptz not null,     -- meta.lastUpdated, whole milliseconds
  d0    timestamptz,              -- the type's clinical date as [d0, d1); open ends are infinite
  d1    timestamptz,
  has   int8 not null,            -- one bit per search parameter present, for :missing
  ver   int4 not null,            -- meta.versionId
  org   int4,                     -- owning facility
  sec   int4 not null,            -- confidentiality and sensitivity bits
  t     int2 not null,            -- resource type (kernel/store/resource-types.ts)
  codec int2 not null,            -- how body is packed (table codec)
  id    text collate "C" not null,
  tok   int8[] not null,          -- every token, reference, uri and profile, hashed
  body  bytea not null,           -- the JSON after its meta.lastUpdated (kernel/store/body.ts), packed
  primary key (pt, t, idh)
);
alter table res alter body set storage external, alter tok set storage external;
create index res_timeline on res (pt, t, d0 desc);
create index res_code_timeline on res (pt, t, c0, d0 desc) where c0 is not null;
create index res_cohort on res (c0, d0) include (pt) where c0 is not null;
create index res_tok on res using gin (tok) with (fastupdate = on, gin_pending_list_limit = 1024); -- kernel/store/pending.ts
create index res_ts on res using brin (ts);

-- Resources of no one person: Organization, Practitioner, Location, ValueSet … (pt = 0).
create table shared (like res including all);

-- Superseded versions and tombstones (body null), appended, never changed.
create table hist (
  pt    int8 not null,
  idh   int8 not null,
  ts    timestamptz not null,
  ver   int4 not null,
  t     int2 not null,
  codec int2 not null,
  id    text collate "C" not null,
  body  bytea,
  primary key (pt, idh, ver)
);
alter table hist alter body set storage external;

-- Quantities, numbers and dates other than the main one: all are intervals. Dates are epoch seconds.
create table ord (p int8 not null, lo float8 not null, hi float8 not null, pt int8 not null, idh int8 not null);
create index ord_value on ord (p, lo, hi) include (pt, idh);
create index ord_row on ord (pt, idh);

-- Folded strings: names, addresses, titles.
create table str (p int8 not null, pt int8 not null, idh int8 not null, s text collate "C" not null);
create index str_value on str (p, s) include (pt, idh);
create index str_trigram on str using gin (s gin_trgm_ops) with (fastupdate = on, gin_pending_list_limit = 1024);
create index str_row on str (pt, idh);

-- Dictionary of low-cardinality tokens: what a hash in tok means.
create table code (h int8 primary key, p text not null, sys text not null, code text not null, display text not null);

-- Where a resource lies whose id does not say it: client-assigned ids, and resources that changed their person.
create table alias (idh int8 primary key, pt int8 not null);

-- The id behind a person's key.
create table person (pt int8 primary key, id text collate "C" not null);

-- Preset dictionaries of the bodies. Numbers are never reused, rows never dropped: old bodies need them.
-- 0 = plain JSON, 1 = deflate without a dictionary; both have no row.
create table codec (n int2 primary key, t int2 not null, dictionary bytea not null);

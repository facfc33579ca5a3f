-- Fewer bytes a resource (docs/adr/0007-load-and-disk.md). Indexes whose keys repeat keep each key once, which PostgreSQL
-- does not do beside included columns.

drop index str_value;
create index str_value on str (p, s);
drop index ord_value;
create index ord_value on ord (p, lo, hi);

-- The rows of one transaction lie together; their order within it is made on the way out.
drop index log_position;
create index log_position on log (era, xid);

-- One timeline of a person and type, with and without a code.
drop index res_timeline;
drop index res_code_timeline;
create index res_timeline on res (pt, t, d0 desc, c0);

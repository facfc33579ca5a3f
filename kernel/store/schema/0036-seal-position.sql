-- The seal over a line is found by the line's position.
create index seal_position on seal (era, to_xid) where size is not null;

-- The audit as a transparency log (docs/adr/0015-audit-log.md): every line is a leaf of one Merkle tree of RFC 6962, in the order
-- of positions (era, xid, n), and every seal carries the tree's head, signed.

-- Seals made before have none; the tree begins with the first line all the same.
alter table seal
  add size      int8,      -- leaves of the tree with the lines of this seal
  add root      bytea,     -- SHA-256 over them
  add key       int2,      -- audit_key that signed
  add signature bytea;     -- Ed25519 over the checkpoint's text (origin, size, root)
create unique index seal_size on seal (size);

-- Hashes of complete subtrees, 256 in a row: level 0 are the leaves, level l subtrees of 256^l leaves. Rows grow at their end.
create table audit_tile (
  level  int2 not null,
  i      int8 not null,
  hashes bytea not null,
  primary key (level, i)
);
alter table audit_tile alter hashes set storage external;

create function audit_tile_grows() returns trigger language plpgsql as $$
begin
  if new.level <> old.level or new.i <> old.i or length(new.hashes) > 8192
    or substr(new.hashes, 1, length(old.hashes)) <> old.hashes then
    raise exception 'the audit is append-only: a tile grows at its end' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger audit_tile_grows before update on audit_tile for each row execute function audit_tile_grows();

-- Keys of the log, oldest first; the last one signs. `endorsed`: signature of the key before over this one.
create table audit_key (
  n        int2 primary key,
  origin   text not null,        -- the log's name, the same for all its keys
  public   bytea not null,       -- 32 bytes, RFC 8032
  private  bytea not null,       -- 32 bytes, sealed by the program's keeper of secrets
  endorsed bytea,
  made     timestamptz not null default clock_timestamp()
);

-- What witnesses signed: a line of C2SP tlog-cosignature for the head of a size.
create table audit_witness (
  size    int8 not null,
  witness text not null,
  line    text not null,
  seen    timestamptz not null default clock_timestamp(),
  primary key (size, witness)
);

do $$
declare v_table text;
begin
  foreach v_table in array array['audit_tile', 'audit_key', 'audit_witness'] loop
    if v_table <> 'audit_tile' then
      execute format('create trigger %I before update on %I for each row execute function audit_refuse()', v_table || '_no_change', v_table);
    end if;
    execute format('create trigger %I before delete on %I for each row execute function audit_refuse()', v_table || '_no_delete', v_table);
    execute format('create trigger %I before truncate on %I for each statement execute function audit_refuse()', v_table || '_no_truncate', v_table);
  end loop;
end $$;

-- Positions are found by a small index of ranges, which the server keeps up to date while a partition grows.
create function audit_summarize() returns void language plpgsql as $$
declare v_index regclass;
begin
  for v_index in
    select i.indexrelid from pg_inherits h join pg_index i on i.indrelid = h.inhrelid
      join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
    where h.inhparent = 'audit'::regclass and c.relkind = 'i' and m.amname = 'brin' and not coalesce(c.reloptions, '{}') @> '{autosummarize=on}'
  loop
    execute format('alter index %s set (autosummarize = on)', v_index);
  end loop;
end $$;
select audit_summarize();

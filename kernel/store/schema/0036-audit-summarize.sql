-- As in 0033, for partitions that are cut further: only an index that holds entries can be told to keep itself up to date.
create or replace function audit_summarize() returns void language plpgsql as $$
declare v_index regclass;
begin
  for v_index in
    select i.indexrelid from pg_partition_tree('audit') t join pg_index i on i.indrelid = t.relid
      join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
    where t.isleaf and c.relkind = 'i' and m.amname = 'brin' and not coalesce(c.reloptions, '{}') @> '{autosummarize=on}'
  loop
    execute format('alter index %s set (autosummarize = on)', v_index);
  end loop;
end $$;

-- Commits of creates alone, which most are: their ids are new, so their rows go in without asking for each whether it is there
-- (`on conflict` looks before, marks the row as not yet certain and confirms it after). An id that is taken after all is the
-- primary key's error 23505 (kernel/store/conflict.ts). Everything else in the functions stays as it is.
do $make$
declare
  v_name   text;
  v_before text;
  v_now    text;
begin
  -- The first quantifier is a short one, and so all of them are.
  foreach v_name in array array['fhir_commit', 'shared_commit', 'fhir_group'] loop
    v_before := pg_get_functiondef(v_name::regproc);
    v_now := regexp_replace(v_before,
      'if v_count > 0 then\s+?(insert into (res|shared) .+?)\s+?where u\.act in \(1, 2\)\s+?(on conflict .+?;\s+?get diagnostics .+?end if;)',
      E'if v_count > 0 then
    if a_known then
    \\1
      where u.act in (1, 2)
      \\3
    else
    \\1;
    end if;');
    if v_now = v_before then
      raise exception 'function % has no rows to put in', v_name;
    end if;
    execute v_now;
  end loop;
end $make$;

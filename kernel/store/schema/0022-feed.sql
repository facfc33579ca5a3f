-- The feed in a quarter of the bytes (docs/adr/0007-load-and-disk.md): one row for all changes that a transaction made of one
-- person's resources, and no ids, which the record itself has. Function feed() shows the changes one by one.

alter table log rename to log_before;
drop index log_position;
create table log (
  xid  int8 not null,             -- pg_current_xact_id()
  ts   timestamptz not null,
  pt   int8 not null,             -- the person's key at the time; 0 = nobody's
  era  int2 not null,
  what int8[] not null            -- first the idh of each change, in order; then for each, in the same order,
                                  -- n · 2^40 + version · 2^12 + type · 2^3 + operation
);
alter table log alter what set storage external;
insert into log (xid, ts, pt, era, what)
  select xid, ts, pt, era, array_agg(idh order by n)
    || array_agg((n::int8 << 40) | (ver::int8 << 12) | (t::int8 << 3) | op::int8 order by n)
  from log_before group by era, xid, ts, pt order by era, xid;
drop table log_before;
create index log_position on log (era, xid);

-- One row a change. n: place among the writes of the transaction; op: 1 create, 2 update, 3 delete, 4 erasure.
create function feed() returns table (
  era int2, xid int8, n int4, ts timestamptz, pt int8, idh int8, t int2, ver int4, op int2
) language sql stable as $$
  select l.era, l.xid, (c.w >> 40)::int4, l.ts, l.pt, c.idh,
    ((c.w >> 3) & 511)::int2, ((c.w >> 12) & 268435455)::int4, (c.w & 7)::int2
  from log l cross join lateral
    unnest(l.what[:cardinality(l.what) / 2], l.what[cardinality(l.what) / 2 + 1:]) as c(idh, w)
$$;

-- The commits of 0006 with the new row; everything else in them stays as it is.
do $make$
declare
  v_name   text;
  v_before text;
  v_now    text;
begin
  foreach v_name in array array['fhir_commit', 'shared_commit', 'fhir_group'] loop
    v_before := pg_get_functiondef(v_name::regproc);
    v_now := regexp_replace(v_before, 'insert into log .* where u\.act > 0;', replace($log$insert into log (xid, ts, pt, era, what)
    select v_xid, v_now, WRITE_PT, a_era, array_agg(u.idh order by u.n)
      || array_agg((u.n::int8 << 40) | ((u.ver + 1)::int8 << 12) | (u.t::int8 << 3) | u.act::int8 order by u.n)
    from unnest(a_pts, a_idh, a_n, v_ver, a_t, v_do) as u(pt, idh, n, ver, t, act) where u.act > 0 group by WRITE_PT;$log$,
      'WRITE_PT', case v_name when 'fhir_group' then 'u.pt' else 'a_pt' end));
    if v_now = v_before then
      raise exception 'function % has no feed to change', v_name;
    end if;
    execute v_now;
  end loop;
  foreach v_name in array array['fhir_erase', 'shared_erase'] loop
    v_before := pg_get_functiondef(v_name::regproc);
    v_now := regexp_replace(v_before, 'insert into log .* where h\.pt = a_pt and h\.idh = any \(a_idh\);', $log$insert into log (xid, ts, pt, era, what)
    select v_xid, v_now, a_pt, a_era, array_agg(h.idh order by h.i)
      || array_agg(((a_from + h.i) << 40) | (h.ver::int8 << 12) | (h.t::int8 << 3) | 4 order by h.i)
    from (
      select idh, ver, t, row_number() over (order by t, id) as i from hist where pt = a_pt and idh = any (a_idh)
    ) as h having count(*) > 0;$log$);
    if v_now = v_before then
      raise exception 'function % has no feed to change', v_name;
    end if;
    execute v_now;
  end loop;
end $make$;

-- The same functions as in 0003 and 0004, written so that a distributed database (docs/scale.md) can plan them: each statement
-- joins one table with what was given, no column that says where a row lies is changed in place, and nothing that must be
-- planned stands in a function of plain SQL.

create or replace function commit_open(a_keys int8[], a_t int2[], a_idh int8[], a_inside int8[]) returns int8[] language plpgsql as $$
declare
  v_alias    int8[];      -- places of the resources that alias knows
  v_alias_pt int8[];
  v_found    int8[] := '{}';
  v_more     int8[];
begin
  perform pg_advisory_xact_lock(k) from (select distinct k from unnest(a_keys) as k order by k) as sorted;
  if cardinality(a_idh) = 0 then return '{}'; end if;
  select array_agg(u.i), array_agg(a.pt) into v_alias, v_alias_pt
    from unnest(a_idh) with ordinality as u(idh, i) join alias a on a.idh = u.idh;
  select array_agg(u.i) into v_more from unnest(a_idh, a_inside) with ordinality as u(idh, inside, i)
    join hist h on h.pt = u.inside and h.idh = u.idh;
  v_found := v_found || v_more;
  select array_agg(u.i) into v_more from unnest(a_t, a_idh, a_inside) with ordinality as u(t, idh, inside, i)
    join res r on r.pt = u.inside and r.t = u.t and r.idh = u.idh;
  v_found := v_found || v_more;
  if 0 = any (a_inside) then
    select array_agg(u.i) into v_more from unnest(a_t, a_idh, a_inside) with ordinality as u(t, idh, inside, i)
      join shared r on r.pt = u.inside and r.t = u.t and r.idh = u.idh where u.inside = 0;
    v_found := v_found || v_more;
  end if;
  return array(
    select coalesce(a.pt, case when u.i = any (v_found) then u.inside end)
    from unnest(a_inside) with ordinality as u(inside, i) left join unnest(v_alias, v_alias_pt) as a(i, pt) on a.i = u.i
    order by u.i);
end $$;

create or replace function resource_move(a_t int2, a_idh int8, a_from int8, a_to int8) returns void language plpgsql as $$
begin
  insert into hist (pt, idh, ts, ver, t, codec, id, body)
    select a_to, idh, ts, ver, t, codec, id, body from hist where pt = a_from and idh = a_idh;
  delete from hist where pt = a_from and idh = a_idh;
  insert into ord (p, lo, hi, pt, idh) select p, lo, hi, a_to, idh from ord where pt = a_from and idh = a_idh;
  delete from ord where pt = a_from and idh = a_idh;
  insert into str (p, pt, idh, s) select p, a_to, idh, s from str where pt = a_from and idh = a_idh;
  delete from str where pt = a_from and idh = a_idh;
  if a_from = 0 then
    insert into res (pt, idh, c0, ts, d0, d1, has, ver, org, sec, t, codec, id, tok, body)
      select a_to, idh, c0, ts, d0, d1, has, ver, org, sec, t, codec, id, tok, body
      from shared where pt = 0 and t = a_t and idh = a_idh;
    delete from shared where pt = 0 and t = a_t and idh = a_idh;
  elsif a_to = 0 then
    insert into shared (pt, idh, c0, ts, d0, d1, has, ver, org, sec, t, codec, id, tok, body)
      select a_to, idh, c0, ts, d0, d1, has, ver, org, sec, t, codec, id, tok, body
      from res where pt = a_from and t = a_t and idh = a_idh;
    delete from res where pt = a_from and t = a_t and idh = a_idh;
  else
    insert into res (pt, idh, c0, ts, d0, d1, has, ver, org, sec, t, codec, id, tok, body)
      select a_to, idh, c0, ts, d0, d1, has, ver, org, sec, t, codec, id, tok, body
      from res where pt = a_from and t = a_t and idh = a_idh;
    delete from res where pt = a_from and t = a_t and idh = a_idh;
  end if;
  perform alias_put(array[a_idh], array[a_to]);
end $$;

create or replace function alias_put(a_idh int8[], a_pt int8[]) returns void language plpgsql as $$
begin
  insert into alias (idh, pt) select u.idh, u.pt from unnest(a_idh, a_pt) as u(idh, pt) order by u.idh
    on conflict (idh) do update set pt = excluded.pt;
end $$;

create or replace function audit_append(
  a_era int2, a_pt int8[], a_who text[], a_who_display text[], a_patient text[], a_action text[],
  a_what text[], a_why text[], a_outcome text[], a_ip text[], a_unit text[]
) returns void language plpgsql as $$
declare
  v_now timestamptz := clock_timestamp();
  v_xid int8 := pg_current_xact_id()::text::int8;
begin
  insert into audit (ts, pt, xid, n, era, who, who_display, patient, action, what, why, outcome, ip, unit)
    select v_now, u.pt, v_xid, u.i, a_era, u.who, u.who_display, u.patient, u.action, u.what, u.why, u.outcome, u.ip, u.unit
    from unnest(a_pt, a_who, a_who_display, a_patient, a_action, a_what, a_why, a_outcome, a_ip, a_unit)
      with ordinality as u(pt, who, who_display, patient, action, what, why, outcome, ip, unit, i);
end $$;

-- Erasure of a person, or of what superseded versions hold: bodies and index rows go, one tombstone without a body stays
-- for each resource, so that ids, versions and the feed go on. Every statement carries the person's key.

-- Locks everything that is stored under a person, in the order of all commits, and says what it is.
create function erase_open(a_pt int8) returns int8[] language plpgsql as $$
declare v_idh int8[] := array(
  select idh from res where pt = a_pt union select idh from hist where pt = a_pt order by idh);
begin
  perform pg_advisory_xact_lock(k) from unnest(v_idh) as k;
  return v_idh;
end $$;

-- Erases the resources, all with pt = a_pt. The feed tells each as op 4 under its tombstone's version, from place a_from on.
-- One text makes two functions: fhir_erase for what is a person's, shared_erase for what lies among the shared (pt = 0).
do $make$
declare v_source text := $source$
create function fhir_erase(a_pt int8, a_era int2, a_from int4, a_idh int8[]) returns void language plpgsql as $body$
declare
  v_now timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_xid int8 := pg_current_xact_id()::text::int8;
begin
  insert into hist (pt, idh, ts, ver, t, codec, id, body)
    select a_pt, u.idh, v_now, l.ver + 1, l.t, 0, l.id, null
    from unnest(a_idh) as u(idh) cross join lateral (
      select x.ver, x.t, x.id from (
        select r.ver, r.t, r.id from res r where r.pt = a_pt and r.idh = u.idh
        union all
        select h.ver, h.t, h.id from hist h where h.pt = a_pt and h.idh = u.idh
      ) as x order by x.ver desc limit 1
    ) as l;
  delete from hist h where h.pt = a_pt and h.idh = any (a_idh)
    and exists (select from hist n where n.pt = a_pt and n.idh = h.idh and n.ver > h.ver);
  delete from ord where pt = a_pt and idh = any (a_idh);
  delete from str where pt = a_pt and idh = any (a_idh);
  delete from res where pt = a_pt and idh = any (a_idh);
  insert into log (xid, ts, pt, idh, n, ver, era, t, op, id)
    select v_xid, v_now, a_pt, h.idh, a_from + (row_number() over (order by h.t, h.id))::int4, h.ver, a_era, h.t, 4, h.id
    from hist h where h.pt = a_pt and h.idh = any (a_idh);
end $body$
$source$;
begin
  execute v_source;
  execute regexp_replace(replace(v_source, 'function fhir_erase(', 'function shared_erase('), '\mres\M', 'shared', 'g');
end $make$;

-- Erases the superseded versions of one resource. The current version stays, or the tombstone of a deleted one.
-- Returns how many versions went.
create function history_erase(a_pt int8, a_t int2, a_idh int8) returns int4 language plpgsql as $$
declare v_rows int4;
begin
  perform pg_advisory_xact_lock(a_idh);
  delete from hist h where h.pt = a_pt and h.idh = a_idh and (
    exists (select from res r where r.pt = a_pt and r.t = a_t and r.idh = a_idh)
    or exists (select from shared r where a_pt = 0 and r.pt = 0 and r.t = a_t and r.idh = a_idh)
    or exists (select from hist n where n.pt = a_pt and n.idh = a_idh and n.ver > h.ver));
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;

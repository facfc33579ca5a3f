-- Takes the place of fhir_commit and shared_commit of 0004.
drop function fhir_commit;
drop function shared_commit;

-- One commit in one round trip: lock, check versions, move the superseded versions to hist, write, replace side rows,
-- append feed and audit. One plain statement per table (docs/adr/0001-store-layout.md says why not one large one).
--
-- One text makes three functions with the same parameters:
--   fhir_commit    one person's resources, every statement with pt = a_pt: a distributed database runs the whole call on
--                  the person's own node;
--   shared_commit  the same for resources of nobody (pt = 0), which lie in table `shared`;
--   fhir_group     commits of several persons that happen to wait together, each write with its own key in a_pts; only
--                  where the tables are not distributed.
--
-- Per write i: a_op 1 create under an id nobody has, 2 write under a given id, 3 delete.
--   a_expect: -1 whatever is there, 0 nothing may be there, n version n must be there.
-- a_known: some write is no plain create. a_sure: none of them can lie with another person.
-- Side rows name their write by its place (from 1).
-- Returns for each write what was done (0 nothing, 1 created, 2 replaced, 3 deleted), its version and its instant; when
-- a_known is false every version is 1, ver is empty and ts holds the one instant.
-- Errors: YB412 another version is there; YB307 not known here, look in alias; YB409 two ids with one hash.
do $make$
declare v_source text := $source$
create function COMMIT_NAME(
  a_pt int8, a_locks int8[], a_era int2, a_known boolean, a_sure boolean, a_person_pt int8[], a_person_id text[],
  a_pts int8[], a_n int4[], a_op int2[], a_expect int4[], a_t int2[], a_idh int8[], a_id text[], a_codec int2[],
  a_body bytea[], a_c0 int8[], a_d0 timestamptz[], a_d1 timestamptz[], a_has int8[], a_org int4[], a_sec int4[],
  a_tok int8[], a_tok_from int4[], a_tok_to int4[],
  a_ord_i int4[], a_ord_p int8[], a_ord_lo float8[], a_ord_hi float8[],
  a_str_i int4[], a_str_p int8[], a_str_s text[],
  a_audit_pt int8[], a_who text[], a_who_display text[], a_audit_patient text[], a_action text[],
  a_what text[], a_why text[], a_outcome text[], a_ip text[], a_unit text[],
  out done int2[], out ver int4[], out ts float8[]
) language plpgsql as $body$
#variable_conflict use_column
declare
  v_now   timestamptz;
  v_ms    float8;        -- v_now in epoch milliseconds
  v_xid   int8;
  v_ver   int4[];        -- version before this commit, 0 = none
  v_do    int2[] := a_op;
  v_wrong text;
  v_rows  int4;
  v_count int4 := cardinality(a_op);
begin
  if cardinality(a_locks) > 0 then
    perform pg_advisory_xact_lock(k) from unnest(a_locks) as k;
  end if;
  v_now := date_trunc('milliseconds', clock_timestamp());
  v_ms := extract(epoch from v_now)::float8 * 1000;
  v_xid := pg_current_xact_id()::text::int8;

  if cardinality(a_person_pt) > 0 then
    insert into person select WRITE_PT, u.id from unnest(a_person_pt, a_person_id) as u(pt, id) on conflict (pt) do nothing;
    get diagnostics v_rows = row_count;
    if v_rows < cardinality(a_person_pt) and exists (
      select from unnest(a_person_pt, a_person_id) as u(pt, id) join person p on p.pt = WRITE_PT where p.id <> u.id
    ) then
      raise exception 'two persons with one key' using errcode = 'YB409';
    end if;
  end if;

  if a_known then
    select array_agg(coalesce(r.ver, h.ver, 0) order by u.i),
      array_agg((case
        when u.op = 1 then 1
        when u.op = 3 then case when r.idh is null then 0 else 3 end
        when r.idh is null then 1
        when r.codec = u.codec and r.body = u.body then 0
        else 2 end)::int2 order by u.i),
      array_agg(case when r.idh is not null then extract(epoch from r.ts)::float8 * 1000 end order by u.i),
      min(case
        when r.id <> u.id then 'YB409 ' || u.n
        when u.op = 1 then case when r.idh is not null then 'YB412 ' || u.n end
        when r.idh is null and h.ver is null and not a_sure then 'YB307 ' || u.n
        when u.expect = 0 and r.idh is not null or u.expect > 0 and r.ver is distinct from u.expect then 'YB412 ' || u.n end)
    into v_ver, v_do, ts, v_wrong
    from unnest(a_pts, a_n, a_op, a_expect, a_t, a_idh, a_id, a_codec, a_body) with ordinality
      as u(pt, n, op, expect, t, idh, id, codec, body, i)
    left join res r on r.pt = WRITE_PT and r.t = u.t and r.idh = u.idh
    left join lateral (
      select max(x.ver) as ver from hist x where x.pt = WRITE_PT and x.idh = u.idh and r.idh is null and u.op <> 1
    ) h on true;
    if v_wrong is not null then
      raise exception '%', substr(v_wrong, 7) using errcode = substr(v_wrong, 1, 5);
    end if;

    if 2 = any (v_do) or 3 = any (v_do) then
      insert into hist (pt, idh, ts, ver, t, codec, id, body)
        select r.pt, r.idh, r.ts, r.ver, r.t, r.codec, r.id, r.body
        from unnest(a_pts, a_t, a_idh, v_do) as u(pt, t, idh, act)
        join res r on r.pt = WRITE_PT and r.t = u.t and r.idh = u.idh where u.act >= 2;
      delete from ord using unnest(a_pts, a_idh, v_do) as u(pt, idh, act)
        where ord.pt = WRITE_PT and ord.idh = u.idh and u.act >= 2;
      delete from str using unnest(a_pts, a_idh, v_do) as u(pt, idh, act)
        where str.pt = WRITE_PT and str.idh = u.idh and u.act >= 2;
    end if;
    if 3 = any (v_do) then
      insert into hist (pt, idh, ts, ver, t, codec, id, body)
        select WRITE_PT, u.idh, v_now, u.ver + 1, u.t, 0, u.id, null
        from unnest(a_pts, a_idh, a_t, a_id, v_ver, v_do) as u(pt, idh, t, id, ver, act) where u.act = 3;
      delete from res r using unnest(a_pts, a_idh, a_t, v_do) as u(pt, idh, t, act)
        where r.pt = WRITE_PT and r.t = u.t and r.idh = u.idh and u.act = 3;
    end if;
    v_count := (select count(*) from unnest(v_do) as act where act in (1, 2));
  else
    v_ver := array_fill(0, array[v_count]);
  end if;

  if v_count > 0 then
    insert into res (pt, idh, c0, ts, d0, d1, has, ver, org, sec, t, codec, id, tok, body)
      select WRITE_PT, u.idh, u.c0, v_now, u.d0, u.d1, u.has, u.ver + 1, u.org, u.sec, u.t, u.codec, u.id,
        a_tok[u.tok_from:u.tok_to], u.body
      from unnest(a_pts, a_idh, a_c0, a_d0, a_d1, a_has, v_ver, a_org, a_sec, a_t, a_codec, a_id, a_tok_from, a_tok_to, a_body, v_do)
        as u(pt, idh, c0, d0, d1, has, ver, org, sec, t, codec, id, tok_from, tok_to, body, act)
      where u.act in (1, 2)
      on conflict (pt, t, idh) do update set
        c0 = excluded.c0, ts = excluded.ts, d0 = excluded.d0, d1 = excluded.d1, has = excluded.has, ver = excluded.ver,
        org = excluded.org, sec = excluded.sec, codec = excluded.codec, tok = excluded.tok, body = excluded.body
      where res.ver = excluded.ver - 1;
    get diagnostics v_rows = row_count;
    if v_rows <> v_count then
      raise exception '-1' using errcode = 'YB412';
    end if;
    if cardinality(a_ord_i) > 0 then
      insert into ord (p, lo, hi, pt, idh)
        select u.p, u.lo, u.hi, SIDE_PT, a_idh[u.i] from unnest(a_ord_i, a_ord_p, a_ord_lo, a_ord_hi) as u(i, p, lo, hi)
        where v_do[u.i] in (1, 2);
    end if;
    if cardinality(a_str_i) > 0 then
      insert into str (p, pt, idh, s)
        select u.p, SIDE_PT, a_idh[u.i], u.s from unnest(a_str_i, a_str_p, a_str_s) as u(i, p, s) where v_do[u.i] in (1, 2);
    end if;
  end if;

  insert into log (xid, ts, pt, idh, n, ver, era, t, op, id)
    select v_xid, v_now, WRITE_PT, u.idh, u.n, u.ver + 1, a_era, u.t, u.act, u.id
    from unnest(a_pts, a_idh, a_n, v_ver, a_t, v_do, a_id) as u(pt, idh, n, ver, t, act, id) where u.act > 0;

  if cardinality(a_who) > 0 then
    insert into audit (ts, pt, xid, n, era, who, who_display, patient, action, what, why, outcome, ip, unit)
      select v_now, u.pt, v_xid, u.i, a_era, u.who, u.who_display, u.patient, u.action, u.what, u.why, u.outcome, u.ip, u.unit
      from unnest(a_audit_pt, a_who, a_who_display, a_audit_patient, a_action, a_what, a_why, a_outcome, a_ip, a_unit)
        with ordinality as u(pt, who, who_display, patient, action, what, why, outcome, ip, unit, i);
  end if;

  done := v_do;
  if a_known then
    ts := array(select case when u.act = 0 then u.at else v_ms end
      from unnest(v_do, ts) with ordinality as u(act, at, i) order by u.i);
    ver := array(select case when u.act = 0 then u.ver else u.ver + 1 end
      from unnest(v_do, v_ver) with ordinality as u(act, ver, i) order by u.i);
  else
    ts := array[v_ms];
    ver := '{}';
  end if;
end $body$
$source$;
  v_person text := replace(replace(v_source, 'WRITE_PT', 'a_pt'), 'SIDE_PT', 'a_pt');
begin
  execute replace(v_person, 'COMMIT_NAME', 'fhir_commit');
  execute regexp_replace(replace(v_person, 'COMMIT_NAME', 'shared_commit'), '\mres\M', 'shared', 'g');
  execute replace(replace(replace(v_source, 'WRITE_PT', 'u.pt'), 'SIDE_PT', 'a_pts[u.i]'), 'COMMIT_NAME', 'fhir_group');
end $make$;

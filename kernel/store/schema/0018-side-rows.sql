-- Takes the place of the functions of 0018-reindex.sql: rows beside a row are only added where none must go.
drop function reindex_rows;
drop function reindex_person;
drop function reindex_shared;

-- Gives rows the index entries of their resource anew, when the row is still the version that was read. Writers of a
-- given resource hold the lock on its idh (0006), so none of them is half way; a new resource was written by definitions
-- that the pass has waited for. Side rows and marks name their row by its place (from 1); a_row: the columns change; a_clear: all
-- side rows go, and those given are all there are; else those given are added. Returns how many were changed.
--
-- One text makes three functions: reindex_rows for rows of several persons, reindex_person for one (distributed tables),
-- reindex_shared for rows of nobody.
do $make$
declare v_source text := $source$
create function REINDEX_NAME(
  a_pt int8, a_t int2, a_pts int8[], a_idh int8[], a_ver int4[], a_row boolean[], a_clear boolean[],
  a_c0 int8[], a_d0 timestamptz[], a_d1 timestamptz[], a_has int8[], a_org int4[], a_sec int4[],
  a_tok int8[], a_tok_from int4[], a_tok_to int4[],
  a_ord_i int4[], a_ord_p int8[], a_ord_lo float8[], a_ord_hi float8[],
  a_str_i int4[], a_str_p int8[], a_str_s text[]
) returns int4 language plpgsql as $body$
#variable_conflict use_column
declare v_here int4[];
begin
  perform pg_advisory_xact_lock(k) from unnest(a_idh) as k;
  v_here := array(
    select u.i from unnest(a_pts, a_idh, a_ver) with ordinality as u(pt, idh, ver, i)
    join res r on r.pt = ROW_PT and r.t = a_t and r.idh = u.idh and r.ver = u.ver);
  if cardinality(v_here) = 0 then
    return 0;
  end if;
  update res r set c0 = u.c0, d0 = u.d0, d1 = u.d1, has = u.has, org = u.org, sec = u.sec,
      tok = a_tok[u.tok_from:u.tok_to]
    from unnest(a_pts, a_idh, a_ver, a_row, a_c0, a_d0, a_d1, a_has, a_org, a_sec, a_tok_from, a_tok_to)
      as u(pt, idh, ver, own, c0, d0, d1, has, org, sec, tok_from, tok_to)
    where r.pt = ROW_PT and r.t = a_t and r.idh = u.idh and r.ver = u.ver and u.own;
  if true = any (a_clear) then
    delete from ord using unnest(a_pts, a_idh, a_clear) with ordinality as u(pt, idh, clear, i)
      where ord.pt = ROW_PT and ord.idh = u.idh and u.clear and u.i = any (v_here);
    delete from str using unnest(a_pts, a_idh, a_clear) with ordinality as u(pt, idh, clear, i)
      where str.pt = ROW_PT and str.idh = u.idh and u.clear and u.i = any (v_here);
  end if;
  if cardinality(a_ord_i) > 0 then
    insert into ord (p, lo, hi, pt, idh)
      select u.p, u.lo, u.hi, SIDE_PT, a_idh[u.i] from unnest(a_ord_i, a_ord_p, a_ord_lo, a_ord_hi) as u(i, p, lo, hi)
      where u.i = any (v_here);
  end if;
  if cardinality(a_str_i) > 0 then
    insert into str (p, pt, idh, s)
      select u.p, SIDE_PT, a_idh[u.i], u.s from unnest(a_str_i, a_str_p, a_str_s) as u(i, p, s) where u.i = any (v_here);
  end if;
  return cardinality(v_here);
end $body$
$source$;
  v_person text := replace(replace(v_source, 'ROW_PT', 'a_pt'), 'SIDE_PT', 'a_pt');
begin
  execute replace(v_person, 'REINDEX_NAME', 'reindex_person');
  execute regexp_replace(replace(v_person, 'REINDEX_NAME', 'reindex_shared'), '\mres\M', 'shared', 'g');
  execute replace(replace(replace(v_source, 'ROW_PT', 'u.pt'), 'SIDE_PT', 'a_pts[u.i]'), 'REINDEX_NAME', 'reindex_rows');
end $make$;

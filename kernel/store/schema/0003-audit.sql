-- The audit: one line per act on a person's data, appended in the transaction of the act. Nobody changes or removes a line,
-- the owner of the tables included; a line changed in spite of the triggers breaks the chain of seals (store/audit.ts).

create table audit (
  ts          timestamptz not null,
  pt          int8 not null,
  xid         int8 not null,
  n           int4 not null,
  era         int2 not null,
  who         text not null,
  who_display text not null,
  patient     text,
  action      text not null,
  what        text not null,
  why         text not null,
  outcome     text not null,
  ip          text not null,
  unit        text
) partition by range (ts);
create index audit_person on audit (pt, ts);
create index audit_ts on audit using brin (ts);
create index audit_position on audit using brin (xid);

create function audit_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is append-only: % refused', lower(tg_op) using errcode = 'insufficient_privilege';
end $$;

create trigger audit_append_only before update or delete on audit for each row execute function audit_refuse();
create trigger audit_no_truncate before truncate on audit for each statement execute function audit_refuse();

-- One partition a month, made ahead of time by the program; the default one catches a line whose month is missing,
-- because a missing partition must not stop a doctor.
create table audit_default partition of audit default;
create trigger audit_no_truncate before truncate on audit_default for each statement execute function audit_refuse();

create function audit_month(a_month date) returns void language plpgsql as $$
declare v_name text := 'audit_' || to_char(a_month, 'YYYY_MM');
begin
  if to_regclass(v_name) is not null then return; end if;
  execute format('create table %I partition of audit for values from (%L) to (%L)', v_name,
    to_char(a_month, 'YYYY-MM-DD') || ' 00:00:00+07',
    to_char(a_month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+07');
  execute format('create trigger audit_no_truncate before truncate on %I for each statement execute function audit_refuse()', v_name);
end $$;

-- A seal covers every line whose position lies in [from_xid, to_xid) of its era: how many, and the hash of the seal
-- before it followed by all of them in order.
create table seal (
  n        int8 primary key,
  era      int2 not null,
  from_xid int8 not null,
  to_xid   int8 not null,
  lines    int8 not null,
  hash     bytea not null,
  made     timestamptz not null default clock_timestamp()
);
create trigger seal_append_only before update or delete on seal for each row execute function audit_refuse();
create trigger seal_no_truncate before truncate on seal for each statement execute function audit_refuse();

create function audit_append(
  a_era int2, a_pt int8[], a_who text[], a_who_display text[], a_patient text[], a_action text[],
  a_what text[], a_why text[], a_outcome text[], a_ip text[], a_unit text[]
) returns void language sql as $$
  insert into audit (ts, pt, xid, n, era, who, who_display, patient, action, what, why, outcome, ip, unit)
  select clock_timestamp(), u.pt, pg_current_xact_id()::text::int8, u.i, a_era,
    u.who, u.who_display, u.patient, u.action, u.what, u.why, u.outcome, u.ip, u.unit
  from unnest(a_pt, a_who, a_who_display, a_patient, a_action, a_what, a_why, a_outcome, a_ip, a_unit)
    with ordinality as u(pt, who, who_display, patient, action, what, why, outcome, ip, unit, i)
$$;

-- The chain's next hash over a range, and the number of its lines.
create function audit_hash(a_era int2, a_from int8, a_to int8, a_before bytea, out lines int8, out hash bytea)
language sql stable as $$
  select count(*), sha256(a_before || coalesce(string_agg(sha256(convert_to(jsonb_build_array(
    a.xid, a.n, (extract(epoch from a.ts) * 1000000)::int8, a.pt, a.who, a.who_display, a.patient, a.action,
    a.what, a.why, a.outcome, a.ip, a.unit)::text, 'UTF8')), ''::bytea order by a.xid, a.n), ''::bytea))
  from audit a where a.era = a_era and a.xid >= a_from and a.xid < a_to
$$;

-- The log's key is sealed at rest (kernel/keys): a sealed value is text, and a rotation of those keys seals it anew. Nothing else
-- of a key changes.
alter table audit_key alter private type text using encode(private, 'base64');

create function audit_key_stays() returns trigger language plpgsql as $$
begin
  if (new.n, new.origin, new.public, new.endorsed, new.made) is distinct from (old.n, old.origin, old.public, old.endorsed, old.made) then
    raise exception 'the audit is append-only: a key is replaced by a further one' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
drop trigger audit_key_no_change on audit_key;
create trigger audit_key_stays before update on audit_key for each row execute function audit_key_stays();

-- As in 0003; a month of which the default partition holds lines already (a clock stood wrong) stays there: the store must open.
create or replace function audit_month(a_month date) returns void language plpgsql as $$
declare v_name text := 'audit_' || to_char(a_month, 'YYYY_MM');
begin
  if to_regclass(v_name) is not null then return; end if;
  execute format('create table %I partition of audit for values from (%L) to (%L)', v_name,
    to_char(a_month, 'YYYY-MM-DD') || ' 00:00:00+07',
    to_char(a_month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+07');
  execute format('create trigger audit_no_truncate before truncate on %I for each statement execute function audit_refuse()', v_name);
exception when check_violation then
  return;
end $$;

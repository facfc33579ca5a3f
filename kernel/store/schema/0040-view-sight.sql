-- What of sensitive data, and of persons who deny it, a reader of the view tables sees: with each right, as the policy says it.
alter table view_definition
  add column labels text not null default ''; -- by which rules its rows are labelled (labelsPrint)

alter table view_reach
  add column hidden     int4 not null default -1,   -- bits of column `sec` that hide a row; -1: all
  add column hidden_own int4 not null default -1,   -- the same of the own unit's rows
  add column asks       boolean not null default true, -- whether persons' rules of consent are asked
  add column names      text[] not null default '{}', -- by which a rule means the reader
  add column purpose    text not null default '',   -- HL7 v3 PurposeOfUse
  add column type       int2 not null default 0;    -- number of the view's resource type in the store

create function view_hidden(a_name text) returns int4 language sql stable security definer
  set search_path = public, pg_temp as $$
  select hidden from view_reach where login = session_user and name = a_name
$$;

create function view_hidden_own(a_name text) returns int4 language sql stable security definer
  set search_path = public, pg_temp as $$
  select hidden_own from view_reach where login = session_user and name = a_name
$$;

-- What persons deny the reader, read strictly: a row of a table has no code, holder or date to be told apart by, so a denial
-- of a part of the type denies all of it, and an exception to a denial is not counted.
create function view_denials(a_name text) returns table (patient text, bits int4) language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return query select distinct d.patient, d.bits from consent_rule d
    join view_reach a on a.login = session_user and a.name = a_name and a.asks
    where not d.permit and (d.from_at is null or d.from_at <= now()) and (d.until_at is null or d.until_at > now())
      and (d.actors is null or d.actors <@ a.names) and (d.purposes is null or a.purpose = any (d.purposes))
      and (d.types is null or a.type = any (d.types));
end $$;

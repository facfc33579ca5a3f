-- Plain tables made of the record (engines/views) lie in a schema of their own, so that readers from outside the program
-- can be given these and nothing else. Tables of older programs are moved there as they are.
create schema if not exists views;

create table if not exists view_definition (set_name text, name text, ddl text, definition text, primary key (set_name, name));

-- How a table was made, or how far its making is.
alter table view_definition
  add column built timestamptz,             -- when it was last made anew; null = by the feed from the first change
  add column building timestamptz,          -- the last sign of life of a making that is under way
  add column seen int8 not null default 0,  -- resources seen by it
  add column total int8 not null default 0; -- resources of the type when it began

do $$
declare v_table text;
begin
  for v_table in select tablename from pg_tables
    where schemaname = 'public' and tablename like 'view\_%' and tablename <> 'view_definition'
  loop
    execute format('alter table public.%I set schema views', v_table);
    execute format('alter table views.%I rename to %I', v_table, substr(v_table, 6));
  end loop;
end $$;

-- Readers from outside: a login of PostgreSQL with roles of content/access/policies.csv and the unit it works for.
create table view_analyst (
  login  text primary key,
  roles  text[] not null,
  unit   text,                              -- Organization id; null = the province
  days   int4 not null,                     -- how long a visit that ended opens a person to the unit
  made   timestamptz not null default now()
);

-- What the policy lets each of them read of each table; what is not here is not granted.
create table view_reach (
  login  text not null references view_analyst (login) on delete cascade,
  name   text not null,
  reach  text not null check (reach in ('unit', 'care', 'province')),
  primary key (login, name)
);

-- The policies of the tables ask these, once a statement, in the name of who is connected.
create function view_reach_of(a_name text) returns text language sql stable security definer
  set search_path = public, pg_temp as $$
  select reach from view_reach where login = session_user and name = a_name
$$;

create function view_unit() returns text language sql stable security definer set search_path = public, pg_temp as $$
  select unit from view_analyst where login = session_user
$$;

-- Persons in the care of the unit, as kernel/access/care.ts counts them.
create function view_persons() returns setof text language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return query select distinct v.patient from access.visit v join view_analyst a on a.unit = v.unit
    where a.login = session_user and (v.ended is null or v.ended >= now() - make_interval(days => a.days));
end $$;

-- Visits of the unit.
create function view_encounters() returns setof text language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return query select v.encounter from access.visit v join view_analyst a on a.unit = v.unit
    where a.login = session_user;
end $$;

-- After a table was made: everybody who may read it is told so again. A login that is gone is passed over.
create function view_grant(a_name text) returns void language plpgsql as $$
declare v_login text;
begin
  for v_login in select r.login from view_reach r join pg_roles p on p.rolname = r.login where r.name = a_name
  loop
    execute format('grant select on views.%I to %I', a_name, v_login);
  end loop;
end $$;

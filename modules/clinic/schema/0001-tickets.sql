-- Tickets of the queue: a counter of the room's day and who holds which number. FHIR has no resource that counts;
-- what was given is in the Encounter (identifier so-thu-tu), so these rows may be dropped when the day is over.

create table clinic_ticket (
  unit text not null,             -- Organization id
  room text not null,             -- Location id
  day  date not null,             -- day in Vietnam
  last int not null,              -- last number given
  primary key (unit, room, day)
);

-- One row for each check-in that was asked for: a repeated request finds its ticket here and makes no second visit.
create table clinic_check_in (
  key       text primary key,     -- account and Idempotency-Key
  digest    text not null,        -- of the request: another request with the same key is refused
  unit      text not null,
  room      text not null,
  day       date not null,
  ticket    int not null,
  at        timestamptz not null, -- when it was first asked for
  encounter text                  -- id, once the visit is written
);

-- Takes the next number of the room, or gives back the one that the key already has. Two requests with one key at the
-- same time get one number: the second fails on the key, its number is rolled back, and it reads the first one's row.
create function clinic_take_ticket(
  a_key text, a_digest text, a_unit text, a_room text, a_day date, a_at timestamptz
) returns setof clinic_check_in language plpgsql as $$
declare
  number int;
begin
  return query select * from clinic_check_in where key = a_key;
  if found then return; end if;
  begin
    insert into clinic_ticket as counter (unit, room, day, last) values (a_unit, a_room, a_day, 1)
      on conflict (unit, room, day) do update set last = counter.last + 1
      returning last into number;
    insert into clinic_check_in (key, digest, unit, room, day, ticket, at)
      values (a_key, a_digest, a_unit, a_room, a_day, number, a_at);
  exception when unique_violation then null;
  end;
  return query select * from clinic_check_in where key = a_key;
end $$;

-- Gives a number back when the visit could not be written and nobody has taken a later one.
create function clinic_return_ticket(a_key text) returns void language plpgsql as $$
begin
  with gone as (
    delete from clinic_check_in where key = a_key and encounter is null returning unit, room, day, ticket
  )
  update clinic_ticket counter set last = last - 1 from gone
    where counter.unit = gone.unit and counter.room = gone.room and counter.day = gone.day
      and counter.last = gone.ticket;
end $$;

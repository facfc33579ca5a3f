-- Numbers of papers, how often each was printed again, and the keys that sign cards. FHIR has no resource that counts, and a
-- secret is none; everything else of an issued paper is its DocumentReference.

-- The last number of a series in a unit and a period (a year, or '' for a series that never begins anew).
create table documents_counter (
  unit   text not null,             -- facility code; '' = the province
  series text not null,
  period text not null,
  last   int not null,
  primary key (unit, series, period)
);

-- The number that a paper took. What is asked for again, or after a crash, finds the same one: no number is lost or given twice.
create table documents_number (
  fingerprint text primary key,     -- of the paper's key and the versions of the record that it is made of
  unit        text not null,
  series      text not null,
  period      text not null,
  number      int not null,
  unique (unit, series, period, number)
);

-- How many marked copies of a paper there are.
create table documents_copy (
  paper text primary key,           -- DocumentReference id
  last  int not null
);

-- ES256 keys of signed cards. A public key stays for as long as cards that it signed are about; the private one is sealed.
create table documents_card_key (
  kid        text primary key,      -- thumbprint of the public key (RFC 7638)
  public     jsonb not null,        -- JWK without its private part
  sealed     text not null,         -- the private JWK, kernel/keys
  signs_from timestamptz not null
);

create function documents_take_number(a_fingerprint text, a_unit text, a_series text, a_period text)
  returns int language plpgsql as $$
declare
  given int;
begin
  select number into given from documents_number where fingerprint = a_fingerprint;
  if found then return given; end if;
  begin
    insert into documents_counter as counter (unit, series, period, last) values (a_unit, a_series, a_period, 1)
      on conflict (unit, series, period) do update set last = counter.last + 1
      returning last into given;
    insert into documents_number (fingerprint, unit, series, period, number)
      values (a_fingerprint, a_unit, a_series, a_period, given);
  exception when unique_violation then
    -- Another took it for the same paper in the meantime; our count was undone with the block.
    select number into given from documents_number where fingerprint = a_fingerprint;
  end;
  return given;
end $$;

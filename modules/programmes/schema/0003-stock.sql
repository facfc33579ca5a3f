-- Vaccines of a unit by lot and vial. FHIR R4 has no stock; what was given is the Immunization, and the stock follows it.

create table programmes.lot (
  unit     text not null,
  product  text not null,               -- system|code
  lot      text not null,
  expires  date not null,
  gtin     text not null,               -- of the package that was scanned; '' = typed
  vial     int not null check (vial > 0), -- doses of a vial
  balance  int not null check (balance >= 0), -- doses, sum of the movements
  hold     text not null,               -- why nothing is given of it; '' = free
  since    timestamptz not null,        -- first receipt
  primary key (unit, product, lot)
);

-- Vials that were opened: what is left of them is thrown away at the latest at discard_at.
create table programmes.vial (
  unit       text not null,
  id         text not null,
  product    text not null,
  lot        text not null,
  doses      int not null,
  given      int not null check (given >= 0 and given <= doses),
  opened_at  timestamptz not null,
  discard_at timestamptz not null,
  closed_at  timestamptz,
  who        text not null,
  primary key (unit, id)
);
create index vial_open on programmes.vial (unit, product, lot) where closed_at is null;

-- Append only: receipt, issue, waste, count, dose, dose-void, hold, release.
create table programmes.movement (
  unit    text not null,
  id      text not null,
  product text not null,
  lot     text not null,
  kind    text not null,
  doses   int not null,                 -- what the balance changed by
  at      timestamptz not null,
  who     text not null,
  why     text not null,
  vial    text,
  primary key (unit, id)
);
create index movement_lot on programmes.movement (unit, product, lot, at);

-- Which lot each dose was taken from, of which person's; `short` = it was given, but the stock had none left.
create table programmes.dose_taken (
  pt           int8 not null,
  immunization text not null,
  unit         text not null,
  product      text not null,
  lot          text not null,
  vial         text,
  state        text not null,           -- taken, short, unknown
  day          date not null,
  primary key (pt, immunization)
);
create index dose_taken_day on programmes.dose_taken (unit, day);

-- Sessions that were closed: what was given, opened and thrown away.
create table programmes.session (
  unit      text not null,
  programme text not null,
  day       date not null,
  closed_at timestamptz not null,
  who       text not null,
  note      text not null,
  tally     jsonb not null,
  primary key (unit, programme, day)
);

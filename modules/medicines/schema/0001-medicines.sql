create schema if not exists medicines;

-- Medicines of a unit by lot. FHIR R4 has no stock; what was handed out is the MedicationDispense, and the stock follows it.
create table medicines.lot (
  unit     text not null,
  medicine text not null,               -- code of the list of medicines
  lot      text not null,
  expires  date not null,
  gtin     text not null,               -- of the package that was scanned; '' = typed
  balance  int not null check (balance >= 0), -- in the unit of the list (tablet, bottle); sum of the movements
  hold     text not null,               -- why nothing is handed out of it; '' = free
  since    timestamptz not null,        -- first receipt
  primary key (unit, medicine, lot)
);

-- Append only: receipt, issue, waste, count, dispense, dispense-void, hold, release.
create table medicines.movement (
  unit     text not null,
  id       text not null,
  medicine text not null,
  lot      text not null,
  kind     text not null,
  amount   int not null,                -- what the balance of the lot changed by
  at       timestamptz not null,
  who      text not null,
  why      text not null,
  place    bigint generated always as identity, -- order in which they were written: balances of a card are sums in it
  primary key (unit, id)
);
create index movement_medicine on medicines.movement (unit, medicine, place);

-- Which lot each dispense was taken from; `short` = it was handed out, but the stock had not as much; `unknown` = no such lot.
create table medicines.taken (
  pt       int8 not null,
  dispense text not null,
  unit     text not null,
  medicine text not null,
  lot      text not null,
  amount   int not null,
  state    text not null,
  day      date not null,
  primary key (pt, dispense)
);
create index taken_unexplained on medicines.taken (unit) where state <> 'taken';

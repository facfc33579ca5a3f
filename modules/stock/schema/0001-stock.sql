create schema if not exists stock;

-- What lies at a unit by lot, whatever it is. FHIR R4 has no stock (InventoryItem comes with R5); what was given or handed out is the
-- Immunization or MedicationDispense, and the stock follows it.
create table stock.lot (
  unit     text not null,
  category text not null,               -- whose ledger it is: vaccine, medicine
  item     text not null,               -- code by which the user of the ledger names it
  lot      text not null,
  expires  date not null,
  gtin     text not null,               -- of the package that was scanned; '' = typed
  pack     int not null check (pack > 0), -- amount in what is opened at once (doses of a vial); 1 = each by itself
  balance  int not null check (balance >= 0), -- sum of the movements
  hold     text not null,               -- why nothing is given of it; '' = free
  paid     boolean not null,            -- bought to be sold; else of the State, never charged for
  since    timestamptz not null,        -- first receipt
  primary key (unit, category, item, lot)
);

-- Append only: receipt, issue, waste, count, hold, release, and what the record took and gave back by the words of the user.
create table stock.movement (
  unit     text not null,
  id       text not null,
  category text not null,
  item     text not null,
  lot      text not null,
  kind     text not null,
  amount   int not null,                -- what the balance of the lot changed by
  at       timestamptz not null,
  who      text not null,
  why      text not null,
  package  text,                        -- what was opened of the lot (a vial); null = none
  place    bigint generated always as identity, -- order in which they were written: balances of a card are sums in it
  primary key (unit, id)
);
create index movement_item on stock.movement (unit, category, item, place);

-- Which lot each act of the record was taken from; `short` = it was given, but the stock had not as much; `unknown` = no such lot.
create table stock.taken (
  pt       int8 not null,
  category text not null,
  act      text not null,               -- id of the Immunization, MedicationDispense
  unit     text not null,
  item     text not null,
  lot      text not null,
  amount   int not null,
  package  text,
  state    text not null,               -- taken, short, unknown
  day      date not null,
  primary key (pt, category, act)
);
create index taken_day on stock.taken (unit, category, day);
create index taken_unexplained on stock.taken (unit, category) where state <> 'taken';

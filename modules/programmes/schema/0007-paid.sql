-- Doses that the patient pays for. Reservations are Appointments and bills Invoices; these tables hold what no search of FHIR counts at
-- once: how many doses and places are taken, and the lists of a unit. Views of the record but for `bill_number`.
alter table programmes.lot add column paid boolean not null default false; -- bought to be sold; else of the State, never charged for

create table programmes.reservation (
  pt          int8 not null,
  appointment text not null,
  unit        text not null,
  patient     text not null,
  product     text not null,             -- system|code
  bill        text not null,             -- Invoice
  starts      timestamptz not null,
  state       text not null,             -- booked, fulfilled, cancelled
  primary key (pt, appointment)
);
create index reservation_unit on programmes.reservation (unit, state, starts);
create index reservation_bill on programmes.reservation (bill);

create table programmes.bill (
  pt      int8 not null,
  invoice text not null,
  unit    text not null,
  patient text not null,
  number  text not null,
  total   int8 not null,                 -- đồng
  state   text not null,                 -- issued, balanced, cancelled
  issued  date not null,
  doses   jsonb not null,                -- [{product, name}] one a dose
  primary key (pt, invoice)
);
create index bill_unit on programmes.bill (unit, state, issued);

create table programmes.bill_number (
  unit text not null,
  year int not null,
  last int not null,
  primary key (unit, year)
);

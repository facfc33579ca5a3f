-- Visits that open a person's record to a unit: a view of Encounters kept by the change feed, so that the care of a
-- hospital (tens of thousands of visits a month) is one small index scan. Rebuilt from the record at any time.
create table access.visit (
  encounter  text primary key,
  unit       text not null,       -- Encounter.serviceProvider
  patient    text not null,
  ended      timestamptz          -- null while the visit is open
);
create index visit_unit on access.visit (unit, patient) include (ended);
create index visit_ended on access.visit (ended);

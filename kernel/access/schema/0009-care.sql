-- Care relationships other than visits: orders, referrals, tasks, appointments, teams, episodes, managing units. A view of the
-- record kept by the change feed, like `visit`; rebuilt from the record at any time.
create table access.care (
  source   text not null,       -- Type/id of the resource that says it
  unit     text not null,       -- Organization id
  patient  text not null,
  kind     text not null,       -- content access/care
  ended    timestamptz,         -- null while it lasts; the content says how many days it still opens the record
  primary key (source, unit)
);
create index care_unit on access.care (unit, patient) include (kind, ended);
create index care_ended on access.care (ended);

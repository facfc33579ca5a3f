-- Who gave each dose, and doses that were not given with the reason: what a campaign and a session are told of. Views of the record.
alter table programmes.dose add column unit text not null default '';
create table programmes.not_given (
  pt           int8 not null,
  programme    text not null,
  immunization text not null,
  patient      text not null,
  product      text not null,            -- system|code
  reason       text not null,            -- code of content/vaccines/not-given.csv; '' = the record names none
  day          date not null,
  unit         text not null,
  primary key (pt, programme, immunization)
);
create index not_given_day on programmes.not_given (unit, programme, day);
create index dose_day on programmes.dose (unit, programme, day);
-- Everybody is judged anew, in the background.
delete from programmes.carried;
update programmes.member set content = '';

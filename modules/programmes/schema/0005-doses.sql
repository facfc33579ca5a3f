-- Doses of who is followed as the forecast judged them, one row for each series that a dose was for: what coverage, drop-out and the
-- lists of missed doses are counted of. A view of the record like its neighbours.
create table programmes.dose (
  pt           int8 not null,
  programme    text not null,
  series       text not null,
  immunization text not null,
  patient      text not null,
  label        text not null,            -- of the dose that it was judged as; '' = nothing was missing
  ordinal      int not null,             -- its place among the person's doses of the series
  day          date not null,
  verdict      text not null,            -- valid, invalid, extra
  primary key (pt, programme, series, immunization)
);
alter table programmes.member add column birth date;
create index member_birth on programmes.member (programme, unit, birth);
-- Everybody is judged anew, in the background.
delete from programmes.carried;
update programmes.member set content = '';

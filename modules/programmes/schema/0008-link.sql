-- What a person decided of a dose that another register tells differently: asked no more until either side changes. No fact of care, so
-- no resource of FHIR.
create table programmes.link_decision (
  pt       int8 not null,
  theirs   text not null,                -- their id
  content  text not null,                -- what both sides said then
  decision text not null,                -- keep, two, add, correct
  ours     text not null,                -- Immunization that was meant, made or put right
  why      text not null,
  who      text not null,
  at       timestamptz not null,
  primary key (pt, theirs)
);

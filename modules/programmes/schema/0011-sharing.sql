-- Doses that are told to another register by themselves, when the content says so. What became of each; no fact of care, so no resource.
create table programmes.shared (
  pt           int8 not null,
  immunization text not null,
  patient      text not null,
  unit         text not null,            -- where it was given
  state        text not null,            -- waiting, sent, asks (a person has to look), given-up, withdrawn
  tries        int not null,
  next_at      timestamptz not null,     -- of what waits
  said         text not null,            -- why it was not taken the last time; '' = nothing is wrong
  at           timestamptz not null,     -- of the last change
  primary key (pt, immunization)
);
create index shared_waiting on programmes.shared (next_at) where state = 'waiting';

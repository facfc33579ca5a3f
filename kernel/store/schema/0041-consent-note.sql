-- Consents that are carried out otherwise than they say: a denial wider, a permission narrower (see consent_rule). Written with
-- the rules, in the transaction of the Consent; `yba consent rebuild` makes them anew. Distributed like res, by pt. Few rows.
create table consent_note (
  pt       int8 not null,
  consent  text not null collate "C",   -- id of the Consent
  patient  text not null collate "C",
  noted_at timestamptz not null,
  issues   jsonb not null,              -- [{severity, code, text, textEn, expression}]
  primary key (pt, consent)
);
create index consent_note_newest on consent_note (noted_at desc);

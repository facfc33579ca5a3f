-- What persons permit and deny: the active privacy Consents (R4) taken apart, so that one index look says whether a row may
-- be shown. Written in the transaction of the Consent; rebuilt from the record by `yba consent`. Distributed like res, by pt.
--
-- A row is one conjunction; null = no such condition. A provision that names several labels or recipients has a row for each
-- choice, all with its number n. `parent` is the provision around it: it counts only where that one counts, and instead of it.
create table consent_rule (
  pt         int8 not null,
  consent    text not null collate "C",       -- id of the Consent
  n          int4 not null,                    -- number of the provision, 0 = the outermost
  choice     int4 not null,                    -- number of the row within the provision
  parent     int4,                             -- n of the provision around it
  patient    text not null collate "C",
  permit     boolean not null,
  bits       int4 not null,                    -- all of these bits of res.sec; 0 = everything
  actors     text[] collate "C",               -- all of these are names of the reader: Organization/x, Practitioner/y …
  purposes   text[] collate "C",               -- any of these is the reader's purpose (v3 ActReason)
  types      int2[],                           -- any of these resource types
  codes      int8[],                           -- any of these is res.c0
  holder     int4,                             -- res.org: only what this facility holds
  idh        int8,                             -- only this resource
  from_at    timestamptz,
  until_at   timestamptz,
  data_from  timestamptz,                      -- clinical date overlaps [data_from, data_until)
  data_until timestamptz,
  sources    text[] not null collate "C",      -- CareTeam/x, PractitionerRole/y whose content the actors were read from
  primary key (pt, consent, n, choice)
);
create index consent_rule_sources on consent_rule using gin (sources) where sources <> '{}';

-- One line once the Consents of the time before this table have been read.
create table consent_rule_made (made_at timestamptz not null);

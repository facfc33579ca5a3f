-- A form that is being written is nobody's yet: it stands here until it is published as a Questionnaire.
create table forms.design (
  key     text primary key,
  version int4 not null,                  -- counts the savings
  body    json not null,                  -- Questionnaire
  by      text not null,
  at      timestamptz not null
);

-- Test cases of a form: answers, and what must come of them. FHIR has no resource for them.
create table forms.trial (
  key  text not null,
  name text not null,
  body json not null,                     -- Trial of design/trials.ts
  primary key (key, name)
);

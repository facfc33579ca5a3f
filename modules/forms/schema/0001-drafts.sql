create schema if not exists forms;

-- What somebody has typed of a form and not yet finished (FHIR's in-progress answers would be seen by others, and by rules and
-- reports). One row for an account, a form's version and a person; `answer` is the finished response that is being amended.
create table forms.draft (
  pt       int8 not null,                 -- the person's key
  patient  text not null,
  account  text not null,
  form     text not null,                 -- url|version
  answer   text not null default '',      -- QuestionnaireResponse id, '' = a new one
  version  int4 not null,                 -- counts the savings
  body     json,                          -- QuestionnaireResponse in progress; null = cleaned as too old
  place    text not null,                 -- browser that saved it last
  begun_at timestamptz not null,
  saved_at timestamptz not null,
  primary key (pt, account, form, answer)
);
create index draft_account on forms.draft (account, saved_at desc);
create index draft_saved on forms.draft (saved_at);

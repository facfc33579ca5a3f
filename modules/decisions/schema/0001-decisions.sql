create schema if not exists decisions;

-- Decision support: who switched which rule on, what was shown and what became of it. FHIR has no resource for a card that was
-- shown; overridden ones of our own screens stand in the record as DetectedIssue, too. No row names a person.

create table decisions.switch (            -- decisions about a version of a rule; the newest counts, none is ever changed
  rule       text not null,
  version    text not null,                -- first day of validity of the definition
  decided_at timestamptz not null,
  state      text not null check (state in ('live', 'silent', 'off')),
  account    text not null,
  name       text not null,                -- who answers for it
  note       text not null,
  primary key (rule, version, decided_at)
);

create table decisions.card (              -- one row for each card that was shown, kept a year
  id         uuid primary key,             -- of the same facts in the same visit the same
  rule       text not null,
  version    text not null,
  hook       text not null,
  role       text not null,                -- the first role of who saw it; '' = another system
  unit       text not null,                -- Organization id; '' = none
  shown_at   timestamptz not null,
  outcome    text check (outcome in ('accepted', 'overridden')),
  reason     text,                         -- code of the override reason
  outcome_at timestamptz
);

create index card_shown on decisions.card (shown_at);

create table decisions.trial (             -- a rule run over the past
  id       uuid primary key,
  rule     text not null,
  version  text not null,
  state    text not null check (state in ('running', 'stopped', 'done', 'failed')),
  account  text not null,                  -- in whose name it reads
  name     text not null,
  from_day date not null,
  to_day   date not null,
  began_at timestamptz not null,
  beat_at  timestamptz not null,           -- a run that does not beat has ended with its program
  done     int not null,                   -- orders looked at
  result   jsonb not null                  -- rates by role and unit, examples
);

create index trial_rule on decisions.trial (rule, began_at);

create table decisions.shown_token (       -- tokens of CDS clients, each good once (CDS Hooks 2.0, jti)
  client text not null,
  jti    text not null,
  ends   timestamptz not null,
  primary key (client, jti)
);

-- Openings of a record in an emergency are reviewed: by whom, when, and with what conclusion.
alter table access.opening
  add column code       text not null default 'other',    -- kind of reason, content access/emergency-reasons
  add column refused    boolean not null default false,   -- one too many within the hour: nothing was opened
  add column state      text not null default 'new' check (state in ('new', 'reviewed', 'justified', 'unjustified')),
  add column reviewer   text,                             -- account
  add column reviewed_at timestamptz,
  add column conclusion text;
create index opening_account on access.opening (account, opened_at desc);
create index opening_patient on access.opening (patient, opened_at desc);
create index opening_state on access.opening (state, opened_at desc);

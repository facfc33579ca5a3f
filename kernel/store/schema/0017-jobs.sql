-- Requests that are answered later (R4 async.html). A row is nobody's data by its key, but an answer may hold a person's:
-- only its owner reads it, it expires, and an erasure forgets all answers.
create table job (
  id       text primary key,      -- chance, not to be guessed
  owner    text not null,         -- actor who asked
  program  text not null,         -- the running program that works on it
  request  text not null,         -- method and address, as they were sent
  state    text not null,         -- running, done, failed, cancelled
  progress text not null,         -- X-Progress
  answer   bytea,                 -- Bundle of the answer, or OperationOutcome of a failure
  status   int2 not null,         -- HTTP status of the answer, 0 while there is none
  asked    timestamptz not null default clock_timestamp(),
  beat     timestamptz not null default clock_timestamp(), -- the program still works on it
  expires  timestamptz not null
);
alter table job alter answer set storage external;
create index job_expires on job (expires);
create index job_owner on job (owner, state);

-- Answers that may hold what is being erased are forgotten; who asked is told to ask again.
create function jobs_forget() returns void language sql as $$
  update job set answer = null, status = 410 where answer is not null
$$;

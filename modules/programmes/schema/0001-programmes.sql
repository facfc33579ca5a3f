create schema if not exists programmes;

-- Who stands where in which programme, and what is due: a view of the record and the content, kept by the change feed
-- (modules/programmes/follow.ts). It can be emptied and made again. Whether a task is due or late is read off its days, so that a
-- new day rewrites nothing; `look_again` is the first day on which more than that may change.

create table programmes.member (
  pt         int8 not null,
  programme  text not null,
  patient    text not null,
  version    text not null,              -- valid-from of the definition
  state      text not null,              -- enrolled, proposed, left; none = waits for an age
  unit       text not null,              -- Organization that follows: of the enrolment, else of the residence; '' = none
  village    text not null,
  since      date,
  reason     text not null,
  silence    text not null,              -- died, moved, refused; '' = may be asked
  silent_since date,
  silent_until date,
  last_call  text not null,
  last_called date,
  next_call  date,
  targets    jsonb not null,             -- [{key, text, met}]
  advice     jsonb not null,             -- [{key, title, priority}]
  look_again date,
  content    text not null,              -- hash of all of this and its tasks: what is the same is not written again
  primary key (pt, programme)
);
create index member_unit on programmes.member (unit, programme, state);
create index member_look_again on programmes.member (look_again) where look_again is not null;

create table programmes.task (
  pt        int8 not null,
  programme text not null,
  key       text not null,
  patient   text not null,
  unit      text not null,
  village   text not null,
  title     text not null,
  product   text not null,               -- system|code of what is given; '' = no dose
  about     text[] not null,
  priority  text not null,
  reason    text not null,
  earliest  date not null,
  due       date not null,
  overdue   date not null,
  latest    date,
  primary key (pt, programme, key)
);
create index task_unit on programmes.task (unit, programme, due);

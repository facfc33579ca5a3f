-- Where each subscription stands. Nobody's data: which change, not what it says.
create table subscription_state (
  subscription text primary key,            -- Subscription id
  events       int8 not null default 0,     -- events since it began, told or not
  endpoint     text,                        -- that took the handshake; null: none has yet
  beat         timestamptz                  -- when the next heartbeat is due; null: none is wanted
);
-- Events of topic-based subscriptions, told or not: what $events and bound websockets read. Swept after 30 days.
create table subscription_event (
  subscription text not null,
  number       int8 not null,               -- 1, 2, 3 … without a gap
  at           timestamptz not null,        -- of the change
  type         text not null,
  id           text not null,               -- the focus
  version      int4 not null,
  op           text not null,               -- create, update
  primary key (subscription, number)
);
create index subscription_event_at on subscription_event (at);
-- Rises with every change of a Subscription that was followed: a program that knows an older number reads them anew.
create table subscription_clock (
  one        boolean primary key default true check (one),
  generation int8 not null
);
insert into subscription_clock (generation) values (0);

alter table notification
  add column number int8,                   -- of the event; null: not topic-based
  add column dead   timestamptz,            -- given up then: a dead letter, until somebody retries or drops it
  add column answer text,                   -- what the last try was answered: status and the beginning of the body
  add column made   timestamptz not null default clock_timestamp();
create index notification_dead on notification (dead) where dead is not null;
create index notification_made on notification (made);

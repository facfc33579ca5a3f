-- Notifications on their way to subscribers: which change, not what it says, so that an erasure has nothing to forget here.
-- What was given up stays until the subscription is asked for again, or deleted.
create table notification (
  subscription text not null,       -- Subscription id
  position     text not null,       -- of the change in the feed
  era          int2 not null,
  xid          int8 not null,
  n            int4 not null,       -- the change's place in its order
  type         text not null,
  id           text not null,       -- the resource that matched
  tries        int2 not null default 0,
  due          timestamptz not null default clock_timestamp(),
  error        text,                -- what the last try met
  primary key (subscription, era, xid, n, type, id)
);

-- Closure tables of clients (R4 $closure): which codes each client has named, and with which version of the table. Which code lies
-- below which is asked of the code systems, so nothing of that is kept. Codes alone: nobody's data.
create table closure (
  owner   text not null,        -- client or account
  name    text not null,        -- as the client calls the table
  version int8 not null,        -- rises with every request that adds codes
  used    timestamptz not null default clock_timestamp(),
  primary key (owner, name)
);
create table closure_concept (
  owner   text not null,
  name    text not null,
  system  text not null,
  code    text not null,
  version int8 not null,        -- of the table when the code came
  primary key (owner, name, system, code)
);

-- Keys that seal secrets in columns (kernel/keys), each wrapped by a master key that stands in a file, not here.
create table data_key (
  kid     text primary key,
  master  text not null,               -- id of the master key; '' = the key stands here as it is
  wrapped text not null,
  made    timestamptz not null
);

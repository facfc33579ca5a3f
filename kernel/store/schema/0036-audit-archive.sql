-- Months of the audit that were written into files and dropped: their leaves stay, so the tree stays whole. Signed by the log's key.
create table audit_archive (
  month     text primary key,        -- 2024-01, a month in Viet Nam
  lines     int8 not null,
  ranges    jsonb not null,          -- [[first, end), …] places among all lines
  sha256    bytea not null,          -- of the file, unpacked
  key       int2 not null,
  signature bytea not null,
  made      timestamptz not null default clock_timestamp()
);
create trigger audit_archive_no_change before update or delete on audit_archive for each row execute function audit_refuse();
create trigger audit_archive_no_truncate before truncate on audit_archive for each statement execute function audit_refuse();

-- For whom a system acts: the unit (Organization id) that runs it, to which persons' restrictions and grants are said, and the
-- purposes of use (HL7 v3) that it may state, the first where it states none. Without a unit: a system of the operator's own.
alter table access.client add column unit text collate "C",
  add column purposes text[] not null default '{}' collate "C";

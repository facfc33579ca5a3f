-- Versions of programmes by which everybody was judged. When those in force are others, everybody is judged anew.
create table programmes.carried (
  mark text primary key                 -- key|version|content, or key|version|id/version of the record
);

-- An export (Bulk Data) is a job whose answer lists the files it made.
alter table job add column kind text not null default 'answer';

-- What was agreed in a call defers the task: until that day it stands in no list of who is due or late.
alter table programmes.task add column next_call date;
update programmes.member set look_again = date '2000-01-01' where next_call is not null;

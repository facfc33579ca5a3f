-- From when a relationship opens the record: an appointment that a unit gives itself opens it on its day.
alter table access.care add column starts timestamptz; -- null = from the beginning

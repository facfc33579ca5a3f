-- What the searches need beyond the row's own columns (kernel/store/search).

-- Dictionary by parameter and code: `?code=8302-2` without a system, family names and cities by prefix.
create index code_word on code (p, code collate "C");

-- One type over all persons in the order of its clinical date: worklists of a day, listings of a type, paging.
create index res_type on res (t, d0 desc, idh);
create index shared_type on shared (t, d0 desc, idh);

-- Signs the cursors of pages, so that a page can only be continued, not composed.
create table search_key (key bytea not null);
insert into search_key select uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());

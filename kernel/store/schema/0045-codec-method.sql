-- How the bodies of a codec are packed: 1 deflate, 2 zstd. What is written from now on is packed by zstd, with the dictionary
-- that the type has; what lies there stays as it is.
alter table codec add column method int2 not null default 1;
insert into codec (n, t, method, dictionary)
  select (select max(n) from codec) + row_number() over (order by t), t, 2, dictionary
  from (select distinct on (t) t, dictionary from codec order by t, n desc) as newest;
alter table codec alter column method drop default;

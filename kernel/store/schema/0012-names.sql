-- People by name look at thousands of rows of the rarest word before they have a page. With the row's place in the index they
-- are ranked without the table; for all other strings `str_value` is enough (docs/adr/0002). The number is
-- parameterKey('Patient.name') of kernel/store/search/keys.ts: names.test.ts compares them.
create index str_person_name on str (p, s) include (pt, idh) where p = -2885087545292496894;

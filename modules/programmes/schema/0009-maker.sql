-- Who made a lot: written with the first dose of it that says so, known for every later one in the province. No line is about a person.
create table programmes.lot_maker (
  product text not null,                -- system|code
  lot     text not null,
  maker   text not null,
  primary key (product, lot)
);

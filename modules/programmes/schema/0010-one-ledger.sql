-- Lots, movements and what doses were taken from lie in the one ledger (modules/stock) from now on; opened vials and sessions stay here.
insert into stock.lot (unit, category, item, lot, expires, gtin, pack, balance, hold, paid, since)
  select unit, 'vaccine', product, lot, expires, gtin, vial, balance, hold, paid, since from programmes.lot;

insert into stock.movement (unit, id, category, item, lot, kind, amount, at, who, why, package)
  select unit, id, 'vaccine', product, lot, kind, doses, at, who, why, vial from programmes.movement order by at, id;

insert into stock.taken (pt, category, act, unit, item, lot, amount, package, state, day)
  select pt, 'vaccine', immunization, unit, product, lot, 1, vial, state, day from programmes.dose_taken;

drop table programmes.dose_taken;
drop table programmes.movement;
drop table programmes.lot;

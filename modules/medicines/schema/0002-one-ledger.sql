-- Lots, movements and what was handed out of them lie in the one ledger (modules/stock) from now on.
insert into stock.lot (unit, category, item, lot, expires, gtin, pack, balance, hold, paid, since)
  select unit, 'medicine', medicine, lot, expires, gtin, 1, balance, hold, false, since from medicines.lot;

insert into stock.movement (unit, id, category, item, lot, kind, amount, at, who, why)
  select unit, id, 'medicine', medicine, lot, kind, amount, at, who, why from medicines.movement order by place;

insert into stock.taken (pt, category, act, unit, item, lot, amount, state, day)
  select pt, 'medicine', dispense, unit, medicine, lot, amount, state, day from medicines.taken;

drop table medicines.taken;
drop table medicines.movement;
drop table medicines.lot;

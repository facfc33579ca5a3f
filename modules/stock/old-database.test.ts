/** A database of the time when vaccines and medicines kept a ledger each goes over into the one without losing a box. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { applySchema } from '../../kernel/store/migrate.ts';
import { type TestDatabase, withDatabase } from '../../kernel/store/testing.ts';
import { cardOf } from './card.ts';
import { lotsOf, unexplainedOf } from './shelves.ts';

const AREAS = ['stock', 'programmes', 'medicines'] as const;
/** The last files of the two ledgers. */
const OLD = { programmes: '0009-maker.sql', medicines: '0001-medicines.sql' };
const BCG = 'http://hl7.org/fhir/sid/cvx|19';
const UNIT = 'cs-25D01';

let database: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'yba-stock-'));
const schemaOf = (area: string) => join(import.meta.dirname, '..', area, 'schema');

before(async () => {
  database = await withDatabase();
  for (const [area, last] of Object.entries(OLD)) {
    for (const name of readdirSync(schemaOf(area)).filter((one) => one <= last))
      cpSync(join(schemaOf(area), name), join(folder, area, name));
    await applySchema(database.pool, area, join(folder, area));
  }
  await database.pool.query(`
    insert into programmes.lot (unit, product, lot, expires, gtin, vial, balance, hold, since, paid) values
      ('${UNIT}', '${BCG}', 'L-1', '2027-05-31', '09506000134352', 10, 18, '', '2026-11-01T08:00:00+07', false),
      ('${UNIT}', '${BCG}', 'L-2', '2027-06-30', '', 1, 4, 'Chờ kết luận', '2026-11-02T08:00:00+07', true);
    insert into programmes.movement (unit, id, product, lot, kind, doses, at, who, why, vial) values
      ('${UNIT}', 'm3', '${BCG}', 'L-1', 'dose', -1, '2026-11-03T08:00:00+07', 'Immunization/b', '', 'v1'),
      ('${UNIT}', 'm1', '${BCG}', 'L-1', 'receipt', 20, '2026-11-01T08:00:00+07', 'Lan', 'CDC', null),
      ('${UNIT}', 'm2', '${BCG}', 'L-1', 'dose', -1, '2026-11-02T09:00:00+07', 'Immunization/a', '', 'v1'),
      ('${UNIT}', 'm4', '${BCG}', 'L-2', 'receipt', 4, '2026-11-02T08:00:00+07', 'Lan', 'Mua', null);
    insert into programmes.vial (unit, id, product, lot, doses, given, opened_at, discard_at, who) values
      ('${UNIT}', 'v1', '${BCG}', 'L-1', 10, 2, '2026-11-02T09:00:00+07', '2026-11-02T15:00:00+07', 'Lan');
    insert into programmes.dose_taken (pt, immunization, unit, product, lot, vial, state, day) values
      (7, 'a', '${UNIT}', '${BCG}', 'L-1', 'v1', 'taken', '2026-11-02'),
      (7, 'b', '${UNIT}', '${BCG}', 'L-1', 'v1', 'taken', '2026-11-03'),
      (8, 'c', '${UNIT}', '${BCG}', 'L-9', null, 'unknown', '2026-11-03');
    insert into medicines.lot (unit, medicine, lot, expires, gtin, balance, hold, since) values
      ('${UNIT}', 'T080', 'L-1', '2027-02-28', '', 60, '', '2026-11-01T08:00:00+07');
    insert into medicines.movement (unit, id, medicine, lot, kind, amount, at, who, why) values
      ('${UNIT}', 'k1', 'T080', 'L-1', 'receipt', 91, '2026-11-01T08:00:00+07', 'Lan', 'TTYT'),
      ('${UNIT}', 'k2', 'T080', 'L-1', 'dispense', -31, '2026-11-04T08:00:00+07', 'MedicationDispense/d', '');
    insert into medicines.taken (pt, dispense, unit, medicine, lot, amount, state, day) values
      (7, 'd', '${UNIT}', 'T080', 'L-1', 31, 'taken', '2026-11-04'),
      (7, 'e', '${UNIT}', 'T080', 'L-1', 500, 'short', '2026-11-04');`);
  for (const area of AREAS) await applySchema(database.pool, area, schemaOf(area));
});
after(async () => {
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

const vaccines = { category: 'vaccine', unit: UNIT } as const;
const medicines = { category: 'medicine', unit: UNIT } as const;

test('every lot stands there with its balance, expiry, package, payer and hold; lots of one number are apart', async () => {
  const common = { isExpired: false, isSoon: false };
  assert.deepEqual(await lotsOf(database.pool, vaccines, '2026-11-22'), [
    {
      ...common,
      item: BCG,
      lot: 'L-1',
      expires: '2027-05-31',
      gtin: '09506000134352',
      pack: 10,
      balance: 18,
      hold: '',
      paid: false,
    },
    {
      ...common,
      item: BCG,
      lot: 'L-2',
      expires: '2027-06-30',
      gtin: '',
      pack: 1,
      balance: 4,
      hold: 'Chờ kết luận',
      paid: true,
    },
  ]);
  assert.deepEqual(
    (await lotsOf(database.pool, medicines, '2026-11-22')).map(({ item, lot, balance }) => [
      item,
      lot,
      balance,
    ]),
    [['T080', 'L-1', 60]],
  );
});

test('the cards have every movement in its order, and make the balances', async () => {
  const of = { item: BCG, lot: 'L-1' };
  assert.deepEqual(
    (await cardOf(database.pool, vaccines, of, 0)).rows.map(({ id, amount, balance }) => [
      id,
      amount,
      balance,
    ]),
    [
      ['m3', -1, 18],
      ['m2', -1, 19],
      ['m1', 20, 20],
    ],
  );
  assert.deepEqual(
    (await cardOf(database.pool, medicines, { item: 'T080', lot: '' }, 0)).rows.map(({ id, balance }) => [
      id,
      balance,
    ]),
    [
      ['k2', 60],
      ['k1', 91],
    ],
  );
  const { rows } = await database.pool.query(
    `select l.lot from stock.lot l where balance <> (select sum(amount) from stock.movement m
      where m.unit = l.unit and m.category = l.category and m.item = l.item and m.lot = l.lot)`,
  );
  assert.deepEqual(rows, []);
});

test('what each act has taken is known, with its vial, and what the stock does not explain is still said', async () => {
  const { rows } = await database.pool.query(
    'select category, act, amount, package, state from stock.taken order by act',
  );
  assert.deepEqual(
    rows.map((row) => Object.values(row)),
    [
      ['vaccine', 'a', 1, 'v1', 'taken'],
      ['vaccine', 'b', 1, 'v1', 'taken'],
      ['vaccine', 'c', 1, null, 'unknown'],
      ['medicine', 'd', 31, null, 'taken'],
      ['medicine', 'e', 500, null, 'short'],
    ],
  );
  assert.equal((await unexplainedOf(database.pool, vaccines))[0]?.lot, 'L-9');
  assert.equal((await unexplainedOf(database.pool, medicines))[0]?.amount, 500);
  const { rows: vials } = await database.pool.query('select id, given from programmes.vial');
  assert.deepEqual(vials, [{ id: 'v1', given: 2 }]);
});

test('of the two ledgers nothing is left beside the one', async () => {
  const { rows } = await database.pool.query(
    `select schemaname || '.' || tablename as name from pg_tables
      where schemaname in ('medicines', 'programmes') and tablename in ('lot', 'movement', 'taken', 'dose_taken')`,
  );
  assert.deepEqual(rows, []);
});

/** Quantities are found whether they lie under the pair with their code, under their own parameter, or, in older rows, under both. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OpenStore, openStore } from '../index.ts';
import type { TestDatabase } from '../testing.ts';
import { withDatabase } from '../testing.ts';
import { unitKey } from './keys.ts';

const UCUM = 'http://unitsofmeasure.org';
let database: TestDatabase;
let store: OpenStore;

const weight = (id: string, value: number, unit: string, code: object) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code,
  valueQuantity: { value, unit, system: UCUM, code: unit },
});
const CODED = { coding: [{ system: 'http://loinc.org', code: '29463-7' }] };

before(async () => {
  database = await withDatabase();
  store = await openStore({ pool: database.pool, sealEvery: 0 });
  for (const resource of [
    weight('a', 3, 'kg', CODED),
    weight('b', 4000, 'g', CODED),
    weight('c', 5, 'kg', { text: 'Cân nặng' }),
    weight('d', 6, 'kg', CODED),
  ])
    await store.commit([{ op: 'update', resource: resource as never }], []);
  // As an older program wrote it: under its own parameter as well.
  await database.pool.query(
    `insert into ord (p, lo, hi, pt, idh) select $1, lo, hi, o.pt, o.idh from ord o join shared r using (pt, idh) where r.id = 'd'`,
    [unitKey('Observation.value-quantity', UCUM, 'kg').toString()],
  );
});
after(async () => {
  await store?.close();
  await database?.stop();
});

async function ids(...params: [string, string][]): Promise<string> {
  const { matches } = await store.search({ type: 'Observation', params });
  return matches.map(({ id }) => id).join(' ');
}

const CASES: [string, string][] = [
  ['gt3.5', 'b c d'],
  [`gt3.5|${UCUM}|kg`, 'b c d'],
  [`le4000|${UCUM}|g`, 'a b'],
  ['gt3.5||kg', 'b c d'],
  [`5|${UCUM}|kg`, 'c'],
  [`6|${UCUM}|kg`, 'd'],
  [`gt1|${UCUM}|`, 'a b c d'],
  [`gt1|http://khac.vn|kg`, ''],
  ['ne6', 'a b c'],
];

test('by any code, in any unit', async () => {
  for (const [value, expected] of CASES)
    assert.equal((await ids(['value-quantity', value], ['_sort', '_id'])).toString(), expected, value);
  assert.equal(await ids(['combo-value-quantity', `lt4.5|${UCUM}|kg`], ['_sort', '_id']), 'a b');
  assert.equal(await ids(['value-quantity:missing', 'false'], ['_sort', '_id']), 'a b c d');
});

test('in the order of their values, as they were measured', async () => {
  assert.equal(await ids(['_sort', 'value-quantity']), 'a c d b');
  assert.equal(await ids(['_sort', '-value-quantity']), 'b d c a');
});

/** A code that partners show in their own words is found by each of them (R4 search 3.1.1.4.10, `:text`). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Resource } from '../../fhir/types.ts';
import { type OpenStore, openStore } from '../index.ts';
import { type TestDatabase, withDatabase } from '../testing.ts';

let database: TestDatabase;
let store: OpenStore;

const observation = (id: string, display: string | undefined, unit: string) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display }] },
  valueQuantity: { value: 70, unit, system: 'http://unitsofmeasure.org', code: '/min' },
  performer: [{ reference: 'Practitioner/bs' }],
});

before(async () => {
  database = await withDatabase();
  store = await openStore({ pool: database.pool, sealEvery: 0 });
  const resources = [
    observation('a', undefined, 'lần/phút'),
    observation('b', 'Heart rate', 'beats/min'),
    observation('c', 'Nhịp tim', '/min'),
    { resourceType: 'Practitioner', id: 'bs' },
    {
      resourceType: 'Encounter',
      id: 'e',
      status: 'finished',
      class: { code: 'AMB' },
      participant: [{ individual: { reference: 'Practitioner/bs' } }],
    },
  ];
  for (const resource of resources)
    await store.commit([{ op: 'update', resource: resource as Resource }], []);
});
after(async () => {
  await store?.close();
  await database?.stop();
});

async function ids(name: string, value: string): Promise<string> {
  const { matches } = await store.search({ type: 'Observation', params: [[name, value]] });
  return matches
    .map(({ id }) => id)
    .sort()
    .join(' ');
}

test('every display of a code and every spelling of a unit finds the code, also those that came later', async () => {
  assert.equal(await ids('code:text', 'heart'), 'a b c');
  assert.equal(await ids('code:text', 'nhip tim'), 'a b c');
  assert.equal(await ids('code:text', 'rate nhip'), '', 'one display does not go on in the next');
  for (const unit of ['lần/phút', 'beats/min', '/min'])
    assert.equal(await ids('value-quantity', `70||${unit}`), 'a b c', unit);
});

test('displays are kept once, whichever program brings them', async () => {
  const second = await openStore({ pool: database.pool, sealEvery: 0 });
  await second.commit([{ op: 'update', resource: observation('d', 'Nhịp tim', '/min') as Resource }], []);
  const { rows } = await database.pool.query(
    `select display from code where p = 'Observation.code' and code = '8867-4'`,
  );
  assert.deepEqual(rows, [{ display: 'Heart rate\nNhịp tim' }]);
  await store.commit([{ op: 'delete', type: 'Observation', id: 'd' }], []);
});

test('a chain that names no type goes on through `_has` where that refers to the type', async () => {
  assert.equal(await ids('performer._has:Encounter:participant:status', 'finished'), 'a b c');
});

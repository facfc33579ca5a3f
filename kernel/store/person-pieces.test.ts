/** Records of many persons: in their order, each once, a piece at a time and the next one meanwhile. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PersonRecord } from './contract.ts';
import { type OpenStore, openStore } from './index.ts';
import { PIECE, personPieces } from './person-pieces.ts';
import { create, erase, person, pulse, put } from './samples.testing.ts';
import { type TestDatabase, withDatabase } from './testing.ts';

const many = Array.from({ length: 2 * PIECE + 7 }, (_, i) => `p${i}`);
const empty = (patients: readonly string[]): PersonRecord[] =>
  patients.map((patient) => ({ patient, own: [] }));

test('pieces are of one size, in order, without those who were named before', async () => {
  const asked: number[] = [];
  const found: string[] = [];
  const read = async ({ patients }: { patients: readonly string[] }) => {
    asked.push(patients.length);
    return empty(patients);
  };
  for await (const piece of personPieces({ patients: [...many, 'p0', 'p3'], types: [] }, read))
    found.push(...piece.map(({ patient }) => patient));
  assert.deepEqual(found, many);
  assert.deepEqual(asked, [PIECE, PIECE, 7]);
});

test('nobody is asked for when there are no persons', async () => {
  for await (const _ of personPieces({ patients: [], types: [] }, () => assert.fail('asked'))) assert.fail();
});

test('while a piece is worked on the next is being read, and no more; who leaves is not told of its failure', async () => {
  let begun = 0;
  const read = async ({ patients }: { patients: readonly string[] }) => {
    begun += 1;
    if (begun === 2) throw new Error('the database went away');
    return empty(patients);
  };
  for await (const _ of personPieces({ patients: many, types: [] }, read)) {
    assert.equal(begun, 2);
    break;
  }
  begun = 0;
  await assert.rejects(async () => {
    for await (const _ of personPieces({ patients: many, types: [] }, read));
  }, /went away/);
});

let database: TestDatabase;
let store: OpenStore;
before(async () => {
  database = await withDatabase();
  store = await openStore({ pool: database.pool, sealEvery: 0 });
});
after(async () => {
  await store.close();
  await database.stop();
});

test('current versions of the types asked for, of each person; what was deleted is not there', async () => {
  for (const id of many.slice(0, 5))
    await store.commit([put(person(id)), create(pulse(id, 1)), create(pulse(id, 2))], []);
  const [gone] = await store.commit([create(pulse('p1', 9))], []);
  await store.commit([erase('Observation', gone!.id)], []);
  await store.commit([put(person('p2', 'Tên mới'))], []);
  const records = new Map<string, PersonRecord>();
  for await (const piece of store.personsRows({ patients: many, types: ['Observation', 'Patient'] }))
    for (const one of piece) records.set(one.patient, one);
  assert.equal(records.size, many.length);
  for (const id of many) {
    const { own } = await store.personRows({ patient: id, part: 'own', count: 100 });
    assert.deepEqual(records.get(id)!.own, own, id);
  }
  assert.equal(records.get('p1')!.own.length, 3);
  assert.match(
    records
      .get('p2')!
      .own.find(({ type }) => type === 'Patient')!
      .body.toString(),
    /Tên mới/,
  );
  for await (const [p1] of store.personsRows({ patients: ['p1'], types: ['Patient'] }))
    assert.deepEqual(
      p1!.own.map(({ type }) => type),
      ['Patient'],
    );
});

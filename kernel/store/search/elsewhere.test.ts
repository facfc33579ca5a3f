/** What mentions a person and lies with somebody else, or with nobody, is found by one token, and in older rows by each parameter. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Resource } from '../../fhir/types.ts';
import { type OpenStore, openStore } from '../index.ts';
import { person, pulse, put } from '../samples.testing.ts';
import { type TestDatabase, withDatabase } from '../testing.ts';
import { elsewhereKey } from './keys.ts';

let database: TestDatabase;
let store: OpenStore;
let statements: string[] = [];

const ref = (id: string) => ({ reference: `Patient/${id}` });
const RECORD = [
  { resourceType: 'Group', id: 'nhom', type: 'person', actual: true, member: [{ entity: ref('an') }] },
  {
    resourceType: 'Appointment',
    id: 'hen',
    status: 'booked',
    participant: [
      { actor: ref('binh'), status: 'accepted' },
      { actor: ref('an'), status: 'accepted' },
    ],
  },
  // Mentions the person by a parameter that makes it no part of the record.
  { ...pulse('binh', 60, 'mach'), focus: [ref('an')] },
] as unknown as Resource[];

before(async () => {
  database = await withDatabase();
  const { pool } = database;
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>;
  Object.assign(pool, {
    query: (...args: unknown[]) => {
      statements.push(((args[0] ?? {}) as { text?: string }).text ?? '');
      return query(...args);
    },
  });
  store = await openStore({ pool, sealEvery: 0 });
  await store.commit(
    [put(person('an')), put(person('binh')), ...RECORD.map((one) => put(one)), put(pulse('an', 70, 'own'))],
    [],
  );
});
beforeEach(() => {
  statements = [];
});
after(async () => {
  await store.close();
  await database.stop();
});

const elsewhere = async (patient: string) => {
  const { elsewhere: found } = await store.personRows({ patient, count: 50, part: 'elsewhere' });
  return found.map(({ type, id }) => `${type}/${id}`).sort();
};
const asked = () => statements.filter((text) => text.includes('as place'));

test('one token finds them, the parameters of the compartment decide', async () => {
  assert.deepEqual(await elsewhere('an'), ['Appointment/hen', 'Group/nhom']);
  assert.match(asked()[0]!, /r\.tok && \$\d+::int8\[\] and \(r\.tok && /);
  assert.deepEqual(await elsewhere('binh'), []);
  assert.deepEqual(await elsewhere('nobody'), []);
});

test('a sight is asked about what there is, and not at all where there is nothing', async () => {
  const sight = {
    masks: new Map(),
    mask: { elsewhere: 1, own: 1 },
    unit: null,
    practitioner: null,
    opened: [],
  };
  await store.personRows({ patient: 'binh', count: 50, part: 'elsewhere', sight });
  assert.equal(asked().length, 1);
  assert.doesNotMatch(asked()[0]!, /r\.sec/);
  const { elsewhere: found } = await store.personRows({ patient: 'an', count: 50, part: 'elsewhere', sight });
  assert.equal(found.length, 2);
  assert.match(asked().at(-1)!, /r\.sec/);
});

test('rows of an older program are found while they are made anew, and by the token afterwards', async () => {
  const { pool } = database;
  for (const table of ['res', 'shared'])
    await pool.query(`update ${table} set tok = array_remove(tok, $1::int8)`, [
      elsewhereKey('Patient/an').toString(),
    ]);
  assert.deepEqual(await elsewhere('an'), [], 'this test would show nothing');
  await pool.query(`update search_index set parameters = parameters - ':elsewhere'`);
  await store.catalogue.changed();
  statements = [];
  assert.deepEqual(await elsewhere('an'), ['Appointment/hen', 'Group/nhom']);
  assert.doesNotMatch(asked()[0]!, /and \(r\.tok && /);
  assert.equal(await store.reindexing.runNow(new AbortController().signal, () => undefined), true);
  statements = [];
  assert.deepEqual(await elsewhere('an'), ['Appointment/hen', 'Group/nhom']);
  assert.match(asked()[0]!, /and \(r\.tok && /);
});

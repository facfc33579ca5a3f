/** Erasure beside writers and other programs; what is removed from the tables is proven in kernel/fhir/erasure. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { shardKey } from './compartment.ts';
import type { Change, ErasureJudge } from './contract.ts';
import { type OpenStore, openStore } from './index.ts';
import { create, failureOf, line, person, pulse, put } from './samples.testing.ts';
import { type TestDatabase, withDatabase } from './testing.ts';

let database: TestDatabase;
let store: OpenStore;
let other: OpenStore;
before(async () => {
  database = await withDatabase();
  store = await openStore({ url: database.url, sealEvery: 0 });
  other = await openStore({ url: database.url, sealEvery: 0 });
});
after(async () => {
  await other.close();
  await store.close();
  await database.stop();
});

const agree: ErasureJudge = async () => [];

test('the judge sees every version, deleted things too; when it refuses nothing is changed, no line is written', async () => {
  await store.commit([put(person('xet'))], []);
  const [made] = await store.commit([create(pulse('xet', 1))], []);
  await store.commit([put(pulse('xet', 2, made!.id))], []);
  await store.commit([{ op: 'delete', type: 'Observation', id: made!.id }], []);
  const seen: string[] = [];
  const refusal = new Error('kept');
  const refused = await failureOf(
    store.erase(
      'xet',
      async (versions) => {
        seen.push(...versions.map(({ type, version }) => `${type} ${version}`));
        throw refusal;
      },
      [line('xet', 'erasure refused')],
    ),
  );
  assert.equal(refused, refusal);
  assert.deepEqual(seen.sort(), ['Observation 1', 'Observation 2', 'Patient 1']);
  assert.equal((await store.vread('Observation', made!.id, 2))?.deleted, false);
  const lines = await database.pool.query(`select from audit where what = 'erasure refused'`);
  assert.equal(lines.rowCount, 0);
});

/** So many times, each a little later: whatever is being written meanwhile. */
const ROUNDS = 15;

test('an erasure beside writers: what was written before is gone, what comes after goes on counting', async () => {
  for (let round = 0; round < ROUNDS; round += 1) await eraseBesideWriters(`ban-${round}`, round);
});

async function eraseBesideWriters(patient: string, delay: number): Promise<void> {
  const writes = async (n: number) => {
    const [made] = await store.commit([create(pulse(patient, n))], []);
    for (let value = 0; value < 5; value += 1) await store.commit([put(pulse(patient, value, made!.id))], []);
  };
  await store.commit([put(person(patient))], []);
  const writers = Promise.all([1, 2, 3, 4].map(writes));
  await pause(delay);
  const erased = await other.erase(patient, agree, []);
  await writers;
  assert.ok(erased.some(({ type }) => type === 'Patient'));
  const pt = shardKey(patient).toString();
  const { rows } = await database.pool.query<{ id: string; bodies: string; doubled: string }>(
    `select id, count(body) as bodies, count(*) - count(distinct ver) as doubled
     from (select id, ver, body from hist where pt = $1 union all select id, ver, body from res where pt = $1) as v group by id`,
    [pt],
  );
  assert.ok(
    rows.every(({ doubled }) => doubled === '0'),
    'no version twice',
  );
  for (const { type, id } of erased) {
    const history = await store.history({ type, id }, { count: 20 });
    const ends = history.versions.findLastIndex(({ deleted }) => !deleted) + 1;
    assert.equal(history.versions[ends]?.deleted, true, 'the erasure is the oldest that is left');
    assert.equal(history.versions.length, ends + 1);
  }
}

test('another program forgets what it remembers of the person', async () => {
  await store.commit([put(person('nho'))], []);
  const [made] = await store.commit([create(pulse('nho', 1))], []);
  const change: Change = {
    position: '1',
    at: made!.lastUpdated,
    type: 'Observation',
    id: made!.id,
    version: 1,
    op: 'create',
    patient: 'nho',
  };
  assert.equal((await store.latest([change])).size, 1);
  await other.erase('nho', agree, []);
  for (let waited = 0; (await store.latest([change])).size > 0; waited += 10) {
    assert.ok(waited < 10_000, 'it is remembered');
    await pause(10);
  }
});

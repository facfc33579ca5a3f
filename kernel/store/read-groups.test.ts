import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OpenStore, openStore } from './index.ts';
import { create, erase, failureOf, person, pulse, put } from './samples.testing.ts';
import { type TestDatabase, withDatabase } from './testing.ts';

let database: TestDatabase;
let store: OpenStore;
/** Statements that read by id, with the number of rows asked for. */
let statements: string[] = [];
/** Fails the next statement of a group. */
let broken: Error | null = null;

before(async () => {
  database = await withDatabase();
  const { pool } = database;
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>;
  Object.assign(pool, {
    query: (...args: unknown[]) => {
      const name = (args[0] as { name?: string } | undefined)?.name ?? '';
      if (/^read_(group_)?(res|shared)$/.test(name)) {
        statements.push(name);
        if (broken) {
          const error = broken;
          broken = null;
          return Promise.reject(error);
        }
      }
      return query(...args);
    },
  });
  store = await openStore({ pool, sealEvery: 0 });
});
after(async () => {
  await store.close();
  await database.stop();
});

async function pulses(patient: string, many: number): Promise<string[]> {
  const writes = Array.from({ length: many }, (_, i) => create(pulse(patient, i)));
  return (await store.commit([put(person(patient)), ...writes], [])).slice(1).map(({ id }) => id);
}

test('reads that come together share statements, and each gets its own answer', async () => {
  const ids = (await Promise.all(['g1', 'g2', 'g3'].map((patient) => pulses(patient, 40)))).flat();
  statements = [];
  const found = await Promise.all(ids.map((id) => store.read('Observation', id)));
  assert.deepEqual(
    found.map((version) => version?.id),
    ids,
  );
  for (const [at, version] of found.entries()) {
    assert.equal(JSON.parse(version!.body.toString()).valueQuantity.value, at % 40);
    assert.equal(version!.patient, `g${1 + Math.floor(at / 40)}`);
  }
  assert.ok(statements.length <= 8, `${statements.length} statements for ${ids.length} reads`);
});

test('a read that comes alone is one statement that names its person', async () => {
  const [id] = await pulses('mot-minh', 1);
  statements = [];
  await store.read('Observation', id!);
  assert.deepEqual(statements, ['read_res']);
});

test('among them what was deleted, what never was, what lies elsewhere, and the same one twice', async () => {
  const [gone, kept] = await pulses('lan-lon', 2);
  await store.commit([erase('Observation', gone!)], []);
  await store.commit(
    [put(pulse('lan-lon', 7, 'ma-rieng')), put({ resourceType: 'Location', id: 'phong' })],
    [],
  );
  const [deleted, one, two, never, foreign, room] = await Promise.all([
    store.read('Observation', gone!),
    store.read('Observation', kept!),
    store.read('Observation', kept!),
    store.read('Observation', 'khong-co'),
    store.read('Observation', 'ma-rieng'),
    store.read('Location', 'phong'),
  ]);
  assert.equal(deleted?.deleted, true);
  assert.deepEqual(one?.body, two?.body);
  assert.equal(never, null);
  assert.equal(foreign?.patient, 'lan-lon');
  assert.equal(room?.id, 'phong');
});

test('a read after a commit sees it, however many others are on their way', async () => {
  const [id] = await pulses('ngay', 1);
  const others = Array.from({ length: 200 }, () => store.read('Patient', 'ngay'));
  await store.commit([put(pulse('ngay', 77, id))], []);
  assert.equal((await store.read('Observation', id!))?.version, 2);
  await Promise.all(others);
});

test('a group that fails fails its reads, and no later one', async () => {
  const [id] = await pulses('loi', 1);
  broken = Object.assign(new Error('canceling statement'), { code: '57014' });
  assert.equal(await failureOf(store.read('Observation', id!)), 'overloaded');
  assert.equal((await store.read('Observation', id!))?.id, id);
  // A broken connection is tried once more by each of them.
  broken = Object.assign(new Error('gone'), { code: 'ECONNRESET' });
  const both = await Promise.all([store.read('Observation', id!), store.read('Patient', 'loi')]);
  assert.deepEqual(
    both.map((version) => version?.id),
    [id, 'loi'],
  );
});

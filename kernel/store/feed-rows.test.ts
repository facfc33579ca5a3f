/** How the feed lies in its table: one row for a transaction and person, ids found in the record, older tables taken over. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type OpenStore, openStore } from './index.ts';
import { applySchema } from './migrate.ts';
import { create, erase, person, pulse, put, wholeFeed } from './samples.testing.ts';
import { type TestDatabase, withDatabase } from './testing.ts';

const SCHEMA = join(import.meta.dirname, 'schema');
let database: TestDatabase;
let store: OpenStore;
before(async () => {
  database = await withDatabase();
  store = await openStore({ pool: database.pool, sealEvery: 0 });
});
after(async () => {
  await store?.close();
  await database?.stop();
});

const rowsOf = async (id: string) =>
  (
    await database.pool.query(
      'select cardinality(what) / 2 as n from log join person using (pt) where id = $1',
      [id],
    )
  ).rows.map(({ n }) => n);

test('the changes of one commit are one row; each keeps its own place', async () => {
  await store.commit([create(person('mot')), ...[1, 2, 3].map((value) => create(pulse('mot', value)))], []);
  assert.deepEqual(await rowsOf('mot'), [4]);
  const told = (await wholeFeed(store)).filter(({ patient }) => patient === 'mot');
  assert.deepEqual(
    told.map(({ type, version, op }) => `${type} ${version} ${op}`),
    ['Patient 1 create', 'Observation 1 create', 'Observation 1 create', 'Observation 1 create'],
  );
  assert.equal(new Set(told.map(({ position }) => position)).size, 4);
});

test('what is told has its id: deleted since, moved to another person and deleted there, erased, or of nobody', async () => {
  const made = await store.commit(
    [create(person('hai')), ...[1, 2, 3].map((value) => create(pulse('hai', value))), create(pulse(null, 4))],
    [],
  );
  const [, deleted, moved, gone, shared] = made.map(({ id }) => id) as [
    string,
    string,
    string,
    string,
    string,
  ];
  await store.commit([create(person('ba'))], []);
  await store.commit([erase('Observation', deleted)], []);
  await store.commit([put(pulse('ba', 5, moved))], []);
  const before = [
    'Patient/hai 1 create',
    `Observation/${deleted} 1 create`,
    `Observation/${moved} 1 create`,
    `Observation/${gone} 1 create`,
    `Observation/${shared} 1 create`,
    'Patient/ba 1 create',
    `Observation/${deleted} 2 delete`,
    `Observation/${moved} 2 update`,
  ];
  const told = async () =>
    (await wholeFeed(store)).map(({ type, id, version, op }) => `${type}/${id} ${version} ${op}`).slice(4);
  assert.deepEqual(await told(), before);
  await store.commit([erase('Observation', moved)], []);
  await store.erase('hai', async () => [], []);
  const later = [
    `Observation/${moved} 3 delete`,
    `Observation/${deleted} 3 delete`,
    `Observation/${gone} 2 delete`,
    'Patient/hai 2 delete',
  ];
  assert.deepEqual((await told()).slice(0, 9), [...before, later[0]]);
  assert.deepEqual((await told()).slice(9).sort(), later.slice(1).sort());
});

test('a transaction of more persons than are read at once is told whole, in its order, forwards and backwards', async () => {
  const people = Array.from({ length: 130 }, (_, i) => `dong-${i}`);
  const mixed = people.flatMap((id, i) => [create(person(id)), create(pulse(people[(i * 7) % 130]!, i))]);
  const made = (await store.commit(mixed, [])).map(({ type, id }) => `${type}/${id}`);
  const names = (all: { type: string; id: string }[]) => all.map(({ type, id }) => `${type}/${id}`);
  assert.deepEqual(names(await wholeFeed(store, 9)).slice(-made.length), made);
  const patients = made.filter((name) => name.startsWith('Patient/'));
  for (const oldestFirst of [false, true]) {
    const told: string[] = [];
    for (let before: string | undefined, more = true; more; ) {
      const page = await store.history({ type: 'Patient' }, { count: 11, before, oldestFirst });
      told.push(...names(page.versions));
      before = page.next;
      more = before !== undefined;
    }
    const own = told.filter((name) => name.includes('dong-'));
    assert.deepEqual(own, oldestFirst ? patients : patients.toReversed());
  }
});

test('the table of an older program is taken over: every change at its place', async () => {
  const older = await withDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'yba-schema-'));
  try {
    if (process.env.YBA_TEST_PARTITIONS) return;
    for (const name of readdirSync(SCHEMA))
      if (name < '0022') copyFileSync(join(SCHEMA, name), join(folder, name));
    await applySchema(older.pool, 'kernel', folder);
    const rows = Array.from({ length: 40 }, (_, i) => ({
      era: 1 + (i % 2),
      xid: String(700 + Math.floor(i / 9)),
      n: i * 37_000,
      pt: String(i % 3),
      idh: String(-(2n ** 62n) + BigInt(i)),
      t: i % 2 === 0 ? 146 : 1,
      ver: i === 5 ? 268_435_455 : i + 1,
      op: 1 + (i % 4),
    }));
    for (const { era, xid, n, pt, idh, t, ver, op } of rows)
      await older.pool.query(
        `insert into log (xid, ts, pt, idh, n, ver, era, t, op, id) values ($1, '2026-11-22', $2, $3, $4, $5, $6, $7, $8, 'x')`,
        [xid, pt, idh, n, ver, era, t, op],
      );
    await applySchema(older.pool, 'kernel', SCHEMA);
    const now = await older.pool.query(`select era, xid, n, pt, idh, t, ver, op from feed() order by idh`);
    assert.deepEqual(now.rows, rows);
    const inOrder = await older.pool.query('select cardinality(what) as size from log');
    assert.ok(inOrder.rowCount! < rows.length);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await older.stop();
  }
});

/** Commits that wait together are sent together, and each is still a commit of its own. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Pool } from 'pg';
import type { Call } from './call.ts';
import { Grouping } from './grouping.ts';
import type { OpenStore } from './index.ts';
import { create, failureOf, line, person, pulse, put, wholeFeed, withStore } from './samples.testing.ts';

let store: OpenStore;
let stop: () => Promise<void>;
before(async () => {
  ({ store, stop } = await withStore());
});
after(() => stop());

const newPatients = (count: number) => Array.from({ length: count }, () => store.newId('Patient'));

/** Commits a person and a pulse for each id, all at once. */
const together = (patients: string[]) =>
  Promise.all(
    patients.map((id, i) =>
      store.commit([create(person(id)), create(pulse(id, i))], [line(id, `what ${id}`)]),
    ),
  );

test('commits that wait at the same time share transactions; each has its feed, its line and its answer', async () => {
  const patients = newPatients(40);
  const answers = await together(patients);
  for (const [i, [patient, observation]] of answers.entries()) {
    assert.deepEqual([patient!.type, patient!.id, patient!.outcome], ['Patient', patients[i], 'created']);
    const stored = await store.read('Observation', observation!.id);
    assert.equal(stored!.patient, patients[i]);
    assert.equal(
      (JSON.parse(stored!.body.toString()) as { valueQuantity: { value: number } }).valueQuantity.value,
      i,
    );
  }
  const lines = await store.pool.query<{ patient: string; what: string }>(
    'select patient, what from audit where patient = any ($1)',
    [patients],
  );
  assert.deepEqual(
    lines.rows.map(({ patient, what }) => `${patient} ${what}`).sort(),
    patients.map((id) => `${id} what ${id}`).sort(),
  );
  const [counted] = (
    await store.pool.query<{ commits: number; places: number; changes: number }>(
      `select count(distinct xid)::int as commits, count(distinct (xid, n))::int as places, count(*)::int as changes
       from feed() join person using (pt) where person.id = any ($1)`,
      [patients],
    )
  ).rows;
  assert.equal(counted!.changes, 80);
  assert.equal(counted!.places, 80, 'no two changes have one place in the feed');
  assert.ok(counted!.commits < 40, `${counted!.commits} transactions for 40 commits`);
});

test('in the feed the changes of one commit stand together, in their order', async () => {
  const patients = newPatients(30);
  await together(patients);
  const feed = (await wholeFeed(store)).filter((change) => patients.includes(change.patient ?? ''));
  assert.equal(feed.length, 60);
  for (let i = 0; i < feed.length; i += 2) {
    assert.deepEqual([feed[i]!.type, feed[i + 1]!.type], ['Patient', 'Observation']);
    assert.equal(feed[i]!.patient, feed[i + 1]!.patient);
  }
});

test('while one statement is on its way all others gather behind it', async () => {
  const patients = newPatients(30);
  await together(patients);
  const { rows } = await store.pool.query<{ commits: number }>(
    'select count(distinct xid)::int as commits from feed() join person using (pt) where person.id = any ($1)',
    [patients],
  );
  assert.equal(rows[0]!.commits, 2, 'the first, and the others');
});

test('a conflict fails its own commit and no other of the group', async () => {
  const known = newPatients(4);
  await together(known);
  const patients = newPatients(20).map((id, i) => (i % 5 === 0 ? known[i / 5]! : id));
  const outcomes = await Promise.all(
    patients.map((id) =>
      failureOf(store.commit([create(person(id)), create(pulse(id, 7))], [line(id, 'lan hai')])),
    ),
  );
  assert.deepEqual(
    outcomes.map((outcome) => outcome === undefined),
    patients.map((_, i) => i % 5 !== 0),
  );
  for (const id of patients) assert.equal((await store.read('Patient', id))!.version, 1);
  const { rowCount } = await store.pool.query(`select from audit where what = 'lan hai'`);
  assert.equal(rowCount, 16, 'no line of a commit that did not happen, none twice');
});

test('a commit that waits for a lock holds up nobody else', async () => {
  const [locked = '', ...others] = newPatients(9);
  await together([locked]);
  const holder = await store.pool.connect();
  try {
    await holder.query('begin');
    await holder.query('update res set ver = ver where pt = (select p.pt from person p where p.id = $1)', [
      locked,
    ]);
    let done = false;
    const waiting = store.commit([put(person(locked, 'Tên mới'), 1)], []).then(() => {
      done = true;
    });
    await together(others);
    assert.equal(done, false, 'the others did not wait for it');
    await holder.query('rollback');
    await waiting;
  } finally {
    holder.release(true);
  }
  assert.equal((await store.read('Patient', locked))!.version, 2);
});

test('commits of one resource come one after the other, and the last one is what stands', async () => {
  await store.commit([put(person('mot-nguoi', 'Tên 0'))], []);
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, i) => store.commit([put(person('mot-nguoi', `Tên ${i + 1}`))], [])),
  );
  const versions = answers.map(([one]) => one!.version);
  assert.deepEqual(
    versions.toSorted((a, b) => a - b),
    Array.from({ length: 12 }, (_, i) => i + 2),
  );
  const last = JSON.parse((await store.read('Patient', 'mot-nguoi'))!.body.toString());
  assert.equal(last.name[0].text, `Tên ${versions.indexOf(13) + 1}`);
});

/** A call that writes nothing, for a pool that only counts. */
const empty = (pt: bigint): Call => ({ pt, patient: null, writes: [], lines: [], locks: [], sure: true });

test('after a broken connection nothing is sent again: nobody knows whether it was committed', async () => {
  let sent = 0;
  const pool = {
    query: async () => {
      sent += 1;
      await new Promise((resolve) => setImmediate(resolve));
      throw Object.assign(new Error('connection terminated'), { code: '57P01' });
    },
  } as unknown as Pool;
  const grouping = new Grouping(pool, 1, true);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 9 }, (_, i) => grouping.run(empty(BigInt(i + 1)))),
  );
  assert.ok(outcomes.every(({ status }) => status === 'rejected'));
  assert.ok(sent <= 4, `${sent} statements for 9 commits, none repeated`);
});

test('on distributed tables every commit is a statement of its own', async () => {
  const texts: string[] = [];
  const pool = {
    query: async ({ text }: { text: string }) => {
      texts.push(text);
      return { rows: [{ done: '{}', ver: '{}', ts: '{}' }] };
    },
  } as unknown as Pool;
  const grouping = new Grouping(pool, 1, false);
  await Promise.all(Array.from({ length: 5 }, (_, i) => grouping.run(empty(BigInt(i + 1)))));
  assert.equal(texts.length, 5);
  assert.ok(texts.every((text) => text.includes('fhir_commit(')));
});

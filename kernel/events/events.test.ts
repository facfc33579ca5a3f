import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PoolClient } from 'pg';
import type { Change } from '../store/contract.ts';
import type { OpenStore } from '../store/index.ts';
import { create, person, pulse, put, withStore } from '../store/samples.testing.ts';
import { Consumer } from './consumer.ts';
import { type OpenEvents, openEvents } from './index.ts';

let store: OpenStore;
let events: OpenEvents;
let stop: () => Promise<void>;
before(async () => {
  ({ store, stop } = await withStore());
  events = openEvents({ store, pool: store.pool, notices: store.notices });
});
after(async () => {
  await events.close();
  await stop();
});

const keyOf = (change: Change) => `${change.type}/${change.id}/${change.version}`;

/** A view of the record: how many versions each type has. */
async function countInto(table: string, changes: Change[], client: PoolClient): Promise<void> {
  for (const { type } of changes) {
    await client.query(
      `insert into ${table} values ($1, 1) on conflict (type) do update set n = ${table}.n + 1`,
      [type],
    );
  }
}

const rowsOf = async (table: string) =>
  (await store.pool.query(`select type, n from ${table} order by type`)).rows;

test('a consumer sees every change once, in order, beside concurrent commits', async () => {
  const seen: string[] = [];
  events.consume('xem', async (changes) => void seen.push(...changes.map(keyOf)), { batch: 4 });
  await Promise.all(
    Array.from({ length: 10 }, async (_, w) => {
      for (let i = 0; i < 6; i++)
        await store.commit([put(person(`e${w}`, `Tên ${i}`)), create(pulse(`e${w}`, i))], []);
    }),
  );
  await events.settled();
  assert.equal(seen.length, 120);
  assert.equal(new Set(seen).size, 120);
  for (let w = 0; w < 10; w++) {
    const versions = seen.filter((key) => key.startsWith(`Patient/e${w}/`)).map((key) => key.split('/')[2]);
    assert.deepEqual(versions, ['1', '2', '3', '4', '5', '6']);
  }
});

test('a consumer does not wait for the disk, since position and work are lost together; a commit does', async () => {
  const told: string[] = [];
  events.consume('khong-cho-dia', async (_changes, client) => {
    const { rows } = await client.query<{ synchronous_commit: string }>('show synchronous_commit');
    told.push(rows[0]!.synchronous_commit);
  });
  await store.commit([create(pulse('khong-cho-dia', 1))], []);
  await events.settled();
  const others = await store.pool.query<{ synchronous_commit: string }>('show synchronous_commit');
  assert.deepEqual([...new Set(told)], ['off']);
  assert.equal(others.rows[0]!.synchronous_commit, 'on', 'only inside that transaction');
});

test('what does not concern a consumer is passed without a transaction, and the place is written down later', async () => {
  const seen: string[] = [];
  const place = async () =>
    (
      await store.pool.query(
        `select era || '.' || xid || '.' || n as at from consumer where name = 'chi-nguoi'`,
      )
    ).rows[0]?.at as string | undefined;
  events.consume('chi-nguoi', async (changes) => void seen.push(...changes.map(keyOf)), {
    fromStart: false,
    concerns: ({ type }) => type === 'Patient',
  });
  await events.settled();
  const before = await place();
  await store.commit([create(pulse('chi-nguoi', 1))], []);
  await events.settled();
  assert.equal(seen.length, 0);
  assert.equal(await place(), before, 'no transaction');
  const state = () => events.states().find(({ name }) => name === 'chi-nguoi')!;
  const passed = state().position;
  while ((await place()) === before) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(await place(), passed, 'written down behind');
  await store.commit([create(pulse('chi-nguoi', 2))], []);
  await store.commit([put(person('chi-nguoi', 'Tên'))], []);
  await events.settled();
  assert.deepEqual(
    seen.filter((key) => key.startsWith('Patient/')),
    ['Patient/chi-nguoi/1'],
  );
  assert.equal(await place(), state().position, 'work and place in one transaction');
});

test('a batch is counted in changes that concern the consumer; what lies between them is passed with them', async () => {
  const batches: string[][] = [];
  events.consume('tung-ba-nguoi', async (changes) => void batches.push(changes.map(keyOf)), {
    fromStart: false,
    batch: 3,
    concerns: ({ type }) => type === 'Patient',
  });
  await events.settled();
  const family = Array.from({ length: 7 }, (_, i) => `ba-${i}`);
  await store.commit(
    family.flatMap((one) => [put(person(one, 'Tên')), create(pulse(one, 1)), create(pulse(one, 2))]),
    [],
  );
  await events.settled();
  const persons = batches.map((batch) => batch.filter((key) => key.startsWith('Patient/')).length);
  assert.deepEqual(persons, [3, 3, 1]);
  assert.equal(new Set(batches.flat()).size, 21, 'every change once');
  assert.ok(batches[1]!.length > 3, 'the others too');
});

test('settled waits for what was committed before the call', async () => {
  const seen: string[] = [];
  events.consume('cho', async (changes) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    seen.push(...changes.map(keyOf));
  });
  const [made] = await store.commit([create(pulse('cho', 1))], []);
  await events.settled();
  assert.equal(seen.includes(`Observation/${made!.id}/1`), true);
});

test('a failing handler is retried, nothing is skipped, and its half-done work is undone', async () => {
  await store.pool.query('create table thu_lai (type text primary key, n int)');
  let failures = 3;
  events.consume('thu-lai', async (changes, client) => {
    await countInto('thu_lai', changes, client);
    if (failures > 0 && changes.some((change) => change.id === 'gay-loi')) {
      failures -= 1;
      throw new Error('not today');
    }
  });
  await events.settled();
  const before = await rowsOf('thu_lai');
  await store.commit([put(person('gay-loi'))], []);
  while (!events.states().some((state) => state.name === 'thu-lai' && state.failures > 0)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const state = events.states().find(({ name }) => name === 'thu-lai')!;
  assert.equal(state.error, 'not today');
  assert.notEqual(state.failingSince, null);
  assert.deepEqual(await rowsOf('thu_lai'), before);
  await events.settled();
  const patients = (rows: { type: string; n: number }[]) => rows.find((row) => row.type === 'Patient')!.n;
  assert.equal(patients(await rowsOf('thu_lai')), patients(before) + 1);
  const well = events.states().find(({ name }) => name === 'thu-lai')!;
  assert.deepEqual([well.failures, well.error, well.failingSince], [0, null, null]);
});

test('what a handler returns is called only after its transaction has committed', async () => {
  await store.pool.query('create table sau (n int)');
  const seen: number[] = [];
  let first = true;
  const done = new Promise<void>((resolve) => {
    events.consume('sau', async (changes, client) => {
      if (!changes.some((change) => change.id === 'sau-do')) return;
      await client.query('insert into sau values (1)');
      if (first) {
        first = false;
        throw new Error('undone');
      }
      return async () => {
        seen.push((await store.pool.query('select * from sau')).rows.length);
        resolve();
      };
    });
  });
  await store.commit([put(person('sau-do'))], []);
  await done;
  assert.deepEqual(seen, [1]);
});

test('a consumer resumes where it stopped, in another program too', async () => {
  const seen: string[] = [];
  const first = openEvents({ store, pool: store.pool, notices: store.notices });
  first.consume('tiep', async (changes) => void seen.push(...changes.map(keyOf)));
  await first.settled();
  await first.close();
  const until = seen.length;
  const [made] = await store.commit([create(pulse('tiep', 1))], []);
  const second = openEvents({ store, pool: store.pool, notices: store.notices });
  second.consume('tiep', async (changes) => void seen.push(...changes.map(keyOf)));
  await second.settled();
  await second.close();
  assert.deepEqual(seen.slice(until), [`Observation/${made!.id}/1`]);
});

test('two programs share one consumer without seeing a change twice', async () => {
  const seen: string[] = [];
  const both = [
    openEvents({ store, pool: store.pool, notices: store.notices }),
    openEvents({ store, pool: store.pool, notices: store.notices }),
  ];
  for (const each of both)
    each.consume('chung', async (changes) => void seen.push(...changes.map(keyOf)), { batch: 3 });
  await Promise.all(Array.from({ length: 20 }, (_, i) => store.commit([create(pulse('chung', i))], [])));
  for (const each of both) await each.settled();
  for (const each of both) await each.close();
  assert.equal(new Set(seen).size, seen.length);
  assert.equal(seen.length, Number((await store.pool.query('select count(*) as n from feed()')).rows[0].n));
});

test('consumers go over to another thread and come back, and see each change once', async () => {
  const seen: string[] = [];
  const [here, there] = [true, false].map((follows) =>
    openEvents({ store, pool: store.pool, notices: store.notices, follows }),
  ) as [OpenEvents, OpenEvents];
  for (const [name, each] of [['here', here] as const, ['there', there] as const])
    each.consume(
      'di-ve',
      async (changes) => void seen.push(...changes.map((one) => `${name} ${keyOf(one)}`)),
      {
        batch: 3,
        fromStart: false,
      },
    );
  const write = (from: string) =>
    Promise.all(Array.from({ length: 12 }, (_, i) => store.commit([create(pulse(from, i))], [])));
  await here.settled();
  const ids: string[] = [];
  for (const [goes, rests] of [
    [here, there],
    [there, here],
    [here, there],
  ] as const) {
    const written = write('di-ve');
    await rests.rest();
    goes.work();
    ids.push(...(await written).flat().map(({ id }) => `Observation/${id}/1`));
    await rests.settled();
    assert.deepEqual([goes.works(), rests.works()], [true, false]);
  }
  for (const each of [here, there]) await each.close();
  assert.deepEqual(seen.map((one) => one.split(' ')[1]).sort(), ids.sort());
  assert.ok(seen.some((one) => one.startsWith('there')));
});

test('a consumer that wants only what is new starts at the end', async () => {
  const seen: string[] = [];
  events.consume('moi', async (changes) => void seen.push(...changes.map(keyOf)), { fromStart: false });
  await events.settled();
  const [made] = await store.commit([create(pulse('moi', 1))], []);
  await events.settled();
  assert.deepEqual(seen, [`Observation/${made!.id}/1`]);
});

test('rebuilt = live: emptied and read again, a view is the same', async () => {
  await store.pool.query('create table dem (type text primary key, n int)');
  events.consume('dem', (changes, client) => countInto('dem', changes, client), { batch: 10 });
  await store.commit([create(pulse('dem', 1)), put({ resourceType: 'Location', id: 'dem' })], []);
  await events.settled();
  const live = await rowsOf('dem');
  const writing = Promise.all(
    Array.from({ length: 10 }, (_, i) => store.commit([create(pulse('dem', i))], [])),
  );
  await events.rebuild('dem', async (client) => void (await client.query('truncate dem')));
  await writing;
  await events.settled();
  const rebuilt = await rowsOf('dem');
  const add = live.map((row) => (row.type === 'Observation' ? { ...row, n: row.n + 10 } : row));
  assert.deepEqual(rebuilt, add);
});

test('two consumers of one name are a defect; a rebuild of none too', async () => {
  assert.throws(() => events.consume('xem', async () => undefined), /exists already/);
  await assert.rejects(
    events.rebuild('khong-co', async () => undefined),
    /no consumer/,
  );
});

test('settled tells of a consumer that cannot go on instead of waiting for ever', async () => {
  const broken = openEvents({ store, pool: store.pool, notices: store.notices });
  broken.consume('hong', async () => {
    throw new Error('always');
  });
  await assert.rejects(broken.settled(), /consumer hong fails: always/);
  await broken.close();
});

test('a stop does not wait until a failing consumer would try again', { timeout: 20_000 }, async (t) => {
  t.mock.method(Consumer.prototype, 'pause', () => 3_600_000);
  const others = openEvents({ store, pool: store.pool, notices: store.notices });
  const failed = new Promise<void>((resolve) => {
    others.consume('hong', async () => {
      resolve();
      throw new Error('hỏng');
    });
  });
  await store.commit([create(pulse('hong', 1))], []);
  await failed;
  while (others.states().every(({ failures }) => failures === 0))
    await new Promise((resolve) => setTimeout(resolve, 5));
  await others.close();
  assert.equal(others.states()[0]!.failures, 1);
});

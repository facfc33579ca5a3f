import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { newsOfErased } from './committed-news.ts';
import type { Change } from './contract.ts';
import { type OpenStore, openPool, openStore } from './index.ts';
import {
  create,
  erase,
  failureOf,
  feedIsLevel,
  person,
  pulse,
  put,
  wholeFeed,
  withStore,
} from './samples.testing.ts';
import type { TestDatabase } from './testing.ts';

let store: OpenStore;
let database: TestDatabase;
let stop: () => Promise<void>;
before(async () => {
  ({ store, database, stop } = await withStore());
});
after(() => stop());

/** Writers of every kind at once; each resource's versions are acknowledged in order. */
async function hammer(writers: number, rounds: number): Promise<number> {
  let committed = 0;
  const shared = await store.commit([create(pulse('chung', 0))], []);
  committed += 1;
  const write = async (w: number) => {
    for (let i = 0; i < rounds; i++) {
      const mine = `nguoi-${w}`;
      const kinds = [
        [put(pulse('chung', w * 1000 + i, shared[0]!.id))],
        [create(pulse(mine, i)), create(pulse(mine, i + 1))],
        [put(person(mine, `Tên ${w} ${i}`)), put(pulse('chung', -i - w * 1000, shared[0]!.id))],
      ];
      const results = await store.commit(kinds[i % kinds.length]!, []);
      committed += results.filter((result) => result.outcome !== 'unchanged').length;
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, w) => write(w)));
  return committed;
}

test('a reader beside concurrent commits skips, repeats and reorders nothing', async () => {
  const seen: Change[] = [];
  let writing = true;
  const reading = (async () => {
    for (;;) {
      const last = !writing;
      const some = await store.changes(seen.at(-1)?.position, 5);
      seen.push(...some);
      if (some.length === 0) {
        if (last) return;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
  })();
  const committed = await hammer(12, 24);
  // Transactions of other tests on the server hold the last changes back for a while.
  await feedIsLevel(database.pool);
  writing = false;
  await reading;

  assert.equal(seen.length, committed);
  assert.equal(new Set(seen.map((change) => change.position)).size, seen.length);
  const versions = new Map<string, number>();
  for (const change of seen) {
    const key = `${change.type}/${change.id}`;
    assert.equal(change.version, (versions.get(key) ?? 0) + 1, `${key} out of order`);
    versions.set(key, change.version);
  }
  assert.deepEqual(await wholeFeed(store), seen);
});

test('a change is hidden until every older transaction has ended, then comes in its place', async () => {
  const from = (await wholeFeed(store)).at(-1)?.position;
  const slow = await database.pool.connect();
  try {
    await slow.query('begin');
    await slow.query('select pg_current_xact_id()');
    await store.commit([put(person('sau'))], []);
    assert.deepEqual(await store.changes(from, 10), []);
    await slow.query('rollback');
  } finally {
    slow.release();
  }
  await feedIsLevel(database.pool);
  const [change] = await store.changes(from, 10);
  assert.deepEqual([change!.type, change!.id, change!.op], ['Patient', 'sau', 'create']);
});

test('a change tells its kind, its version and its person', async () => {
  const from = (await wholeFeed(store)).at(-1)!.position;
  const [made] = await store.commit([create(pulse('loai', 1))], []);
  await store.commit([put(pulse('loai', 2, made!.id))], []);
  await store.commit([erase('Observation', made!.id)], []);
  await store.commit([put({ resourceType: 'Location', id: 'phong-2' })], []);
  await feedIsLevel(database.pool);
  const changes = await store.changes(from, 10);
  assert.deepEqual(
    changes.map(({ type, version, op, patient }) => [type, version, op, patient]),
    [
      ['Observation', 1, 'create', 'loai'],
      ['Observation', 2, 'update', 'loai'],
      ['Observation', 3, 'delete', 'loai'],
      ['Location', 1, 'create', null],
    ],
  );
});

test('an unchanged update and a repeated delete are no changes', async () => {
  const [made] = await store.commit([create(pulse('yen', 1))], []);
  const from = (await wholeFeed(store)).at(-1)!.position;
  await store.commit([put(pulse('yen', 1, made!.id))], []);
  await store.commit([erase('Observation', 'khong-co')], []);
  await feedIsLevel(database.pool);
  assert.deepEqual(await store.changes(from, 10), []);
});

test('a commit wakes listeners of this program at once and those of another program soon', async () => {
  const other = await openStore({ url: database.url, sealEvery: 0 });
  try {
    let here = 0;
    const forget = store.onChange(() => {
      here += 1;
    });
    const there = new Promise<void>((resolve) => {
      let calls = 0;
      // The first call says that listening has begun.
      other.onChange(() => {
        calls += 1;
        if (calls === 1) store.commit([put(person('bao'))], []);
        if (calls === 2) resolve();
      });
    });
    await there;
    assert.equal(here >= 1, true);
    forget();
  } finally {
    await other.close();
  }
});

test('after a move to another server the feed goes on behind the old positions', async () => {
  const before = await wholeFeed(store);
  await database.pool.query('update era set cluster = cluster + 1');
  const moved = await openStore({ pool: database.pool, sealEvery: 0 });
  await moved.commit([put(person('chuyen-may'))], []);
  await feedIsLevel(database.pool);
  const rest = await moved.changes(before.at(-1)!.position, 10);
  assert.deepEqual(
    rest.map((change) => change.id),
    ['chuyen-may'],
  );
  assert.match(rest[0]!.position, /^2\./);
  await moved.close();
});

test('a text that is no position is refused', async () => {
  assert.equal(await failureOf(store.changes('x', 1)), 'invalid-request');
});

test('ids of what another thread tells as committed are not asked of the record', async () => {
  const { store, database, stop } = await withStore();
  const pool = openPool(database.url);
  const follower = await openStore({ pool });
  const asked: string[] = [];
  const query = pool.query.bind(pool) as (...args: unknown[]) => unknown;
  pool.query = ((...args: unknown[]) => {
    asked.push((args[0] as { name?: string }).name ?? '');
    return query(...args);
  }) as typeof pool.query;
  try {
    const from = (await wholeFeed(store)).at(-1)?.position;
    store.tellCommitted((news) => follower.hearCommitted(news));
    const [made] = await store.commit([create(pulse('ke', 1)), create(pulse('ke', 2))], []);
    await setImmediate();
    await feedIsLevel(database.pool);
    assert.equal((await follower.changes(from, 10)).length, 2);
    assert.ok(asked.some((name) => name.startsWith('feed_level')) && !asked.includes('feed_ids'));
    follower.hearCommitted(newsOfErased([{ type: 'Observation', id: made!.id }]));
    assert.equal((await follower.changes(from, 10)).length, 2);
    assert.ok(asked.includes('feed_ids'), 'ids of what was erased are not even remembered');
    asked.length = 0;
    store.tellCommitted(null);
    await store.commit([create(pulse('ke', 3))], []);
    await feedIsLevel(database.pool);
    assert.equal((await follower.changes(from, 10)).length, 3);
    assert.ok(asked.includes('feed_ids'), 'what was not told is asked');
  } finally {
    await follower.close();
    await pool.end();
    await stop();
  }
});

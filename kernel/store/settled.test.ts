/** The settled moment: what was written before the question is in it, what still runs never is. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { OpenStore } from './index.ts';
import { withStore } from './samples.testing.ts';
import { settledUntil } from './settled.ts';

let store: OpenStore;
let stop: () => Promise<void>;
before(async () => {
  ({ store, stop } = await withStore());
});
after(() => stop());

const momentOf = async (db: Pick<OpenStore['pool'], 'query'>): Promise<number> =>
  Number((await db.query('select extract(epoch from clock_timestamp()) * 1000 as at')).rows[0].at);

/** A transaction that stands open, and when it began or later. */
async function begun() {
  const client = await store.pool.connect();
  await client.query('begin');
  await client.query('select 1');
  return {
    by: await momentOf(client),
    end: async () => {
      await client.query('commit');
      client.release();
    },
  };
}

test('a transaction that began before the question is waited for: what was written before it is settled', async () => {
  const running = await begun();
  const written = await momentOf(store.pool);
  await pause(5);
  let looks = 0;
  const until = await settledUntil(store.pool, {
    waiting: async () => {
      looks += 1;
      if (looks === 3) await running.end();
    },
  });
  assert.equal(looks, 3);
  assert.ok(until >= Math.floor(written), `${until} lies before ${written}`);
});

test('what began after the question is not waited for, and is younger than the answer', async () => {
  const running = await begun();
  const later: Awaited<ReturnType<typeof begun>>[] = [];
  const until = await settledUntil(store.pool, {
    waiting: async () => {
      if (later.length > 0) return;
      later.push(await begun());
      await running.end();
    },
  });
  const [young] = later;
  const { rows } = await store.pool.query<{ at: string }>(
    `select min(extract(epoch from xact_start) * 1000) as at from pg_stat_activity
     where datname = current_database() and state = 'idle in transaction'`,
  );
  assert.ok(until < Number(rows[0]!.at) && Number(rows[0]!.at) <= young!.by);
  await young!.end();
});

test('a transaction that outlasts the patience keeps the answer before its beginning', async () => {
  const running = await begun();
  const until = await settledUntil(store.pool, { patience: 250 });
  assert.ok(until < running.by, `${until} is not before ${running.by}`);
  await running.end();
});

test('who waits can give up', async () => {
  const running = await begun();
  const stopped = async () => {
    throw new Error('stopped');
  };
  await assert.rejects(settledUntil(store.pool, { waiting: stopped }), /stopped/);
  await running.end();
});

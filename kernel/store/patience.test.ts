/** A search that runs too long, or for nobody, is stopped in the database; everything else goes on. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Failure } from '../failure.ts';
import type { SearchManner } from './contract.ts';
import { type OpenStore, openStore } from './index.ts';
import { patientPool } from './patience.ts';
import { type TestDatabase, withDatabase } from './testing.ts';

let database: TestDatabase;
let store: OpenStore;
before(async () => {
  database = await withDatabase();
  store = await openStore({
    pool: database.pool,
    sealEvery: 0,
    patience: { awaited: 300, unhurried: 3_600_000 },
  });
  await store.commit([{ op: 'update', resource: { resourceType: 'Patient', id: 'lan' } as never }], []);
});
after(async () => {
  await store?.close();
  await database?.stop();
});

const isFailure = (code: string, said: RegExp) => (error: unknown) =>
  error instanceof Failure && error.code === code && said.test(error.issues[0]!.textEn ?? '');

/** Runs while nobody can read the rows of persons. */
async function whileLocked<T>(run: (unlock: () => Promise<unknown>) => Promise<T>): Promise<T> {
  const holder = await database.pool.connect();
  try {
    await holder.query('begin');
    await holder.query('lock table res in access exclusive mode');
    return await run(() => holder.query('rollback'));
  } finally {
    await holder.query('rollback');
    holder.release();
  }
}

const search = (manner: SearchManner = {}) =>
  store.search({ type: 'Patient', params: [['active:missing', 'true']], ...manner });

test('a search that takes longer than it may is stopped with a sentence that says what to do', async () => {
  await whileLocked(() =>
    assert.rejects(search(), isFailure('too-costly', /stopped. Add criteria .* respond-async/)),
  );
  const { rows } = await database.pool.query(
    `select count(*)::int as n from pg_stat_activity where datname = current_database() and state = 'active' and query like '%shared%' and pid <> pg_backend_pid()`,
  );
  assert.equal(rows[0].n, 0, 'nothing of it runs on in the database');
  assert.equal((await search()).matches.length, 1, 'the same search is answered when it can be');
});

test('a chain from one person keeps the same time', async () => {
  const params: [string, string][] = [
    ['patient', 'lan'],
    ['has-member.status', 'final'],
  ];
  await whileLocked(() =>
    assert.rejects(store.search({ type: 'Observation', params }), isFailure('too-costly', /stopped/)),
  );
});

test('a search whose asker has gone away is stopped, whatever time is left', async () => {
  let gone = false;
  await whileLocked(async () => {
    const waiting = search({ unhurried: true, isGone: () => gone });
    gone = true;
    await assert.rejects(waiting, isFailure('interrupted', /went away/));
  });
});

test('a search that nobody waits for may take longer', async () => {
  await whileLocked(async (unlock) => {
    const waiting = search({ unhurried: true });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await unlock();
    assert.equal((await waiting).matches.length, 1);
  });
});

test('a statement that begins only after it was to be stopped is stopped all the same', async () => {
  const connect = database.pool.connect.bind(database.pool);
  const slow = Object.create(database.pool) as typeof database.pool;
  // Between the taking of a connection and the statement there may be any time on a busy machine.
  slow.connect = (async () => {
    const client = await connect();
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    return Object.assign(Object.create(client), {
      query: async (...args: unknown[]) => {
        await new Promise((resolve) => setTimeout(resolve, 700));
        return query(...args);
      },
      release: (broken?: boolean) => client.release(broken),
    });
  }) as typeof slow.connect;
  const db = patientPool(slow, {}, { awaited: 100, unhurried: 100 });
  await assert.rejects(db.query('select pg_sleep(60)'), isFailure('too-costly', /stopped/));
});

test('the statements of a search share its time, and others are not touched', async () => {
  const db = patientPool(database.pool, {}, { awaited: 2_000, unhurried: 2_000 });
  const long = database.pool.query('select 1 as n from pg_sleep(3)');
  await db.query('select pg_sleep(0.1)');
  await assert.rejects(db.query('select pg_sleep(60)'), isFailure('too-costly', /stopped/));
  await assert.rejects(db.query('select pg_sleep(60)'), isFailure('too-costly', /stopped/));
  assert.equal((await long).rows[0].n, 1);
  assert.equal((await database.pool.query('select 2 as n')).rows[0].n, 2);
});

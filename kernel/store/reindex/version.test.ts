/** A database whose rows were made by an older program: said at the start, made anew in the background, refused meanwhile. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Failure } from '../../failure.ts';
import { openStore } from '../index.ts';
import { create, person, pulse } from '../samples.testing.ts';
import { type TestDatabase, withDatabase } from '../testing.ts';

let database: TestDatabase;
before(async () => {
  database = await withDatabase();
  const store = await openStore({ pool: database.pool, sealEvery: 0 });
  for (let i = 0; i < 30; i++)
    await store.commit([create(person(`p${i}`)), create(pulse(`p${i}`, 60 + i))], []);
  await store.close();
});
after(() => database.stop());

/** As an older program left it: one parameter of Observation by other rules, with rows that show it. */
async function makeOlder(): Promise<void> {
  await database.pool.query(
    `update search_index set parameters = jsonb_set(parameters, '{value-quantity}', '"older"') where type = 'Observation'`,
  );
  await database.pool.query(`update search_catalogue set rules = 'older'`);
  await database.pool.query('delete from ord');
}

const HIGH = { type: 'Observation' as const, params: [['value-quantity', 'gt80']] as [string, string][] };
const BY_CODE = { type: 'Observation' as const, params: [['code', '8867-4']] as [string, string][] };

test('rows of an older program are made anew in the background; what they cannot answer is refused for the time, the rest is answered', async () => {
  await makeOlder();
  const store = await openStore({ pool: database.pool, sealEvery: 0 });
  try {
    const refused = await store.search(HIGH).catch((error: unknown) => error);
    assert.ok(refused instanceof Failure);
    assert.deepEqual([refused.code, refused.status], ['index-incomplete', 503]);
    assert.deepEqual(refused.details, { retryAfter: 30 });
    assert.match(refused.issues[0]!.textEn!, /\(0 %, about 30 seconds left\)/);
    assert.equal((await store.search(BY_CODE)).matches.length, 20);
    const [state] = await store.reindexing.states();
    assert.deepEqual([state!.type, state!.state, state!.why], ['Observation', 'waiting', 'version']);

    const said: string[] = [];
    store.reindexing.startBackground((sentence) => said.push(sentence));
    let found = await store.search(HIGH).catch(() => null);
    while (found === null) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      found = await store.search(HIGH).catch(() => null);
    }
    assert.deepEqual(await store.reindexing.states(), []);
    assert.match(said[0]!, /^indexing Observation: this version of the program/);
    assert.equal(found.matches.length, 9);
  } finally {
    await store.close();
  }
});

test('a start on a level database asks for nothing', async () => {
  const store = await openStore({ pool: database.pool, sealEvery: 0 });
  assert.deepEqual(await store.reindexing.states(), []);
  await store.close();
});

test('a program that a newer one has overtaken leaves the index alone', async () => {
  const older = await openStore({ pool: database.pool, sealEvery: 0 });
  await database.pool.query(`update search_catalogue set rules = 'newer', generation = generation + 1`);
  await database.pool.query(
    `update search_index set parameters = jsonb_set(parameters, '{code}', '"newer"') where type = 'Observation'`,
  );
  await older.catalogue.refresh();
  assert.equal(older.catalogue.isCurrent, false);
  assert.deepEqual(await older.reindexing.states(), []);
  const kept = await database.pool.query(
    `select parameters ->> 'code' as code from search_index where type = 'Observation'`,
  );
  assert.equal(kept.rows[0].code, 'newer');
  await older.close();
});

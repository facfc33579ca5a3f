import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OpenStore, openStore } from './index.ts';
import { RecentBodies } from './recent-bodies.ts';
import { person, pulse, put } from './samples.testing.ts';
import { type TestDatabase, withDatabase } from './testing.ts';

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

test('what is asked for again stays, what is not is forgotten, and no more is kept than may be', () => {
  const recent = new RecentBodies(100_000);
  const body = Buffer.alloc(400);
  const named = (id: string) => ({ t: 96, id, ver: 1, ts: 1_000 });
  for (let n = 0; n < 10_000; n++) {
    recent.keep(named(`v${n}`), body);
    recent.get(named('v0'));
  }
  assert.ok(recent.get(named('v0')));
  const kept = Array.from({ length: 10_000 }, (_, n) => recent.get(named(`v${n}`))).filter((one) => one);
  assert.ok(kept.length <= 100, `${kept.length} of 1,000 bytes each`);
  recent.forgetAll();
  assert.equal(recent.get(named('v0')), undefined);
  recent.keep(named('large'), Buffer.alloc(100_000));
  assert.equal(recent.get(named('large')), undefined);
});

test('another version, type or instant of an id is another body', () => {
  const recent = new RecentBodies();
  const version = { t: 96, id: 'x', ver: 2, ts: 1_000 };
  recent.keep(version, Buffer.from('hai'));
  assert.equal(recent.get(version)?.toString(), 'hai');
  for (const other of [{ ver: 1 }, { t: 97 }, { ts: 1_001 }, { id: 'y' }])
    assert.equal(recent.get({ ...version, ...other }), undefined);
});

test('a read after a change or an erasure is of now, however often it was read before', async () => {
  await store.commit([put(person('nho')), put(pulse('nho', 1, 'nho-1'))], []);
  const value = async () => {
    const version = await store.read('Observation', 'nho-1');
    return version && !version.deleted ? JSON.parse(version.body.toString()).valueQuantity.value : null;
  };
  for (let n = 0; n < 3; n++) assert.equal(await value(), 1);
  await store.commit([put(pulse('nho', 2, 'nho-1'))], []);
  for (let n = 0; n < 3; n++) assert.equal(await value(), 2);
  assert.equal(
    JSON.parse((await store.vread('Observation', 'nho-1', 1))!.body.toString()).meta.versionId,
    '1',
  );
  await store.erase('nho', async () => [], []);
  assert.equal(await value(), null);
});

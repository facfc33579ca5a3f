import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { StoredVersion } from './contract.ts';
import type { OpenStore } from './index.ts';
import { create, erase, failureOf, person, pulse, put, withStore } from './samples.testing.ts';

let store: OpenStore;
let stop: () => Promise<void>;
before(async () => {
  ({ store, stop } = await withStore());
});
after(() => stop());

const short = (versions: StoredVersion[]) =>
  versions.map(({ id, version, deleted }) => `${id} ${version}${deleted ? ' x' : ''}`);

test('the history of a resource is every version, newest first, in pages (http.html#history)', async () => {
  const [made] = await store.commit([create(pulse('su', 1))], []);
  const id = made!.id;
  for (const value of [2, 3]) await store.commit([put(pulse('su', value, id))], []);
  await store.commit([erase('Observation', id)], []);
  await store.commit([put(pulse('su', 5, id))], []);
  const first = await store.history({ type: 'Observation', id }, { count: 3 });
  assert.deepEqual(short(first.versions), [`${id} 5`, `${id} 4 x`, `${id} 3`]);
  const second = await store.history({ type: 'Observation', id }, { count: 3, before: first.next });
  assert.deepEqual(short(second.versions), [`${id} 2`, `${id} 1`]);
  assert.equal(second.next, undefined);
  const values = [...first.versions, ...second.versions].filter((version) => !version.deleted);
  assert.deepEqual(
    values.map((version) => JSON.parse(version.body.toString()).valueQuantity.value),
    [5, 3, 2, 1],
  );
});

test('_since leaves out older versions, the named instant included', async () => {
  const [made] = await store.commit([create(pulse('tu', 1))], []);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const [next] = await store.commit([put(pulse('tu', 2, made!.id))], []);
  const since = async (instant: string) =>
    (await store.history({ type: 'Observation', id: made!.id }, { count: 9, since: instant })).versions
      .length;
  assert.deepEqual([await since(made!.lastUpdated), await since(next!.lastUpdated)], [2, 1]);
  assert.equal(await failureOf(since('hom qua')), 'invalid-request');
});

test('the history of a type and of everything comes in pages without gaps or repetitions', async () => {
  await store.commit([put(person('h1')), put(person('h2'))], []);
  await store.commit([put({ resourceType: 'Location', id: 'h-phong' })], []);
  await store.commit([erase('Patient', 'h1')], []);
  await store.commit([put(person('h2', 'Khác'))], []);
  const all: StoredVersion[] = [];
  let before: string | undefined;
  do {
    const page = await store.history({}, { count: 2, before });
    all.push(...page.versions);
    before = page.next;
  } while (before);
  assert.deepEqual(short(all).slice(0, 5), ['h2 2', 'h1 2 x', 'h-phong 1', 'h2 1', 'h1 1']);
  assert.equal(new Set(short(all)).size, all.length);
  const patients = await store.history({ type: 'Patient' }, { count: 50 });
  assert.deepEqual(short(patients.versions), ['h2 2', 'h1 2 x', 'h2 1', 'h1 1']);
});

test('the history of a type still shows a resource that has changed its person since', async () => {
  const [made] = await store.commit([create(pulse('cu', 1))], []);
  await store.commit([put(pulse('moi', 2, made!.id))], []);
  const { versions } = await store.history({ type: 'Observation' }, { count: 2 });
  assert.deepEqual(short(versions), [`${made!.id} 2`, `${made!.id} 1`]);
  assert.equal(JSON.parse(versions[1]!.body.toString()).valueQuantity.value, 1);
});

test('where a page begins can be given back, and neither composed nor taken to another history', async () => {
  const [made] = await store.commit([create(pulse('niem', 1))], []);
  const id = made!.id;
  for (const value of [2, 3, 4]) await store.commit([put(pulse('niem', value, id))], []);
  const scope = { type: 'Observation' as const, id };
  const { next } = await store.history(scope, { count: 1 });
  assert.deepEqual(short((await store.history(scope, { count: 2, before: next })).versions), [
    `${id} 3`,
    `${id} 2`,
  ]);
  const composed = Buffer.from('2').toString('base64url');
  for (const before of ['4', '', 'x', composed, `${composed}.${next!.split('.')[1]}`, '1.2.3'])
    assert.equal(await failureOf(store.history(scope, { count: 1, before })), 'invalid-parameter', before);
  const others = [
    store.history({ type: 'Observation' }, { count: 1, before: next }),
    store.history({}, { count: 1, before: next }),
    store.history(scope, { count: 1, before: next, oldestFirst: true }),
    store.history(scope, { count: 1, before: next, since: '2020-01-01T00:00:00Z' }),
    store.history(scope, { count: 1, before: next, at: { low: 0, high: Number.POSITIVE_INFINITY } }),
  ];
  for (const other of others) assert.equal(await failureOf(other), 'invalid-parameter');
});

test('a page of no versions is empty, and no fault', async () => {
  const [made] = await store.commit([create(pulse('trang-trong', 1))], []);
  assert.deepEqual(await store.history({ type: 'Observation', id: made!.id }, { count: 0 }), {
    versions: [],
  });
});

test('a resource that never was has no history', async () => {
  assert.deepEqual((await store.history({ type: 'Patient', id: 'khong-ai' }, { count: 5 })).versions, []);
});

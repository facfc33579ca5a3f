import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Failure } from '../failure.ts';
import type { Observation } from '../fhir/types.ts';
import type { ConflictDetails } from './conflict.ts';
import type { OpenStore } from './index.ts';
import {
  create,
  erase,
  failureOf,
  line,
  person,
  pulse,
  put,
  wholeFeed,
  withStore,
} from './samples.testing.ts';

let store: OpenStore;
let stop: () => Promise<void>;
before(async () => {
  ({ store, stop } = await withStore());
});
after(() => stop());

const count = async (table: string) =>
  Number((await store.pool.query(`select count(*) as n from ${table}`)).rows[0].n);
const pulseIn = (body: Buffer | null | undefined) =>
  (JSON.parse(String(body)) as Observation).valueQuantity?.value;

test('a create answers version 1 and the body as a read serves it, byte for byte', async () => {
  const [made] = await store.commit(
    [create({ ...pulse('an', 80), meta: { versionId: '9', profile: ['http://x'] } })],
    [],
  );
  assert.equal(made!.outcome, 'created');
  assert.equal(made!.version, 1);
  const read = await store.read('Observation', made!.id);
  assert.deepEqual(read!.body, made!.body);
  const parsed = JSON.parse(read!.body.toString());
  assert.deepEqual(parsed.meta, { versionId: '1', lastUpdated: made!.lastUpdated, profile: ['http://x'] });
  assert.equal(read!.patient, 'an');
  assert.match(made!.lastUpdated, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+07:00$/);
});

test('a resource survives unchanged whatever its letters: Vietnamese, quotes, control characters, emoji, large', async () => {
  const texts = ['Nguyễn Thị Ánh "Đào"', 'a\\b\n\t\u0000\u001f', '😀🩺', 'x'.repeat(300_000), ''];
  for (const text of texts) {
    const [made] = await store.commit(
      [create({ ...pulse('an', 1), note: [{ text }] } as Observation)],
      [line('an', text)],
    );
    const back = JSON.parse((await store.read('Observation', made!.id))!.body.toString()) as Observation;
    assert.equal(back.note![0]!.text, text);
  }
});

test('a create under an id that is taken is refused with what is there; what was sent beside it stands', async () => {
  const [made] = await store.commit([create(pulse('an', 80))], []);
  const before = await count('log');
  const tries = await Promise.allSettled([
    store.commit([create(pulse('an', 1)), create(pulse('an', 81, made!.id))], []),
    store.commit([create(pulse('binh', 82))], []),
    store.commit([create(pulse('chi', 83))], []),
  ]);
  const [refused, ...others] = tries;
  assert.equal(refused!.status, 'rejected');
  const { code, details } = (refused as PromiseRejectedResult).reason as Failure;
  assert.equal(code, 'version-conflict');
  assert.equal(((details as ConflictDetails).current as Observation).valueQuantity?.value, 80);
  assert.deepEqual(
    others.map(({ status }) => status),
    ['fulfilled', 'fulfilled'],
  );
  assert.equal(await count('log'), before + 2);
  assert.equal(pulseIn((await store.read('Observation', made!.id))!.body), 80);
});

test('an update of the seen version makes the next one; the old one stays readable (http.html#update)', async () => {
  const [made] = await store.commit([create(pulse('an', 80))], []);
  const [next] = await store.commit([put(pulse('an', 90, made!.id), 1)], []);
  assert.deepEqual([next!.version, next!.outcome], [2, 'updated']);
  assert.equal(pulseIn((await store.read('Observation', made!.id))!.body), 90);
  assert.equal(pulseIn((await store.vread('Observation', made!.id, 1))!.body), 80);
  assert.equal(await store.vread('Observation', made!.id, 3), null);
});

test('of two writers on one version exactly one wins, the other gets both versions (http.html#concurrency)', async () => {
  const [made] = await store.commit([create(pulse('an', 0))], []);
  const tries = await Promise.allSettled(
    Array.from({ length: 12 }, (_, i) => store.commit([put(pulse('an', 100 + i, made!.id), 1)], [])),
  );
  const lost = tries
    .filter((result) => result.status === 'rejected')
    .map((result) => result.reason as Failure);
  assert.equal(lost.length, 11);
  for (const failure of lost) {
    assert.equal(failure.code, 'version-conflict');
    const details = failure.details as ConflictDetails;
    assert.equal(details.current!.meta!.versionId, '2');
    assert.equal((details.yours as Observation).valueQuantity!.value! >= 100, true);
    assert.match(failure.issues[0]!.text, /vừa được người khác sửa/);
  }
  assert.equal(
    (await store.history({ type: 'Observation', id: made!.id }, { count: 10 })).versions.length,
    2,
  );
});

test('writers without If-Match all succeed, each with a version of its own', async () => {
  const [made] = await store.commit([create(pulse('an', 0))], []);
  const results = await Promise.all(
    Array.from({ length: 10 }, (_, i) => store.commit([put(pulse('an', 200 + i, made!.id))], [])),
  );
  const versions = results.map(([result]) => result!.version).sort((a, b) => a - b);
  assert.deepEqual(versions, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test('writing what is there already makes no new version', async () => {
  const [made] = await store.commit([create(pulse('an', 70))], []);
  const [same] = await store.commit([put(pulse('an', 70, made!.id))], []);
  assert.deepEqual([same!.outcome, same!.version, same!.lastUpdated], ['unchanged', 1, made!.lastUpdated]);
  assert.deepEqual(same!.body, made!.body);
});

test('PUT creates under a client id once: of concurrent creates one wins (http.html#upsert)', async () => {
  const tries = await Promise.all(
    Array.from({ length: 6 }, (_, i) =>
      failureOf(store.commit([put(pulse('an', i, 'may-1-lan-3'), null)], [])),
    ),
  );
  assert.equal(tries.filter((code) => code === undefined).length, 1);
  assert.equal(tries.filter((code) => code === 'version-conflict').length, 5);
  assert.equal((await store.read('Observation', 'may-1-lan-3'))!.version, 1);
});

test('one client id for two persons at once ends with one resource of one person', async () => {
  await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      store.commit([put(pulse(i % 2 ? 'le' : 'chan', i, 'hai-nguoi'))], []),
    ),
  );
  const rows = await store.pool.query(`select pt from res where id = 'hai-nguoi'`);
  assert.equal(rows.rows.length, 1);
  const { versions } = await store.history({ type: 'Observation', id: 'hai-nguoi' }, { count: 20 });
  assert.deepEqual(
    versions.map((version) => version.version),
    [8, 7, 6, 5, 4, 3, 2, 1],
  );
});

test('a delete leaves a tombstone, is repeatable, and a later PUT goes on counting (http.html#delete)', async () => {
  const [made] = await store.commit([create(pulse('an', 60))], []);
  const id = made!.id;
  const [gone] = await store.commit([erase('Observation', id)], [line('an')]);
  assert.deepEqual([gone!.outcome, gone!.version, gone!.patient], ['deleted', 2, 'an']);
  const tombstone = await store.read('Observation', id);
  assert.deepEqual([tombstone!.deleted, tombstone!.version, tombstone!.body.length], [true, 2, 0]);
  assert.equal((await store.commit([erase('Observation', id)], []))[0]!.outcome, 'unchanged');
  const [back] = await store.commit([put(pulse('an', 61, id))], []);
  assert.deepEqual([back!.outcome, back!.version], ['created', 3]);
  assert.equal((await store.commit([erase('Observation', 'never-was')], []))[0]!.outcome, 'unchanged');
});

test('a delete of a version that is no longer current is refused', async () => {
  const [made] = await store.commit([create(pulse('an', 60))], []);
  await store.commit([put(pulse('an', 61, made!.id))], []);
  const stale = store.commit([{ op: 'delete', type: 'Observation', id: made!.id, ifMatch: 1 }], []);
  assert.equal(await failureOf(stale), 'version-conflict');
});

test('a bundle of several persons and none is written whole or not at all, its audit with it', async () => {
  const [base] = await store.commit([create(pulse('p1', 1))], []);
  const before = [
    await count('res'),
    await count('shared'),
    await count('audit'),
    await count('feed()'),
    await count('str'),
  ];
  const bundle = [
    put(person('p7'), null),
    put(pulse('p8', 5, 'cua-p8'), null),
    put({ resourceType: 'Location', id: 'phong-1', name: 'Phòng khám' }, null),
  ];
  const broken = store.commit(
    [...bundle, put(pulse('p1', 2, base!.id), 99)],
    [line('p7'), line('p8'), line(null)],
  );
  assert.equal(await failureOf(broken), 'version-conflict');
  const after = [
    await count('res'),
    await count('shared'),
    await count('audit'),
    await count('feed()'),
    await count('str'),
  ];
  assert.deepEqual(after, before);

  const results = await store.commit(bundle, [line('p7'), line('p8'), line(null)]);
  assert.deepEqual(
    results.map((result) => [result.type, result.patient, result.outcome]),
    [
      ['Patient', 'p7', 'created'],
      ['Observation', 'p8', 'created'],
      ['Location', null, 'created'],
    ],
  );
  assert.equal(await count('audit'), before[2]! + 3);
});

test('a refused write of one person leaves nothing: no row, no index row, no change, no audit line', async () => {
  const [made] = await store.commit([create(pulse('an', 1))], []);
  const before = [await count('res'), await count('ord'), await count('feed()'), await count('audit')];
  const refused = store.commit([create(pulse('an', 2)), put(pulse('an', 3, made!.id), 7)], [line('an')]);
  assert.equal(await failureOf(refused), 'version-conflict');
  assert.deepEqual(
    [await count('res'), await count('ord'), await count('feed()'), await count('audit')],
    before,
  );
});

test('ifNoneExist under concurrency creates one and matches it for all others (http.html#ccreate)', async () => {
  const cccd = '099000000777';
  const query = `identifier=${encodeURIComponent(`http://yba.vn/fhir/sid/cccd|${cccd}`)}`;
  const patient = () => ({
    ...person(store.newId('Patient')),
    identifier: [{ system: 'http://yba.vn/fhir/sid/cccd', value: cccd }],
  });
  const results = await Promise.all(
    Array.from({ length: 8 }, () =>
      store.commit([{ op: 'create', resource: patient(), ifNoneExist: query }], []),
    ),
  );
  const outcomes = results.map(([result]) => result!.outcome).sort();
  assert.deepEqual(outcomes, ['created', ...Array.from({ length: 7 }, () => 'matched')]);
  assert.equal(new Set(results.map(([result]) => result!.id)).size, 1);
});

test('ifNoneExist with two matches fails and writes nothing', async () => {
  await store.commit([put(person('d1', 'Đôi')), put(person('d2', 'Đôi'))], []);
  const write = { op: 'create' as const, resource: person(store.newId('Patient')), ifNoneExist: 'name=Doi' };
  assert.equal(await failureOf(store.commit([write], [])), 'multiple-matches');
});

test('a bundle that refers to what its condition was to create is sent back when that exists already', async () => {
  await store.commit([put({ ...person('da-co'), identifier: [{ system: 'urn:x', value: '42' }] })], []);
  const id = store.newId('Patient');
  const writes = [
    {
      op: 'create' as const,
      resource: { ...person(id), identifier: [{ system: 'urn:x', value: '42' }] },
      ifNoneExist: 'identifier=urn:x|42',
    },
    create(pulse(id, 66)),
  ];
  assert.equal(await failureOf(store.commit(writes, [])), 'conflict');
});

test('a corrected subject moves the resource with its history to the other person', async () => {
  const [made] = await store.commit([create(pulse('nham', 88))], []);
  const [moved] = await store.commit([put(pulse('dung', 88, made!.id), 1)], []);
  assert.deepEqual([moved!.version, moved!.patient, moved!.outcome], [2, 'dung', 'updated']);
  assert.equal((await store.read('Observation', made!.id))!.patient, 'dung');
  assert.equal(pulseIn((await store.vread('Observation', made!.id, 1))!.body), 88);
  const [again] = await store.commit([put(pulse('dung', 89, made!.id))], []);
  assert.equal(again!.version, 3);
  const [orphan] = await store.commit([put(pulse(null, 90, made!.id))], []);
  assert.deepEqual([orphan!.version, orphan!.patient], [4, null]);
  const [back] = await store.commit([put(pulse('nham', 91, made!.id))], []);
  assert.equal(back!.version, 5);
  const { versions } = await store.history({ type: 'Observation', id: made!.id }, { count: 10 });
  assert.deepEqual(
    versions.map((version) => version.version),
    [5, 4, 3, 2, 1],
  );
});

test('a moved resource keeps its preconditions wherever it lies: back to its first person, and deleted', async () => {
  const [made] = await store.commit([create(pulse('di', 70))], []);
  await store.commit([put(pulse('den', 70, made!.id), 1)], []);
  assert.equal(await failureOf(store.commit([put(pulse('di', 71, made!.id), 1)], [])), 'version-conflict');
  const [back] = await store.commit([put(pulse('di', 71, made!.id), 2)], []);
  assert.deepEqual([back!.version, back!.patient, back!.outcome], [3, 'di', 'updated']);
  await store.commit([put(pulse('den', 72, made!.id), 3)], []);
  const wrong = store.commit([{ op: 'delete', type: 'Observation', id: made!.id, ifMatch: 3 }], []);
  assert.equal(await failureOf(wrong), 'version-conflict');
  const [gone] = await store.commit([{ op: 'delete', type: 'Observation', id: made!.id, ifMatch: 4 }], []);
  assert.deepEqual([gone!.outcome, gone!.version], ['deleted', 5]);
});

test('naming a resource twice in one transaction is refused (http.html#trules)', async () => {
  const twice = store.commit([put(person('hai')), erase('Patient', 'hai')], []);
  assert.equal(await failureOf(twice), 'invalid-request');
});

test('malformed ids and unknown types are refused by name', async () => {
  assert.equal(await failureOf(store.commit([put(pulse('an', 1, 'a/b'))], [])), 'invalid-resource');
  assert.equal(
    await failureOf(store.commit([put({ resourceType: 'Foo', id: 'x' } as never)], [])),
    'not-supported',
  );
  assert.equal(await store.read('Foo' as never, 'x'), null);
  assert.equal(await store.read('Patient', "x' or 1=1"), null);
});

test('a read by an id of another form of the same hash key finds nothing', async () => {
  assert.equal(await store.read('Observation', store.newId('Observation', 'an')), null);
});

test('readMany answers in the order asked and leaves out what is not there', async () => {
  const made = await store.commit(
    [create(pulse('m1', 1)), create(pulse('m2', 2)), put(pulse('m1', 3, 'rm-khach'))],
    [],
  );
  await store.commit([put({ resourceType: 'Organization', id: 'cs-rm', name: 'Trạm' })], []);
  const refs = [
    { type: 'Organization' as const, id: 'cs-rm' },
    { type: 'Observation' as const, id: 'rm-khach' },
    { type: 'Observation' as const, id: 'khong-co' },
    { type: 'Observation' as const, id: made[1]!.id },
    { type: 'Observation' as const, id: made[0]!.id },
  ];
  const found = await store.readMany(refs);
  assert.deepEqual(
    found.map((version) => version.id),
    ['cs-rm', 'rm-khach', made[1]!.id, made[0]!.id],
  );
});

test('index rows follow the resource: side rows of the old version are gone', async () => {
  await store.commit([put(person('ten', 'Trần Văn Cũ'))], []);
  await store.commit([put(person('ten', 'Trần Văn Mới'))], []);
  const found = async (name: string) =>
    (await store.search({ type: 'Patient', params: [['name', name]] })).matches.length;
  assert.deepEqual([await found('tran van cu'), await found('tran van moi')], [0, 1]);
  await store.commit([erase('Patient', 'ten')], []);
  assert.equal(await found('tran van moi'), 0);
});

test('every committed write stands in the feed exactly once', async () => {
  const changes = await wholeFeed(store);
  const keys = changes.map((change) => `${change.type}/${change.id}/${change.version}`);
  assert.equal(new Set(keys).size, keys.length);
  const rows = await store.pool.query<{ n: string }>(
    'select (select count(*) from res) + (select count(*) from shared) + (select count(*) from hist) as n',
  );
  assert.equal(keys.length, Number(rows.rows[0]!.n));
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import type { Resource } from '../fhir/types.ts';
import { instantOf, tailOf, wholeBody } from './body.ts';
import { DEFLATE, openCodecs, PLAIN } from './codecs.ts';
import { trainDictionary } from './dictionary.ts';
import { type OpenStore, openStore } from './index.ts';
import { typeNumber } from './resource-types.ts';
import { create, pulse, put, withStore } from './samples.testing.ts';
import type { TestDatabase } from './testing.ts';

let store: OpenStore;
let database: TestDatabase;
let stop: () => Promise<void>;
before(async () => {
  ({ store, database, stop } = await withStore());
});
after(() => stop());

const served = (resource: object) => {
  const { resourceType, id } = resource as { resourceType: string; id: string };
  return JSON.parse(
    wholeBody(resourceType, id, 7, 'T', Buffer.from(tailOf(resource as Resource))).toString(),
  );
};

test('a body is put together again whatever stands in meta and beside it', () => {
  const cases = [
    { resourceType: 'Patient', id: 'a' },
    { resourceType: 'Patient', id: 'a', meta: {} },
    { resourceType: 'Patient', id: 'a', meta: { versionId: '3', lastUpdated: 'x' }, active: true },
    { resourceType: 'Patient', id: 'a', meta: { profile: ['p'], tag: [{ code: '}' }] } },
    { resourceType: 'Patient', id: 'a', meta: { versionId: '3', profile: ['p'] }, name: [{ text: '{"},' }] },
  ];
  for (const resource of cases) {
    const meta = { ...(resource as { meta?: object }).meta, versionId: '7', lastUpdated: 'T' };
    assert.deepEqual(served(resource), { ...resource, meta });
  }
});

test('instants carry the zone of the country', () => {
  assert.equal(instantOf(Date.UTC(2026, 10, 22, 18, 0, 0, 5)), '2026-11-23T01:00:00.005+07:00');
});

test('elements keep their order, type, id and meta first', () => {
  const body = wholeBody(
    'Patient',
    'a',
    1,
    'T',
    Buffer.from(tailOf({ active: true, id: 'a', resourceType: 'Patient' })),
  );
  assert.equal(
    body.toString(),
    '{"resourceType":"Patient","id":"a","meta":{"versionId":"1","lastUpdated":"T"},"active":true}',
  );
});

test('once many bodies of a type were seen they are packed with its dictionary; old ones stay readable', async () => {
  const first = await store.commit([create(pulse('tu-dien', 1))], []);
  for (let i = 0; i < 130; i++) await store.commit([create(pulse(`tu-dien-${i}`, i))], []);
  while ((await database.pool.query('select 1 from codec')).rows.length === 0)
    await new Promise((resolve) => setTimeout(resolve, 10));
  const later = await store.commit([create(pulse('tu-dien', 99))], []);
  const packed = await database.pool.query(
    'select id, codec, length(body) as size from res where id = any ($1)',
    [[first[0]!.id, later[0]!.id]],
  );
  const row = (id: string) => packed.rows.find((found) => found.id === id);
  assert.notEqual(row(later[0]!.id).codec, row(first[0]!.id).codec);
  assert.equal(row(later[0]!.id).size < row(first[0]!.id).size / 2, true);
  for (const [made] of [first, later]) {
    assert.deepEqual((await store.read('Observation', made!.id))!.body, made!.body);
  }
});

test('a dictionary made by another program is fetched when its bodies are met', async () => {
  const other = await openStore({ pool: database.pool, sealEvery: 0 });
  await database.pool.query(
    `insert into codec (n, t, method, dictionary) values (900, 96, 2, convert_to('"status":"final","code":{"coding":[', 'UTF8'))`,
  );
  const third = await openStore({ pool: database.pool, sealEvery: 0 });
  const [made] = await third.commit([create(pulse('xa', 5))], []);
  const { rows } = await database.pool.query('select codec from res where id = $1', [made!.id]);
  assert.equal(rows[0].codec, 900);
  assert.deepEqual((await other.read('Observation', made!.id))!.body, made!.body);
  await other.close();
  await third.close();
});

test('a dictionary made by another program is used by one that runs already, after a few bodies of the type', async () => {
  const codecs = await openCodecs(database.pool);
  const tail = `},"status":"active","intent":"order","note":[{"text":"${'x'.repeat(60)}"}]}`;
  await database.pool.query(
    `insert into codec (n, t, method, dictionary) values (901, $1, 2, convert_to('"status":"active","intent":"order"', 'UTF8'))`,
    [typeNumber('ServiceRequest')],
  );
  let codec = DEFLATE;
  for (let i = 0; codec !== 901 && i < 100; i++) {
    codec = codecs.pack('ServiceRequest', tail, `nguoi-${i}`).codec;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.equal(codec, 901);
});

test('bodies that were deflated with a dictionary are read, and what follows is packed otherwise', async () => {
  const dictionary = Buffer.from('},"status":"active","kind":"insurance"');
  const tail = Buffer.from(`},"status":"active","kind":"insurance","note":"${'x'.repeat(60)}"}`);
  await database.pool.query('insert into codec (n, t, method, dictionary) values (902, $1, 1, $2)', [
    typeNumber('Coverage'),
    dictionary,
  ]);
  const codecs = await openCodecs(database.pool);
  const before = deflateRawSync(tail, { dictionary });
  assert.deepEqual(Buffer.from(await codecs.unpack(902, before)), tail);
  assert.notEqual(codecs.pack('Coverage', tail.toString(), 'a').codec, 902);
});

test('a database of before has its newest dictionaries for new bodies too', async () => {
  const step = readFileSync(new URL('schema/0045-codec-method.sql', import.meta.url), 'utf8');
  const client = await database.pool.connect();
  await client.query('begin');
  await client.query('create schema before; set local search_path to before');
  await client.query('create table codec (n int2 primary key, t int2 not null, dictionary bytea not null)');
  await client.query(`insert into codec values (2, 96, 'old'), (3, 96, 'new'), (4, 7, 'other')`);
  await client.query(step);
  const { rows } = await client.query(
    `select n, t, method, convert_from(dictionary, 'UTF8') as text from codec order by n`,
  );
  await client.query('rollback');
  client.release();
  assert.deepEqual(
    rows.map(({ n, t, method, text }) => [n, t, method, text]),
    [
      [2, 96, 1, 'old'],
      [3, 96, 1, 'new'],
      [4, 7, 1, 'other'],
      [5, 7, 2, 'other'],
      [6, 96, 2, 'new'],
    ],
  );
});

test('small and very large bodies are not packed', async () => {
  const codecs = await openCodecs(database.pool);
  assert.equal(codecs.pack('Patient', '},"active":true}', 'a').codec, PLAIN);
  assert.equal(codecs.pack('Binary', `},"data":"${'A'.repeat(400_000)}"}`, 'a').codec, PLAIN);
});

test('bodies of one person make no dictionary: what is hers alone would look common', async () => {
  const codecs = await openCodecs(database.pool);
  const tail = (i: number) =>
    `},"status":"final","note":[{"text":"Nguyễn Thị Bí Mật"}],"issued":"2026-11-${i}"}`;
  for (let i = 0; i < 300; i++) codecs.pack('Flag', tail(i), 'mot-nguoi');
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(codecs.pack('Flag', tail(1), 'nguoi-khac').codec <= DEFLATE, true);
});

test('a dictionary holds what bodies share and no text that stands in few of them', () => {
  const samples = Array.from({ length: 48 }, (_, i) =>
    JSON.stringify({
      code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
      note: i < 3 ? 'Nguyễn Thị Bí Mật' : `riêng ${i}`,
    }),
  );
  const dictionary = trainDictionary(samples).toString();
  assert.match(dictionary, /http:\/\/loinc\.org/);
  assert.doesNotMatch(dictionary, /Bí Mật|riêng/);
  assert.equal(Buffer.byteLength(dictionary) <= 8192, true);
});

test('deleted and re-created resources keep their bodies apart', async () => {
  await store.commit([put(pulse('tach', 1, 'tach-1'))], []);
  await store.commit([{ op: 'delete', type: 'Observation', id: 'tach-1' }], []);
  await store.commit([put(pulse('tach', 3, 'tach-1'))], []);
  const value = async (version: number) =>
    JSON.parse((await store.vread('Observation', 'tach-1', version))!.body.toString()).valueQuantity.value;
  assert.deepEqual([await value(1), await value(3)], [1, 3]);
  assert.equal((await store.vread('Observation', 'tach-1', 2))!.deleted, true);
});

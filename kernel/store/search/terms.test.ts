/** Texts that many have in the same words are words of the dictionary; what few have stays with its row, and goes with it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OpenStore, openStore } from '../index.ts';
import { create, person } from '../samples.testing.ts';
import { type TestDatabase, withDatabase } from '../testing.ts';
import { extractIndexes } from './extract.ts';

const PEOPLE = Array.from({ length: 10 }, (_, i) => `t${i}`);

let database: TestDatabase;
let store: OpenStore;

const pressure = (id: string, who: string, text: string) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }], text },
  subject: { reference: `Patient/${who}` },
});

before(async () => {
  database = await withDatabase();
  store = await openStore({ pool: database.pool, sealEvery: 0 });
  for (const who of PEOPLE) {
    await store.commit([create(person(who))], []);
    await put(pressure(`a-${who}`, who, 'Huyết áp đo tại nhà'));
  }
  for (let i = 0; i < 20; i++) await put(pressure(`b-${i}`, PEOPLE[i % 2]!, 'Con ông Bảy xóm Đình'));
});
after(async () => {
  await store?.close();
  await database?.stop();
});

const put = (resource: object) => store.commit([{ op: 'update', resource: resource as never }], []);

async function ids(...params: [string, string][]): Promise<string[]> {
  const { matches } = await store.search({ type: 'Observation', params: [...params, ['_count', '100']] });
  return matches.map(({ id }) => id).sort();
}

const count = async (sql: string) => Number((await database.pool.query(sql)).rows[0].n);

test('a text that records of eight persons have is a term from then on; `:text` finds those before and after', async () => {
  assert.equal(await count(`select count(*) as n from str where s = 'huyet ap do tai nha'`), 7);
  assert.equal(
    await count(
      `select count(*) as n from code where p = 'Observation.code:text' and code = 'huyet ap do tai nha'`,
    ),
    1,
  );
  const all = PEOPLE.map((who) => `a-${who}`);
  for (const asked of ['huyết áp', 'nha', 'Huyết áp đo tại nhà'])
    assert.deepEqual(await ids(['code:text', asked]), all, asked);
  assert.deepEqual(await ids(['code:text', 'uyet']), [], 'only the beginning of a word');
  assert.deepEqual(await ids(['patient', 't9'], ['code:text', 'huyet ap']), ['a-t9']);
});

test('what few persons have is in no dictionary, however often it stands there, and an erasure leaves nothing of it', async () => {
  const inDictionary = `select count(*) as n from code c where c::text like '%bay xom dinh%'`;
  assert.equal(await count(inDictionary), 0);
  assert.equal((await ids(['code:text', 'ong bay'])).length, 20);
  for (const who of PEOPLE.slice(0, 2)) await store.erase(who, async () => [], []);
  assert.equal(await count(inDictionary), 0);
  assert.equal(await count(`select count(*) as n from str where s like '%bay xom dinh%'`), 0);
});

test('a row made before its text was a term is brought up to it by a pass, and read meanwhile', async () => {
  await store.reindexing.ask({ type: 'Observation' });
  assert.deepEqual(
    await ids(['code:text', 'tai nha']),
    PEOPLE.slice(2).map((who) => `a-${who}`),
  );
  await store.reindexing.runNow(new AbortController().signal, () => undefined);
  assert.equal(await count(`select count(*) as n from str where s = 'huyet ap do tai nha'`), 0);
  assert.deepEqual(
    await ids(['code:text', 'tai nha']),
    PEOPLE.slice(2).map((who) => `a-${who}`),
  );
});

test('texts of what is nobody’s are never terms', () => {
  const rows = Array.from({ length: 20 }, (_, i) =>
    extractIndexes({ resourceType: 'Location', id: `l${i}`, type: [{ text: 'Phòng mổ số ba' }] } as never),
  );
  assert.ok(rows.every(({ str }) => str.some(({ s }) => s === 'phong mo so ba')));
});

test('a flood of texts that stand in one record each does not push out a term', () => {
  const rowOf = (i: number, text: string) =>
    extractIndexes({ ...pressure(`f${i}`, `f${i}`, text), resourceType: 'Observation' } as never);
  for (let i = 0; i < 8; i++) rowOf(i, 'Huyết áp tư thế đứng');
  for (let i = 0; i < 25_000; i++) rowOf(i, `lời kể thứ ${i}`);
  assert.deepEqual(rowOf(9, 'Huyết áp tư thế đứng').str, []);
});

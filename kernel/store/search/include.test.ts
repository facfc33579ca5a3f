/** How much may come along with matches, and how soon too much of it is noticed. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { QueryResult } from 'pg';
import { Failure } from '../../failure.ts';
import type { Resource } from '../../fhir/types.ts';
import { type OpenStore, openStore } from '../index.ts';
import { person, put } from '../samples.testing.ts';
import { type TestDatabase, withDatabase } from '../testing.ts';
import { MAX_INCLUDED } from './include.ts';
import { requestOf } from './stored.testing.ts';

const VISITS = 2_600;
const PEOPLE = 50;

let database: TestDatabase;
let store: OpenStore;
/** Rows that the database has given. */
let rows = 0;

/** The oldest visits are those of the first person. */
const visit = (n: number) =>
  ({
    resourceType: 'Encounter',
    id: `v${n}`,
    status: 'finished',
    class: { code: 'AMB' },
    subject: { reference: `Patient/p${Math.floor(n / (VISITS / PEOPLE))}` },
    serviceProvider: { reference: 'Organization/hub' },
    period: { start: new Date(Date.UTC(2020, 0, 1) + n * 3_600_000).toISOString() },
  }) as Resource;

type Query = (...args: unknown[]) => Promise<QueryResult>;

before(async () => {
  database = await withDatabase();
  const { pool } = database;
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as unknown as Query;
    const counting: Query = (...args) => {
      const asked = query(...args);
      if (typeof (asked as Promise<QueryResult> | undefined)?.then !== 'function') return asked;
      return asked.then((answer) => {
        rows += answer?.rows?.length ?? 0;
        return answer;
      });
    };
    Object.assign(client, { query: counting });
  });
  store = await openStore({ pool, sealEvery: 0 });
  await store.commit([put({ resourceType: 'Organization', id: 'hub', name: 'Sở Y tế' } as Resource)], []);
  await store.commit(
    Array.from({ length: PEOPLE }, (_, n) => put(person(`p${n}`))),
    [],
  );
  for (let from = 0; from < VISITS; from += 200)
    await store.commit(
      Array.from({ length: 200 }, (_, n) => put(visit(from + n))),
      [],
    );
});
beforeEach(() => {
  rows = 0;
});
after(async () => {
  await store?.close();
  await database?.stop();
});

const refusalOf = async (address: string) => {
  try {
    await store.search(requestOf(address));
  } catch (error) {
    assert.ok(error instanceof Failure);
    return error.issues[0]?.expression;
  }
  return assert.fail(`${address} is answered`);
};

test('what is too much is refused by name, when so many rows have been read and no more', async () => {
  for (const [address, name] of [
    ['Organization?_id=hub&_revinclude=Encounter:service-provider', '_revinclude'],
    ['Organization?_id=hub&_revinclude=*', '_revinclude'],
    ['Organization?_id=hub&_revinclude:iterate=*&_include:iterate=*', '_revinclude:iterate'],
    ['Patient?_count=1000&_include:iterate=*&_revinclude:iterate=*', '_include:iterate'],
    ['Encounter?_count=500&_revinclude:iterate=*&_include:iterate=*', '_revinclude:iterate'],
  ] as const) {
    rows = 0;
    assert.equal(await refusalOf(address), name, address);
    // Matches, what they lead to, and one step too many.
    assert.ok(rows > MAX_INCLUDED / 2 && rows < 2 * MAX_INCLUDED + 1_200, `${address}: ${rows} rows`);
  }
});

test('what others hold does not count: of the persons that may be seen everything comes along', async () => {
  const { includes } = await store.search(
    requestOf(
      'Encounter?_id=v0&_include=Encounter:service-provider&_revinclude:iterate=Encounter:service-provider',
      ['p0'],
    ),
  );
  const own = Array.from({ length: VISITS / PEOPLE - 1 }, (_, n) => `v${n + 1}`);
  assert.deepEqual(includes.map(({ id }) => id).sort(), ['hub', ...own].sort());
});

test('a type that is kept in one table, and of which nothing comes along', async () => {
  const { matches, includes } = await store.search(
    requestOf('Organization?_id=hub&_revinclude:iterate=Organization:partof'),
  );
  assert.deepEqual([matches.length, includes.length], [1, 0]);
});

test('what comes along by two ways comes once, the newest first', async () => {
  const { includes } = await store.search(
    requestOf('Patient?_id=p1&_revinclude=Encounter:patient&_revinclude=Encounter:subject'),
  );
  const own = Array.from({ length: VISITS / PEOPLE }, (_, n) => `v${2 * (VISITS / PEOPLE) - 1 - n}`);
  assert.deepEqual(
    includes.map(({ id }) => id),
    own,
  );
});

test('exactly as much as may come along comes along', async () => {
  const people = Array.from({ length: Math.floor(MAX_INCLUDED / (VISITS / PEOPLE)) }, (_, n) => `p${n}`);
  const { includes } = await store.search(
    requestOf(`Patient?_id=${people.join(',')}&_count=100&_revinclude=Encounter:patient`),
  );
  assert.equal(includes.length, people.length * (VISITS / PEOPLE));
});

test('what is named with a version comes in that version (R4 search.html#versions)', async () => {
  const place = (name: string) => put({ resourceType: 'Location', id: 'phong', name } as Resource);
  for (const name of ['cũ', 'mới', 'mới nhất']) await store.commit([place(name)], []);
  const named = (id: string, reference: string) =>
    put({
      resourceType: 'Provenance',
      id,
      target: [{ reference }],
      recorded: '2026-11-23T08:00:00Z',
      agent: [{ who: { display: 'x' } }],
    } as Resource);
  await store.commit(
    [
      named('of-1', 'Location/phong/_history/1'),
      named('of-3', 'Location/phong/_history/3'),
      named('of-9', 'Location/phong/_history/9'),
      named('of-any', 'Location/phong'),
    ],
    [],
  );
  for (const [id, version] of [
    ['of-1', 1],
    ['of-3', 3],
    ['of-9', 3],
    ['of-any', 3],
  ] as const) {
    const { includes } = await store.search(requestOf(`Provenance?_id=${id}&_include=Provenance:target`));
    assert.deepEqual(
      includes.map((one) => [one.id, one.version]),
      [['phong', version]],
      id,
    );
  }
});

/** Searches that find few rows and wait together: each gets its own page, and no plan looks among all people. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { SearchRequest } from '../contract.ts';
import { type OpenStore, openStore } from '../index.ts';
import { person, pulse, put } from '../samples.testing.ts';
import { type TestDatabase, withDatabase } from '../testing.ts';

let database: TestDatabase;
let store: OpenStore;
/** Searches that were sent. */
let statements: string[] = [];
/** Fails the next of them. */
let broken: Error | null = null;

const SYSTEM = 'http://example.org/so';
const PEOPLE = Array.from({ length: 12 }, (_, n) => `nguoi-${n}`);

before(async () => {
  database = await withDatabase();
  const { pool } = database;
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>;
  Object.assign(pool, {
    query: (...args: unknown[]) => {
      const { text = '' } = (args[0] ?? {}) as { text?: string };
      if (text.includes('found order by')) {
        statements.push(text);
        const error = broken;
        broken = null;
        if (error) return Promise.reject(error);
      }
      return query(...args);
    },
  });
  store = await openStore({ pool, sealEvery: 0 });
  for (const [n, patient] of PEOPLE.entries()) {
    const pulses = Array.from({ length: n + 1 }, (_, at) => put(pulse(patient, at, `${patient}-${at}`)));
    const identifier = [{ system: SYSTEM, value: `so-${patient}` }];
    await store.commit([put({ ...person(patient), identifier }), ...pulses], []);
  }
});
beforeEach(() => {
  statements = [];
});
after(async () => {
  await store?.close();
  await database?.stop();
});

function pulsesOf(patient: string, more = ''): SearchRequest {
  const params = [...new URLSearchParams(`patient=${patient}&_sort=-date${more}`)] as [string, string][];
  return { type: 'Observation', params };
}

async function idsOf(request: SearchRequest): Promise<string[]> {
  return (await store.search(request)).matches.map(({ id }) => id);
}

test('pages that are asked for together share statements, and each is its own', async () => {
  const alone: string[][] = [];
  for (const patient of PEOPLE) alone.push(await idsOf(pulsesOf(patient, '&_count=5')));
  assert.equal(statements.length, PEOPLE.length);
  statements = [];
  const answers = await Promise.all(PEOPLE.map((patient) => store.search(pulsesOf(patient, '&_count=5'))));
  assert.ok(statements.length <= 2, `${statements.length} statements for ${PEOPLE.length} searches`);
  for (const [n, { matches, next }] of answers.entries()) {
    assert.deepEqual(
      matches.map(({ id }) => id),
      alone[n],
    );
    assert.ok(matches.every(({ patient }) => patient === PEOPLE[n]));
    assert.equal(matches.length, Math.min(5, n + 1));
    assert.equal(next !== undefined, n + 1 > 5);
  }
});

test('next pages are asked for together, too, and go on where each stood', async () => {
  const long = PEOPLE.slice(6);
  const read = async (patient: string) => {
    const ids: string[] = [];
    let request: SearchRequest | undefined = pulsesOf(patient, '&_count=3');
    while (request) {
      const { matches, next } = await store.search(request);
      ids.push(...matches.map(({ id }) => id));
      const params = [...new URLSearchParams(next)] as [string, string][];
      request = next === undefined ? undefined : { type: 'Observation', params };
    }
    return ids;
  };
  for (const [n, ids] of (await Promise.all(long.map(read))).entries()) {
    assert.deepEqual(ids, await idsOf(pulsesOf(long[n]!)));
  }
});

test('a search that comes alone is one statement that names its person', async () => {
  await idsOf(pulsesOf('nguoi-3'));
  assert.equal(statements.length, 1);
  assert.doesNotMatch(statements[0]!, /unnest/);
  assert.match(statements[0]!, /r\.pt = \$\d+::int8/);
});

test('searches of another shape, with other values, lists and texts, each get their own answer', async () => {
  const asked = ['&date=ge2020', '&code=8867-4,zzz', '&status=final', '&code:text=x', ''].flatMap((more) =>
    PEOPLE.slice(0, 4).map((patient) => pulsesOf(patient, more)),
  );
  const together = await Promise.all(asked.map(idsOf));
  for (const [n, request] of asked.entries()) assert.deepEqual(together[n], await idsOf(request));
  assert.ok(together.some((ids) => ids.length > 0));
});

test('a group that the database refuses is asked one by one; a broken connection is tried again', async () => {
  for (const code of ['22021', 'ECONNRESET']) {
    broken = Object.assign(new Error('broken'), { code });
    const answers = await Promise.all(PEOPLE.slice(0, 3).map((patient) => idsOf(pulsesOf(patient))));
    assert.deepEqual(
      answers.map((ids) => ids.length),
      [1, 2, 3],
    );
  }
});

test('a code is looked for among the rows of the person, not among those of all people', async () => {
  const request = pulsesOf('nguoi-9', '&code=http://loinc.org|8867-4');
  const { explanation } = await store.search({ ...request, explain: true });
  const { sql } = explanation as { sql: string };
  assert.match(sql, /= any \(r\.tok\)/);
  assert.doesNotMatch(sql, /tok @>/);
});

test('an identifier is looked for first and by itself, its page like those of one person', async () => {
  const byNumber = (patient: string): SearchRequest => ({
    type: 'Patient',
    params: [
      ['identifier', `${SYSTEM}|so-${patient}`],
      ['_lastUpdated', 'gt2020'],
    ],
  });
  const { explanation } = await store.search({ ...byNumber('nguoi-1'), explain: true });
  const { sql } = explanation as { sql: string };
  assert.match(sql, /\(r\.t = \d+\) is true and \(r\.tok @> [^)]*\bint8\[\] and \(r\.ts[^)]*\)\)* is true/);
  statements = [];
  const found = await Promise.all([...PEOPLE, 'khong-co'].map((patient) => store.search(byNumber(patient))));
  assert.ok(statements.length <= 2);
  assert.deepEqual(
    found.map(({ matches }) => matches.map(({ id, patient }) => [id, patient])),
    [...PEOPLE.map((patient) => [[patient, patient]]), []],
  );
});

test('what refers to a person, wherever it lies, is found by that alone and planned once', async () => {
  const request: SearchRequest = {
    type: 'Appointment',
    params: [
      ['patient', 'nguoi-1'],
      ['date', 'ge2020-01-01'],
    ],
  };
  const { explanation } = await store.search({ ...request, explain: true });
  const { sql } = explanation as { sql: string };
  assert.match(sql, /\(r\.t = \d+\) is true and \(r\.tok @>/);
  const ofPlace = { ...request, params: [['location', 'phong-1']] as [string, string][] };
  const wide = await store.search({ ...ofPlace, explain: true });
  assert.doesNotMatch(
    (wide.explanation as { sql: string }).sql,
    /is true and/,
    'a place is referred to by many',
  );
});

test('groups are planned once a connection', async () => {
  const one = await openStore({ url: database.url, sealEvery: 0 });
  try {
    for (let round = 0; round < 12; round++) {
      await Promise.all(PEOPLE.slice(0, 2).map((patient) => one.search(pulsesOf(patient))));
      await Promise.all(PEOPLE.slice(0, 2).map((patient) => one.read('Patient', patient)));
    }
    const { rows } = await one.pool.query<{ generic: number }>(
      `select sum(generic_plans)::int4 as generic from pg_prepared_statements
       where name like 'read_group%' or statement like '%from unnest%found order by%'`,
    );
    assert.ok(rows[0]!.generic > 0);
  } finally {
    await one.close();
  }
});

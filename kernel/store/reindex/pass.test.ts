/** Passes over older rows while the record is written, stopped, killed and taken up again. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Patient, Resource } from '../../fhir/types.ts';
import { openCodecs } from '../codecs.ts';
import { type OpenStore, openPool, openStore } from '../index.ts';
import { Notices } from '../notices.ts';
import { extractIndexes } from '../search/index.ts';
import { type TestDatabase, withDatabase } from '../testing.ts';
import { Catalogue } from './catalogue.ts';

let database: TestDatabase;
let store: OpenStore;
before(async () => {
  database = await withDatabase();
  store = await openStore({ pool: database.pool, sealEvery: 0 });
});
after(async () => {
  await store.close();
  await database.stop();
});

const quiet = () => undefined;
const URL_OF = (code: string) => `http://example.org/ext/${code}`;
const finish = () => store.reindexing.runNow(new AbortController().signal, quiet);
const put = (resource: object) => store.commit([{ op: 'update', resource: resource as Resource }], []);
const count = async (query: string) => {
  const params: [string, string][] = [...new URLSearchParams(query), ['_summary', 'count']];
  return (await store.search({ type: 'Patient', params })).total!;
};

/** A patient whose extension `code` says `value`, so that every version can be told from the others. */
function patient(id: string, code: string, value: number): Patient {
  return {
    resourceType: 'Patient',
    id,
    name: [{ text: `Nguyễn Thị ${id}` }],
    extension: [
      { url: URL_OF(code), valueInteger: value },
      { url: URL_OF(`${code}-ma`), valueCode: `m${value}` },
    ],
  };
}

function parameter(code: string, kind: string, of = code) {
  return {
    resourceType: 'SearchParameter',
    id: code,
    url: `http://example.org/SearchParameter/${code}`,
    name: code,
    status: 'active',
    description: code,
    code,
    base: ['Patient'],
    type: kind,
    expression: `Patient.extension.where(url='${URL_OF(of)}').value`,
  };
}

async function fill(prefix: string, code: string, n: number): Promise<void> {
  const writes = Array.from({ length: n }, (_, i) => ({
    op: 'update' as const,
    resource: patient(`${prefix}${i}`, code, 0),
  }));
  for (let i = 0; i < n; i += 200) await store.commit(writes.slice(i, i + 200), []);
}

/** Rows beside the row, and the row's tokens, are those that the resource gives now; nothing of an older version is left. */
async function everyRowAgrees(): Promise<number> {
  const { rows } = await database.pool.query<{ id: string; tok: string[]; ord: string[]; str: string[] }>(
    `select r.id, r.tok::text[] as tok,
      array(select o.p || ' ' || o.lo || ' ' || o.hi from ord o where o.pt = r.pt and o.idh = r.idh order by 1) as ord,
      array(select s.p || ' ' || s.s from str s where s.pt = r.pt and s.idh = r.idh order by 1) as str
     from res r where r.t = (select t from res limit 1)`,
  );
  for (const { id, tok, ord, str } of rows) {
    const stored = await store.read('Patient', id);
    const made = extractIndexes(JSON.parse(stored!.body.toString()) as Resource);
    assert.deepEqual(tok.sort(), made.tok.map(String).sort(), id);
    assert.deepEqual(ord, made.ord.map(({ p, lo, hi }) => `${p} ${lo} ${hi}`).sort(), id);
    assert.deepEqual(str.length, made.str.length, id);
  }
  return rows.length;
}

test('what is written, changed and deleted during a pass is found as it is now, and nothing is missed', async () => {
  await fill('a', 'lan', 1500);
  await put(parameter('lan', 'number'));
  await put(parameter('lan-ma', 'token'));
  const pass = finish();
  let ended = false;
  const writer = (async () => {
    for (let i = 0; !ended || i < 100; i++) {
      const id = `a${(i * 37) % 1500}`;
      if (i % 10 === 9) await store.commit([{ op: 'delete', type: 'Patient', id }], []);
      else await put(patient(i % 3 === 0 ? `moi${i}` : id, 'lan', (i % 3) + 1));
    }
  })();
  await pass;
  ended = true;
  await writer;
  assert.deepEqual(await store.reindexing.states(), []);
  const rows = await everyRowAgrees();
  const found = await Promise.all([0, 1, 2, 3].map((value) => count(`lan=${value}`)));
  const byCode = await Promise.all([0, 1, 2, 3].map((value) => count(`lan-ma=m${value}`)));
  assert.deepEqual(found, byCode);
  assert.equal(
    found.reduce((sum, n) => sum + n, 0),
    rows,
  );
  assert.equal(await count('lan:missing=true'), 0);
});

test('a pass over rows that agree changes none of them', async () => {
  await store.reindexing.ask({ type: 'Patient' });
  await finish();
  const [state] = (await store.reindexing.states(true)).filter(({ type }) => type === 'Patient');
  assert.deepEqual([state!.state, state!.changed], ['level', 0]);
  assert.ok(state!.seen > 1000);
});

test('a pass that was stopped is refused no row twice: it goes on where it stood', async () => {
  await fill('b', 'dung', 3000);
  await put(parameter('dung', 'number'));
  const stopping = new AbortController();
  const pass = store.reindexing.runNow(stopping.signal, quiet);
  for (;;) {
    const [state] = await store.reindexing.states();
    if (state && state.seen > 0) break;
  }
  assert.equal(await store.reindexing.stop(), 1);
  await pass;
  const [stopped] = await store.reindexing.states();
  assert.equal(stopped!.state, 'stopped');
  assert.ok(stopped!.seen > 0 && stopped!.seen < stopped!.total, `${stopped!.seen} of ${stopped!.total}`);
  await finish();
  assert.equal((await store.reindexing.states())[0]!.state, 'stopped');
  await store.reindexing.resume();
  await finish();
  const [level] = (await store.reindexing.states(true)).filter(({ type }) => type === 'Patient');
  assert.equal(level!.seen, stopped!.total);
  assert.equal(await count('dung=0'), 3000);
});

test('kill -9 of the program that makes a pass: another one ends it, and every row follows', async () => {
  await fill('c', 'giet', 2000);
  await put(parameter('giet', 'number'));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'pass-runner.testing.ts'), database.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for (;;) {
    const [state] = await store.reindexing.states();
    if (state?.state === 'running' && state.seen > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  const [left] = await store.reindexing.states();
  assert.equal(left!.state, 'running');
  while (!(await finish())) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(await store.reindexing.states(), []);
  assert.equal(await count('giet=0'), 2000);
  await everyRowAgrees();
});

test('a pass waits for every program that still writes by the definitions of before', async () => {
  const pool = openPool(database.url);
  const notices = new Notices(pool);
  const other = await Catalogue.open(pool, await openCodecs(pool), notices);
  let release: () => void = () => undefined;
  const slow = other.writing([], () => new Promise<void>((resolve) => (release = resolve)));
  await put(parameter('cham', 'number'));
  const pass = finish();
  await new Promise((resolve) => setTimeout(resolve, 800));
  const [waiting] = await store.reindexing.states();
  assert.deepEqual([waiting!.state, waiting!.seen], ['running', 0]);
  release();
  await slow;
  await pass;
  assert.deepEqual(await store.reindexing.states(), []);
  await other.close();
  await notices.close();
  await pool.end();
});

test('another program on the database writes and answers by a new definition within seconds', async () => {
  const pool = openPool(database.url);
  const notices = new Notices(pool);
  const other = await Catalogue.open(pool, await openCodecs(pool), notices);
  const heard = new Promise<void>((resolve) => other.onChange(resolve));
  const before = other.generation;
  await put(parameter('nghe', 'number'));
  await heard;
  assert.ok(other.generation > before);
  await other.close();
  await notices.close();
  await pool.end();
});

test('large bodies come in smaller batches, and none is passed over', async () => {
  const data = Buffer.alloc(1_500_000, 7).toString('base64');
  const binaries = Array.from({ length: 7 }, (_, i) => ({
    resourceType: 'Binary',
    id: `to${i}`,
    contentType: `image/x-${i}`,
    data,
  }));
  for (const binary of binaries) await put(binary);
  await put({ ...parameter('dang', 'token'), base: ['Binary'], expression: 'Binary.contentType' });
  await finish();
  const state = (await store.reindexing.states(true)).find(({ type }) => type === 'Binary')!;
  assert.deepEqual([state.seen, state.changed], [7, 7]);
  const params: [string, string][] = [['dang', 'image/x-3']];
  assert.equal((await store.search({ type: 'Binary', params })).matches.length, 1);
});

test('a parameter of every type asks for a pass of each; retired before they are made, it needs none', async () => {
  const every = { ...parameter('nguon', 'uri'), base: ['Resource'], expression: 'Resource.meta.source' };
  await put(every);
  assert.equal((await store.reindexing.states()).length, 146);
  await put({ ...every, status: 'retired' });
  assert.deepEqual(await store.reindexing.states(), []);
});

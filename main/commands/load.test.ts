/** `yba load` as an operator runs it, and a record filled by it beside one filled over HTTP. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type FhirWorld, openFhirWorld } from '../../kernel/fhir/testing.ts';
import type { Resource } from '../../kernel/fhir/types.ts';
import { lives, loadInto, openFiles } from '../../kernel/store/load/samples.testing.ts';
import { person, pulse } from '../../kernel/store/samples.testing.ts';
import { withDatabase } from '../../kernel/store/testing.ts';

const YBA = join(import.meta.dirname, '..', 'bin', 'yba');
const files = openFiles();
after(() => files.remove());

interface Ran {
  status: number | null;
  out: string;
  err: string;
}

function run(words: string[], databaseUrl: string, signal?: { on: RegExp }): Promise<Ran> {
  const { PATH = '' } = process.env;
  const env = { PATH, DATABASE_URL: databaseUrl, YBA_DATA: files.path, YBA_DEMO: 'off' };
  const child = spawn(YBA, words, { cwd: files.path, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ran: Ran = { status: null, out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    ran.out += chunk;
    if (signal?.on.test(ran.out)) child.kill('SIGINT');
  });
  child.stderr.on('data', (chunk) => {
    ran.err += chunk;
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ ...ran, status })));
}

test('status 0 and a summary; refused lines make status 2 and stand in the file of errors with file, line, place and sentence', async () => {
  const database = await withDatabase();
  const good = files.lines('tot.ndjson', [person('a'), pulse('a', 1, 'o')]);
  const whole = await run(['load', good, '--why', 'chuyển dữ liệu'], database.url);
  assert.equal(whole.status, 0, whole.err);
  assert.match(whole.out, /2 bản ghi: 2 mới, 0 phiên bản mới, 0 không đổi, 0 xóa; 0 lỗi/);
  const bad = files.lines('xau.ndjson', [person('b'), { resourceType: 'Patient', birthDate: '31/12/1999' }]);
  const refused = await run(['load', bad, '--errors', 'loi.txt'], database.url);
  assert.equal(refused.status, 2, refused.err);
  assert.match(
    readFileSync(join(files.path, 'loi.txt'), 'utf8'),
    /xau\.ndjson:2: Patient\.birthDate: .+ \(.+\)\n$/,
  );
  const { rows } = await database.pool.query(
    `select distinct who, why from audit where action = 'load' order by 2`,
  );
  assert.deepEqual(rows, [
    { who: 'system:yba load', why: 'HOPERAT' },
    { who: 'system:yba load', why: 'HOPERAT: chuyển dữ liệu' },
  ]);
  for (const [words, told] of [
    [['load'], /needs files/],
    [['load', '/khong/co'], /no file or folder/],
    [['load', good, '--indexes', 'now'], /--indexes/],
  ] as const) {
    const { status, err } = await run([...words], database.url);
    assert.equal(status, 1);
    assert.match(err, told);
  }
  await database.stop();
});

type Rows = Record<string, unknown>[];

/** Everything in the tables but times, transaction ids and how bodies are packed. */
async function tablesOf({ program }: FhirWorld): Promise<Record<string, Rows>> {
  const queries: Record<string, string> = {
    res: 'select pt, idh, c0, d0, d1, has, ver, org, sec, t, id, tok from res order by idh',
    shared: 'select pt, idh, c0, d0, d1, has, ver, org, sec, t, id, tok from shared order by idh',
    hist: 'select pt, idh, ver, t, id from hist order by idh, ver',
    ord: 'select * from ord order by idh, p, lo, hi',
    str: 'select * from str order by idh, p, s',
    code: 'select * from code order by h',
    alias: 'select * from alias order by idh',
    person: 'select * from person order by pt',
    log: 'select pt, idh, ver, era, t, op from feed() order by idh, ver',
  };
  const tables: Record<string, Rows> = {};
  for (const [name, sql] of Object.entries(queries))
    tables[name] = (await program.kernel.pool.query(sql)).rows;
  return tables;
}

/** Which rows were written before a text was a term is chance (`kernel/store/search/terms.ts`): a pass makes them alike. */
async function makeTermsOfTexts({ program }: FhirWorld): Promise<void> {
  const { reindexing } = program.house.kernel.store;
  for (const type of ['Observation', 'Condition', 'Encounter', 'Immunization'])
    await reindexing.ask({ type });
  while ((await reindexing.states()).length > 0)
    if (!(await reindexing.runNow(new AbortController().signal, () => undefined))) await pause(20);
}

const withoutTimes = (text: string) =>
  text
    .replace(/"last(Updated|Modified)":"[^"]*"/g, '')
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, '')
    .replace(/_cursor=[^"&]*/g, '')
    .replace(/"Bundle","id":"[^"]*"/, '');

test('a record filled by yba load is the record filled over HTTP: tables, searches, histories', async () => {
  const corrected = lives(12, 4)
    .filter((_, i) => i % 5 === 2)
    .map((one) => ({ ...one, language: 'vi' }));
  const first = lives(12, 4);
  const [overHttp, loaded] = [await openFhirWorld(), await openFhirWorld()];
  try {
    for (const resource of [...first, ...corrected]) await put(overHttp, resource as Resource);
    const { store } = loaded.program.house.kernel;
    await loadInto(store, [files.lines('dau.ndjson', first)], { indexes: 'deferred' });
    await loadInto(store, [files.lines('sau.ndjson', corrected)]);
    for (const world of [overHttp, loaded]) await makeTermsOfTexts(world);
    const [expected, actual] = [await tablesOf(overHttp), await tablesOf(loaded)];
    for (const [name, rows] of Object.entries(expected)) assert.deepEqual(actual[name], rows, name);
    for (const path of [
      'Patient?name=dong&_sort=_id',
      'Patient?identifier=099nguoi-3',
      'Observation?patient=nguoi-2&code=8867-4&_sort=-date',
      'Observation?code-value-quantity=8867-4$gt62&_sort=_id&_count=100',
      'Observation?encounter=kham-4&_include=Observation:subject',
      'Encounter?_has:Observation:encounter:code=8867-4&_sort=_id',
      'Encounter?service-provider.name=Trạm&_sort=_id&_count=100',
      'Organization',
      'Observation/mach-0-0/_history',
      `Patient/${corrected.find((one) => one.resourceType === 'Patient')?.id ?? 'nguoi-0'}/_history`,
    ]) {
      const [one, other] = [
        await overHttp.send('GET', `/fhir/${path}`),
        await loaded.send('GET', `/fhir/${path}`),
      ];
      assert.equal(other.status, 200, other.text);
      assert.equal(withoutTimes(other.text), withoutTimes(one.text), path);
    }
  } finally {
    await overHttp.stop();
    await loaded.stop();
  }
});

async function put({ send }: FhirWorld, resource: Resource): Promise<void> {
  const { status, text } = await send('PUT', `/fhir/${resource.resourceType}/${resource.id}`, resource);
  assert.ok(status < 300, text);
}

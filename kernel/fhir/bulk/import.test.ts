/**
 * `$import`: files of another system, fetched and loaded. That what one program exports is the same record in another is proven
 * by tests/conformance/export-import.test.ts.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { withDatabase } from '../../store/testing.ts';
import { type FhirWorld, openFhirWorld } from '../testing.ts';

/** A peer that serves files by path; others are 404. */
const files = new Map<string, string | Buffer>();
/** Paths whose answer does not end. */
const hanging = new Set<string>();
let peer: Server;
let base: string;
let world: FhirWorld;
before(async () => {
  peer = createServer((request, response) => {
    const text = files.get(request.url!);
    if (text === undefined) response.writeHead(404).end();
    else if (hanging.has(request.url!)) response.writeHead(200).write(text);
    else response.writeHead(200, { 'content-type': 'application/fhir+ndjson' }).end(text);
  });
  await new Promise<void>((ready) => peer.listen(0, '127.0.0.1', ready));
  const host = `127.0.0.1:${(peer.address() as AddressInfo).port}`;
  base = `http://${host}`;
  world = await openFhirWorld({ peers: [host] });
});
after(async () => {
  await world.stop();
  peer.closeAllConnections();
  peer.close();
});

const lines = (resources: object[]) => resources.map((one) => `${JSON.stringify(one)}\n`).join('');

function ask(urls: [type: string, url: string][]): object {
  return {
    inputFormat: 'application/fhir+ndjson',
    inputSource: base,
    storageDetail: { type: 'https' },
    input: urls.map(([type, url]) => ({ type, url })),
  };
}

interface Entry {
  type: string;
  inputUrl: string;
  url: string;
  count: number;
}

async function imported(body: object, at = world): Promise<{ output: Entry[]; error: Entry[] }> {
  const taken = await at.send('POST', '/fhir/$import', body, { prefer: 'respond-async' });
  assert.equal(taken.status, 202, taken.text);
  for (;;) {
    const answer = await at.send('GET', taken.headers.get('content-location')!);
    if (answer.status === 200) return answer.body;
    assert.equal(answer.status, 202, answer.text);
    await new Promise((go) => setTimeout(go, 50));
  }
}

async function told({ url }: Entry, at = world): Promise<string[]> {
  const { text } = await at.send('GET', url);
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).issue[0].diagnostics);
}

test('files are fetched and loaded; what is refused is told by line, what cannot be had by file', async () => {
  files.set(
    '/Patient.ndjson',
    lines([
      { resourceType: 'Patient', id: 'nhap-1', name: [{ text: 'Nguyễn Thị Lan' }] },
      { resourceType: 'Patient', id: 'nhap-2', gender: 'nu' },
      { resourceType: 'Patient', id: 'nhap-3' },
    ]),
  );
  const { output, error } = await imported(
    ask([
      ['Patient', `${base}/Patient.ndjson`],
      ['Observation', `${base}/none.ndjson`],
    ]),
  );
  assert.deepEqual(
    output.map(({ inputUrl }) => inputUrl),
    [`${base}/Patient.ndjson`],
  );
  assert.deepEqual(await told(output[0]!), ['created=2 updated=0 unchanged=0 deleted=0 refused=1']);
  const [refused, missing] = error;
  assert.equal(refused!.inputUrl, `${base}/Patient.ndjson`);
  assert.match((await told(refused!))[0]!, /^Line 2: /);
  assert.match((await told(missing!))[0]!, /none\.ndjson answered 404/);
  assert.equal((await world.send('GET', '/fhir/Patient/nhap-1')).body.name[0].text, 'Nguyễn Thị Lan');
  assert.equal((await world.send('GET', '/fhir/Patient/nhap-2')).status, 404);
});

test('the same file again changes nothing; a changed one makes a new version', async () => {
  files.set('/mot.ndjson', lines([{ resourceType: 'Patient', id: 'mot', gender: 'female' }]));
  await imported(ask([['Patient', `${base}/mot.ndjson`]]));
  await world.send('PUT', '/fhir/Patient/mot', { resourceType: 'Patient', id: 'mot', gender: 'male' });
  const again = await imported(ask([['Patient', `${base}/mot.ndjson`]]));
  assert.deepEqual(await told(again.output[0]!), ['created=0 updated=1 unchanged=0 deleted=0 refused=0']);
  const third = await imported(ask([['Patient', `${base}/mot.ndjson`]]));
  assert.deepEqual(await told(third.output[0]!), ['created=0 updated=0 unchanged=1 deleted=0 refused=0']);
  assert.equal((await world.send('GET', '/fhir/Patient/mot')).body.meta.versionId, '3');
});

test('as Parameters, too', async () => {
  files.set('/hai.ndjson', lines([{ resourceType: 'Patient', id: 'hai' }]));
  const part = [
    { name: 'type', valueCode: 'Patient' },
    { name: 'url', valueUrl: `${base}/hai.ndjson` },
  ];
  const parameter = [
    { name: 'inputFormat', valueCode: 'application/fhir+ndjson' },
    { name: 'input', part },
  ];
  await imported({ resourceType: 'Parameters', parameter });
  assert.equal((await world.send('GET', '/fhir/Patient/hai')).status, 200);
});

test('wrong questions, internal addresses and clients that may not are refused at once', async () => {
  const wrong: [object, string][] = [
    [{}, 'inputFormat'],
    [{ ...ask([]), inputFormat: 'text/csv' }, 'inputFormat'],
    [ask([]), 'input'],
    [ask([['Nothing', `${base}/x`]]), 'input[0].type'],
    [ask([['Patient', 'http://10.0.0.1/x']]), 'input[0].url'],
    [ask([['Patient', 'https://169.254.169.254/latest']]), 'input[0].url'],
    [ask([['Patient', 'file:///etc/passwd']]), 'input[0].url'],
    [ask([['Patient', 'https://[::1]/x']]), 'input[0].url'],
    [
      ask([
        ['Patient', `${base}/x`],
        ['Patient', `${base}/x`],
      ]),
      'input[1].url',
    ],
  ];
  for (const [body, expression] of wrong) {
    const answer = await world.send('POST', '/fhir/$import', body);
    assert.equal(answer.status, 400, answer.text);
    assert.deepEqual(answer.body.issue[0].expression, [expression]);
  }
  const narrow = { authorization: `Bearer ${await world.token('system/Patient.cruds')}` };
  assert.equal(
    (await world.bare('POST', '/fhir/$import', ask([['Patient', `${base}/x`]]), narrow)).status,
    403,
  );
  assert.equal((await world.bare('POST', '/fhir/$import', ask([['Patient', `${base}/x`]]))).status, 401);
});

test('the import and every person in it stand in the audit under the client’s name', async () => {
  const { rows } = await world.program.kernel.pool.query<{ patient: string | null; who: string }>(
    "select patient, who from audit where action = 'load'",
  );
  assert.ok(rows.every(({ who }) => who === 'tester'));
  for (const id of ['nhap-1', 'mot', 'hai'])
    assert.ok(
      rows.some(({ patient }) => patient === id),
      id,
    );
});

test('faults of a file are told by line, and the lines around them are taken', async () => {
  const good = (id: string) => Buffer.from(`${JSON.stringify({ resourceType: 'Patient', id })}\n`);
  const bad: [Buffer, RegExp][] = [
    [Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d, 0x0a]), /^Line 2: .*UTF-8/],
    [Buffer.from('{"resourceType":"Patient",\n'), /^Line 4: /],
    [Buffer.from('[1,2]\n'), /^Line 6: /],
    [Buffer.from('{"resourceType":"Nothing","id":"x"}\n'), /^Line 8: /],
    [Buffer.from(`{"resourceType":"Patient","id":"${'x'.repeat(65)}"}\r\n`), /^Line 10: /],
    [Buffer.from(`{"resourceType":"Patient","name":${'['.repeat(500)}${']'.repeat(500)}}\n`), /^Line 12: /],
  ];
  const parts = bad.flatMap(([line], at) => [good(`dong-${at}`), line]);
  files.set('/hong.ndjson', Buffer.concat([...parts, Buffer.from('\n\n'), good('dong-cuoi')]));
  const { output, error } = await imported(ask([['Patient', `${base}/hong.ndjson`]]));
  assert.match((await told(output[0]!))[0]!, /^created=7 .* refused=\d+$/);
  const sentences = await told(error[0]!);
  for (const [at, [, says]] of bad.entries())
    assert.ok(
      sentences.some((one) => says.test(one)),
      `${at}: ${sentences.join('\n')}`,
    );
  assert.equal((await world.send('GET', '/fhir/Patient/dong-cuoi')).status, 200);
});

test('a file as gzip; one that is broken off, and one of another kind, are told, and the others are taken', async () => {
  const text = lines(Array.from({ length: 50 }, (_, n) => ({ resourceType: 'Patient', id: `nen-${n}` })));
  files.set('/nen.gz', gzipSync(text));
  files.set('/cut.gz', gzipSync(`${text}${randomBytes(99_000).toString('base64')}`).subarray(0, 60_000));
  files.set('/anh.png', Buffer.from('89504e470d0a1a0a', 'hex'));
  const urls = ['nen.gz', 'cut.gz', 'anh.png'].map((name): [string, string] => [
    'Patient',
    `${base}/${name}`,
  ]);
  const { output, error } = await imported(ask(urls));
  const of = (list: Entry[], name: string) => list.find(({ inputUrl }) => inputUrl.endsWith(name));
  assert.deepEqual(await told(of(output, 'nen.gz')!), [
    'created=50 updated=0 unchanged=0 deleted=0 refused=0',
  ]);
  assert.match((await told(of(output, 'cut.gz')!))[0]!, /unchanged=50/, 'what came before the break is in');
  assert.match((await told(of(error, 'cut.gz')!))[0]!, /cannot be read to its end/);
  assert.match((await told(of(error, 'anh.png')!))[0]!, /^Line 1: /);
  assert.equal(of(error, 'nen.gz'), undefined);
});

test('an import and an export that a stop breaks off say so, and the same import again completes', async () => {
  const text = lines(
    Array.from({ length: 40_000 }, (_, n) => ({ resourceType: 'Patient', id: `dung-${n}` })),
  );
  const half = text.slice(0, text.indexOf('dung-30000'));
  const database = await withDatabase();
  const settings = { databaseUrl: database.url, peers: [base.replace('http://', '')] };
  const stopped = await openFhirWorld(settings);
  hanging.add('/dung.ndjson');
  files.set('/dung.ndjson', half);
  const body = ask([['Patient', `${base}/dung.ndjson`]]);
  const jobs = [
    await stopped.send('POST', '/fhir/$import', body),
    await stopped.send('GET', '/fhir/$export'),
  ].map((answer) => new URL(answer.headers.get('content-location')!).pathname);
  const taken = async (at: FhirWorld) =>
    (await at.send('GET', '/fhir/Patient?_summary=count')).body.total as number;
  while ((await taken(stopped)) === 0) await new Promise((go) => setTimeout(go, 100));
  await stopped.stop();
  hanging.clear();
  files.set('/dung.ndjson', text);
  const again = await openFhirWorld(settings);
  try {
    for (const job of jobs) {
      const answer = await again.send('GET', job);
      assert.equal(answer.status, 503);
      assert.match(answer.body.issue[0].diagnostics, /stopped before this request was done\. Send it again/);
    }
    const before = await taken(again);
    assert.ok(before > 0 && before < 40_000);
    const { output, error } = await imported(body, again);
    assert.deepEqual(error, []);
    const summary = (await told(output[0]!, again))[0]!;
    const [created, unchanged] = ['created', 'unchanged'].map((name) =>
      Number(new RegExp(`${name}=(\\d+)`).exec(summary)![1]),
    );
    assert.equal(created! + unchanged!, 40_000, summary);
    assert.equal(await taken(again), 40_000);
  } finally {
    await again.stop();
    await database.stop();
  }
});

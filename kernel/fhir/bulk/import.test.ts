/** `$import`: files of another system, fetched and loaded; and what one program exports is the same record in another. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../testing.ts';
import type { Resource } from '../types.ts';

/** A peer that serves files by path; others are 404. */
const files = new Map<string, string>();
let peer: Server;
let base: string;
let world: FhirWorld;
before(async () => {
  peer = createServer((request, response) => {
    const text = files.get(request.url!);
    if (text === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'application/fhir+ndjson' }).end(text);
  });
  await new Promise<void>((ready) => peer.listen(0, '127.0.0.1', ready));
  const host = `127.0.0.1:${(peer.address() as AddressInfo).port}`;
  base = `http://${host}`;
  world = await openFhirWorld({ peers: [host] });
});
after(async () => {
  await world.stop();
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

async function told({ url }: Entry): Promise<string[]> {
  const { text } = await world.send('GET', url);
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

test('what one program exports is the same record in another that imports it', async () => {
  const subject = { reference: 'Patient/nhap-1' };
  for (let n = 0; n < 40; n++) {
    await world.send('POST', '/fhir/Observation', {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
      subject,
      valueQuantity: { value: 60 + n },
    });
  }
  const taken = await world.send('GET', '/fhir/$export?_type=Patient,Observation');
  let manifest = await world.send('GET', taken.headers.get('content-location')!);
  while (manifest.status === 202) manifest = await world.send('GET', taken.headers.get('content-location')!);
  const before = new Map<string, Resource>();
  const input: [string, string][] = [];
  for (const { type, url } of manifest.body.output as Entry[]) {
    const { text } = await world.send('GET', url);
    for (const line of text.trim().split('\n')) {
      const resource = JSON.parse(line) as Resource;
      before.set(`${type}/${resource.id}`, resource);
    }
    files.set(`/${type}`, text);
    input.push([type, `${base}/${type}`]);
  }
  assert.ok(before.size >= 44);
  const other = await openFhirWorld({ peers: [base.replace('http://', '')] });
  try {
    await imported(ask(input), other);
    for (const [name, resource] of before) {
      const { body } = await other.send('GET', `/fhir/${name}`);
      // Versions and instants are each store's own.
      assert.deepEqual({ ...body, meta: undefined }, { ...resource, meta: undefined }, name);
    }
    const count = await other.send('GET', '/fhir/Observation?_summary=count');
    assert.equal(
      count.body.total,
      [...before.keys()].filter((name) => name.startsWith('Observation/')).length,
    );
  } finally {
    await other.stop();
  }
});

/** Bulk Data Access 2.0, rule by rule: what a client that knows only the specification may rely on. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type FhirWorld, openFhirWorld } from '../testing.ts';
import type { Resource } from '../types.ts';

interface File {
  type: string;
  url: string;
  count: number;
}

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
  for (const resource of RECORD) {
    const answer = await world.send('PUT', `/fhir/${resource.resourceType}/${resource.id}`, resource);
    assert.equal(answer.status, 201, answer.text);
  }
});
after(() => world.stop());

const member = (patient: string, more: object = {}) => ({
  entity: { reference: `Patient/${patient}` },
  ...more,
});
const group = (id: string, members: object[], more: object = {}): Resource =>
  ({ resourceType: 'Group', id, type: 'person', actual: true, member: members, ...more }) as Resource;
const pulse = (id: string, patient: string, more: object = {}): Resource =>
  ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: '2026-03-01T08:00:00+07:00',
    ...more,
  }) as Resource;

const RECORD = [
  { resourceType: 'Practitioner', id: 'bs-an', name: [{ text: 'Bs An' }] },
  { resourceType: 'Practitioner', id: 'bs-la', name: [{ text: 'Bs Lạ' }] },
  { resourceType: 'Binary', id: 'anh', contentType: 'text/plain', data: 'YQ==' },
  ...['lan', 'minh', 'hoa'].map((id) => ({ resourceType: 'Patient', id, name: [{ text: id }] })),
  pulse('lan-mach', 'lan', { performer: [{ reference: 'Practitioner/bs-an' }] }),
  pulse('minh-mach', 'minh', { status: 'amended' }),
  // In Lan's compartment as well: she measured it.
  pulse('hoa-mach', 'hoa', { performer: [{ reference: 'Patient/lan' }], status: 'preliminary' }),
  {
    resourceType: 'DocumentReference',
    id: 'lan-giay',
    status: 'current',
    subject: { reference: 'Patient/lan' },
    description: 'nói về "url":"Binary/anh"',
    content: [{ attachment: { contentType: 'text/plain', url: 'Binary/anh' } }],
  },
  ...['lan-mach', 'hoa-mach'].map((target) => ({
    resourceType: 'Provenance',
    id: `ghi-${target}`,
    target: [{ reference: `Observation/${target}` }],
    recorded: '2026-03-01T08:00:00+07:00',
    agent: [{ who: { reference: 'Practitioner/bs-an' } }],
  })),
  {
    resourceType: 'Provenance',
    id: 'ghi-bs',
    target: [{ reference: 'Practitioner/bs-la' }],
    recorded: '2026-03-01T08:00:00+07:00',
    agent: [{ who: { reference: 'Practitioner/bs-an' } }],
  },
  group('trong', [member('minh'), member('hoa', { period: { end: '2020-01-01' } })]),
  group('ngoai', [member('lan'), { entity: { reference: 'Group/trong' } }]),
  group('vong', [member('hoa'), { entity: { reference: 'Group/vong' } }]),
  group('mo-ta', [], { actual: false, member: undefined }),
] as Resource[];

const PREFER = { accept: 'application/fhir+json', prefer: 'respond-async' };

async function done(path: string, body?: object, headers: object = {}) {
  const taken = await world.send(body ? 'POST' : 'GET', path, body, { ...PREFER, ...headers });
  assert.equal(taken.status, 202, taken.text);
  const job = taken.headers.get('content-location')!;
  for (;;) {
    const answer = await world.send('GET', job, undefined, { accept: 'application/json' });
    if (answer.status === 200) return { manifest: answer.body as Record<string, File[]>, job, answer };
    assert.equal(answer.status, 202, answer.text);
    await new Promise((go) => setTimeout(go, 50));
  }
}

async function linesOf({ url }: File) {
  const { text } = await world.send('GET', url);
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function namesOf(manifest: Record<string, File[]>): Promise<string[]> {
  const all = await Promise.all(manifest.output!.map(linesOf));
  return all
    .flat()
    .map(({ resourceType, id }) => `${resourceType}/${id}`)
    .sort();
}

const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });
const person = (id: string) => ({ name: 'patient', valueReference: { reference: `Patient/${id}` } });

test('the kick-off tells where to look, absolutely, and the manifest has every field', async () => {
  const taken = await world.send('GET', '/fhir/$export?_type=Patient', undefined, PREFER);
  assert.match(taken.headers.get('content-location')!, /^http:\/\/[^/]+\/fhir\//);
  assert.equal(taken.body.resourceType, 'OperationOutcome');
  const { manifest, answer } = await done('/fhir/$export?_type=Patient');
  assert.deepEqual(Object.keys(manifest).sort(), [
    'deleted',
    'error',
    'output',
    'request',
    'requiresAccessToken',
    'transactionTime',
  ]);
  assert.ok(Date.parse(answer.headers.get('expires')!) > Date.now());
  assert.match(String(manifest.transactionTime), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
  const posted = await done('/fhir/$export', parameters({ name: '_type', valueString: 'Patient' }));
  assert.match(String(posted.manifest.request), /\/fhir\/\$export$/, 'without the parameters of the body');
  const none = await done('/fhir/$export?_type=Appointment');
  assert.deepEqual([none.manifest.output, none.manifest.error], [[], []]);
});

test('_outputFormat: all names of NDJSON', async () => {
  for (const format of [
    'application/fhir%2Bndjson',
    'application/fhir+ndjson',
    'application/ndjson',
    'ndjson',
  ])
    await done(`/fhir/$export?_type=Patient&_outputFormat=${format}`);
});

test('a list may be repeated or have commas, in a query and in Parameters', async () => {
  for (const query of ['_type=Patient,Practitioner', '_type=Patient&_type=Practitioner']) {
    const { manifest } = await done(`/fhir/$export?${query}`);
    assert.deepEqual(manifest.output!.map(({ type }) => type).sort(), ['Patient', 'Practitioner']);
  }
  const body = parameters(
    { name: '_type', valueString: 'Observation' },
    { name: '_typeFilter', valueString: 'Observation?status=amended' },
    { name: '_typeFilter', valueString: 'Observation?status=preliminary&date=ge2026-03-01T08:00:00+07:00' },
  );
  assert.deepEqual(await namesOf((await done('/fhir/$export', body)).manifest), [
    'Observation/hoa-mach',
    'Observation/minh-mach',
  ]);
});

test('patient level: what of nobody the persons’ resources refer to comes when _type asks for it', async () => {
  const { manifest } = await done('/fhir/Patient/$export?_type=Observation,Practitioner');
  assert.deepEqual(
    (await namesOf(manifest)).filter((name) => name.startsWith('Practitioner')),
    ['Practitioner/bs-an'],
  );
  const refused = await world.send('GET', '/fhir/Patient/$export?_type=Practitioner', undefined, PREFER);
  assert.equal(refused.status, 400);
  assert.deepEqual(refused.body.issue[0].expression, ['_type']);
});

test('Provenance comes with what it speaks of (includeAssociatedData, default)', async () => {
  const { manifest } = await done('/fhir/Patient/$export?_type=Provenance');
  assert.deepEqual(await namesOf(manifest), ['Provenance/ghi-hoa-mach', 'Provenance/ghi-lan-mach']);
  const lan = await done('/fhir/Patient/$export', parameters(person('lan')));
  assert.deepEqual(
    (await namesOf(lan.manifest)).filter((name) => name.startsWith('Provenance')),
    ['Provenance/ghi-lan-mach'],
  );
});

test('patient: nothing of other persons; who is not here is refused at once', async () => {
  const { manifest } = await done('/fhir/Patient/$export', parameters(person('lan')));
  const names = await namesOf(manifest);
  assert.ok(names.includes('Observation/lan-mach'));
  assert.ok(!names.some((name) => /hoa-mach|Patient\/(hoa|minh)/.test(name)), names.join(' '));
  for (const path of ['/fhir/Patient/$export', '/fhir/Group/ngoai/$export']) {
    const answer = await world.send('POST', path, parameters(person('lan'), person('nobody')), PREFER);
    assert.equal(answer.status, 400, answer.text);
    assert.deepEqual(answer.body.issue[0].expression, ['patient']);
  }
});

test('a group: its members of now, those of the groups in it, each resource once', async () => {
  const patients = async (id: string) =>
    (await namesOf((await done(`/fhir/Group/${id}/$export?_type=Patient,Observation`)).manifest)).join(' ');
  assert.equal(
    await patients('ngoai'),
    'Observation/lan-mach Observation/minh-mach Patient/lan Patient/minh',
  );
  assert.equal(await patients('vong'), 'Observation/hoa-mach Patient/hoa');
  const all = await namesOf((await done('/fhir/Group/ngoai/$export')).manifest);
  assert.equal(new Set(all).size, all.length);
  const described = await world.send('GET', '/fhir/Group/mo-ta/$export', undefined, PREFER);
  assert.equal(described.status, 422);
  assert.match(described.body.issue[0].diagnostics, /actual=false/);
});

test('handling=lenient leaves out what is not offered and tells each in an error file; strict refuses', async () => {
  const path =
    '/fhir/$export?_type=Patient,Nothing&colour=red&includeAssociatedData=LatestProvenanceResources';
  const { manifest } = await done(path, undefined, { prefer: 'respond-async, handling=lenient' });
  const outcomes = (await Promise.all(manifest.error!.map(linesOf))).flat();
  assert.deepEqual(
    outcomes.map(({ resourceType, issue }) => `${resourceType} ${issue[0].expression}`),
    ['OperationOutcome _type', 'OperationOutcome colour', 'OperationOutcome includeAssociatedData'],
  );
  assert.equal(manifest.error![0]!.type, 'OperationOutcome');
  for (const prefer of ['respond-async', 'respond-async, handling=strict'])
    assert.equal((await world.send('GET', path, undefined, { ...PREFER, prefer })).status, 400);
  // What decides whose data comes, and since when, is never left out.
  for (const query of [
    '_since=yesterday',
    '_outputFormat=text/csv',
    'patient=Patient/lan',
    '_type=Nothing',
  ]) {
    const lenient = { ...PREFER, prefer: 'respond-async, handling=lenient' };
    assert.equal((await world.send('GET', `/fhir/$export?${query}`, undefined, lenient)).status, 400, query);
  }
});

test('an attachment that is kept here has an absolute address, unless its Binary is in the same export', async () => {
  const url = async (path: string) => {
    const { manifest } = await done(path);
    const [document] = await linesOf(manifest.output!.find(({ type }) => type === 'DocumentReference')!);
    assert.equal(document.description, 'nói về "url":"Binary/anh"');
    return document.content[0].attachment.url as string;
  };
  const absolute = await url('/fhir/Patient/$export?_type=DocumentReference');
  assert.equal(absolute, `${world.program.address}/fhir/Binary/anh`);
  assert.equal((await world.send('GET', absolute)).status, 200);
  assert.equal(await url('/fhir/$export?_type=DocumentReference,Binary'), 'Binary/anh');
});

test('deleted, by level: persons’ resources with persons, others only at system level', async () => {
  const before = await done('/fhir/$export?_type=Patient');
  const since = encodeURIComponent(String(before.manifest.transactionTime));
  for (const resource of [
    pulse('lan-nham', 'lan'),
    pulse('hoa-nham', 'hoa'),
    { resourceType: 'Location', id: 'nham', name: 'nhầm' } as Resource,
  ]) {
    const path = `/fhir/${resource.resourceType}/${resource.id}`;
    await world.send('PUT', path, resource);
    await world.send('DELETE', path);
  }
  const deleted = async (path: string) => {
    const { manifest } = await done(`${path}?_since=${since}`);
    const bundles = (await Promise.all(manifest.deleted!.map(linesOf))).flat();
    return bundles
      .flatMap(({ entry }) => entry.map((one: { request: { url: string } }) => one.request.url))
      .sort();
  };
  assert.deepEqual(await deleted('/fhir/$export'), [
    'Location/nham',
    'Observation/hoa-nham',
    'Observation/lan-nham',
  ]);
  assert.deepEqual(await deleted('/fhir/Patient/$export'), ['Observation/hoa-nham', 'Observation/lan-nham']);
  assert.deepEqual(await deleted('/fhir/Group/ngoai/$export'), ['Observation/lan-nham']);
});

test('a file comes whole, as gzip, or from where a reader stopped; a wrong range is 416', async () => {
  const { manifest } = await done('/fhir/$export?_type=Patient');
  const { url } = manifest.output![0]!;
  const whole = await world.send('GET', url, undefined, { 'accept-encoding': 'identity' });
  assert.equal(whole.headers.get('content-encoding'), null);
  assert.equal(Number(whole.headers.get('content-length')), Buffer.byteLength(whole.text));
  assert.ok(Date.parse(whole.headers.get('expires')!) > Date.now());
  const token = await world.token();
  const packed = await fetchRaw(url, token, { 'accept-encoding': 'gzip' });
  assert.equal(packed.encoding, 'gzip');
  assert.equal(gunzipSync(packed.bytes).toString('utf8'), whole.text);
  const rest = await world.send('GET', url, undefined, { range: 'bytes=10-' });
  assert.equal(rest.status, 206);
  assert.equal(rest.headers.get('content-range'), `bytes 10-${whole.text.length - 1}/${whole.text.length}`);
  assert.equal(rest.text, whole.text.slice(10));
  assert.equal(
    (await world.send('GET', url, undefined, { range: 'bytes=0-4' })).text,
    whole.text.slice(0, 5),
  );
  assert.equal((await world.send('GET', url, undefined, { range: 'bytes=-4' })).text, whole.text.slice(-4));
  const beyond = await world.send('GET', url, undefined, { range: 'bytes=999999-' });
  assert.equal(beyond.status, 416);
  assert.equal(beyond.body.resourceType, 'OperationOutcome');
});

async function fetchRaw(url: string, token: string, headers: Record<string, string>) {
  return new Promise<{ encoding: string | undefined; bytes: Buffer }>((resolve, reject) => {
    const call = request(url, { headers: { authorization: `Bearer ${token}`, ...headers } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ encoding: answer.headers['content-encoding'], bytes: Buffer.concat(chunks) }),
      );
    });
    call.on('error', reject).end();
  });
}

test('who looks without a pause while it runs is told to wait, and the work goes on', async () => {
  await world.program.kernel.pool.query(
    `insert into job (id, owner, program, request, kind, state, progress, status, expires, beat)
     select gen_random_uuid(), owner, 'p', 'GET x', 'export', 'running', 'half', 0, now() + interval '1 hour', now() from job limit 1`,
  );
  const { rows } = await world.program.kernel.pool.query("select id from job where request = 'GET x'");
  const path = `/fhir/_job/${rows[0].id}`;
  const first = await world.send('GET', path);
  assert.deepEqual([first.status, first.headers.get('x-progress')], [202, 'half']);
  assert.ok(Number(first.headers.get('retry-after')) >= 1);
  let hasty = first;
  for (let n = 0; n < 2_000 && hasty.status === 202; n++) hasty = await world.send('GET', path);
  assert.equal(hasty.status, 429);
  assert.ok(Number(hasty.headers.get('retry-after')) >= 1);
  assert.equal(hasty.body.issue[0].code, 'throttled');
});

test('a program that stopped says so at the job; files that expired are not there', async () => {
  const { job, manifest } = await done('/fhir/$export?_type=Patient');
  const id = job.split('/').at(-1);
  const { pool } = world.program.kernel;
  await pool.query("update job set state = 'running', beat = now() - interval '2 minutes' where id = $1", [
    id,
  ]);
  const broken = await world.send('GET', job);
  assert.equal(broken.status, 503);
  assert.match(broken.body.issue[0].diagnostics, /stopped before this request was done/);
  await pool.query("update job set state = 'done', expires = now() - interval '1 second' where id = $1", [
    id,
  ]);
  assert.equal((await world.send('GET', job)).status, 404);
  assert.equal((await world.send('GET', manifest.output![0]!.url)).status, 404);
});

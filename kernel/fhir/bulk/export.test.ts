/** Bulk Data Access 2.0: kick-off, status, manifest, files; at system, patient and group level. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type FhirWorld, type HttpAnswer, openFhirWorld } from '../testing.ts';
import type { Resource } from '../types.ts';

const HEADERS = { accept: 'application/fhir+json', prefer: 'respond-async' };

let world: FhirWorld;
let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yba-export-'));
  world = await openFhirWorld({ dataFolder: folder });
  for (const resource of RECORD) {
    const answer = await world.send('PUT', `/fhir/${resource.resourceType}/${resource.id}`, resource);
    assert.equal(answer.status, 201, answer.text);
  }
});
after(async () => {
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
});

const pulse = (id: string, patient: string, code: string): Resource =>
  ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code }] },
    subject: { reference: `Patient/${patient}` },
    performer: [{ reference: 'Practitioner/bs-an' }],
  }) as Resource;

const RECORD: Resource[] = [
  { resourceType: 'Practitioner', id: 'bs-an', name: [{ text: 'Bs An' }] },
  { resourceType: 'Practitioner', id: 'bs-la', name: [{ text: 'Bs Lạ' }] },
  ...['lan', 'minh', 'hoa'].map(
    (id): Resource => ({ resourceType: 'Patient', id, name: [{ text: id }], gender: 'female' }),
  ),
  pulse('lan-mach', 'lan', '8867-4'),
  pulse('lan-nhiet', 'lan', '8310-5'),
  pulse('minh-mach', 'minh', '8867-4'),
  pulse('hoa-mach', 'hoa', '8867-4'),
  {
    resourceType: 'Observation',
    id: 'nuoc-gieng',
    status: 'final',
    code: { text: 'Nước giếng' },
    subject: { reference: 'Location/gieng' },
  } as Resource,
  { resourceType: 'Location', id: 'gieng', name: 'Giếng' },
  {
    resourceType: 'Group',
    id: 'nhom',
    type: 'person',
    actual: true,
    member: [
      { entity: { reference: 'Patient/lan' } },
      { entity: { reference: 'Patient/minh' } },
      { entity: { reference: 'Patient/hoa' }, inactive: true },
    ],
  } as Resource,
];

interface Manifest {
  transactionTime: string;
  request: string;
  requiresAccessToken: boolean;
  output: { type: string; url: string; count: number }[];
  deleted: { type: string; url: string; count: number }[];
  error: { type: string; url: string; count: number }[];
}

async function kickOff(path: string, body?: object, headers: object = {}): Promise<HttpAnswer> {
  return world.send(body ? 'POST' : 'GET', path, body, { ...HEADERS, ...headers });
}

async function exported(
  path: string,
  body?: object,
): Promise<{ manifest: Manifest; names: string[]; job: string }> {
  const taken = await kickOff(path, body);
  assert.equal(taken.status, 202, taken.text);
  const job = taken.headers.get('content-location')!;
  for (;;) {
    const answer = await world.send('GET', job, undefined, { accept: 'application/json' });
    if (answer.status === 202) {
      assert.ok(answer.headers.get('x-progress'));
      await new Promise((go) => setTimeout(go, 20));
      continue;
    }
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.headers.get('content-type')!, /^application\/json/);
    const manifest = answer.body as Manifest;
    const names: string[] = [];
    for (const { type, url, count } of manifest.output) {
      const lines = await linesOf(url);
      assert.equal(lines.length, count, url);
      for (const line of lines) {
        assert.equal(line.resourceType, type);
        names.push(`${type}/${line.id}`);
      }
    }
    return { manifest, names: names.sort(), job };
  }
}

async function linesOf(url: string): Promise<Resource[]> {
  const file = await world.send('GET', url, undefined, { accept: 'application/fhir+ndjson' });
  assert.equal(file.status, 200, file.text);
  assert.equal(file.headers.get('content-type'), 'application/fhir+ndjson');
  return file.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Resource);
}

const ALL = RECORD.map(({ resourceType, id }) => `${resourceType}/${id}`).sort();

test('what was written before the export is in it, also while an older transaction keeps the record unsettled', async () => {
  const older = await world.program.kernel.pool.connect();
  await older.query('begin');
  await older.query('select 1');
  const place = { resourceType: 'Location', id: 'vua-ghi', name: 'Vừa ghi' };
  assert.equal((await world.send('PUT', '/fhir/Location/vua-ghi', place)).status, 201);
  const taken = await kickOff('/fhir/$export?_type=Location');
  const job = taken.headers.get('content-location')!;
  const lookAgain = async () => {
    await new Promise((go) => setTimeout(go, 20));
    return world.send('GET', job, undefined, { accept: 'application/json' });
  };
  let look = await lookAgain();
  while (look.status === 202 && look.headers.get('x-progress') !== 'settling') look = await lookAgain();
  assert.equal(look.status, 202, look.text);
  await older.query('commit');
  older.release();
  while (look.status === 202) look = await lookAgain();
  const { output } = look.body as Manifest;
  const names = (await Promise.all(output.map(({ url }) => linesOf(url)))).flat().map(({ id }) => id);
  assert.ok(names.includes('vua-ghi'), names.join());
});

test('system level: everything, each once, as it is stored', async () => {
  const { manifest, names } = await exported('/fhir/$export');
  assert.deepEqual(
    names.filter((name) => ALL.includes(name)),
    ALL,
  );
  assert.equal(new Set(names).size, names.length);
  assert.equal(manifest.requiresAccessToken, true);
  assert.match(manifest.request, /\/fhir\/\$export$/);
  assert.ok(Date.parse(manifest.transactionTime) <= Date.now());
  assert.deepEqual([manifest.error, manifest.deleted], [[], []]);
  const observations = await linesOf(manifest.output.find(({ type }) => type === 'Observation')!.url);
  const stored = await world.send('GET', '/fhir/Observation/lan-mach');
  assert.deepEqual(
    observations.find(({ id }) => id === 'lan-mach'),
    stored.body,
  );
});

test('_type, _typeFilter (any of them) and _elements', async () => {
  const filters = ['Observation?code=8310-5', 'Observation?subject=Patient/minh'].map(encodeURIComponent);
  const { names } = await exported(
    `/fhir/$export?_type=Patient,Observation&_typeFilter=${filters[0]}&_typeFilter=${filters[1]}`,
  );
  assert.deepEqual(names, [
    'Observation/lan-nhiet',
    'Observation/minh-mach',
    'Patient/hoa',
    'Patient/lan',
    'Patient/minh',
  ]);
  const joined = await exported(`/fhir/$export?_type=Observation&_typeFilter=${filters.join(',')}`);
  assert.deepEqual(joined.names, ['Observation/lan-nhiet', 'Observation/minh-mach']);
  const { manifest } = await exported('/fhir/$export?_type=Patient&_elements=Patient.gender');
  const [patient] = await linesOf(manifest.output[0]!.url);
  assert.equal((patient as { gender?: string }).gender, 'female');
  assert.equal((patient as { name?: unknown }).name, undefined);
  assert.equal(patient?.meta?.tag?.[0]?.code, 'SUBSETTED');
});

test('patient level: what is a person’s and nothing else; a POST may name persons', async () => {
  const { names } = await exported('/fhir/Patient/$export');
  assert.ok(names.includes('Observation/hoa-mach') && names.includes('Patient/minh'));
  assert.ok(!names.some((name) => /nuoc-gieng|Practitioner|Location/.test(name)));
  const body = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'patient', valueReference: { reference: 'Patient/minh' } },
      { name: '_type', valueString: 'Observation,Patient' },
    ],
  };
  assert.deepEqual((await exported('/fhir/Patient/$export', body)).names, [
    'Observation/minh-mach',
    'Patient/minh',
  ]);
});

test('group level: the records of its active members and what they refer to, shared things once', async () => {
  const { names } = await exported('/fhir/Group/nhom/$export');
  assert.deepEqual(
    names.filter((name) => !name.startsWith('Group/')),
    [
      'Observation/lan-mach',
      'Observation/lan-nhiet',
      'Observation/minh-mach',
      'Patient/lan',
      'Patient/minh',
      'Practitioner/bs-an',
    ],
  );
  const filtered = await exported(
    `/fhir/Group/nhom/$export?_type=Observation&_typeFilter=${encodeURIComponent('Observation?code=8310-5')}`,
  );
  assert.deepEqual(filtered.names, ['Observation/lan-nhiet']);
});

test('_since: what changed after the export before, and what was deleted', async () => {
  const first = await exported('/fhir/$export?_type=Observation,Patient');
  const changed = pulse('lan-mach', 'lan', '8867-4');
  await world.send('PUT', '/fhir/Observation/lan-mach', { ...changed, status: 'amended' });
  await world.send('PUT', '/fhir/Observation/nham', pulse('nham', 'lan', '8867-4'));
  await world.send('DELETE', '/fhir/Observation/nham');
  const since = encodeURIComponent(first.manifest.transactionTime);
  const { manifest, names } = await exported(`/fhir/$export?_type=Observation,Patient&_since=${since}`);
  assert.deepEqual(names, ['Observation/lan-mach']);
  const [bundle] = (await linesOf(manifest.deleted[0]!.url)) as { type?: string; entry?: unknown[] }[];
  assert.equal(manifest.deleted[0]!.type, 'Bundle');
  assert.equal(bundle?.type, 'transaction');
  assert.deepEqual(bundle?.entry, [{ request: { method: 'DELETE', url: 'Observation/nham' } }]);
  await world.send('PUT', '/fhir/Observation/lan-mach', changed);
});

test('a member who was deleted is told as an error, and the others are exported', async () => {
  await world.send('PUT', '/fhir/Patient/di', { resourceType: 'Patient', id: 'di' });
  const member = ['di', 'hoa'].map((id) => ({ entity: { reference: `Patient/${id}` } }));
  await world.send('PUT', '/fhir/Group/hai', {
    resourceType: 'Group',
    id: 'hai',
    type: 'person',
    actual: true,
    member,
  });
  await world.send('DELETE', '/fhir/Patient/di');
  const { manifest, names } = await exported('/fhir/Group/hai/$export?_type=Patient');
  assert.deepEqual(names, ['Patient/hoa']);
  const [outcome] = await linesOf(manifest.error[0]!.url);
  assert.equal(outcome?.resourceType, 'OperationOutcome');
});

test('wrong questions are refused before anything is done', async () => {
  const wrong: [string, number, string][] = [
    ['/fhir/$export?_type=Nothing', 400, '_type'],
    ['/fhir/$export?_type=Parameters', 400, '_type'],
    ['/fhir/$export?_outputFormat=text/csv', 400, '_outputFormat'],
    ['/fhir/$export?_since=yesterday', 400, '_since'],
    ['/fhir/$export?_typeFilter=Observation', 400, '_typeFilter'],
    ['/fhir/$export?_type=Patient&_typeFilter=Observation%3Fcode%3D1', 400, '_typeFilter'],
    ['/fhir/$export?_typeFilter=Observation%3Fcolour%3D1', 400, 'colour'],
    ['/fhir/$export?_typeFilter=Patient%3F_sort%3Dname', 400, '_typeFilter'],
    ['/fhir/$export?_since=2026&_since=2025', 400, '_since'],
    ['/fhir/$export?_elements=Patient.colour', 400, '_elements'],
    ['/fhir/$export?colour=red', 400, 'colour'],
    ['/fhir/Patient/$export?patient=Patient/lan', 400, 'patient'],
  ];
  for (const [path, status, expression] of wrong) {
    const answer = await kickOff(path);
    assert.equal(answer.status, status, `${path} ${answer.text}`);
    assert.deepEqual(answer.body.issue[0].expression, [expression], path);
  }
  assert.equal((await kickOff('/fhir/Group/nobody/$export')).status, 404);
  assert.equal(
    (await kickOff('/fhir/$export?colour=red', undefined, { prefer: 'respond-async, handling=lenient' }))
      .status,
    202,
  );
});

test('who may not read the whole province exports nothing, and nobody reads another’s files', async () => {
  assert.equal((await world.bare('GET', '/fhir/$export', undefined, HEADERS)).status, 401);
  const narrow = { authorization: `Bearer ${await world.token('system/Patient.rs')}` };
  const refused = await world.bare('GET', '/fhir/$export?_type=Observation', undefined, {
    ...HEADERS,
    ...narrow,
  });
  assert.equal(refused.status, 403);
  const { manifest, job } = await exported('/fhir/$export?_type=Patient');
  const [file] = manifest.output;
  assert.equal((await world.bare('GET', file!.url, undefined, narrow)).status, 404);
  assert.equal((await world.bare('GET', file!.url)).status, 401);
  for (const name of ['Patient.9.ndjson', '..%2f..%2fsettings.json', 'x']) {
    assert.equal((await world.send('GET', `${job}/files/${name}`)).status, 404);
  }
});

test('every person whose data goes out has a line of the audit', async () => {
  await exported('/fhir/Patient/$export?_type=Patient');
  const { rows } = await world.program.kernel.pool.query<{ patient: string }>(
    "select distinct patient from audit where action = 'search' and what like 'Patient?%_lastUpdated%'",
  );
  assert.ok(['hoa', 'lan', 'minh'].every((id) => rows.some(({ patient }) => patient === id)));
});

test('a cancelled export is gone, and so are its files', async () => {
  const { job, manifest } = await exported('/fhir/$export?_type=Patient');
  const id = job.split('/').at(-1)!;
  assert.ok(readdirSync(join(folder, 'exports')).includes(id));
  assert.equal((await world.send('DELETE', job)).status, 202);
  assert.equal((await world.send('GET', job)).status, 404);
  assert.equal((await world.send('GET', manifest.output[0]!.url)).status, 404);
  assert.ok(!readdirSync(join(folder, 'exports')).includes(id));
});

test('/metadata announces the operation at its three levels', async () => {
  const { body } = await world.bare('GET', '/fhir/metadata');
  const [rest] = body.rest;
  const at = (type: string) => rest.resource.find((one: { type: string }) => one.type === type).operation;
  const isExport = ({ name, definition }: { name: string; definition: string }) =>
    name === 'export' && definition.startsWith('http://hl7.org/fhir/uv/bulkdata/OperationDefinition/');
  assert.ok([rest.operation, at('Patient'), at('Group')].every((list) => list.some(isExport)));
});

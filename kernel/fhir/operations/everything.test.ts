import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { type FhirWorld, type HttpAnswer, openFhirWorld } from '../testing.ts';
import type { Bundle, OperationDefinition, Resource } from '../types.ts';
import { operationsOn } from './definition.ts';
import { ENCOUNTER_EVERYTHING, KERNEL_OPERATIONS, PATIENT_EVERYTHING } from './definitions.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
  for (const resource of RECORD) {
    const answer = await world.send('PUT', `/fhir/${resource.resourceType}/${resource.id}`, resource);
    assert.equal(answer.status, 201, answer.text);
  }
});
after(() => world.stop());

const subject = { reference: 'Patient/lan' };
const encounter = { reference: 'Encounter/kham-1' };
const pulse = (id: string, date: string, more: object = {}): Resource =>
  ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
    subject,
    effectiveDateTime: date,
    ...more,
  }) as Resource;

const RECORD: Resource[] = [
  { resourceType: 'Organization', id: 'tram', name: 'Trạm y tế' },
  { resourceType: 'Practitioner', id: 'bs-an', name: [{ text: 'Bs An' }] },
  { resourceType: 'Practitioner', id: 'bs-la', name: [{ text: 'Bs không liên quan' }] },
  { resourceType: 'Location', id: 'phong', name: 'Phòng khám' },
  { resourceType: 'Medication', id: 'thuoc', code: { text: 'Paracetamol' } },
  { resourceType: 'Binary', id: 'anh', contentType: 'text/plain', data: 'YQ==' },
  {
    resourceType: 'Patient',
    id: 'lan',
    name: [{ text: 'Nguyễn Thị Lan' }],
    managingOrganization: { reference: 'Organization/tram' },
  },
  { resourceType: 'Patient', id: 'con', name: [{ text: 'Con của Lan' }] },
  {
    resourceType: 'Encounter',
    id: 'kham-1',
    status: 'finished',
    class: { code: 'AMB' },
    subject,
    location: [{ location: { reference: 'Location/phong' } }],
    period: { start: '2026-03-01T08:00:00+07:00', end: '2026-03-01T09:00:00+07:00' },
  },
  pulse('mach-1', '2026-03-01', {
    encounter,
    performer: [{ reference: 'Practitioner/bs-an' }],
    valueQuantity: { value: 1.5 },
  }),
  pulse('mach-2', '2026-06-15'),
  {
    resourceType: 'MedicationRequest',
    id: 'don',
    status: 'active',
    intent: 'order',
    subject,
    encounter,
    medicationReference: { reference: 'Medication/thuoc' },
    note: [{ text: 'viết "reference":"Practitioner/bs-la" trong lời dặn' }],
  },
  {
    resourceType: 'DocumentReference',
    id: 'giay',
    status: 'current',
    subject,
    content: [{ attachment: { url: 'Binary/anh' } }],
  },
  {
    resourceType: 'AllergyIntolerance',
    id: 'di-ung',
    patient: { reference: 'Patient/lan' },
    clinicalStatus: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
      ],
    },
  },
  // In Lan's compartment by another reference than the one it is stored by.
  pulse('mach-con', '2026-03-02', {
    subject: { reference: 'Patient/con' },
    performer: [{ reference: 'Patient/lan' }, { reference: 'Practitioner/bs-la' }],
  }),
  {
    resourceType: 'Group',
    id: 'lop',
    type: 'person',
    actual: true,
    member: [{ entity: { reference: 'Patient/lan' } }, { entity: { reference: 'Patient/nguoi-khac' } }],
  },
  { resourceType: 'Patient', id: 'nguoi-khac', name: [{ text: 'Người khác' }] },
] as Resource[];

const OWN = [
  'Patient/lan',
  'AllergyIntolerance/di-ung',
  'DocumentReference/giay',
  'Encounter/kham-1',
  'MedicationRequest/don',
  'Observation/mach-1',
  'Observation/mach-2',
];
const ELSEWHERE = ['Group/lop', 'Observation/mach-con'];
const OUTSIDE = [
  'Binary/anh',
  'Location/phong',
  'Medication/thuoc',
  'Organization/tram',
  'Practitioner/bs-an',
];

type Mode = 'match' | 'include';
const namesOf = (answer: HttpAnswer, mode?: Mode): string[] => {
  assert.equal(answer.status, 200, answer.text);
  const entries = (answer.body as Bundle).entry ?? [];
  return entries
    .filter((entry) => mode === undefined || entry.search?.mode === mode)
    .map(({ resource }) => `${resource?.resourceType}/${resource?.id}`)
    .sort();
};
const get = (path: string) => world.send('GET', `/fhir/${path}`);

test('a person’s record whole: the compartment, and what it refers to outside (operation-patient-everything)', async () => {
  const answer = await get('Patient/lan/$everything');
  assert.match(answer.headers.get('content-type') ?? '', /^application\/fhir\+json/);
  const bundle = answer.body as Bundle;
  assert.equal(bundle.type, 'searchset');
  assert.equal(bundle.entry?.[0]?.resource?.id, 'lan', 'the person stands first');
  assert.deepEqual(namesOf(answer, 'match'), [...OWN, ...ELSEWHERE].sort());
  // A group names other people, and whoever measured the child's pulse: only what is nobody's is followed from there.
  assert.deepEqual(namesOf(answer, 'include'), [...OUTSIDE, 'Practitioner/bs-la'].sort());
  for (const entry of bundle.entry ?? []) {
    assert.ok(entry.fullUrl?.endsWith(`/fhir/${entry.resource?.resourceType}/${entry.resource?.id}`));
  }
});

test('each resource stands as it is read alone', async () => {
  const text = (await get('Patient/lan/$everything')).text;
  for (const name of [...OWN, ...OUTSIDE]) assert.ok(text.includes((await get(name)).text), name);
});

test('start and end bound the clinical date; what has none is always in', async () => {
  const names = namesOf(await get('Patient/lan/$everything?start=2026-03-01&end=2026-03-31'), 'match');
  assert.deepEqual(names, [...OWN.filter((name) => name !== 'Observation/mach-2'), ...ELSEWHERE].sort());
  const later = namesOf(await get('Patient/lan/$everything?start=2026-04-01'), 'match');
  assert.ok(later.includes('Observation/mach-2') && later.includes('AllergyIntolerance/di-ung'));
  assert.ok(!later.includes('Observation/mach-1') && !later.includes('Encounter/kham-1'));
});

test('_type keeps the types asked for, also those that are only referred to', async () => {
  assert.deepEqual(namesOf(await get('Patient/lan/$everything?_type=Observation')), [
    'Observation/mach-1',
    'Observation/mach-2',
    'Observation/mach-con',
  ]);
  assert.deepEqual(namesOf(await get('Patient/lan/$everything?_type=Medication&_type=Patient,Location')), [
    'Location/phong',
    'Medication/thuoc',
    'Patient/lan',
  ]);
});

test('_since keeps what was changed since, with what it refers to', async () => {
  const since = new Date().toISOString();
  await world.send('PUT', '/fhir/Observation/mach-1', {
    ...RECORD.find(({ id }) => id === 'mach-1'),
    note: [{ text: 'sửa' }],
  });
  const answer = await get(`Patient/lan/$everything?_since=${encodeURIComponent(since)}`);
  assert.deepEqual(namesOf(answer, 'match'), ['Observation/mach-1']);
  assert.deepEqual(namesOf(answer, 'include'), ['Practitioner/bs-an']);
  assert.deepEqual(namesOf(await get('Patient/lan/$everything?_since=2099-01-01T00:00:00Z')), []);
});

test('_count: pages that together are the whole, each resource of the record once', async () => {
  const pages: string[][] = [];
  let path: string | undefined = 'Patient/lan/$everything?_count=2';
  while (path !== undefined) {
    const answer = await get(path);
    pages.push(namesOf(answer, 'match'));
    const next = (answer.body as Bundle).link?.find(({ relation }) => relation === 'next')?.url;
    path = next?.slice(next.indexOf('/fhir/') + '/fhir/'.length);
  }
  assert.ok(pages.length >= 4);
  assert.deepEqual(pages.flat().sort(), [...OWN, ...ELSEWHERE].sort());
});

test('a record larger than what is fetched at once comes whole, in one answer', async () => {
  const entry = Array.from({ length: 650 }, (_, i) => ({
    resource: pulse(`x-${i}`, '2026-01-01', {
      subject: { reference: 'Patient/dai' },
      performer: [{ reference: 'Practitioner/bs-an' }],
    }),
    request: { method: 'PUT', url: `Observation/x-${i}` },
  }));
  await world.send('PUT', '/fhir/Patient/dai', { resourceType: 'Patient', id: 'dai' });
  const sent = await world.send('POST', '/fhir', { resourceType: 'Bundle', type: 'transaction', entry });
  assert.equal(sent.status, 200, sent.text);
  const names = namesOf(await get('Patient/dai/$everything'));
  assert.equal(names.length, 652);
  assert.equal(new Set(names).size, 652);
  // A long one is sent while it is read, a short one whole, with its length.
  assert.equal((await get('Patient/dai/$everything')).headers.get('content-length'), null);
  const short = await get('Encounter/kham-1/$everything');
  assert.equal(short.headers.get('content-length'), String(Buffer.byteLength(short.text)));
});

test('a visit whole: what refers to it, what it refers to, its person (operation-encounter-everything)', async () => {
  const answer = await get('Encounter/kham-1/$everything');
  assert.deepEqual(namesOf(answer, 'match'), [
    'Encounter/kham-1',
    'MedicationRequest/don',
    'Observation/mach-1',
  ]);
  assert.deepEqual(namesOf(answer, 'include'), [
    'Location/phong',
    'Medication/thuoc',
    'Patient/lan',
    'Practitioner/bs-an',
  ]);
});

test('by POST with Parameters, and as an entry of a batch', async () => {
  const whole = namesOf(await get('Patient/lan/$everything'));
  const parameter = [
    { name: '_type', valueCode: 'Observation' },
    { name: '_count', valueInteger: 2 },
  ];
  const posted = await world.send('POST', '/fhir/Patient/lan/$everything', {
    resourceType: 'Parameters',
    parameter,
  });
  assert.equal(namesOf(posted, 'match').length, 2);
  assert.deepEqual(namesOf(await world.send('POST', '/fhir/Patient/lan/$everything')), whole);
  for (const type of ['batch', 'transaction']) {
    const bundle = await world.send('POST', '/fhir', {
      resourceType: 'Bundle',
      type,
      entry: [{ request: { method: 'GET', url: 'Patient/lan/$everything' } }],
    });
    const inner = bundle.body.entry[0].resource as Bundle;
    assert.equal(inner.entry?.length, whole.length, type);
  }
});

test('whatever is wrong is told by name', async () => {
  const codeOf = async (path: string, status: number) => {
    const answer = await get(path);
    assert.equal(answer.status, status, `${path}: ${answer.text}`);
    return answer.body.issue[0].expression?.[0];
  };
  assert.equal(await codeOf('Patient/lan/$everything?code=1', 400), 'code');
  assert.equal(await codeOf('Patient/lan/$everything?start=hom-qua', 400), 'start');
  assert.equal(await codeOf('Patient/lan/$everything?_count=0', 400), '_count');
  assert.equal(await codeOf('Patient/lan/$everything?_count=5&_cursor=x', 400), '_cursor');
  assert.equal(await codeOf('Patient/lan/$everything?_count=5&_count=6', 400), '_count');
  assert.equal(await codeOf('Encounter/kham-1/$everything?start=2026', 400), 'start');
  assert.equal(await codeOf('Patient/lan/$everything?_type=Nothing', 400), '_type');
  assert.equal(await codeOf('Patient/lan/$everything?start=2026-05-01&end=2026-04-01', 400), 'start');
  await codeOf('Patient/$everything', 404);
  await codeOf('Encounter/$everything', 404);
  await codeOf('Patient/khong-co/$everything', 404);
  await world.send('PUT', '/fhir/Patient/xoa', { resourceType: 'Patient', id: 'xoa' });
  await world.send('DELETE', '/fhir/Patient/xoa');
  await codeOf('Patient/xoa/$everything', 410);
});

test('a zone whose + was not encoded is read; the operation on everybody says where many are had', async () => {
  const names = namesOf(await get('Patient/con/$everything?_since=2020-01-01T00:00:00+07:00'), 'match');
  assert.ok(names.includes('Patient/con'));
  for (const method of ['GET', 'POST']) {
    const answer = await world.send(method, '/fhir/Patient/$everything');
    assert.equal(answer.status, 404);
    assert.match(answer.body.issue[0].diagnostics, /Patient\/\$export/);
  }
});

test('policy decides each type, and every person whose data goes out has a line of the audit', async () => {
  const narrow = await world.token('system/Patient.rs system/Observation.rs');
  const answer = await world.bare('GET', '/fhir/Patient/lan/$everything', undefined, {
    authorization: `Bearer ${narrow}`,
  });
  assert.deepEqual(namesOf(answer), [
    'Observation/mach-1',
    'Observation/mach-2',
    'Observation/mach-con',
    'Patient/lan',
  ]);
  const none = await world.token('system/Observation.rs');
  const refused = await world.bare('GET', '/fhir/Patient/lan/$everything', undefined, {
    authorization: `Bearer ${none}`,
  });
  assert.equal(refused.status, 403);
  assert.equal((await world.bare('GET', '/fhir/Patient/lan/$everything')).status, 401);
  const lines = await world.program.kernel.pool.query<{ patient: string; outcome: string }>(
    `select distinct patient, outcome from audit where what = 'Patient/lan/$everything' order by 1, 2`,
  );
  assert.deepEqual(
    lines.rows.map(({ patient, outcome }) => `${patient} ${outcome}`),
    ['con ok', 'lan ok'],
  );
});

test('/metadata announces the operations, and they take what HL7 defines for them', async () => {
  const rest = (await world.bare('GET', '/fhir/metadata')).body.rest[0];
  for (const type of ['Patient', 'Encounter'] as const) {
    const announced = rest.resource.find((one: { type: string }) => one.type === type).operation;
    for (const { name, definition } of operationsOn(KERNEL_OPERATIONS, type)) {
      assert.ok(
        announced.some(
          (one: { name: string; definition: string }) => one.name === name && one.definition === definition,
        ),
      );
    }
  }
  for (const operation of [PATIENT_EVERYTHING, ENCOUNTER_EVERYTHING]) {
    const defined = officialDefinition(`${operation.resource[0]}-everything`);
    assert.equal(operation.definition, defined.url);
    const inputs = (defined.parameter ?? []).filter(({ use }) => use === 'in');
    assert.deepEqual(
      operation.parameters
        .filter(({ use }) => use === 'in')
        .map(({ name, type, max }) => ({ name, type, max })),
      inputs.map(({ name, type, max }) => ({ name, type, max })),
    );
  }
});

function officialDefinition(id: string): OperationDefinition {
  const path = createRequire(import.meta.url).resolve(`hl7.fhir.r4.examples/OperationDefinition-${id}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as OperationDefinition;
}

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../testing.ts';
import type { Bundle, Resource } from '../types.ts';

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
const code = { text: 'Xét nghiệm' };
const composition = (id: string, entry: string[], more: object = {}): Resource =>
  ({
    resourceType: 'Composition',
    id,
    status: 'final',
    type: { text: 'Tóm tắt bệnh án' },
    subject,
    date: '2026-11-22',
    author: [{ reference: 'Practitioner/bs-an' }],
    title: 'Tóm tắt bệnh án',
    section: [{ title: 'Kết quả', entry: entry.map((reference) => ({ reference })) }],
    ...more,
  }) as Resource;

const RECORD: Resource[] = [
  { resourceType: 'Organization', id: 'tram', name: 'Trạm y tế' },
  { resourceType: 'Practitioner', id: 'bs-an', name: [{ text: 'Bs An' }] },
  { resourceType: 'Practitioner', id: 'bs-la', name: [{ text: 'Bs không liên quan' }] },
  {
    resourceType: 'Patient',
    id: 'lan',
    name: [{ text: 'Nguyễn Thị Lan' }],
    managingOrganization: { reference: 'Organization/tram' },
  },
  {
    resourceType: 'Observation',
    id: 'duong',
    status: 'final',
    code,
    subject,
    valueQuantity: { value: 5.1 },
    effectiveDateTime: '2026-11-20',
  },
  { resourceType: 'Observation', id: 'khong-thuoc', status: 'final', code, subject },
  {
    resourceType: 'DiagnosticReport',
    id: 'phieu',
    status: 'final',
    code,
    subject,
    result: [{ reference: 'Observation/duong' }],
  },
  composition('tom-tat', ['DiagnosticReport/phieu']),
  composition('thieu', ['DiagnosticReport/khong-co']),
];

const namesOf = (bundle: Bundle) =>
  (bundle.entry ?? []).map(({ resource }) => `${resource?.resourceType}/${resource?.id}`);

test('composition first, then what it refers to and what that refers to, each once', async () => {
  const answer = await world.send('GET', '/fhir/Composition/tom-tat/$document');
  assert.equal(answer.status, 200, answer.text);
  const bundle = answer.body as Bundle;
  assert.equal(bundle.type, 'document');
  assert.equal(namesOf(bundle)[0], 'Composition/tom-tat');
  assert.deepEqual(namesOf(bundle).toSorted(), [
    'Composition/tom-tat',
    'DiagnosticReport/phieu',
    'Observation/duong',
    'Organization/tram',
    'Patient/lan',
    'Practitioner/bs-an',
  ]);
  assert.ok(
    bundle.entry?.every(({ fullUrl, resource }) =>
      fullUrl?.endsWith(`/fhir/${resource?.resourceType}/${resource?.id}`),
    ),
  );
});

test('the document is valid by the rules of R4: identifier, instant, composition first', async () => {
  const { body } = await world.send('GET', '/fhir/Composition/tom-tat/$document');
  assert.match(body.identifier.value, /^urn:uuid:/);
  assert.equal(Number.isNaN(Date.parse(body.timestamp)), false);
  const outcome = await world.send('POST', '/fhir/Bundle/$validate', body);
  assert.deepEqual(
    outcome.body.issue.map(({ severity }: { severity: string }) => severity),
    ['information'],
  );
});

test('named by parameter id, relative or absolute, or by POST', async () => {
  const base = `${world.program.address}/fhir`;
  for (const id of ['tom-tat', 'Composition/tom-tat', `${base}/Composition/tom-tat`]) {
    const answer = await world.send('GET', `/fhir/Composition/$document?id=${encodeURIComponent(id)}`);
    assert.equal(namesOf(answer.body)[0], 'Composition/tom-tat', answer.text);
  }
  const parameter = [
    { name: 'id', valueUri: 'tom-tat' },
    { name: 'persist', valueBoolean: false },
  ];
  const posted = await world.send('POST', '/fhir/Composition/$document', {
    resourceType: 'Parameters',
    parameter,
  });
  assert.equal(namesOf(posted.body)[0], 'Composition/tom-tat', posted.text);
});

test('what the composition names and is not here is told; nothing is left out in silence', async () => {
  const answer = await world.send('GET', '/fhir/Composition/thieu/$document');
  assert.equal(answer.status, 422);
  assert.match(answer.body.issue[0].diagnostics, /DiagnosticReport\/khong-co/);
});

test('wrong questions are refused', async () => {
  const wrong: [string, number][] = [
    ['Composition/khong-co/$document', 404],
    ['Composition/$document', 400],
    ['Composition/$document?id=a b', 400],
    ['Composition/tom-tat/$document?id=tom-tat', 400],
    ['Composition/tom-tat/$document?persist=true', 400],
    ['Composition/tom-tat/$document?persist=maybe', 400],
    ['Composition/tom-tat/$document?graph=http://x', 400],
  ];
  for (const [path, status] of wrong) {
    const answer = await world.send('GET', `/fhir/${path}`);
    assert.equal(answer.status, status, `${path} ${answer.text}`);
    assert.equal(answer.body.resourceType, 'OperationOutcome');
  }
  assert.equal((await world.bare('GET', '/fhir/Composition/tom-tat/$document')).status, 401);
});

test('/metadata announces the operation', async () => {
  const { body } = await world.bare('GET', '/fhir/metadata');
  const { operation } = body.rest[0].resource.find(({ type }: { type: string }) => type === 'Composition');
  assert.ok(
    operation.some(
      ({ definition }: { definition: string }) =>
        definition === 'http://hl7.org/fhir/OperationDefinition/Composition-document',
    ),
  );
});

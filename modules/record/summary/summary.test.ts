/** `Patient/$summary`: an IPS document, its sections, entries and references; and what it says when nothing is known. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../../../kernel/fhir/testing.ts';
import type { Bundle, Composition, CompositionSection, Resource } from '../../../kernel/fhir/types.ts';

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
const concept = (code: string, text: string) => ({ coding: [{ system: 'urn:codes', code }], text });
const clinical = (kind: string, code: string) => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${kind}`, code }],
});

const condition = (id: string, code: string, text: string, state: string): Resource =>
  ({
    resourceType: 'Condition',
    id,
    subject,
    code: concept(code, text),
    clinicalStatus: clinical('condition-clinical', state),
    recordedDate: '2026-05-01',
  }) as Resource;

const observation = (id: string, category: string, text: string, value: number, date: string): Resource =>
  ({
    resourceType: 'Observation',
    id,
    status: 'final',
    subject,
    category: [clinical('observation-category', category)],
    code: concept(text, text),
    effectiveDateTime: date,
    performer: [{ reference: 'Practitioner/bs-an' }],
    valueQuantity: { value, unit: 'mmol/L' },
  }) as Resource;

const RECORD: Resource[] = [
  { resourceType: 'Practitioner', id: 'bs-an', name: [{ text: 'Bs An' }] },
  { resourceType: 'Practitioner', id: 'bs-la', name: [{ text: 'Bs Lạ' }] },
  {
    resourceType: 'Patient',
    id: 'lan',
    identifier: [{ system: 'urn:so', value: '1' }],
    name: [{ text: 'Nguyễn Thị Lan' }],
    birthDate: '1980-01-01',
  },
  { resourceType: 'Patient', id: 'trong', name: [{ text: 'Chưa có gì' }], birthDate: '1990' },
  {
    resourceType: 'AllergyIntolerance',
    id: 'penicillin',
    patient: subject,
    code: concept('p', 'Penicillin <&> "G"'),
    clinicalStatus: clinical('allergyintolerance-clinical', 'active'),
    reaction: [{ manifestation: [{ text: 'Phát ban' }] }],
  } as Resource,
  condition('huyet-ap', 'I10', 'Tăng huyết áp', 'active'),
  condition('huyet-ap-cu', 'I10', 'Tăng huyết áp', 'active'),
  condition('viem-hong', 'J02', 'Viêm họng', 'resolved'),
  {
    resourceType: 'MedicationRequest',
    id: 'amlodipin',
    status: 'active',
    intent: 'order',
    subject,
    medicationCodeableConcept: concept('a', 'Amlodipin 5 mg'),
    authoredOn: '2026-05-01',
    dosageInstruction: [{ text: 'Sáng 1 viên' }],
  } as Resource,
  {
    resourceType: 'MedicationRequest',
    id: 'da-ngung',
    status: 'stopped',
    intent: 'order',
    subject,
    medicationCodeableConcept: concept('b', 'Thuốc đã ngừng'),
  } as Resource,
  observation('duong-1', 'laboratory', 'Glucose', 5.1, '2026-05-01'),
  observation('duong-2', 'laboratory', 'Glucose', 6.2, '2026-06-01T08:30:00+07:00'),
];

const documentOf = async (path: string) => {
  const answer = await world.send('GET', `/fhir/Patient/${path}`);
  assert.equal(answer.status, 200, answer.text);
  const bundle = answer.body as Bundle;
  const composition = bundle.entry?.[0]?.resource as Composition;
  const section = (code: string) =>
    composition.section?.find((one) => one.code?.coding?.[0]?.code === code) as CompositionSection;
  const resources = (code: string) =>
    (section(code)?.entry ?? []).map(({ reference }) => {
      const entry = bundle.entry?.find(({ fullUrl }) => fullUrl === reference);
      assert.ok(entry, `${reference} is not in the document`);
      return entry.resource!;
    });
  return { bundle, composition, section, resources };
};

const idsOf = (resources: Resource[]) => resources.map(({ id }) => id);

test('a document by the rules of IPS: type, profile, author, required sections, every reference inside', async () => {
  const { bundle, composition, section } = await documentOf('lan/$summary');
  assert.equal(bundle.type, 'document');
  assert.equal(composition.type.coding?.[0]?.code, '60591-5');
  assert.deepEqual(composition.meta?.profile, [
    'http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips',
  ]);
  for (const code of ['48765-2', '11450-4', '10160-0']) assert.ok(section(code)?.text?.div, code);
  const urls = new Set(bundle.entry?.map(({ fullUrl }) => fullUrl));
  assert.equal(urls.size, bundle.entry?.length, 'each resource once');
  const { subject, author } = composition;
  for (const { reference } of [subject!, ...author]) assert.ok(urls.has(reference), reference);
  const outcome = await world.send('POST', '/fhir/Bundle/$validate', bundle);
  const { issue } = outcome.body as { issue: { severity: string; code: string }[] };
  // The profiles of IPS are not in the record.
  assert.ok(
    issue.every(({ severity, code }) => severity === 'warning' && code === 'not-found'),
    outcome.text,
  );
});

test('each section has what belongs to it, the newest of a thing, and who stands in it', async () => {
  const { bundle, resources } = await documentOf('lan/$summary');
  assert.deepEqual(idsOf(resources('48765-2')), ['penicillin']);
  assert.equal(resources('11450-4').length, 1, 'one disease once');
  assert.deepEqual(idsOf(resources('10160-0')), ['amlodipin']);
  assert.deepEqual(idsOf(resources('30954-2')), ['duong-2', 'duong-1']);
  assert.deepEqual(idsOf(resources('11348-0')), ['viem-hong']);
  const practitioners = bundle.entry
    ?.map(({ resource }) => resource!)
    .filter((one) => one.resourceType === 'Practitioner');
  assert.deepEqual(idsOf(practitioners ?? []), ['bs-an']);
});

test('the narrative says it in Vietnamese, and signs of the record cannot break it', async () => {
  const { section } = await documentOf('lan/$summary');
  const div = section('48765-2').text!.div;
  assert.match(div, /Penicillin &lt;&amp;&gt; &quot;G&quot;/);
  assert.match(div, /Phát ban/);
  assert.match(section('30954-2').text!.div, /01\/06\/2026<\/td><td>Glucose<\/td><td>6,2 mmol\/L/);
  assert.match(section('10160-0').text!.div, /Sáng 1 viên/);
});

test('of whom nothing is known, the three required sections say so by codes of IPS, the others are left out', async () => {
  const { composition, resources, bundle } = await documentOf('trong/$summary');
  assert.equal(composition.section?.length, 3);
  const codes = ['48765-2', '11450-4', '10160-0'].map((section) => {
    const [resource] = resources(section) as { code?: object; medicationCodeableConcept?: object }[];
    return (resource!.code ?? resource!.medicationCodeableConcept) as { coding: { code: string }[] };
  });
  assert.deepEqual(
    codes.map(({ coding }) => coding[0]!.code),
    ['no-allergy-info', 'no-problem-info', 'no-medication-info'],
  );
  const outcome = await world.send('POST', '/fhir/Bundle/$validate', bundle);
  const { issue } = outcome.body as { issue: { severity: string; code: string }[] };
  // The profiles of IPS are not in the record.
  assert.ok(
    issue.every(({ severity, code }) => severity === 'warning' && code === 'not-found'),
    outcome.text,
  );
});

test('by identifier, and by POST', async () => {
  const { composition } = await documentOf('$summary?identifier=urn:so|1');
  assert.match(composition.subject?.reference ?? '', /\/Patient\/lan$/);
  const parameter = [{ name: 'identifier', valueString: 'urn:so|1' }];
  const posted = await world.send('POST', '/fhir/Patient/$summary', {
    resourceType: 'Parameters',
    parameter,
  });
  assert.equal(posted.status, 200, posted.text);
  const typed = await world.send('POST', '/fhir/Patient/$summary', {
    resourceType: 'Parameters',
    parameter: [{ name: 'identifier', valueIdentifier: { system: 'urn:so', value: '1' } }],
  });
  assert.equal(typed.status, 200, typed.text);
});

test('a profile is offered by its address, with a version that the document is valid by', async () => {
  const url = 'http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips';
  for (const profile of [url, `${url}|2.0.0`, `${url}|1.1.0`, url.replace('Composition', 'Bundle')])
    await documentOf(`lan/$summary?profile=${encodeURIComponent(profile)}`);
  const parameter = [{ name: 'profile', valueCanonical: `${url}|2.0.1` }];
  const posted = await world.send('POST', '/fhir/Patient/lan/$summary', {
    resourceType: 'Parameters',
    parameter,
  });
  assert.equal(posted.status, 200, posted.text);
  const other = await world.send(
    'GET',
    `/fhir/Patient/lan/$summary?profile=${encodeURIComponent(`${url}|9`)}`,
  );
  assert.equal(other.status, 400);
});

test('what the record lacks carries the reason; what is not in the document has no address; decimals stay as they are', async () => {
  await world.send('PUT', '/fhir/Organization/tram', {
    resourceType: 'Organization',
    id: 'tram',
    name: 'Trạm',
  });
  await world.send('PUT', '/fhir/Patient/thieu', {
    resourceType: 'Patient',
    id: 'thieu',
    managingOrganization: { reference: 'Organization/tram' },
  });
  const put = await world.send(
    'PUT',
    '/fhir/Observation/thieu-duong',
    `{"resourceType":"Observation","id":"thieu-duong","status":"final","subject":{"reference":"Patient/thieu"},
    "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],
    "code":{"text":"Glucose"},"basedOn":[{"reference":"ServiceRequest/khong-kem"}],"valueQuantity":{"value":6.20,"unit":"mmol/L"}}`,
  );
  assert.equal(put.status, 201, put.text);
  const { bundle, composition, resources } = await documentOf('thieu/$summary');
  const [patient] = bundle.entry!.map(({ resource }) => resource!).filter((one) => one.id === 'thieu');
  const unknown = {
    extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
  };
  assert.deepEqual((patient as { _birthDate?: unknown })._birthDate, unknown);
  assert.deepEqual((patient as { name?: unknown }).name, [{ _text: unknown }]);
  assert.match(composition.custodian?.reference ?? '', /Organization\/tram$/);
  const [glucose] = resources('30954-2') as { basedOn?: unknown; performer?: object[] }[];
  assert.deepEqual(glucose!.basedOn, [
    { type: 'ServiceRequest', display: 'Không kèm trong bản tóm tắt này' },
  ]);
  assert.equal(glucose!.performer?.length, 1);
  assert.match((await world.send('GET', '/fhir/Patient/thieu/$summary')).text, /"value":6\.20/);
});

test('wrong questions and strangers are refused', async () => {
  const wrong: [string, number][] = [
    ['nobody/$summary', 404],
    ['$summary', 400],
    ['$summary?identifier=urn:so|nobody', 404],
    ['lan/$summary?identifier=urn:so|1', 400],
    ['lan/$summary?profile=http://example.org/other', 400],
    ['lan/$summary?persist=true', 400],
    ['lan/$summary?colour=red', 400],
  ];
  for (const [path, status] of wrong) {
    const answer = await world.send('GET', `/fhir/Patient/${path}`);
    assert.equal(answer.status, status, `${path} ${answer.text}`);
    assert.equal(answer.body.resourceType, 'OperationOutcome');
  }
  assert.equal((await world.bare('GET', '/fhir/Patient/lan/$summary')).status, 401);
});

test('/metadata announces it, and the reading is in the audit', async () => {
  const { body } = await world.bare('GET', '/fhir/metadata');
  const { operation } = body.rest[0].resource.find(({ type }: { type: string }) => type === 'Patient');
  assert.ok(operation.some(({ name }: { name: string }) => name === 'summary'));
  const { rows } = await world.program.kernel.pool.query(
    "select from audit where patient = 'lan' and action in ('read', 'search')",
  );
  assert.ok(rows.length > 0);
});

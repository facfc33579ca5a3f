/** Profiles over HTTP: what is declared is checked on every way of writing; stored definitions count at once. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, issueOf, openFhirWorld } from '../testing.ts';

let world: FhirWorld;

before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

const BP = 'http://hl7.org/fhir/StructureDefinition/bp';
const UCUM = 'http://unitsofmeasure.org';
const coded = (system: string, code: string) => ({ coding: [{ system, code }] });

const bloodPressure = {
  resourceType: 'Observation',
  meta: { profile: [BP] },
  status: 'final',
  category: [coded('http://terminology.hl7.org/CodeSystem/observation-category', 'vital-signs')],
  code: coded('http://loinc.org', '85354-9'),
  subject: { reference: 'Patient/p' },
  effectiveDateTime: '2026-11-22T08:00:00+07:00',
  component: ['8480-6', '8462-4'].map((code) => ({
    code: coded('http://loinc.org', code),
    valueQuantity: { value: 120, unit: 'mmHg', system: UCUM, code: 'mm[Hg]' },
  })),
};

test('R4 vital signs: a blood pressure by the published profile is stored, one without its diastolic part is 422', async () => {
  const good = await world.send('POST', '/fhir/Observation', bloodPressure);
  assert.equal(good.status, 201, good.text);
  const half = { ...bloodPressure, component: bloodPressure.component.slice(0, 1) };
  const bad = await world.send('POST', '/fhir/Observation', half);
  assert.equal(bad.status, 422, bad.text);
  assert.match(bad.text, /DiastolicBP/);
  assert.deepEqual(issueOf(bad).expression, ['Observation.component']);
});

const MINE = 'http://example.org/fhir/StructureDefinition/telephone';
const telephone = {
  resourceType: 'StructureDefinition',
  id: 'telephone',
  url: MINE,
  name: 'Telephone',
  status: 'active',
  kind: 'resource',
  abstract: false,
  type: 'Patient',
  baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
  derivation: 'constraint',
  differential: { element: [{ id: 'Patient.telecom', path: 'Patient.telecom', min: 1 }] },
};
const person = { resourceType: 'Patient', meta: { profile: [MINE] }, gender: 'female' };
const reachable = { ...person, telecom: [{ system: 'phone', value: '0900000000' }] };

test('a stored profile counts from the next write on, its change too, and not after it is deleted', async () => {
  const before = await world.send('POST', '/fhir/Patient', person);
  assert.equal(before.status, 201, 'a profile that is not known stops no write');
  assert.equal((await world.send('PUT', '/fhir/StructureDefinition/telephone', telephone)).status, 201);
  const refused = await world.send('POST', '/fhir/Patient', person);
  assert.equal(refused.status, 422, refused.text);
  assert.deepEqual(issueOf(refused).expression, ['Patient.telecom']);
  assert.match(
    issueOf(refused).details!.text!,
    /Thiếu phần tử bắt buộc Patient\.telecom\. \(hồ sơ mẫu telephone\)/,
  );
  assert.equal((await world.send('POST', '/fhir/Patient', reachable)).status, 201);
  const looser = { ...telephone, differential: { element: [{ path: 'Patient.gender', min: 1 }] } };
  assert.equal((await world.send('PUT', '/fhir/StructureDefinition/telephone', looser)).status, 200);
  assert.equal((await world.send('POST', '/fhir/Patient', person)).status, 201);
  assert.equal((await world.send('PUT', '/fhir/StructureDefinition/telephone', telephone)).status, 200);
  assert.equal((await world.send('POST', '/fhir/Patient', person)).status, 422);
  assert.equal((await world.send('DELETE', '/fhir/StructureDefinition/telephone')).status, 204);
  assert.equal((await world.send('POST', '/fhir/Patient', person)).status, 201);
});

test('update, patch, batch and transaction are held to it by the place of their entry', async () => {
  await world.send('PUT', '/fhir/StructureDefinition/telephone', telephone);
  const created = await world.send('POST', '/fhir/Patient', reachable);
  const { id } = created.body;
  const { telecom: _, ...without } = created.body;
  assert.equal((await world.send('PUT', `/fhir/Patient/${id}`, without)).status, 422);
  const patch = [{ op: 'remove', path: '/telecom' }];
  const patched = await world.send('PATCH', `/fhir/Patient/${id}`, patch, {
    'content-type': 'application/json-patch+json',
  });
  assert.equal(patched.status, 422, patched.text);
  const entry = [{ resource: person, request: { method: 'POST', url: 'Patient' } }];
  const transaction = await world.send('POST', '/fhir', {
    resourceType: 'Bundle',
    type: 'transaction',
    entry,
  });
  assert.deepEqual(
    [transaction.status, issueOf(transaction).expression],
    [422, ['Bundle.entry[0].resource.telecom']],
  );
  const batch = await world.send('POST', '/fhir', { resourceType: 'Bundle', type: 'batch', entry });
  assert.match(batch.body.entry[0].response.status, /^422/);
});

test('a profile and what it governs in one transaction; a base that comes with it', async () => {
  const base = { ...telephone, id: 'base-of', url: `${MINE}-base` };
  const own = {
    ...telephone,
    id: 'over',
    url: `${MINE}-over`,
    baseDefinition: base.url,
    differential: { element: [{ path: 'Patient.gender', min: 1 }] },
  };
  const put = (resource: { resourceType: string; id?: string }) => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  });
  const governed = { ...person, id: 'governed', meta: { profile: [own.url] } };
  const refused = await world.send('POST', '/fhir', {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [put(own), put(base), put(governed)],
  });
  assert.deepEqual(
    [refused.status, issueOf(refused).expression],
    [422, ['Bundle.entry[2].resource.telecom']],
  );
  const good = { ...reachable, id: 'governed', meta: { profile: [own.url] } };
  const taken = await world.send('POST', '/fhir', {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [put(own), put(base), put(good)],
  });
  assert.equal(taken.status, 200, taken.text);
});

test('a profile that cannot be carried out is 422 with its place', async () => {
  const put = (more: object) =>
    world.send('PUT', '/fhir/StructureDefinition/wrong', {
      ...telephone,
      id: 'wrong',
      url: `${MINE}-wrong`,
      ...more,
    });
  const element = (...list: object[]) => ({ differential: { element: list } });
  const cases: [object, string][] = [
    [{ baseDefinition: 'http://example.org/none' }, 'StructureDefinition.baseDefinition'],
    [{ baseDefinition: `${MINE}-wrong` }, 'StructureDefinition.baseDefinition'],
    [
      { baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Observation' },
      'StructureDefinition.baseDefinition',
    ],
    [
      { type: 'Nonsense', baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Nonsense' },
      'StructureDefinition.type',
    ],
    [element({ path: 'Patient.nonsense', min: 1 }), 'StructureDefinition.differential.element[0].path'],
    [element({ path: 'Observation.code', min: 1 }), 'StructureDefinition.differential.element[0].path'],
    [
      element({
        path: 'Patient',
        constraint: [{ key: 'a', severity: 'error', human: 'x', expression: 'name.exists(' }],
      }),
      'StructureDefinition.differential.element[0].constraint[0].expression',
    ],
    [element({ path: 'Patient.gender', max: '5' }), 'StructureDefinition.differential.element[0].max'],
    [element({ path: 'Patient.gender', min: 2 }), 'StructureDefinition.differential.element[0].min'],
  ];
  for (const [more, expression] of cases) {
    const answer = await put(more);
    assert.deepEqual([answer.status, issueOf(answer).expression], [422, [expression]], answer.text);
  }
});

test('$validate: the resource alone or in Parameters, by declared profiles and by one that is asked for', async () => {
  await world.send('PUT', '/fhir/StructureDefinition/telephone', telephone);
  const plain = { resourceType: 'Patient', gender: 'female' };
  const asked = await world.send('POST', `/fhir/Patient/$validate?profile=${MINE}`, plain);
  assert.deepEqual(
    [asked.status, issueOf(asked).severity, issueOf(asked).expression],
    [200, 'error', ['Patient.telecom']],
  );
  const parameter = [
    { name: 'resource', resource: plain },
    { name: 'mode', valueCode: 'create' },
    { name: 'profile', valueUri: MINE },
  ];
  const wrapped = await world.send('POST', '/fhir/Patient/$validate', {
    resourceType: 'Parameters',
    parameter,
  });
  assert.deepEqual([wrapped.status, issueOf(wrapped).expression], [200, ['Patient.telecom']]);
  const good = await world.send('POST', '/fhir/Patient/$validate', reachable);
  assert.deepEqual(
    good.body.issue.map(({ severity }: { severity: string }) => severity),
    ['information'],
  );
  const unknown = await world.send('POST', '/fhir/Patient/$validate?profile=http://example.org/none', plain);
  assert.deepEqual(
    [unknown.status, issueOf(unknown).severity, issueOf(unknown).code],
    [200, 'error', 'not-found'],
  );
  const declared = await world.send('POST', '/fhir/Patient/$validate', {
    ...plain,
    meta: { profile: ['http://example.org/none'] },
  });
  assert.deepEqual(
    [issueOf(declared).severity, issueOf(declared).expression],
    ['warning', ['Patient.meta.profile[0]']],
  );
  const both = await world.send('POST', '/fhir/Observation/$validate', {
    ...bloodPressure,
    status: undefined,
    category: undefined,
  });
  assert.deepEqual(
    both.body.issue.map((one: { expression: string[] }) => one.expression[0]),
    ['Observation.status', 'Observation.category', 'Observation.category'],
  );
});

test('$validate of what is stored, and the modes of R4', async () => {
  await world.send('PUT', '/fhir/StructureDefinition/telephone', telephone);
  const { id } = (await world.send('POST', '/fhir/Patient', { resourceType: 'Patient', gender: 'male' }))
    .body;
  const stored = await world.send('GET', `/fhir/Patient/${id}/$validate?profile=${MINE}`);
  assert.deepEqual([stored.status, issueOf(stored).expression], [200, ['Patient.telecom']]);
  assert.equal(issueOf(await world.send('GET', `/fhir/Patient/${id}/$validate`)).severity, 'information');
  const byMode = await world.send('GET', `/fhir/Patient/${id}/$validate?mode=profile&profile=${MINE}`);
  assert.equal(issueOf(byMode).severity, 'error');
  const update = await world.send('POST', `/fhir/Patient/${id}/$validate?mode=update`, {
    resourceType: 'Patient',
    id: 'another',
  });
  assert.deepEqual([update.status, issueOf(update).expression], [200, ['Patient.id']]);
  const remove = await world.send('GET', `/fhir/Patient/${id}/$validate?mode=delete`);
  assert.deepEqual([remove.status, issueOf(remove).severity], [200, 'information']);
  assert.equal((await world.send('GET', `/fhir/Patient/${id}`)).status, 200);
  for (const path of [
    `/fhir/Patient/$validate?mode=update`,
    `/fhir/Patient/$validate?mode=delete`,
    '/fhir/Patient/$validate?mode=nonsense',
    '/fhir/Patient/$validate?nonsense=1',
    `/fhir/Patient/${id}/$validate?mode=profile`,
    '/fhir/Patient/$validate',
  ]) {
    const answer = await world.send(
      'POST',
      path,
      path.endsWith('/$validate') ? undefined : path.includes(id) ? undefined : person,
    );
    assert.equal(answer.status, 400, `${path} ${answer.text}`);
  }
  assert.equal((await world.send('GET', '/fhir/Patient/absent-one/$validate')).status, 404);
});

test('an OperationOutcome that is preferred tells of a profile that nobody knows, and of what is no error', async () => {
  const unknown = { ...person, meta: { profile: ['http://example.org/none'] } };
  const answer = await world.send('POST', '/fhir/Patient', unknown, { prefer: 'return=OperationOutcome' });
  assert.equal(answer.status, 201);
  const told = answer.body.issue.map((one: { severity: string; expression?: string[] }) => [
    one.severity,
    one.expression?.[0],
  ]);
  assert.deepEqual(told, [
    ['information', undefined],
    ['warning', 'Patient.meta.profile[0]'],
  ]);
});

test('/metadata names the profiles that R4 publishes', async () => {
  const { body } = await world.send('GET', '/fhir/metadata');
  const found = body.rest[0].resource.find(({ type }: { type: string }) => type === 'Observation');
  assert.ok(found.supportedProfile.includes(BP));
});

test('a binding follows the value sets and code systems that are stored, their changes from the next write on', async () => {
  const system = 'http://example.org/fhir/cs/shift';
  const set = 'http://example.org/fhir/vs/shift';
  const codes = (...list: string[]) => ({
    resourceType: 'CodeSystem',
    id: 'shift',
    url: system,
    status: 'active',
    content: 'complete',
    concept: list.map((code) => ({ code })),
  });
  const bound = {
    ...telephone,
    id: 'shifted',
    url: `${MINE}-shift`,
    type: 'Basic',
    baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Basic',
    differential: { element: [{ path: 'Basic.code', binding: { strength: 'required', valueSet: set } }] },
  };
  const basic = (code: string) => ({
    resourceType: 'Basic',
    meta: { profile: [bound.url] },
    code: coded(system, code),
  });
  const status = async (code: string) => (await world.send('POST', '/fhir/Basic', basic(code))).status;
  assert.equal((await world.send('PUT', '/fhir/StructureDefinition/shifted', bound)).status, 201);
  assert.equal(await status('late'), 201, 'nobody knows the set');
  await world.send('PUT', '/fhir/CodeSystem/shift', codes('early', 'late'));
  await world.send('PUT', '/fhir/ValueSet/shift', {
    resourceType: 'ValueSet',
    id: 'shift',
    url: set,
    status: 'active',
    compose: { include: [{ system }] },
  });
  assert.deepEqual([await status('late'), await status('night')], [201, 422]);
  await world.send('PUT', '/fhir/CodeSystem/shift', codes('early', 'night'));
  assert.deepEqual([await status('late'), await status('night')], [422, 201]);
});

test('what stands inside is held to what it declares: contained resources and entries of a stored Bundle', async () => {
  await world.send('PUT', '/fhir/StructureDefinition/telephone', telephone);
  const bundle = await world.send('POST', '/fhir/Bundle', {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ resource: reachable }, { resource: person }],
  });
  assert.deepEqual([bundle.status, issueOf(bundle).expression], [422, ['Bundle.entry[1].resource.telecom']]);
  const containing = {
    ...bloodPressure,
    meta: undefined,
    contained: [{ ...person, id: 'p' }],
    subject: { reference: '#p' },
  };
  const contained = await world.send('POST', '/fhir/Observation', containing);
  assert.deepEqual(
    [contained.status, issueOf(contained).expression],
    [422, ['Observation.contained[0].telecom']],
  );
});

test('only whose scope reaches definitions may store one', async () => {
  const narrow = { authorization: `Bearer ${await world.token('system/Patient.cruds')}` };
  assert.equal(
    (await world.bare('PUT', '/fhir/StructureDefinition/foreign', { ...telephone, id: 'foreign' }, narrow))
      .status,
    403,
  );
  assert.equal(
    (await world.bare('POST', '/fhir/Patient', person, narrow)).status,
    422,
    'the profile holds for everybody',
  );
});

/** Searches within R4's five compartments, of one type or of all (R4 search.html#searchcontexts, CompartmentDefinition). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, type HttpAnswer, openFhirWorld } from '../testing.ts';

let world: FhirWorld;

const observation = (id: string, more: object) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: id }] },
  ...more,
});

const resources = [
  { resourceType: 'Patient', id: 'mother' },
  {
    resourceType: 'Patient',
    id: 'child',
    link: [{ other: { reference: 'Patient/mother' }, type: 'seealso' }],
  },
  { resourceType: 'Practitioner', id: 'bs' },
  { resourceType: 'RelatedPerson', id: 'aunt', patient: { reference: 'Patient/child' } },
  { resourceType: 'Device', id: 'scale', patient: { reference: 'Patient/child' } },
  {
    resourceType: 'Encounter',
    id: 'visit',
    status: 'finished',
    class: { code: 'AMB' },
    subject: { reference: 'Patient/child' },
    participant: [{ individual: { reference: 'Practitioner/bs' } }],
  },
  observation('of-child', {
    subject: { reference: 'Patient/child' },
    encounter: { reference: 'Encounter/visit' },
    performer: [{ reference: 'Practitioner/bs' }],
  }),
  observation('by-mother', {
    subject: { reference: 'Patient/child' },
    performer: [{ reference: 'Patient/mother' }, { reference: 'RelatedPerson/aunt' }],
    device: { reference: 'Device/scale' },
  }),
  observation('of-mother', { subject: { reference: 'Patient/mother' } }),
  {
    resourceType: 'NutritionOrder',
    id: 'diet',
    status: 'active',
    intent: 'order',
    dateTime: '2026-11-01',
    patient: { reference: 'Patient/child' },
    encounter: { reference: 'Encounter/visit' },
  },
  { resourceType: 'Organization', id: 'tram', name: 'Trạm' },
];

before(async () => {
  world = await openFhirWorld();
  for (const resource of resources) {
    const { status, body } = await world.send(
      'PUT',
      `/fhir/${resource.resourceType}/${resource.id}`,
      resource,
    );
    assert.equal(status, 201, JSON.stringify(body));
  }
});
after(() => world.stop());

const get = (path: string) => world.send('GET', `/fhir/${path}`);
const namesOf = ({ body, status }: HttpAnswer) => {
  assert.equal(status, 200, JSON.stringify(body));
  const entries = (body.entry ?? []) as { resource: { resourceType: string; id: string } }[];
  return entries.map(({ resource }) => `${resource.resourceType}/${resource.id}`).sort();
};

const CASES: [address: string, found: string[]][] = [
  ['Patient/child/Observation', ['Observation/by-mother', 'Observation/of-child']],
  // R4 CompartmentDefinition/patient: Observation by subject or performer.
  ['Patient/mother/Observation', ['Observation/by-mother', 'Observation/of-mother']],
  ['Patient/mother/Observation?code=by-mother', ['Observation/by-mother']],
  ['Patient/child/NutritionOrder', ['NutritionOrder/diet']],
  ['Patient/mother/Patient', ['Patient/child', 'Patient/mother']],
  ['Encounter/visit/Observation', ['Observation/of-child']],
  ['Encounter/visit/NutritionOrder?status=active', ['NutritionOrder/diet']],
  ['Encounter/visit/Encounter', ['Encounter/visit']],
  ['Practitioner/bs/Encounter', ['Encounter/visit']],
  ['Practitioner/bs/Observation', ['Observation/of-child']],
  ['RelatedPerson/aunt/Observation', ['Observation/by-mother']],
  ['Device/scale/Observation', ['Observation/by-mother']],
  ['Patient/nobody/Observation', []],
  ['Encounter/visit/*', ['Encounter/visit', 'NutritionOrder/diet', 'Observation/of-child']],
  [
    'Patient/child/*?_type=Observation,Encounter',
    ['Encounter/visit', 'Observation/by-mother', 'Observation/of-child'],
  ],
];

test('a resource lies in a compartment when any of its parameters leads there', async () => {
  for (const [address, found] of CASES) assert.deepEqual(namesOf(await get(address)), found, address);
});

test('a type that lies in no such compartment, and what is none, is 404', async () => {
  for (const address of [
    'Patient/child/Organization',
    'Encounter/visit/Location',
    'Organization/tram/Location',
  ])
    assert.equal((await get(address)).status, 404, address);
  assert.equal((await get('Encounter/visit/Nope')).status, 404);
  assert.equal((await get('Encounter/visit/Observation?nope=1')).status, 400);
  assert.equal((await get('Encounter/visit/*?code=1')).status, 400);
});

test('pages of all types of a compartment follow one another, by POST too; links keep the address', async () => {
  const found: string[] = [];
  let page = await world.send('POST', '/fhir/Patient/child/*/_search', '_count=1', {
    'content-type': 'application/x-www-form-urlencoded',
  });
  for (let pages = 0; pages < 10; pages++) {
    found.push(...namesOf(page));
    const next = page.body.link.find((one: { relation: string }) => one.relation === 'next')?.url;
    if (next === undefined) break;
    assert.match(next, /\/fhir\/Patient\/child\/\*\?/);
    page = await world.send('GET', next);
  }
  assert.deepEqual(
    found.sort(),
    [
      'Encounter/visit',
      'NutritionOrder/diet',
      'Observation/by-mother',
      'Observation/of-child',
      'Patient/child',
      'RelatedPerson/aunt',
    ].sort(),
  );
  const counted = await get('Patient/child/*?_summary=count');
  assert.equal(counted.body.total, 6);
});

test('all types are those that the asker may search; one that is named and not allowed is 403', async () => {
  const token = await world.token('system/Observation.rs system/Patient.rs');
  const authorization = `Bearer ${token}`;
  const ask = (path: string) => world.bare('GET', `/fhir/${path}`, undefined, { authorization });
  assert.deepEqual(namesOf(await ask('Patient/child/*')), [
    'Observation/by-mother',
    'Observation/of-child',
    'Patient/child',
  ]);
  assert.equal((await ask('Patient/child/*?_type=Observation,Encounter')).status, 403);
  assert.equal((await ask('Patient/child/Encounter')).status, 403);
});

test('of several types searched at once, an include is for the type that it names', async () => {
  const answer = await get('?_type=Device,NutritionOrder&_include=Device:patient&_id=scale,diet');
  assert.deepEqual(namesOf(answer), ['Device/scale', 'NutritionOrder/diet', 'Patient/child']);
});

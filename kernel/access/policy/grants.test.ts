/** Who was granted something finds it in lists that name nobody, and of that person nothing else. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AccessWorld, openAccessWorld, type Person } from '../testing.ts';

let world: AccessWorld;
let reader: Person;
let stranger: Person;

before(async () => {
  world = await openAccessWorld();
  reader = await world.staff('doctor', 'cs-2');
  await world.send('PUT', '/fhir/Organization/cs-3', {
    resourceType: 'Organization',
    id: 'cs-3',
    name: 'cs-3',
  });
  stranger = await world.staff('doctor', 'cs-3');
  await world.arrive('cs-2');
});
after(() => world?.stop());

const HELD = { performer: [{ reference: 'Organization/cs-9' }] };
const coded = (code: string) => ({ ...HELD, code: { coding: [{ system: 'http://test/code', code }] } });

async function grant(patient: string, more: object = {}): Promise<string> {
  const actor = [
    {
      role: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'PRCP' }],
      },
      reference: { reference: 'Organization/cs-2' },
    },
  ];
  const { status, body, text } = await world.send('POST', '/fhir/Consent', {
    resourceType: 'Consent',
    status: 'active',
    scope: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
    },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient: { reference: `Patient/${patient}` },
    policy: [{ uri: 'http://yba.vn/chinh-sach/quyen-rieng-tu' }],
    provision: { type: 'permit', actor, ...more },
  });
  assert.equal(status, 201, text);
  return body.id;
}

const idsOf = async (by: Person, query: string): Promise<string[]> => {
  const answer = await by.call('GET', `/fhir/${query}`);
  assert.equal(answer.status, 200, answer.text);
  return (answer.body.entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id).sort();
};

test('a granted person appears in unpinned lists and counts of who is named, at once, and goes with the grant', async () => {
  const { patient } = await world.arrive('cs-1');
  const fact = await world.observe(patient, HELD);
  const total = async (by: Person) =>
    (await by.call('GET', '/fhir/Observation?_summary=count')).body.total as number;
  const before = await total(reader);
  assert.ok(!(await idsOf(reader, 'Observation?_count=100')).includes(fact));
  const consent = await grant(patient);
  assert.ok((await idsOf(reader, 'Observation?_count=100')).includes(fact));
  assert.ok((await idsOf(reader, 'Observation?status=final&_sort=-_lastUpdated')).includes(fact));
  assert.ok((await idsOf(reader, `Observation?_count=100&_include=Observation:patient`)).includes(patient));
  assert.equal(await total(reader), before + 1);
  assert.ok(!(await idsOf(stranger, 'Observation?_count=100')).includes(fact), 'nobody else');
  const stored = (await world.send('GET', `/fhir/Consent/${consent}`)).body;
  await world.send('PUT', `/fhir/Consent/${consent}`, { ...stored, status: 'inactive' });
  assert.ok(!(await idsOf(reader, 'Observation?_count=100')).includes(fact));
  assert.equal(await total(reader), before);
});

test('a part that was granted brings nothing else of the person, as in a world without the rest', async () => {
  const { patient } = await world.arrive('cs-1');
  const open = await world.observe(patient, coded('mo'));
  await grant(patient, {
    class: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Observation' }],
    code: [{ coding: [{ system: 'http://test/code', code: 'mo' }] }],
  });
  const asked = [
    'Observation?_count=100&_total=accurate',
    'Observation?_sort=-_lastUpdated',
    'Observation?_summary=count',
    'Condition?_count=100&_total=accurate',
    'Encounter?_count=100',
    'Observation?_count=100&_revinclude=Provenance:target&_include=*',
    'Observation?_has:Provenance:target:agent=Practitioner/x',
    'Observation?subject:Patient.name=cs-1',
  ];
  const look = async () =>
    Promise.all(
      asked.map(async (query) => {
        const { status, body } = await reader.call('GET', `/fhir/${query}`);
        return [status, body.total, (body.entry ?? []).map((one: { fullUrl: string }) => one.fullUrl).sort()];
      }),
    );
  const before = await look();
  assert.ok(JSON.stringify(before).includes(open));
  await world.observe(patient, coded('kin'));
  await world.send('POST', '/fhir/Condition', {
    resourceType: 'Condition',
    subject: { reference: `Patient/${patient}` },
    code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'I10' }] },
  });
  await world.send('POST', '/fhir/Encounter', {
    resourceType: 'Encounter',
    status: 'finished',
    class: { code: 'AMB' },
    subject: { reference: `Patient/${patient}` },
    serviceProvider: { reference: 'Organization/cs-1' },
  });
  assert.deepEqual(await look(), before);
});

test('a denial beside the grant wins; a grant that has not begun opens nothing', async () => {
  const { patient } = await world.arrive('cs-1');
  const fact = await world.observe(patient, HELD);
  await grant(patient, { period: { start: '2099-01-01' } });
  assert.ok(!(await idsOf(reader, 'Observation?_count=100')).includes(fact));
  await grant(patient);
  assert.ok((await idsOf(reader, 'Observation?_count=100')).includes(fact));
  await grant(patient, { type: 'deny' });
  assert.ok(!(await idsOf(reader, 'Observation?_count=100')).includes(fact));
});

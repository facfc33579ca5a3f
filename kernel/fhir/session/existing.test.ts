/** References to what is not there: stored as they come, refused under `Prefer: handling=strict`. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, issueOf, openFhirWorld } from '../testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
  await world.send('PUT', '/fhir/Patient/here', { resourceType: 'Patient', id: 'here' });
  await world.send('PUT', '/fhir/Patient/gone', { resourceType: 'Patient', id: 'gone' });
  await world.send('DELETE', '/fhir/Patient/gone');
});
after(() => world.stop());

const STRICT = { prefer: 'handling=strict' };
const observation = (subject: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: { reference: subject },
  ...more,
});
const send = (resource: object, headers = {}) => world.send('POST', '/fhir/Observation', resource, headers);

test('partners load in their own order: a reference to what is not there yet is stored as it came', async () => {
  assert.equal((await send(observation('Patient/later'))).status, 201);
});

test('handling=strict: each reference that leads nowhere is named by its place; the others are fine', async () => {
  const bad = observation('Patient/here', {
    performer: [{ reference: 'Patient/here' }, { reference: 'Organization/none' }],
    encounter: { reference: 'Encounter/none' },
    derivedFrom: [{ reference: 'https://elsewhere.vn/fhir/Observation/1' }],
  });
  const answer = await send(bad, STRICT);
  assert.equal(answer.status, 422);
  assert.deepEqual(answer.body.issue.map((one: { expression: string[] }) => one.expression[0]).sort(), [
    'Observation.encounter.reference',
    'Observation.performer[1].reference',
  ]);
  assert.match(issueOf(answer).diagnostics!, /does not exist/);
  assert.equal((await send(observation('Patient/gone'), STRICT)).status, 422, 'deleted is not there');
  assert.equal((await send(observation('Patient/here'), STRICT)).status, 201);
});

test('in a transaction what the Bundle writes is there, what it deletes is not, and updates and patches ask too', async () => {
  const run = (entry: object[]) =>
    world.send('POST', '/fhir', { resourceType: 'Bundle', type: 'transaction', entry }, STRICT);
  const urn = 'urn:uuid:bbbbbbbb-0000-4000-8000-000000000001';
  const create = (resource: { resourceType: string }, fullUrl?: string) => ({
    ...(fullUrl && { fullUrl }),
    resource,
    request: { method: 'POST', url: resource.resourceType },
  });
  const good = await run([create({ resourceType: 'Patient' }, urn), create(observation(urn))]);
  assert.equal(good.status, 200, good.text);
  await world.send('PUT', '/fhir/Patient/leaves', { resourceType: 'Patient', id: 'leaves' });
  const leaving = await run([
    { request: { method: 'DELETE', url: 'Patient/leaves' } },
    create(observation('Patient/leaves')),
  ]);
  assert.equal(leaving.status, 422);
  assert.deepEqual(issueOf(leaving).expression, ['Bundle.entry[1].resource.subject.reference']);
  const patch = await world.send(
    'PATCH',
    '/fhir/Patient/here',
    [{ op: 'add', path: '/managingOrganization', value: { reference: 'Organization/none' } }],
    { ...STRICT, 'content-type': 'application/json-patch+json' },
  );
  assert.equal(patch.status, 422);
});

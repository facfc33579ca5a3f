/** Operations and the capability statement as entries of a batch (R4 http.html#transaction). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

const batch = (...entry: object[]) => ({ resourceType: 'Bundle', type: 'batch', entry });
const get = (url: string) => ({ request: { method: 'GET', url } });
const post = (url: string, resource?: object) => ({
  ...(resource && { resource }),
  request: { method: 'POST', url },
});

test('each operation is answered in its place as it would be by itself', async () => {
  const answer = await world.send(
    'POST',
    '/fhir',
    batch(
      get('metadata'),
      post('Patient/$validate', { resourceType: 'Patient', gender: 'nobody' }),
      post('Patient', { resourceType: 'Patient', name: [{ text: 'Người Thử' }] }),
      get('ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender'),
      get(
        `${world.program.address}/fhir/CodeSystem/$lookup?system=http://hl7.org/fhir/administrative-gender&code=female`,
      ),
      post('CodeSystem/$validate-code', {
        resourceType: 'Parameters',
        parameter: [
          { name: 'url', valueUri: 'http://hl7.org/fhir/administrative-gender' },
          { name: 'code', valueCode: 'male' },
        ],
      }),
    ),
  );
  assert.equal(answer.status, 200, answer.text);
  const entries = answer.body.entry;
  assert.deepEqual(
    entries.map((one: { response: { status: string } }) => one.response.status.slice(0, 3)),
    ['200', '200', '201', '200', '200', '200'],
  );
  assert.equal(entries[0].resource.resourceType, 'CapabilityStatement');
  assert.equal(entries[1].resource.resourceType, 'OperationOutcome');
  assert.match(JSON.stringify(entries[1].resource), /Patient\.gender/);
  assert.deepEqual(entries[3].resource.expansion.contains.map((one: { code: string }) => one.code).sort(), [
    'female',
    'male',
    'other',
    'unknown',
  ]);
  assert.equal(entries[4].resource.resourceType, 'Parameters');
  assert.equal(entries[5].resource.parameter[0].valueBoolean, true);
});

test('a refused operation carries its OperationOutcome and does not touch the others', async () => {
  const answer = await world.send(
    'POST',
    '/fhir',
    batch(post('Patient/$fly'), post('ValueSet/$expand', { resourceType: 'Parameters' }), get('metadata')),
  );
  const [unknown, incomplete, metadata] = answer.body.entry;
  assert.match(unknown.response.status, /^40[45]/);
  assert.equal(unknown.response.outcome.resourceType, 'OperationOutcome');
  assert.match(incomplete.response.status, /^4/);
  assert.ok(incomplete.response.outcome.issue[0].diagnostics);
  assert.match(metadata.response.status, /^200/);
});

test('an entry may no more than whoever sends the batch', async () => {
  const narrow = { authorization: `Bearer ${await world.token('system/Observation.rs')}` };
  const patient = await world.send('POST', '/fhir/Patient', { resourceType: 'Patient' });
  const alone = await world.bare('GET', `/fhir/Patient/${patient.body.id}/$everything`, undefined, narrow);
  assert.equal(alone.status, 403);
  const answer = await world.bare(
    'POST',
    '/fhir',
    batch(get(`Patient/${patient.body.id}/$everything`), get('../api/access/me'), get('metadata')),
    { ...narrow, 'content-type': 'application/fhir+json' },
  );
  const [everything, outside, metadata] = answer.body.entry;
  assert.match(everything.response.status, /^403/);
  assert.match(outside.response.status, /^4/);
  assert.match(metadata.response.status, /^200/);
});

test('a transaction takes no operation by POST, and says so with the place', async () => {
  const answer = await world.send('POST', '/fhir', {
    ...batch(
      post('Patient', { resourceType: 'Patient' }),
      post('Patient/$validate', { resourceType: 'Patient' }),
    ),
    type: 'transaction',
  });
  assert.equal(answer.status, 400, answer.text);
  assert.deepEqual(answer.body.issue[0].expression, ['Bundle.entry[1].request.url']);
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../../../kernel/fhir/testing.ts';
import { fhirPath, launch, SDC } from '../testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

const form = (url: string) => ({
  resourceType: 'Questionnaire',
  status: 'active',
  url: 'http://example.org/Questionnaire/flights',
  extension: [
    launch('patient', 'Patient'),
    { url: `${SDC}sourceQueries`, valueReference: { reference: '#Flights' } },
  ],
  contained: [
    { resourceType: 'Bundle', id: 'Flights', type: 'batch', entry: [{ request: { method: 'GET', url } }] },
  ],
  item: [
    {
      linkId: 'count',
      type: 'integer',
      extension: [fhirPath('initialExpression', '%Flights.entry.first().resource.total')],
    },
  ],
});
const populated = async (url: string, patient: string) => {
  const answer = await world.send('POST', '/fhir/Questionnaire/$populate', {
    resourceType: 'Parameters',
    parameter: [
      { name: 'questionnaire', resource: form(url) },
      { name: 'subject', valueReference: { reference: patient } },
    ],
  });
  assert.equal(answer.status, 200, answer.text);
  return answer.body.parameter[0].resource.item;
};

test('queries of the form are asked first, each with its gaps filled; one with an open gap is not asked', async () => {
  const made = await world.send('POST', '/fhir/Patient', {
    resourceType: 'Patient',
    name: [{ text: 'Kite Flyer' }],
    gender: 'female',
    birthDate: '1990-02-03',
  });
  const patient = `Patient/${made.body.id}`;
  const code = { coding: [{ system: 'http://example.org/cs', code: 'flight' }] };
  for (const value of [1, 2]) {
    const flight = { resourceType: 'Observation', status: 'final', code, subject: { reference: patient } };
    const sent = await world.send('POST', '/fhir/Observation', { ...flight, valueInteger: value });
    assert.equal(sent.status, 201, sent.text);
  }
  assert.deepEqual(await populated('Observation?patient={{%patient.id}}', patient), [
    { linkId: 'count', answer: [{ valueInteger: 2 }] },
  ]);
  assert.deepEqual(await populated('Observation?patient={{%nobody.id}}', patient), [{ linkId: 'count' }]);
});

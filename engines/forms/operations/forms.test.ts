import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../../../kernel/fhir/testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

test('forms of the content are read and found as Questionnaires, pinned to their version', async () => {
  const form = await world.send('GET', '/fhir/Questionnaire/sang-loc-truoc-tiem');
  assert.equal(form.status, 200, form.text);
  assert.equal(form.body.url, 'http://yba.vn/fhir/Questionnaire/sang-loc-truoc-tiem');
  assert.equal(form.body.version, '2026-07-01');
  const found = await world.send('GET', `/fhir/Questionnaire?url=${encodeURIComponent(form.body.url)}`);
  assert.equal(found.body.entry.length, 1);
});

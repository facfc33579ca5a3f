import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BundleEntry, Encounter, QuestionnaireResponse } from '../../kernel/fhir/types.ts';
import { factsOf, ownVisit } from './own-visit.ts';

const response: QuestionnaireResponse = { resourceType: 'QuestionnaireResponse', status: 'completed' };
const seen = { ...response, encounter: { reference: 'Encounter/v' } };
const encounter = (status: Encounter['status']): BundleEntry => ({
  fullUrl: 'urn:uuid:v',
  resource: { resourceType: 'Encounter', status, class: { code: 'HH' } },
});
const measured: BundleEntry = {
  resource: { resourceType: 'Observation', status: 'final', code: { text: 'x' } },
};

test('a response without a visit takes the one of its form, at the unit of who fills it; whoever has no unit makes none', () => {
  const made = ownVisit(response, [measured, encounter('finished')], 'cs-1');
  assert.deepEqual(
    [made?.fullUrl, made?.resource.serviceProvider],
    ['urn:uuid:v', { reference: 'Organization/cs-1' }],
  );
  assert.equal(ownVisit(response, [encounter('finished')], null), null);
  assert.equal(ownVisit(response, [measured], 'cs-1'), null);
});

test('a response that has a visit makes no second, but takes its own back', () => {
  assert.equal(ownVisit(seen, [encounter('finished')], 'cs-1'), null);
  assert.deepEqual(factsOf(seen, [encounter('finished'), measured]), [measured]);
  assert.equal(factsOf(seen, [encounter('entered-in-error')]).length, 1);
});

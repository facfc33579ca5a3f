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

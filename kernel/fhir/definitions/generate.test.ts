import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateAll } from './generate.ts';
import {
  baseCodeSystem,
  elementsOf,
  propertiesOf,
  requiredCodes,
  resourceTypeNames,
  searchParametersOf,
} from './index.ts';

test('the committed definition files are what the generator makes of the R4 definitions', () => {
  for (const [name, content] of Object.entries(generateAll())) {
    assert.equal(readFileSync(join(import.meta.dirname, name), 'utf8'), content, `${name}: run generate.ts`);
  }
});

test('R4 4.0.1 has 146 concrete resource types, and none of another release', () => {
  assert.equal(resourceTypeNames.length, 146);
  assert.equal(resourceTypeNames.includes('SubscriptionStatus'), false);
});

test('elements that are no R4 are not in the tables, and those of R4 that were replaced are', () => {
  assert.equal(propertiesOf('Meta').has('project'), false);
  assert.equal(propertiesOf('ResearchStudy').has('studyDesign'), false);
  assert.equal(
    propertiesOf('EvidenceVariable.characteristic').get('definitionTriggerDefinition')?.element.min,
    1,
  );
  assert.equal(elementsOf('DetectedIssue').find((e) => e.name === 'status')?.codes, 'observation-status');
});

test('a choice element is spread over its types, with the targets of its references', () => {
  const properties = propertiesOf('MedicationRequest');
  assert.equal(properties.get('medicationCodeableConcept')?.element.min, 1);
  assert.deepEqual(properties.get('medicationReference')?.type.targets, ['Medication']);
  assert.equal(properties.has('medication'), false);
});

test('the systems of required bindings are there whole, with names and hierarchy', () => {
  assert.deepEqual(
    baseCodeSystem('http://hl7.org/fhir/administrative-gender')?.map(({ display }) => display),
    ['Male', 'Female', 'Other', 'Unknown'],
  );
  const verification = baseCodeSystem('http://terminology.hl7.org/CodeSystem/condition-ver-status');
  assert.equal(verification?.find(({ code }) => code === 'provisional')?.parent, 'unconfirmed');
  assert.equal(baseCodeSystem('http://loinc.org'), undefined);
});

test('codes of a required binding are known by system', () => {
  const codes = requiredCodes('administrative-gender')?.get('http://hl7.org/fhir/administrative-gender');
  assert.deepEqual([...(codes ?? [])].sort(), ['female', 'male', 'other', 'unknown']);
  assert.equal(requiredCodes('mimetypes'), undefined);
});

test('a parameter that several types share is limited to the part of the expression that concerns the type', () => {
  assert.equal(searchParametersOf('Observation').get('code')?.expression, 'Observation.code');
  assert.equal(searchParametersOf('Condition').get('code')?.expression, 'Condition.code');
});

test('search parameters that 4.0.1 does not have are left out', () => {
  assert.equal(searchParametersOf('ServiceRequest').has('order-detail'), false);
  assert.equal(searchParametersOf('DetectedIssue').has('status'), false);
  assert.equal(searchParametersOf('DetectedIssue').has('identified'), true);
});

test('a parameter whose published expression names no type is known, after those that were there before it', () => {
  const plan = searchParametersOf('InsurancePlan');
  assert.equal(plan.get('name')?.expression, 'InsurancePlan.name | InsurancePlan.alias');
  assert.equal(plan.get('name')?.bit, plan.size - 1);
});

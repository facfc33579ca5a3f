import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation, QuestionnaireItem, QuestionnaireResponse } from '../../../kernel/fhir/types.ts';
import { openForm } from '../form/open.ts';
import { form, NOW, SDC } from '../testing.ts';
import { extractInto } from './extract.ts';

const weight = (linkId: string): QuestionnaireItem => ({
  linkId,
  type: 'quantity',
  code: [{ system: 'http://loinc.org', code: '29463-7' }],
  extension: [
    { url: `${SDC}observationExtract`, valueBoolean: true },
    {
      url: `${SDC}observationLinkPeriod`,
      valueDuration: { value: 1, system: 'http://unitsofmeasure.org', code: 'a' },
    },
  ],
});
// After the SDC example of several subjects: a mother and her children.
const FORM = form([
  weight('mother'),
  {
    linkId: 'child',
    type: 'group',
    repeats: true,
    item: [
      {
        linkId: 'who',
        type: 'reference',
        extension: [{ url: `${SDC}isSubject`, valueBoolean: true }],
      },
      weight('weight'),
    ],
  },
]);
const kilograms = (value: number) => ({ answer: [{ valueQuantity: { value, unit: 'kg' } }] });
const child = (who: string | null, value: number) => ({
  linkId: 'child',
  item: [
    ...(who === null ? [] : [{ linkId: 'who', answer: [{ valueReference: { reference: who } }] }]),
    { linkId: 'weight', ...kilograms(value) },
  ],
});

test('what is answered in a group about a child is the child’s, and nobody’s while nobody is named', () => {
  const response = {
    resourceType: 'QuestionnaireResponse',
    id: 'r',
    status: 'completed',
    subject: { reference: 'Patient/mother' },
    item: [{ linkId: 'mother', ...kilograms(50) }, child('Patient/a', 4), child(null, 5)],
  } as QuestionnaireResponse;
  const facts = extractInto(response, FORM).bundle.entry!.map(({ resource }) => {
    const { subject, valueQuantity } = resource as Observation;
    return [subject!.reference, valueQuantity!.value];
  });
  assert.deepEqual(facts, [
    ['Patient/mother', 50],
    ['Patient/a', 4],
  ]);
});

test('what is known of the mother does not fill in her child', () => {
  const known: Observation = {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
    valueQuantity: { value: 50, unit: 'kg' },
  };
  const opened = openForm(FORM, { now: NOW, observation: () => known });
  assert.equal(opened.read('mother')!.values.length, 1);
  assert.equal(opened.read('child#0/weight')!.values.length, 0);
});

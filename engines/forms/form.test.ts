import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Questionnaire, QuestionnaireItem } from '../../kernel/fhir/types.ts';
import { openForm } from './browser.ts';

const NOW = new Date('2026-07-01T08:00:00+07:00');
const form = (item: QuestionnaireItem[], more: Partial<Questionnaire> = {}): Questionnaire => ({
  resourceType: 'Questionnaire',
  status: 'active',
  url: 'http://example.org/q',
  version: '1',
  item,
  ...more,
});
const calculated = (expression: string) => ({
  url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression',
  valueExpression: { language: 'text/fhirpath' as const, expression },
});

test('a calculated answer follows the answers that it names', () => {
  const opened = openForm(
    form([
      { linkId: 'weight', type: 'decimal' },
      { linkId: 'height', type: 'decimal' },
      {
        linkId: 'bmi',
        type: 'decimal',
        readOnly: true,
        extension: [
          calculated(
            "(%resource.item.where(linkId = 'weight').answer.value / (%resource.item.where(linkId = 'height').answer.value / 100).power(2)).round(1)",
          ),
        ],
      },
    ]),
    { now: NOW },
  );
  assert.deepEqual(opened.read('bmi')?.values, []);
  let told = 0;
  opened.subscribe('bmi', () => {
    told += 1;
  });
  opened.set('weight', [60]);
  opened.set('height', [160]);
  assert.deepEqual(opened.read('bmi')?.values, [23.4]);
  assert.equal(told, 1);
  assert.deepEqual(opened.response('completed').item?.[2], {
    linkId: 'bmi',
    answer: [{ valueDecimal: 23.4 }],
  });
});

/** A form that is sound and yet could not be answered is told before it is published; every form of the content passes. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { formVersions } from '../../../engines/forms/index.ts';
import { openContent } from '../../../kernel/content/content.ts';
import type { QuestionnaireItem } from '../../../kernel/fhir/types.ts';
import { designFaults } from './faults.ts';

const CONSTRAINT = 'http://hl7.org/fhir/StructureDefinition/questionnaire-constraint';
const constraint = (human: string) => ({
  url: CONSTRAINT,
  extension: [
    { url: 'key', valueId: 'a-1' },
    { url: 'severity', valueCode: 'error' as const },
    { url: 'expression', valueString: '$this > 3' },
    { url: 'human', valueString: human },
  ],
});
const places = (item: QuestionnaireItem[]) =>
  designFaults({ resourceType: 'Questionnaire', status: 'draft', item }).map(({ expression }) => expression);

const FAULTS: [string, QuestionnaireItem, string][] = [
  ['a question without words', { linkId: 'a', type: 'string', text: ' ' }, 'Questionnaire.item[0].text'],
  [
    'a choice of nothing',
    { linkId: 'a', type: 'choice', text: 'Chọn' },
    'Questionnaire.item[0].answerOption',
  ],
  ['an empty group', { linkId: 'a', type: 'group', text: 'Nhóm' }, 'Questionnaire.item[0].item'],
  [
    'a constraint without a sentence',
    { linkId: 'a', type: 'integer', text: 'Số', extension: [constraint('')] },
    `Questionnaire.item[0].extension.where(url = '${CONSTRAINT}')`,
  ],
];
for (const [what, item, place] of FAULTS)
  test(what, () => {
    assert.deepEqual(places([item]), [place]);
    const inside = { linkId: 'g', type: 'group' as const, text: 'Nhóm', item: [item] };
    assert.deepEqual(places([inside]), [place.replace('item[0]', 'item[0].item[0]')]);
  });

test('what can be answered is let be', () => {
  assert.deepEqual(
    places([
      { linkId: 'a', type: 'choice', text: 'Chọn', answerOption: [{ valueString: 'x' }] },
      { linkId: 'b', type: 'choice', text: 'Chọn', answerValueSet: 'http://yba.vn/fhir/vs/dan-toc' },
      { linkId: 'c', type: 'open-choice', text: 'Ghi' },
      { linkId: 'd', type: 'integer', text: 'Số', extension: [constraint('Phải lớn hơn 3.')] },
    ]),
    [],
  );
  for (const { file, value } of formVersions(openContent(join(import.meta.dirname, '../../../content'))))
    assert.deepEqual(designFaults(value), [], file);
});

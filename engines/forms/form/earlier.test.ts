import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuestionnaireItem, QuestionnaireResponse } from '../../../kernel/fhir/types.ts';
import { form, NOW } from '../testing.ts';
import { openForm } from './open.ts';

const opened = (items: QuestionnaireItem[], answered: QuestionnaireResponse['item']) =>
  openForm(form(items), {
    now: NOW,
    previous: { resourceType: 'QuestionnaireResponse', status: 'completed', item: answered! },
  });
const said = (linkId: string, ...texts: string[]) => ({
  linkId,
  answer: texts.map((valueString) => ({ valueString })),
});
const text = (linkId: string, more: Partial<QuestionnaireItem> = {}): QuestionnaireItem => ({
  linkId,
  type: 'string',
  ...more,
});

test('in a repeat the earlier answer is that of the repeat of the same number, in repeats within repeats too', () => {
  const items: QuestionnaireItem[] = [
    {
      linkId: 'con',
      type: 'group',
      repeats: true,
      item: [text('ten'), { linkId: 'mui', type: 'group', repeats: true, item: [text('lo')] }],
    },
  ];
  const one = opened(items, [
    { linkId: 'con', item: [said('ten', 'An'), { linkId: 'mui', item: [said('lo', 'A1')] }] },
    {
      linkId: 'con',
      item: [
        said('ten', 'Bình'),
        { linkId: 'mui', item: [said('lo', 'B1')] },
        { linkId: 'mui', item: [said('lo', 'B2')] },
      ],
    },
  ]);
  assert.deepEqual(one.previous('con#0/ten'), ['An']);
  assert.equal(one.add('con'), 'con#1');
  assert.deepEqual(one.previous('con#1/ten'), ['Bình']);
  assert.equal(one.add('con#1/mui'), 'con#1/mui#1');
  assert.deepEqual(one.previous('con#1/mui#1/lo'), ['B2']);
  assert.equal(one.add('con'), 'con#2');
  assert.deepEqual(one.previous('con#2/ten'), [], 'there was no third');
});

test('a question that takes one answer is offered one; one that moved into another group is found there', () => {
  const one = opened(
    [text('a'), text('b', { repeats: true })],
    [said('a', 'một', 'hai'), { linkId: 'g', item: [said('b', 'x', 'y')] }],
  );
  assert.deepEqual(one.previous('a'), ['một']);
  assert.deepEqual(one.previous('b'), ['x', 'y']);
});

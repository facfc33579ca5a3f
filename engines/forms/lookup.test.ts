import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePath, parsePath, Work } from '../../kernel/fhir/path/index.ts';
import type { QuestionnaireItem } from '../../kernel/fhir/types.ts';
import { openWith } from './form/open.ts';
import { lookedUp } from './lookup.ts';
import { planForm } from './plan.ts';
import { fhirPath, form, NOW } from './testing.ts';

const ITEMS: QuestionnaireItem[] = [
  { linkId: 'a', type: 'integer' },
  {
    linkId: 'g',
    type: 'group',
    repeats: true,
    item: [
      { linkId: 'b', type: 'integer', item: [{ linkId: 'c', type: 'string' }] },
      {
        linkId: 'd',
        type: 'integer',
        enableWhen: [{ question: 'b', operator: '>', answerInteger: 1 }],
      },
    ],
  },
  { linkId: 'twin', type: 'group', item: [{ linkId: 'e', type: 'integer' }] },
];

/** Expression → whether its places are looked up. */
const EXPRESSIONS: readonly (readonly [string, boolean])[] = [
  ["%resource.item.where(linkId = 'a').answer.value", true],
  ["%resource.descendants().where('d' = linkId).answer.value.sum()", true],
  ["%rootResource.item.where(linkId='g').item.where(linkId='b').answer.value", true],
  [
    "%resource.item.where(linkId='g').item.where(linkId='b').answer.item.where(linkId='c').answer.value",
    true,
  ],
  ["%resource.item.where(linkId='g').descendants().where(linkId='c').answer.value", true],
  ["%resource.item.where(linkId='g').item.where(linkId='b').first().answer.value", true],
  ["%resource.item.where(linkId='g').count()", true],
  ["iif(%resource.item.where(linkId='a').answer.value > 1, 'x', 'y')", true],
  // Not a place of the form: it gives what the path gives, nothing.
  ["%resource.item.where(linkId='b').answer.value", false],
  ["%resource.item.where(linkId='g').item.where(linkId='b').item.where(linkId='c').answer.value", true],
  ["%resource.item.where(linkId='a' or linkId='twin').answer.value", false],
  ["%resource.repeat(item).where(linkId='e').answer.value", false],
];

function answered() {
  const opened = openWith(planForm(form(ITEMS)), { now: NOW });
  opened.set('a', [2]);
  opened.add('g');
  opened.set('g#0/b', [1]);
  opened.set('g#0/b#0/c', ['first']);
  opened.set('g#0/d', [10]);
  opened.set('g#1/b', [5]);
  opened.set('g#1/b#0/c', ['second']);
  opened.set('g#1/d', [20]);
  opened.set('twin/e', [7]);
  return opened;
}

test('a place that is looked up gives what walking the response gives', () => {
  const { engine } = answered();
  assert.ok(JSON.stringify(engine.response).includes('second'));
  for (const [text, isLookedUp] of EXPRESSIONS) {
    const { questions } = lookedUp(parsePath(text), engine.plan.questions);
    assert.equal(questions.size > 0, isLookedUp, text);
    const asked = planForm(
      form([
        ...ITEMS,
        { linkId: 'z', type: 'string', repeats: true, extension: [fhirPath('calculatedExpression', text)] },
      ]),
    );
    const calculating = openWith(asked, { now: NOW, response: engine.response });
    const { response } = calculating.engine;
    const plain = compilePath(text, { type: 'QuestionnaireResponse', constants: new Map() });
    const walked = plain.step([response], new Work(undefined, { resource: response, now: NOW }));
    const found = calculating.field('z')!.computed!;
    assert.deepEqual(found.map(String), walked.filter((one) => typeof one !== 'object').map(String), text);
  }
});

test('what two questions share is not looked up', () => {
  const plan = planForm(form([...ITEMS, { linkId: 'e', type: 'integer' }]));
  const { questions } = lookedUp(parsePath("%resource.descendants().where(linkId='e')"), plan.questions);
  assert.equal(questions.size, 0);
});

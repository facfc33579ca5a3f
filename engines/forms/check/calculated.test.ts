/** Answers that the form calculates, in responses of whoever sends them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Patient, QuestionnaireItem, QuestionnaireResponse } from '../../../kernel/fhir/types.ts';
import { openForm } from '../form/open.ts';
import { planForm } from '../plan.ts';
import { fhirPath, form, launch, NOW, SDC, variable } from '../testing.ts';
import { checkResponse } from './response.ts';

const calculated = (linkId: string, expression: string, more: object = {}): QuestionnaireItem => ({
  linkId,
  type: 'decimal',
  text: linkId,
  readOnly: true,
  extension: [fhirPath('calculatedExpression', expression)],
  ...more,
});
const answerOf = (linkId: string) => `%resource.item.where(linkId = '${linkId}').answer.value`;
const asked: QuestionnaireItem[] = [
  { linkId: 'rong', type: 'decimal', text: 'Rộng' },
  { linkId: 'dai', type: 'decimal', text: 'Dài' },
  calculated('dien-tich', `${answerOf('rong')} * ${answerOf('dai')}`),
  calculated('hai-mat', `${answerOf('dien-tich')} * 2`),
];

/** A search, which nobody makes again to judge the answers. */
const searched = {
  ...variable('found', 'Observation?patient={{%patient.id}}'),
  valueExpression: {
    name: 'found',
    language: 'application/x-fhir-query' as never,
    expression: 'Observation?patient={{%patient.id}}',
  },
};

const answered = (
  values: Record<string, number>,
  status: QuestionnaireResponse['status'] = 'completed',
): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  status,
  questionnaire: 'http://example.org/q|1',
  item: Object.entries(values).map(([linkId, valueDecimal]) => ({ linkId, answer: [{ valueDecimal }] })),
});
const issuesOf = (items: QuestionnaireItem[], response: QuestionnaireResponse, more = {}) =>
  checkResponse(response, planForm(form(items, more)));

test('what the form calculates is what it calculates, whoever sends it, at any depth', () => {
  const right = { rong: 0.7, dai: 120, 'dien-tich': 84, 'hai-mat': 168 };
  assert.deepEqual(issuesOf(asked, answered(right)), []);
  const [found, ...more] = issuesOf(asked, answered({ ...right, 'dien-tich': 999, 'hai-mat': 1998 }));
  assert.equal(more.length, 0);
  assert.equal(found?.expression, 'QuestionnaireResponse.item[2].answer');
  assert.equal(found?.severity, 'error');
  assert.match(found!.text, /"dien-tich".* 84, không phải 999/);
  assert.match(issuesOf(asked, answered({ ...right, 'hai-mat': 1 }))[0]!.text, /"hai-mat".* 168/);
});

test('an answer without the answers that it stands on is none of the form', () => {
  assert.match(issuesOf(asked, answered({ rong: 2, 'dien-tich': 999 }))[0]!.text, /–, không phải 999/);
});

test('a calculated answer may be left out, and a draft is told of it as a warning', () => {
  assert.deepEqual(issuesOf(asked, answered({ rong: 2, dai: 3 })), []);
  const [draft] = issuesOf(asked, answered({ rong: 2, dai: 3, 'dien-tich': 7 }, 'in-progress'));
  assert.equal(draft?.severity, 'warning');
});

test('what a person may overwrite, what tells the moment, and what stands on more than is known is taken', () => {
  const taken = (item: QuestionnaireItem, more = {}) =>
    issuesOf([...asked.slice(0, 2), item], answered({ rong: 2, dai: 3, x: 999 }), more);
  assert.deepEqual(taken(calculated('x', `${answerOf('rong')} * 2`, { readOnly: false })), []);
  assert.deepEqual(taken(calculated('x', 'now().toString().length()')), []);
  const context = { extension: [launch('patient', 'Patient')] };
  assert.deepEqual(taken(calculated('x', '%patient.name.count()'), context), []);
  const found = { ...context, extension: [...context.extension, searched] };
  assert.deepEqual(taken(calculated('x', '%found.total'), found), []);
  assert.equal(taken(calculated('x', 'today().toString().length()')).length, 1);
  assert.equal(taken(calculated('x', `${answerOf('rong')} * 2`)).length, 1);
});

test('what the form itself gives when it is filled is never refused', () => {
  const decimal = () => Math.round(Math.random() * 1e6) / 10 ** Math.floor(Math.random() * 6);
  for (let round = 0; round < 200; round++) {
    const filled = openForm(form(asked), { now: NOW });
    filled.set('rong', [decimal()]);
    filled.set('dai', [decimal()]);
    const response = filled.response('completed');
    assert.deepEqual(issuesOf(asked, response), [], JSON.stringify(response.item));
  }
});

test('a quantity is the same in whatever order its elements stand, and another with another code', () => {
  const half = {
    linkId: 'x',
    type: 'quantity',
    text: 'x',
    readOnly: true,
    extension: [
      fhirPath('calculatedExpression', `((${answerOf('rong')} / 2).toString() + ' \\'m\\'').toQuantity()`),
    ],
  } as QuestionnaireItem;
  const told = (valueQuantity: object) => {
    const response = answered({ rong: 3, dai: 1 });
    response.item!.push({ linkId: 'x', answer: [{ valueQuantity }] });
    return issuesOf([...asked.slice(0, 2), half], response).length;
  };
  assert.equal(told({ unit: 'm', code: 'm', value: 1.5, system: 'http://unitsofmeasure.org' }), 0);
  assert.equal(told({ value: 1.5, system: 'http://unitsofmeasure.org', code: 'cm', unit: 'cm' }), 1);
  assert.equal(told({ value: 1.6, system: 'http://unitsofmeasure.org', code: 'm', unit: 'm' }), 1);
});

test('with what the form was opened with, what stands on it is judged; what was filled in from it at the opening is not', () => {
  const patient: Patient = { resourceType: 'Patient', gender: 'female' };
  const launched = { extension: [launch('patient', 'Patient')] };
  const judged = (item: QuestionnaireItem[], given: Record<string, number>, more: object = {}) =>
    checkResponse(answered(given), planForm(form(item, { ...launched, ...more })), { context: { patient } });
  const score = calculated('x', "iif(%patient.gender = 'female', 3, 4)");
  assert.deepEqual(judged([score], { x: 3 }), []);
  assert.equal(judged([score], { x: 4 }).length, 1);
  // By way of a variable.
  const named = { extension: [...launched.extension, variable('sex', '%patient.gender')] };
  assert.equal(judged([calculated('x', "iif(%sex = 'female', 3, 4)")], { x: 4 }, named).length, 1);
  const filled: QuestionnaireItem = {
    linkId: 'y',
    type: 'decimal',
    text: 'y',
    extension: [
      {
        url: `${SDC}initialExpression`,
        valueExpression: { name: 'first', language: 'text/fhirpath', expression: '5' },
      },
    ],
    item: [calculated('x', '%first + 1')],
  };
  const response = answered({ y: 1 });
  response.item![0]!.answer![0]!.item = [{ linkId: 'x', answer: [{ valueDecimal: 6 }] }];
  assert.deepEqual(checkResponse(response, planForm(form([filled])), { context: { patient } }), []);
});

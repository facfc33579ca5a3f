import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Patient, QuestionnaireItem, QuestionnaireItemEnableWhen } from '../../kernel/fhir/types.ts';
import { type Form, openForm } from './browser.ts';
import { CORE, fhirPath, form, launch, NOW, variable } from './testing.ts';

const open = (item: QuestionnaireItem[], more: object = {}, start: object = {}): Form =>
  openForm(form(item, more), { now: NOW, ...start });

test('a calculated answer follows the answers that it names, and nothing else is told', () => {
  const opened = open([
    { linkId: 'weight', type: 'decimal' },
    { linkId: 'height', type: 'decimal' },
    { linkId: 'other', type: 'string' },
    {
      linkId: 'bmi',
      type: 'decimal',
      readOnly: true,
      extension: [
        fhirPath(
          'calculatedExpression',
          "(%resource.item.where(linkId = 'weight').answer.value / (%resource.item.where(linkId = 'height').answer.value / 100).power(2)).round(1)",
        ),
      ],
    },
  ]);
  const told: string[] = [];
  for (const path of opened.paths) opened.subscribe(path, () => told.push(path));
  opened.set('weight', [60]);
  opened.set('height', [160]);
  assert.deepEqual(opened.read('bmi')?.values, [23.4]);
  assert.deepEqual(told, ['weight', 'height', 'bmi']);
  const before = opened.read('other');
  opened.set('weight', [61]);
  assert.equal(opened.read('other'), before, 'what did not change is the same object');
});

const target = (type: QuestionnaireItem['type']): QuestionnaireItem => ({ linkId: 'q', type });
const CHOICE = { system: 'http://example.org/cs', code: 'a' };
const KG = { value: 1, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' };
const G = { value: 1500, unit: 'g', system: 'http://unitsofmeasure.org', code: 'g' };

/** R4 questionnaire-enable-operator. */
const CONDITIONS: [
  QuestionnaireItem['type'],
  Omit<QuestionnaireItemEnableWhen, 'question'>,
  unknown[],
  boolean,
][] = [
  ['string', { operator: 'exists', answerBoolean: true }, ['x'], true],
  ['string', { operator: 'exists', answerBoolean: true }, [], false],
  ['string', { operator: 'exists', answerBoolean: false }, [], true],
  ['integer', { operator: '=', answerInteger: 3 }, [3], true],
  ['integer', { operator: '=', answerInteger: 3 }, [], false],
  ['integer', { operator: '!=', answerInteger: 3 }, [4], true],
  ['integer', { operator: '!=', answerInteger: 3 }, [], true],
  ['integer', { operator: '>', answerInteger: 3 }, [4], true],
  ['integer', { operator: '>', answerInteger: 3 }, [3], false],
  ['integer', { operator: '>=', answerInteger: 3 }, [3], true],
  ['integer', { operator: '<', answerInteger: 3 }, [2], true],
  ['integer', { operator: '<=', answerInteger: 3 }, [4], false],
  ['date', { operator: '>', answerDate: '2026-01-01' }, ['2026-01-02'], true],
  ['date', { operator: '<', answerDate: '2026-01-01' }, ['2026-01-02'], false],
  ['time', { operator: '<', answerTime: '08:00:00' }, ['07:59:00'], true],
  ['choice', { operator: '=', answerCoding: CHOICE }, [CHOICE], true],
  ['choice', { operator: '=', answerCoding: { code: 'a' } }, [CHOICE], true],
  [
    'choice',
    { operator: '=', answerCoding: CHOICE },
    [{ ...CHOICE, system: 'http://example.org/other' }],
    false,
  ],
  ['quantity', { operator: '>', answerQuantity: KG }, [G], true],
  ['quantity', { operator: '<', answerQuantity: KG }, [G], false],
  ['boolean', { operator: '=', answerBoolean: false }, [], false],
];

test('enableWhen: every operator of R4', () => {
  for (const [type, when, values, expected] of CONDITIONS) {
    const opened = open([
      target(type),
      { linkId: 'x', type: 'string', enableWhen: [{ question: 'q', ...when }] },
    ]);
    opened.set('q', values);
    assert.equal(
      opened.read('x')?.enabled,
      expected,
      `${type} ${JSON.stringify(when)} ${JSON.stringify(values)}`,
    );
  }
});

test('enableBehavior: any and all', () => {
  const both = (enableBehavior: 'any' | 'all') =>
    open([
      { linkId: 'a', type: 'boolean' },
      { linkId: 'b', type: 'boolean' },
      {
        linkId: 'x',
        type: 'string',
        enableBehavior,
        enableWhen: [
          { question: 'a', operator: '=', answerBoolean: true },
          { question: 'b', operator: '=', answerBoolean: true },
        ],
      },
    ]);
  const [any, all] = [both('any'), both('all')];
  for (const one of [any, all]) one.set('a', [true]);
  assert.deepEqual([any.read('x')?.enabled, all.read('x')?.enabled], [true, false]);
  all.set('b', [true]);
  assert.equal(all.read('x')?.enabled, true);
});

test('within repeats the nearest question counts: each row asks its own', () => {
  const opened = open([
    {
      linkId: 'row',
      type: 'group',
      repeats: true,
      item: [
        { linkId: 'kind', type: 'string' },
        {
          linkId: 'more',
          type: 'string',
          enableWhen: [{ question: 'kind', operator: '=', answerString: 'x' }],
        },
      ],
    },
  ]);
  assert.equal(opened.add('row'), 'row#1');
  opened.set('row#1/kind', ['x']);
  assert.deepEqual([opened.read('row#0/more')?.enabled, opened.read('row#1/more')?.enabled], [false, true]);
  opened.remove('row#0');
  assert.deepEqual(
    opened.read('row')?.repeats.map(({ path }) => path),
    ['row#1'],
  );
});

test('what is not enabled has no answer, for others and in the response', () => {
  const opened = open([
    { linkId: 'a', type: 'boolean', initial: [{ valueBoolean: true }] },
    { linkId: 'b', type: 'integer', enableWhen: [{ question: 'a', operator: '=', answerBoolean: true }] },
    {
      linkId: 'c',
      type: 'integer',
      extension: [fhirPath('calculatedExpression', "%resource.item.where(linkId = 'b').answer.value + 1")],
    },
  ]);
  opened.set('b', [1]);
  assert.deepEqual(opened.read('c')?.values, [2]);
  opened.set('a', [false]);
  assert.deepEqual(opened.read('c')?.values, []);
  assert.deepEqual(
    opened.response('completed').item?.map(({ linkId }) => linkId),
    ['a'],
  );
  opened.set('a', [true]);
  assert.deepEqual(opened.read('c')?.values, [2], 'the answer was kept while it was hidden');
});

test('initial values, chosen options, launchContext and variables', () => {
  const patient: Patient = { resourceType: 'Patient', id: 'p', gender: 'female', birthDate: '1990-01-01' };
  const opened = open(
    [
      { linkId: 'i', type: 'integer', initial: [{ valueInteger: 5 }] },
      {
        linkId: 'o',
        type: 'choice',
        answerOption: [{ valueCoding: { code: 'a' } }, { valueCoding: { code: 'b' }, initialSelected: true }],
      },
      {
        linkId: 'g',
        type: 'choice',
        answerOption: [{ valueCoding: { system: 's', code: 'female' } }],
        extension: [fhirPath('initialExpression', '%patient.gender')],
      },
      { linkId: 'd', type: 'date', extension: [fhirPath('initialExpression', '%patient.birthDate')] },
      { linkId: 'r', type: 'reference', extension: [fhirPath('initialExpression', '%patient')] },
      { linkId: 'v', type: 'integer', extension: [fhirPath('initialExpression', '%two + 1')] },
    ],
    { extension: [launch('patient', 'Patient'), variable('two', '1 + 1')] },
    { context: { patient } },
  );
  const values = opened.paths.map((path) => opened.read(path)?.values);
  assert.deepEqual(values, [
    [5],
    [{ code: 'b' }],
    [{ system: 's', code: 'female' }],
    ['1990-01-01'],
    [{ reference: 'Patient/p' }],
    [3],
  ]);
  assert.deepEqual(opened.response('in-progress').subject, { reference: 'Patient/p' });
});

test('a calculated answer that a person overwrites stays until it is cleared, also when the form is opened again', () => {
  const items: QuestionnaireItem[] = [
    { linkId: 'a', type: 'integer' },
    {
      linkId: 'b',
      type: 'integer',
      extension: [fhirPath('calculatedExpression', "%resource.item.where(linkId = 'a').answer.value * 2")],
    },
  ];
  const opened = open(items);
  opened.set('a', [2]);
  opened.set('b', [7]);
  opened.set('a', [3]);
  assert.deepEqual(opened.read('b')?.values, [7]);
  const again = open(items, {}, { response: opened.response('in-progress') });
  again.set('a', [4]);
  assert.deepEqual(again.read('b')?.values, [7]);
  again.set('b', []);
  assert.deepEqual(again.read('b')?.values, [8]);
});

test('questions under an answer go with their answer', () => {
  const opened = open([
    { linkId: 'drug', type: 'string', repeats: true, item: [{ linkId: 'dose', type: 'string' }] },
  ]);
  opened.set('drug', ['A', 'B']);
  const [a, b] = opened.read('drug')!.repeats;
  opened.set(b!.children[0]!, ['2 mg']);
  assert.equal(a!.path, 'drug#0');
  opened.set('drug', ['B']);
  assert.deepEqual(opened.response('completed').item, [
    {
      linkId: 'drug',
      answer: [{ valueString: 'B', item: [{ linkId: 'dose', answer: [{ valueString: '2 mg' }] }] }],
    },
  ]);
});

test('a search that nobody answered says nothing; once it is answered, what stands on it is asked', () => {
  const query = {
    name: 'found',
    language: 'application/x-fhir-query' as never,
    expression: 'Observation?code=x',
  };
  const opened = open(
    [{ linkId: 'n', type: 'integer', extension: [fhirPath('calculatedExpression', '%found.entry.count()')] }],
    {
      extension: [{ url: `${CORE}variable`, valueExpression: query }],
    },
  );
  assert.deepEqual(opened.read('n')?.values, []);
  assert.deepEqual(opened.wanted(), ['Observation?code=x']);
  opened.supply('Observation?code=x', { resourceType: 'Bundle', type: 'searchset', entry: [{}, {}] });
  assert.deepEqual(opened.read('n')?.values, [2]);
  assert.deepEqual(opened.wanted(), []);
});

test('texts and choices are told in the language asked for; answers of an earlier response are at hand', () => {
  const translation = (content: string) => ({
    extension: [
      {
        url: `${CORE}translation`,
        extension: [
          { url: 'lang', valueCode: 'en' },
          { url: 'content', valueString: content },
        ],
      },
    ],
  });
  const item = { linkId: 'a', type: 'string', text: 'Tên', _text: translation('Name') } as QuestionnaireItem;
  const previous = {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    item: [{ linkId: 'a', answer: [{ valueString: 'cũ' }] }],
  };
  const opened = open([item], {}, { language: 'en', previous });
  assert.equal(opened.read('a')?.text, 'Name');
  assert.deepEqual(opened.previous('a'), ['cũ']);
  assert.deepEqual(opened.read('a')?.values, []);
});

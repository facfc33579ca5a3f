import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Patient, QuestionnaireItem, QuestionnaireItemEnableWhen } from '../../kernel/fhir/types.ts';
import { type Form, openForm } from './browser.ts';
import { CORE, fhirPath, form, launch, NOW, SDC, variable } from './testing.ts';

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

const limit = (name: string, value: object) => ({ url: `${CORE}${name}`, ...value });
const KILO = { system: 'http://unitsofmeasure.org', code: 'kg', display: 'kg' };

/** Item, a wrong answer, a good one. */
const WRONG: [Partial<QuestionnaireItem> & { type: QuestionnaireItem['type'] }, unknown, unknown][] = [
  [{ type: 'integer' }, 1.5, 1],
  [{ type: 'decimal' }, 'x', 1.5],
  [{ type: 'boolean' }, 'yes', true],
  [{ type: 'date' }, '2026-02-30', '2026-02-28'],
  [{ type: 'dateTime' }, '2026-02-28T10:00', '2026-02-28T10:00:00+07:00'],
  [{ type: 'time' }, '25:00:00', '23:00:00'],
  [{ type: 'url' }, 'a b', 'http://a'],
  [{ type: 'string', maxLength: 2 }, 'abc', 'ab'],
  [{ type: 'text', extension: [limit('minLength', { valueInteger: 2 })] }, 'a', 'ab'],
  [{ type: 'string', extension: [limit('regex', { valueString: '[0-9]{3}' })] }, '12', '123'],
  [{ type: 'integer', extension: [limit('minValue', { valueInteger: 2 })] }, 1, 2],
  [{ type: 'decimal', extension: [limit('maxValue', { valueDecimal: 2 })] }, 2.1, 2],
  [{ type: 'decimal', extension: [limit('maxDecimalPlaces', { valueInteger: 1 })] }, 1.25, 1.2],
  [{ type: 'date', extension: [limit('maxValue', { valueDate: '2026-01-01' })] }, '2026-01-02', '2026-01-01'],
  [
    { type: 'quantity', extension: [limit('questionnaire-unitOption', { valueCoding: KILO })] },
    { value: 1, code: 'lb' },
    { value: 1, code: 'kg', system: 'http://unitsofmeasure.org' },
  ],
  [
    { type: 'attachment', extension: [limit('mimeType', { valueCode: 'image/*' })] },
    { contentType: 'text/plain' },
    { contentType: 'image/png' },
  ],
  [
    { type: 'attachment', extension: [limit('maxSize', { valueDecimal: 1 })] },
    { size: 2_000_000 },
    { size: 10 },
  ],
  [
    { type: 'reference', extension: [limit('questionnaire-referenceResource', { valueCode: 'Patient' })] },
    { reference: 'Group/1' },
    { reference: 'Patient/1' },
  ],
  [{ type: 'choice', answerOption: [{ valueCoding: CHOICE }] }, { ...CHOICE, code: 'z' }, CHOICE],
  [{ type: 'choice', answerOption: [{ valueInteger: 1 }] }, 2, 1],
  [
    { type: 'open-choice', answerOption: [{ valueCoding: CHOICE }] },
    { ...CHOICE, code: 'z' },
    'something else',
  ],
];

test('an answer of another type, out of bounds or written otherwise is told in both languages', () => {
  for (const [item, bad, good] of WRONG) {
    const opened = open([{ linkId: 'q', ...item }]);
    opened.set('q', [bad]);
    const [issue] = opened.read('q')!.issues;
    assert.ok(issue?.text && issue.textEn, `${JSON.stringify(item)} takes ${JSON.stringify(bad)}`);
    opened.set('q', [good]);
    assert.deepEqual(opened.read('q')!.issues, [], `${JSON.stringify(item)} refuses ${JSON.stringify(good)}`);
  }
});

test('limits may be calculated; a constraint is told with its sentence', () => {
  const today = {
    url: `${CORE}minValue`,
    _valueDate: {
      extension: [
        {
          url: `${CORE}cqf-calculatedValue`,
          valueExpression: { language: 'text/fhirpath', expression: 'today()' },
        },
      ],
    },
  };
  const opened = open([
    { linkId: 'd', type: 'date', extension: [today as never] },
    {
      linkId: 'n',
      type: 'integer',
      extension: [
        {
          url: `${CORE}questionnaire-constraint`,
          extension: [
            { url: 'key', valueId: 'n-1' },
            { url: 'severity', valueCode: 'error' },
            { url: 'expression', valueString: 'answer.value mod 2 = 0' },
            { url: 'human', valueString: 'Phải là số chẵn.' },
          ],
        },
      ],
    },
  ]);
  assert.equal(opened.read('d')?.min, '2026-07-01');
  opened.set('n', [3]);
  assert.equal(opened.read('n')?.issues[0]?.text, 'Phải là số chẵn.');
  opened.set('n', [4]);
  assert.deepEqual(opened.read('n')?.issues, []);
});

test('what is missing is told of the whole form alone', () => {
  const opened = open([
    { linkId: 'a', type: 'string', required: true, text: 'Tên' },
    {
      linkId: 'g',
      type: 'group',
      repeats: true,
      extension: [limit('questionnaire-minOccurs', { valueInteger: 2 })],
      item: [{ linkId: 'b', type: 'string' }],
    },
  ]);
  assert.deepEqual(opened.issues(), []);
  assert.deepEqual(
    opened.issues(true).map(({ field, code }) => [field, code]),
    [
      ['a', 'required'],
      ['g', 'required'],
    ],
  );
  assert.deepEqual(opened.read('g')?.repeats.length, 2);
});

test('options come from expressions, contained value sets and toggles; scores by weight()', () => {
  const options = [0, 1].map((score) => ({
    extension: [{ url: `${CORE}ordinalValue`, valueDecimal: score }],
    valueCoding: { system: 's', code: `c${score}` },
  }));
  const opened = open(
    [
      { linkId: 'set', type: 'choice', answerValueSet: '#vs' },
      { linkId: 'names', type: 'string', repeats: true },
      {
        linkId: 'pick',
        type: 'choice',
        extension: [fhirPath('answerExpression', "%resource.item.where(linkId = 'names').answer.value")],
      },
      {
        linkId: 'toggled',
        type: 'choice',
        answerOption: options,
        extension: [
          {
            url: `${SDC}answerOptionsToggleExpression`,
            extension: [
              { url: 'option', valueCoding: { system: 's', code: 'c1' } },
              {
                url: 'expression',
                valueExpression: {
                  language: 'text/fhirpath',
                  expression: "%resource.item.where(linkId = 'names').answer.exists()",
                },
              },
            ],
          },
        ],
      },
      {
        linkId: 'score',
        type: 'decimal',
        extension: [
          fhirPath(
            'calculatedExpression',
            "%resource.item.where(linkId = 'toggled').answer.value.weight().sum()",
          ),
        ],
      },
    ],
    {
      contained: [
        {
          resourceType: 'ValueSet',
          id: 'vs',
          status: 'active',
          compose: { include: [{ system: 's', concept: [{ code: 'x', display: 'X' }] }] },
        },
      ],
    },
  );
  assert.deepEqual(
    opened.read('set')?.options?.map(({ label }) => label),
    ['X'],
  );
  assert.deepEqual(
    opened.read('toggled')?.options?.map(({ enabled }) => enabled),
    [true, false],
  );
  opened.set('names', ['An', 'Bình']);
  assert.deepEqual(
    opened.read('pick')?.options?.map(({ value }) => value),
    ['An', 'Bình'],
  );
  assert.deepEqual(
    opened.read('toggled')?.options?.map(({ enabled }) => enabled),
    [true, true],
  );
  opened.set('toggled', [{ system: 's', code: 'c1' }]);
  assert.deepEqual(opened.read('score')?.values, [1]);
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

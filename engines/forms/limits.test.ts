import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuestionnaireItem } from '../../kernel/fhir/types.ts';
import { type Form, openForm } from './browser.ts';
import { CORE, fhirPath, form, NOW, SDC } from './testing.ts';

const open = (item: QuestionnaireItem[], more: object = {}, start: object = {}): Form =>
  openForm(form(item, more), { now: NOW, ...start });

const CHOICE = { system: 'http://example.org/cs', code: 'a' };

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

test('pictures of a question and of its choices are at hand for whoever draws it', () => {
  const picture = (url: string, title: string) => ({
    url: `${SDC}${url}`,
    valueAttachment: { contentType: 'image/png', title, data: 'aGk=' },
  });
  const opened = open([
    {
      linkId: 'q',
      type: 'choice',
      extension: [picture('itemMedia', 'Bàn tay')],
      answerOption: [
        { valueCoding: CHOICE, extension: [picture('itemAnswerMedia', 'Ngón cái')] },
        { valueCoding: { ...CHOICE, code: 'b' } },
      ],
    },
  ]);
  const source = 'data:image/png;base64,aGk=';
  assert.deepEqual(opened.face('q')!.media, { type: 'image/png', title: 'Bàn tay', source });
  assert.deepEqual(
    opened.read('q')!.options!.map(({ media }) => media?.title ?? null),
    ['Ngón cái', null],
  );
});

test('a repeat that nobody has begun asks for nothing, unless the form needs it; one that is begun must be whole', () => {
  const rows = (more: object) =>
    openForm(
      form([
        {
          linkId: 'kites',
          type: 'group',
          text: 'Diều',
          repeats: true,
          ...more,
          item: [
            { linkId: 'name', type: 'string', text: 'Tên', required: true },
            { linkId: 'length', type: 'decimal', text: 'Dài' },
          ],
        },
      ]),
      { now: NOW },
    );
  const missing = (of: ReturnType<typeof rows>) => of.issues(true).map(({ field }) => field);
  const spare = rows({});
  const { children } = spare.read('kites')!.repeats[0]!;
  assert.deepEqual(missing(spare), []);
  spare.set(children[1]!, [3]);
  assert.deepEqual(missing(spare), [children[0]]);
  spare.set(children[0]!, ['Sáo']);
  spare.add('kites');
  assert.deepEqual(missing(spare), []);
  assert.equal(missing(rows({ required: true })).includes(children[0]!), true);
});

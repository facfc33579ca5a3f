import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Extension, Questionnaire, QuestionnaireItem } from '../../../kernel/fhir/types.ts';
import { CORE, fhirPath, form, launch, SDC, variable } from '../testing.ts';
import { checkForm } from './check.ts';

const one = (item: Partial<QuestionnaireItem>, more: Partial<Questionnaire> = {}) =>
  form([{ linkId: 'a', type: 'integer', ...item } as QuestionnaireItem], more);
const two = (a: Partial<QuestionnaireItem>, b: Partial<QuestionnaireItem>) =>
  form([
    { linkId: 'a', type: 'integer', ...a } as QuestionnaireItem,
    { linkId: 'b', type: 'integer', ...b } as QuestionnaireItem,
  ]);
const core = (name: string, value: object): Extension => ({ url: `${CORE}${name}`, ...value });

/** What is wrong, the form, where it is said to be. */
const FAULTS: [what: string, questionnaire: Questionnaire, place: RegExp][] = [
  ['a linkId twice', two({}, { linkId: 'a' }), /^Questionnaire\.item\[1\]\.linkId$/],
  [
    'an extraction by StructureMap',
    one({}, { extension: [{ url: `${SDC}targetStructureMap`, valueCanonical: 'http://example.org/map' }] }),
    /^Questionnaire\.extension\.where\(url = '.*targetStructureMap'\)\[0\]$/,
  ],
  [
    'a population by StructureMap',
    one({ extension: [{ url: `${SDC}sourceStructureMap`, valueCanonical: 'http://example.org/map' }] }),
    /^Questionnaire\.item\[0\]\.extension\.where\(url = '.*sourceStructureMap'\)\[0\]$/,
  ],
  [
    'an initial value by CQL',
    one({
      extension: [
        { url: `${SDC}initialExpression`, valueExpression: { language: 'text/cql', expression: '"Age"' } },
      ],
    }),
    /item\[0\]\.extension.*\.language$/,
  ],
  [
    'an extracted value by CQL',
    one(
      {},
      {
        extension: [
          {
            url: `${SDC}definitionExtract`,
            extension: [{ url: 'definition', valueCanonical: `${CORE}Patient` }],
          },
          {
            url: `${SDC}definitionExtractValue`,
            extension: [
              { url: 'definition', valueUri: `${CORE}Patient#Patient.active` },
              { url: 'expression', valueExpression: { language: 'text/cql', expression: 'true' } },
            ],
          },
        ],
      },
    ),
    /^Questionnaire\.extension.*definitionExtractValue.*\.language$/,
  ],
  [
    'an extraction context by CQL',
    one({
      extension: [
        {
          url: `${SDC}itemExtractionContext`,
          valueExpression: { language: 'text/cql', expression: 'Patient' },
        },
      ],
    }),
    /itemExtractionContext.*\.value\.language$/,
  ],
  [
    'enableWhen to nobody',
    one({ enableWhen: [{ question: 'x', operator: 'exists', answerBoolean: true }] }),
    /item\[0\]\.enableWhen\[0\]\.question$/,
  ],
  [
    'enableWhen of another type',
    two({}, { enableWhen: [{ question: 'a', operator: '=', answerString: '1' }] }),
    /item\[1\]\.enableWhen\[0\]\.answer$/,
  ],
  [
    'an order among booleans',
    two({ type: 'boolean' }, { enableWhen: [{ question: 'a', operator: '>', answerBoolean: true }] }),
    /enableWhen\[0\]\.operator$/,
  ],
  [
    'a condition on no choice',
    two(
      { type: 'choice', answerOption: [{ valueCoding: { code: 'x' } }] },
      { enableWhen: [{ question: 'a', operator: '=', answerCoding: { code: 'y' } }] },
    ),
    /enableWhen\[0\]\.answer$/,
  ],
  [
    'enableWhen on a group',
    two({ type: 'group' }, { enableWhen: [{ question: 'a', operator: '=', answerInteger: 1 }] }),
    /enableWhen\[0\]\.question$/,
  ],
  ['no FHIRPath', one({ extension: [fhirPath('calculatedExpression', '1 +')] }), /item\[0\]\.extension/],
  [
    'an unknown function',
    one({ extension: [fhirPath('calculatedExpression', 'answer.nonsense()')] }),
    /item\[0\]\.extension/,
  ],
  [
    'an unknown variable',
    one({ extension: [fhirPath('calculatedExpression', '%nobody + 1')] }),
    /item\[0\]\.extension/,
  ],
  [
    'an unknown question in an expression',
    one({ extension: [fhirPath('calculatedExpression', "%resource.item.where(linkId = 'x').answer.value")] }),
    /item\[0\]\.extension/,
  ],
  [
    'an element that responses do not have',
    one({ extension: [fhirPath('calculatedExpression', '%resource.items.answer')] }),
    /item\[0\]\.extension/,
  ],
  [
    'CQL',
    one({
      extension: [
        { url: `${SDC}calculatedExpression`, valueExpression: { language: 'text/cql', expression: '1' } },
      ],
    }),
    /language$/,
  ],
  [
    'itself',
    one({ extension: [fhirPath('calculatedExpression', 'answer.value + 1')] }),
    /item\[0\]\.extension/,
  ],
  [
    'a loop of two',
    two(
      { extension: [fhirPath('calculatedExpression', "%resource.item.where(linkId = 'b').answer.value")] },
      { extension: [fhirPath('calculatedExpression', "%resource.item.where(linkId = 'a').answer.value")] },
    ),
    /extension/,
  ],
  [
    'a loop by enabling',
    two(
      { enableWhen: [{ question: 'b', operator: '=', answerInteger: 1 }] },
      { enableWhen: [{ question: 'a', operator: '=', answerInteger: 1 }] },
    ),
    /enableWhen/,
  ],
  [
    'a loop of variables',
    one({}, { extension: [variable('x', '%y'), variable('y', '%x')] }),
    /^Questionnaire\.extension/,
  ],
  [
    'a name twice',
    one({}, { extension: [variable('x', '1'), variable('x', '2')] }),
    /^Questionnaire\.extension/,
  ],
  [
    'a variable without a name',
    one(
      {},
      {
        extension: [
          { url: `${CORE}variable`, valueExpression: { language: 'text/fhirpath', expression: '1' } },
        ],
      },
    ),
    /^Questionnaire\.extension/,
  ],
  [
    'a text for a number',
    one({ extension: [fhirPath('calculatedExpression', "'a' & 'b'")] }),
    /item\[0\]\.extension/,
  ],
  [
    'a number for a condition',
    one({ extension: [fhirPath('enableWhenExpression', '1 + 1')] }),
    /item\[0\]\.extension/,
  ],
  [
    'initial and initialExpression',
    one({ initial: [{ valueInteger: 1 }], extension: [fhirPath('initialExpression', '1')] }),
    /initial$/,
  ],
  ['an option of another type', one({ answerOption: [{ valueString: 'x' }] }), /answerOption\[0\]\.value$/],
  [
    'an option twice',
    one({ answerOption: [{ valueInteger: 1 }, { valueInteger: 1 }] }),
    /answerOption\[1\]$/,
  ],
  ['an initial value of another type', one({ initial: [{ valueString: 'x' }] }), /initial\[0\]\.value$/],
  [
    'an initial value that is no choice',
    one({
      type: 'choice',
      answerOption: [{ valueCoding: { code: 'x' } }],
      initial: [{ valueCoding: { code: 'y' } }],
    }),
    /initial\[0\]\.value$/,
  ],
  [
    'limits the wrong way round',
    one({ extension: [core('minValue', { valueInteger: 3 }), core('maxValue', { valueInteger: 1 })] }),
    /minValue/,
  ],
  [
    'a limit of another type',
    one({ extension: [core('minValue', { valueDate: '2026-01-01' })] }),
    /minValue/,
  ],
  [
    'more at least than at most',
    one({
      repeats: true,
      extension: [
        core('questionnaire-minOccurs', { valueInteger: 3 }),
        core('questionnaire-maxOccurs', { valueInteger: 1 }),
      ],
    }),
    /minOccurs/,
  ],
  [
    'a pattern that is none',
    one({ type: 'string', extension: [core('regex', { valueString: '(' })] }),
    /regex/,
  ],
  [
    'a unit that is none',
    one({
      extension: [
        core('questionnaire-unit', {
          valueCoding: { system: 'http://unitsofmeasure.org', code: 'furlongs' },
        }),
      ],
    }),
    /unit/,
  ],
  ['a value set that is not contained', one({ type: 'choice', answerValueSet: '#x' }), /answerValueSet$/],
  [
    'a value set that nobody knows',
    one({ type: 'choice', answerValueSet: 'http://example.org/nobody' }),
    /answerValueSet$/,
  ],
  [
    'extraction without a code',
    one({ extension: [{ url: `${SDC}observationExtract`, valueBoolean: true }] }),
    /item\[0\]\.code$/,
  ],
  [
    'an element that R4 does not have',
    one(
      { definition: 'http://hl7.org/fhir/StructureDefinition/Patient#Patient.nickname' },
      { extension: [{ url: `${SDC}itemExtractionContext`, valueCode: 'Patient' }] },
    ),
    /definition$/,
  ],
  [
    'a template that is not there',
    one({
      extension: [
        {
          url: `${SDC}templateExtract`,
          extension: [{ url: 'template', valueReference: { reference: '#x' } }],
        },
      ],
    }),
    /templateExtract/,
  ],
];

test('a form with a fault is told where it is, in both languages', () => {
  for (const [what, questionnaire, place] of FAULTS) {
    const errors = checkForm(questionnaire, { knowsValueSet: () => false }).filter(
      ({ severity }) => severity === 'error',
    );
    assert.ok(errors.length > 0, `${what} is not seen`);
    assert.ok(
      errors.some(({ expression }) => place.test(expression ?? '')),
      `${what}: ${JSON.stringify(errors)}`,
    );
    for (const { text, textEn } of errors) assert.ok(text && textEn && text !== textEn, what);
  }
});

test('what is sound is let be: totals beside what they add, conditions on answers above, units, choices', () => {
  const sound = form([
    {
      linkId: 'g',
      type: 'group',
      item: [
        { linkId: 'x', type: 'integer' },
        { linkId: 'y', type: 'integer' },
      ],
    },
    {
      linkId: 'sum',
      type: 'integer',
      extension: [
        fhirPath('calculatedExpression', "%resource.item.where(linkId = 'g').item.answer.value.sum()"),
        core('questionnaire-unit', { valueCoding: { system: 'http://unitsofmeasure.org', code: 'kg' } }),
      ],
    },
    {
      linkId: 'all',
      type: 'integer',
      extension: [
        fhirPath(
          'calculatedExpression',
          "%resource.item.where(linkId != 'all').answer.value.ofType(integer).count()",
        ),
      ],
    },
    {
      linkId: 'p',
      type: 'choice',
      answerOption: [{ valueCoding: { code: 'a' } }],
      item: [
        {
          linkId: 'c',
          type: 'string',
          enableWhen: [{ question: 'p', operator: '=', answerCoding: { code: 'a' } }],
        },
      ],
    },
  ]);
  assert.deepEqual(checkForm(sound), []);
});

test("questions asked of another form's response are that form's own; those of this one must be here", () => {
  const asks = (expression: string) =>
    checkForm(
      one(
        { type: 'string', extension: [fhirPath('initialExpression', expression)] },
        {
          extension: [
            launch('before', 'QuestionnaireResponse'),
            variable('child', "%before.item.where(linkId = 'con')"),
          ],
        },
      ),
    ).map(({ textEn }) => /names the question "(.*)", which/.exec(textEn ?? '')?.[1]);
  assert.deepEqual(asks("%before.item.where(linkId = 'ten').answer.value"), []);
  assert.deepEqual(asks("%before.item.first().item.where($this.linkId in ('ten' | 'ho')).answer.value"), []);
  assert.deepEqual(asks("%child.item.where(linkId = 'ten').answer.value"), []);
  assert.deepEqual(asks("%resource.item.where(linkId = 'ten').answer.value"), ['ten']);
  assert.deepEqual(
    asks("%before.item.where(linkId = 'ten' and %resource.item.where(linkId = 'day').exists()).answer.value"),
    ['day'],
  );
  assert.deepEqual(
    asks("%resource.item.where(linkId = 'day' and %before.item.where(linkId = 'ten').exists()).answer.value"),
    ['day'],
  );
});

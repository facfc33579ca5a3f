/** Before anybody fills a form it is told what nobody here carries out, and what has no effect where it stands. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Extension, Questionnaire, QuestionnaireItem } from '../../../kernel/fhir/types.ts';
import { CORE, fhirPath, form, SDC } from '../testing.ts';
import { checkForm } from './check.ts';

const core = (name: string, value: object): Extension => ({ url: `${CORE}${name}`, ...value });
const sdc = (name: string, value: object): Extension => ({ url: `${SDC}${name}`, ...value });
const one = (item: Partial<QuestionnaireItem>, more: Partial<Questionnaire> = {}) =>
  form([{ linkId: 'a', type: 'integer', text: 'a', ...item } as QuestionnaireItem], more);
const told = (questionnaire: Questionnaire) =>
  checkForm(questionnaire).map(({ severity, expression }) => `${severity} ${expression}`);
const at = (url: string, of = 'Questionnaire.item[0]') => `${of}.extension.where(url = '${url}')[0]`;

test('an adaptive form is refused; a signature, a terminology server and an endpoint are told', () => {
  const root = (extension: Extension) => told(one({}, { extension: [extension] }));
  assert.deepEqual(root(sdc('questionnaireAdaptive', { valueBoolean: true })), [
    `error ${at(`${SDC}questionnaireAdaptive`, 'Questionnaire')}`,
  ]);
  assert.deepEqual(root(sdc('questionnaireAdaptive', { valueBoolean: false })), []);
  assert.deepEqual(root(core('questionnaire-signatureRequired', { valueCodeableConcept: { text: 'x' } })), [
    `warning ${at(`${CORE}questionnaire-signatureRequired`, 'Questionnaire')}`,
  ]);
  assert.deepEqual(root(sdc('endpoint', { valueUri: 'http://example.org' })), [
    `warning ${at(`${SDC}endpoint`, 'Questionnaire')}`,
  ]);
  assert.deepEqual(root(sdc('preferredTerminologyServer', { valueUrl: 'http://example.org' })), [
    `warning ${at(`${SDC}preferredTerminologyServer`, 'Questionnaire')}`,
  ]);
});

test('an extension on a type of question for which it is not made is told', () => {
  const size = core('maxSize', { valueDecimal: 1 });
  assert.deepEqual(told(one({ extension: [size] })), [`warning ${at(size.url)}`]);
  assert.deepEqual(told(one({ type: 'attachment', extension: [size] })), []);
  const subject = sdc('isSubject', { valueBoolean: true });
  assert.deepEqual(told(one({ type: 'string', extension: [subject] })), [`warning ${at(subject.url)}`]);
});

test('what is filled in from Observations has a code', () => {
  const period = sdc('observationLinkPeriod', { valueDuration: { value: 1, code: 'a' } });
  assert.deepEqual(told(one({ extension: [period] })), ['error Questionnaire.item[0].code']);
  assert.deepEqual(
    told(one({ extension: [period], code: [{ system: 'http://loinc.org', code: '1-8' }] })),
    [],
  );
});

test('an option that is switched is one of the options', () => {
  const toggle = (code: string) =>
    one({
      type: 'choice',
      answerOption: [{ valueCoding: { code: 'x' } }],
      extension: [
        sdc('answerOptionsToggleExpression', {
          extension: [
            { url: 'option', valueCoding: { code } },
            { url: 'expression', valueExpression: { language: 'text/fhirpath', expression: 'true' } },
          ],
        }),
      ],
    });
  assert.deepEqual(told(toggle('x')), []);
  assert.deepEqual(told(toggle('y')), [`error ${at(`${SDC}answerOptionsToggleExpression`)}`]);
});

test('several conditions say whether all are needed (R4 enableBehavior); more than one of what does not repeat is told', () => {
  const when = (more: Partial<QuestionnaireItem>) =>
    form([
      { linkId: 'b', type: 'boolean', text: 'b' },
      {
        linkId: 'a',
        type: 'string',
        text: 'a',
        enableWhen: [
          { question: 'b', operator: '=', answerBoolean: true },
          { question: 'b', operator: 'exists', answerBoolean: true },
        ],
        ...more,
      },
    ]);
  assert.deepEqual(told(when({})), ['warning Questionnaire.item[1].enableBehavior']);
  assert.deepEqual(told(when({ enableBehavior: 'all' })), []);
  const most = core('questionnaire-maxOccurs', { valueInteger: 3 });
  assert.deepEqual(told(one({ extension: [most] })), [
    `warning Questionnaire.item[0].extension.where(url = '${most.url}').value`,
  ]);
  assert.deepEqual(told(one({ repeats: true, extension: [most] })), []);
});

test('a search for the resource to change is refused: it would make a second one', () => {
  const context = (value: object) =>
    told(
      one({
        type: 'group',
        item: [{ linkId: 'b', type: 'string', text: 'b' }],
        extension: [sdc('itemExtractionContext', value)],
      }),
    );
  const query = (expression: string) => ({
    valueExpression: { language: 'application/x-fhir-query', expression },
  });
  const place = `Questionnaire.item[0].extension.where(url = '${SDC}itemExtractionContext')[0].value`;
  assert.deepEqual(context(query('Patient?_id=1')), [`error ${place}`]);
  assert.deepEqual(context({ valueCode: 'Patient' }), []);
  assert.deepEqual(context({ valueCode: 'Nobody' }), [`error ${place}`]);
});

test('limits may be calculated by either extension, in text or as an Expression', () => {
  for (const value of [
    core('cqf-expression', { valueExpression: { language: 'text/fhirpath', expression: '1 +' } }),
    core('cqf-calculatedValue', { valueExpression: { language: 'text/fhirpath', expression: '1 +' } }),
    core('cqf-calculatedValue', { valueString: '1 +' }),
  ]) {
    const limited = one({
      extension: [core('maxValue', { _valueInteger: { extension: [value] } })],
      readOnly: true,
      initial: [{ valueInteger: 1 }],
    });
    assert.equal(told(limited).length, 1, JSON.stringify(value));
  }
  const sound = fhirPath('initialExpression', '1 + 1');
  assert.deepEqual(told(one({ extension: [sound] })), []);
});

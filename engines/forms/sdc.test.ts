/** What SDC asks of drawing and filling in beyond answers: modes, columns, units, help from the record, whole Bundles as templates. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  Coding,
  Extension,
  Observation,
  QuestionnaireItem,
  QuestionnaireResponse,
  Resource,
} from '../../kernel/fhir/types.ts';
import { checkForm } from './check/check.ts';
import { checkResponse } from './check/response.ts';
import { extractInto } from './extract/extract.ts';
import { openForm } from './form/open.ts';
import { planForm } from './plan.ts';
import { CORE, form, launch, NOW, SDC } from './testing.ts';

const UCUM = 'http://unitsofmeasure.org';
const unit = (code: string): Coding => ({ system: UCUM, code, display: code });
const options = (...codes: string[]): Extension[] =>
  codes.map((code) => ({ url: `${CORE}questionnaire-unitOption`, valueCoding: unit(code) }));
const open = (valueCode: string): Extension => ({ url: `${SDC}unitOpen`, valueCode });
const unitSet = (valueCanonical: string): Extension => ({
  url: `${CORE}questionnaire-unitValueSet`,
  valueCanonical,
});
const string = (linkId: string, more: Partial<QuestionnaireItem> = {}): QuestionnaireItem => ({
  linkId,
  type: 'string',
  text: linkId,
  ...more,
});
const LENGTHS = {
  resourceType: 'ValueSet',
  id: 'lengths',
  status: 'active',
  compose: { include: [{ system: UCUM, concept: [{ code: 'm', display: 'mét' }, { code: 'cm' }] }] },
} as unknown as Resource;

const answered = (item: QuestionnaireResponse['item']): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  status: 'completed',
  questionnaire: 'http://example.org/q|1',
  item: item!,
});

/** Faults of the form: kinds of severity, places without the address of SDC. */
const placesOf = (...given: Parameters<typeof form>): string[] =>
  checkForm(form(...given), { knowsValueSet: (address) => address !== 'http://example.org/nobody' })
    .filter(({ severity }) => severity === 'error')
    .map(({ expression }) => expression!.replaceAll(SDC, '').replaceAll(CORE, ''));

test('a unit is one of the offered; unitOpen takes a coded one or any words besides (SDC unitOpen)', () => {
  const refused = (extension: Extension[], valueQuantity: object) => {
    const asked = form([{ linkId: 'a', type: 'quantity', text: 'a', extension }], { contained: [LENGTHS] });
    const given = answered([{ linkId: 'a', answer: [{ valueQuantity }] }]);
    return checkResponse(given, planForm(asked)).some(({ severity }) => severity === 'error');
  };
  const metre = { value: 1, unit: 'm', system: UCUM, code: 'm' };
  const foot = { value: 1, unit: 'foot', system: UCUM, code: '[ft_i]' };
  const span = { value: 1, unit: 'gang tay' };
  const judged = (extension: Extension[]) => [metre, foot, span].map((one) => refused(extension, one));
  assert.deepEqual(judged(options('m', 'cm')), [false, true, true]);
  assert.deepEqual(judged([...options('m', 'cm'), open('optionsOnly')]), [false, true, true]);
  assert.deepEqual(judged([...options('m', 'cm'), open('optionsOrType')]), [false, false, true]);
  assert.deepEqual(judged([...options('m', 'cm'), open('optionsOrString')]), [false, false, false]);
  assert.deepEqual(judged([unitSet('#lengths')]), [false, true, true]);
});

test('units of a value set are offered as far as they are known; else membership is asked', () => {
  const item: QuestionnaireItem = {
    linkId: 'a',
    type: 'quantity',
    text: 'a',
    extension: [unitSet('#lengths')],
  };
  const held = openForm(form([item], { contained: [LENGTHS] }), { now: NOW });
  assert.deepEqual(
    held.read('a')!.units?.map(({ code }) => code),
    ['m', 'cm'],
  );
  const far = { ...item, extension: [unitSet('http://example.org/lengths')] };
  const given = answered([
    { linkId: 'a', answer: [{ valueQuantity: { value: 1, system: UCUM, code: 'kg', unit: 'kg' } }] },
  ]);
  const asked: unknown[] = [];
  const found = checkResponse(given, planForm(form([far])), {
    memberOf: (value, set) => {
      asked.push([(value as Coding).code, set]);
      return false;
    },
  });
  assert.deepEqual(asked, [['kg', 'http://example.org/lengths']]);
  assert.equal(found[0]?.expression, 'QuestionnaireResponse.item[0].answer');
});

test('choices read as their columns (SDC choiceColumn)', () => {
  const column = (valueString: string): Extension => ({
    url: `${SDC}choiceColumn`,
    extension: [{ url: 'path', valueString }],
  });
  const item: QuestionnaireItem = {
    linkId: 'a',
    type: 'choice',
    text: 'a',
    extension: [column('code'), column('display')],
    answerOption: [{ valueCoding: { code: 'K1', display: 'Diều sáo' } }, { valueCoding: { code: 'K2' } }],
  };
  assert.deepEqual(
    openForm(form([item]), { now: NOW })
      .read('a')!
      .options!.map(({ label }) => label),
    ['K1 · Diều sáo', 'K2'],
  );
});

test('named columns of choices are told to who draws them, with their widths and what a chosen one is shown as', () => {
  const column = (path: string, label: string, ...more: Extension[]): Extension => ({
    url: `${SDC}choiceColumn`,
    extension: [{ url: 'path', valueString: path }, { url: 'label', valueString: label }, ...more],
  });
  const width = (value: number, code: string) => ({ url: 'width', valueQuantity: { value, code } });
  const item: QuestionnaireItem = {
    linkId: 'a',
    type: 'choice',
    text: 'a',
    extension: [
      column('code', 'Mã', width(20, '%')),
      column('display', 'Tên', width(3, 'kg'), { url: 'forDisplay', valueBoolean: true }),
    ],
    answerOption: [{ valueCoding: { code: 'K1', display: 'Diều sáo' } }],
  };
  const open = openForm(form([item]), { now: NOW });
  assert.deepEqual(open.face('a')!.columns, [
    { label: 'Mã', width: '20%' },
    { label: 'Tên', width: null },
  ]);
  const [option] = open.read('a')!.options!;
  assert.deepEqual([option?.label, option?.cells], ['Diều sáo', ['K1', 'Diều sáo']]);
});

test('a search beside a question brings what helps to answer it, for whoever looks at the form alone (SDC contextExpression)', () => {
  const aside: Extension = {
    url: `${SDC}contextExpression`,
    extension: [
      { url: 'label', valueString: 'Các lần thả trước' },
      {
        url: 'expression',
        valueExpression: {
          language: 'application/x-fhir-query',
          expression: 'Observation?patient={{%patient.id}}',
        },
      },
    ],
  };
  const asked = form([string('a', { extension: [aside] })], { extension: [launch('patient', 'Patient')] });
  assert.deepEqual(checkForm(asked), []);
  const context = { patient: { resourceType: 'Patient', id: 'p' } as Resource };
  assert.deepEqual(openForm(asked, { now: NOW, context }).wanted(), []);
  const seen = openForm(asked, { now: NOW, context, asides: true });
  assert.deepEqual(seen.wanted(), ['Observation?patient=p']);
  assert.deepEqual(seen.read('a')!.asides, [{ label: 'Các lần thả trước', found: null }]);
  const flown = { resourceType: 'Observation', id: 'o' } as Observation;
  seen.supply('Observation?patient=p', {
    resourceType: 'Bundle',
    type: 'searchset',
    entry: [{ resource: flown }],
  } as Resource);
  assert.deepEqual(seen.read('a')!.asides, [{ label: 'Các lần thả trước', found: [flown] }]);
});

test('a search at the root of a form helps with the form as a whole', () => {
  const aside = (expression: string): Extension => ({
    url: `${SDC}contextExpression`,
    extension: [
      { url: 'label', valueString: 'Dị ứng' },
      { url: 'expression', valueExpression: { language: 'application/x-fhir-query', expression } },
    ],
  });
  const asked = (expression: string) =>
    form([string('a')], { extension: [launch('patient', 'Patient'), aside(expression)] });
  const whole = asked('AllergyIntolerance?patient={{%patient.id}}');
  assert.deepEqual(checkForm(whole), []);
  assert.match(checkForm(asked('Kite?x=1'))[0]!.expression!, /^Questionnaire\.extension/);
  const context = { patient: { resourceType: 'Patient', id: 'p' } as Resource };
  assert.deepEqual(openForm(whole, { now: NOW, context }).asides, []);
  const seen = openForm(whole, { now: NOW, context, asides: true });
  assert.deepEqual(seen.asides, [{ label: 'Dị ứng', found: null }]);
  assert.equal(seen.asides, seen.asides, 'the same until it is answered');
  let told = 0;
  seen.onChange(() => {
    told += 1;
  });
  const allergy = { resourceType: 'AllergyIntolerance', id: 'o' } as Resource;
  seen.supply('AllergyIntolerance?patient=p', [allergy]);
  assert.equal(told, 1);
  assert.deepEqual(seen.asides, [{ label: 'Dị ứng', found: [allergy] }]);
  const none = openForm(whole, { now: NOW, context, asides: true });
  none.supply('AllergyIntolerance?patient=p', { resourceType: 'Bundle', type: 'searchset' } as Resource);
  assert.deepEqual(none.asides, [{ label: 'Dị ứng', found: [] }]);
});

test('entryMode and lookupQuestionnaire are told to who draws the form', () => {
  const mode = (valueCode: string) => ({ extension: [{ url: `${SDC}entryMode`, valueCode }] });
  assert.equal(openForm(form([string('a')]), { now: NOW }).entryMode, 'random');
  assert.equal(openForm(form([string('a')], mode('prior-edit')), { now: NOW }).entryMode, 'prior-edit');
  const lookup = { url: `${SDC}lookupQuestionnaire`, valueCanonical: 'http://example.org/kite' };
  const item: QuestionnaireItem = { linkId: 'k', type: 'reference', text: 'k', extension: [lookup] };
  assert.equal(openForm(form([item]), { now: NOW }).face('k')!.lookup, 'http://example.org/kite');
});

test('codes, sets, columns and searches that are wrong are refused with their place', () => {
  const part = (url: string, ...extension: Extension[]): Extension => ({ url: `${SDC}${url}`, extension });
  const query = (expression: string, language = 'application/x-fhir-query'): Extension => ({
    url: 'expression',
    valueExpression: { language: language as 'text/fhirpath', expression },
  });
  const label: Extension = { url: 'label', valueString: 'x' };
  const on = (extension: Extension, type: QuestionnaireItem['type'] = 'string') =>
    placesOf([{ linkId: 'a', type, text: 'a', extension: [extension] }]);
  const at = (url: string, more = '') => [`Questionnaire.item[0].extension.where(url = '${url}')[0]${more}`];
  assert.deepEqual(placesOf([string('a')], { extension: [{ url: `${SDC}entryMode`, valueCode: 'back' }] }), [
    "Questionnaire.extension.where(url = 'entryMode')[0].value",
  ]);
  assert.deepEqual(on(open('any'), 'quantity'), at('unitOpen', '.value'));
  assert.deepEqual(on(unitSet('#none'), 'quantity'), at('questionnaire-unitValueSet', '.value'));
  assert.deepEqual(
    on(unitSet('http://example.org/nobody'), 'quantity'),
    at('questionnaire-unitValueSet', '.value'),
  );
  assert.deepEqual(on(part('choiceColumn', label)), at('choiceColumn'));
  assert.deepEqual(on(part('choiceColumn', { url: 'path', valueString: 'a.(' })), at('choiceColumn'));
  assert.deepEqual(on(part('contextExpression', label)), at('contextExpression'));
  assert.deepEqual(on(part('contextExpression', label, query('Kite?a=b'))), at('contextExpression'));
  assert.deepEqual(
    on(part('contextExpression', label, query("'a'", 'text/fhirpath'))),
    at('contextExpression'),
  );
  assert.deepEqual(
    on({ url: `${SDC}lookupQuestionnaire`, valueCanonical: '' }),
    at('lookupQuestionnaire', '.value'),
  );
});

const value = (valueString: string) => ({ extension: [{ url: `${SDC}templateExtractValue`, valueString }] });
const bundleTemplate = (text: string, more: object = {}) =>
  ({
    contained: [
      {
        resourceType: 'Bundle',
        id: 'b',
        type: 'transaction',
        entry: [
          {
            extension: [
              {
                url: `${SDC}templateExtractContext`,
                valueString: "item.where(linkId = 'kite').answer.value",
              },
            ],
            resource: {
              resourceType: 'Device',
              deviceName: [{ type: 'user-friendly-name', _name: value(text) }],
            },
            request: { method: 'POST', url: 'Device' },
          },
          {
            resource: { resourceType: 'Patient', id: 'p1', active: true },
            request: { method: 'PUT', url: 'Patient/p1' },
          },
        ],
      },
    ],
    extension: [{ url: `${SDC}templateExtractBundle`, valueReference: { reference: '#b' } }],
    ...more,
  }) as unknown as Parameters<typeof form>[1];

test('a whole Bundle is a template: entries repeat by their context, what they say of their request stands', () => {
  const kites = form([string('kite', { repeats: true })], bundleTemplate('first()'));
  assert.deepEqual(checkForm(kites), []);
  const response = {
    ...answered([{ linkId: 'kite', answer: [{ valueString: 'Sáo' }, { valueString: 'Ó' }] }]),
    id: 'r',
  };
  const { bundle, issues } = extractInto(response, kites);
  assert.deepEqual(issues, []);
  const told = bundle.entry!.map(({ resource, request }) => [
    request!.method,
    request!.url,
    (resource as { deviceName?: { name: string }[] }).deviceName?.[0]?.name,
  ]);
  assert.deepEqual(told, [
    ['POST', 'Device', 'Sáo'],
    ['POST', 'Device', 'Ó'],
    ['PUT', 'Patient/p1', undefined],
  ]);
  assert.deepEqual(extractInto(response, kites).bundle, bundle);
  const fullUrls = bundle.entry!.map(({ fullUrl }) => fullUrl);
  assert.equal(new Set(fullUrls).size, fullUrls.length);
});

test('FHIRPath of an extraction is compiled before anybody fills the form: templates, their requests, fixed values', () => {
  const place =
    "Questionnaire.contained[0].entry[0].resource.deviceName[0].name.extension.where(url = 'templateExtractValue').value";
  const given = [string('kite', { repeats: true })];
  assert.deepEqual(placesOf(given, bundleTemplate('first(')), [place]);
  assert.deepEqual(placesOf(given, bundleTemplate('fly()')), [place]);
  assert.deepEqual(placesOf(given, bundleTemplate('%nobody')), [place]);
  assert.deepEqual(placesOf(given, bundleTemplate("%resource.item.where(linkId = 'tail').answer.value")), [
    place,
  ]);
  assert.deepEqual(
    placesOf(given, {
      ...bundleTemplate('first()'),
      extension: [{ url: `${SDC}templateExtractBundle`, valueReference: { reference: '#c' } }],
    }),
    ["Questionnaire.extension.where(url = 'templateExtractBundle')[0]"],
  );
  const fixed = {
    url: `${SDC}definitionExtractValue`,
    extension: [
      { url: 'definition', valueUri: `${CORE}Patient#Patient.gender` },
      { url: 'expression', valueExpression: { language: 'text/fhirpath' as const, expression: "'a" } },
    ],
  };
  const extracts = {
    url: `${SDC}definitionExtract`,
    extension: [
      { url: 'definition', valueCanonical: `${CORE}Patient` },
      { url: 'fullUrl', valueString: '%me.(' },
    ],
  };
  assert.deepEqual(
    placesOf([{ linkId: 'g', type: 'group', text: 'g', extension: [extracts, fixed], item: [string('a')] }]),
    [
      "Questionnaire.item[0].extension.where(url = 'definitionExtract')[0].extension.where(url = 'fullUrl').value",
      "Questionnaire.item[0].extension.where(url = 'definitionExtractValue')[0]",
    ],
  );
});

test('extraction sees the question itself as %qitem', () => {
  const asked = form([
    {
      linkId: 'g',
      type: 'group',
      text: 'Ai thả',
      extension: [
        {
          url: `${SDC}definitionExtract`,
          extension: [{ url: 'definition', valueCanonical: `${CORE}Patient` }],
        },
        {
          url: `${SDC}definitionExtractValue`,
          extension: [
            { url: 'definition', valueUri: `${CORE}Patient#Patient.name.text` },
            {
              url: 'expression',
              valueExpression: { language: 'text/fhirpath', expression: '%qitem.text' },
            },
          ],
        },
      ],
      item: [string('a')],
    },
  ]);
  assert.deepEqual(checkForm(asked), []);
  const { bundle } = extractInto(
    answered([{ linkId: 'g', item: [{ linkId: 'a', answer: [{ valueString: 'x' }] }] }]),
    asked,
  );
  assert.equal((bundle.entry![0]!.resource as { name: { text: string }[] }).name[0]!.text, 'Ai thả');
});

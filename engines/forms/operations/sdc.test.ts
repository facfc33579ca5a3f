/** The program over HTTP: units, whole Bundles as templates, parts that name the same question, and forms that nobody could fill. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../../../kernel/fhir/testing.ts';
import { CORE, fhirPath, SDC } from '../testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

const UCUM = 'http://unitsofmeasure.org';
const address = (name: string) => `http://example.org/Questionnaire/${name}`;
const form = (name: string, item: unknown[], more: object = {}) => ({
  resourceType: 'Questionnaire',
  status: 'active',
  url: address(name),
  version: '1',
  item,
  ...more,
});
const answers = (name: string, item: unknown[]) => ({
  resourceType: 'QuestionnaireResponse',
  questionnaire: `${address(name)}|1`,
  status: 'completed',
  authored: '2026-06-01T08:00:00+07:00',
  item,
});
const outcome = (body: { issue: { severity: string; expression?: string[] }[] }) =>
  body.issue.filter(({ severity }) => severity === 'error').map(({ expression }) => expression?.[0]);

test('a unit that is not offered refuses the answer at its place, unless the form takes others', async () => {
  const units = {
    resourceType: 'ValueSet',
    id: 'units',
    status: 'active',
    compose: { include: [{ system: UCUM, concept: [{ code: 'm' }, { code: 'cm' }] }] },
  };
  const unitSet = { url: `${CORE}questionnaire-unitValueSet`, valueCanonical: '#units' };
  const question = (...more: object[]) => ({
    linkId: 'string',
    type: 'quantity',
    extension: [unitSet, ...more],
  });
  const open = { url: `${SDC}unitOpen`, valueCode: 'optionsOrString' };
  for (const made of [
    form('strings', [question()], { contained: [units] }),
    form('open-strings', [question(open)], { contained: [units] }),
  ])
    assert.equal((await world.send('POST', '/fhir/Questionnaire', made)).status, 201);
  const answer = (name: string, valueQuantity: object) =>
    world.send(
      'POST',
      '/fhir/QuestionnaireResponse',
      answers(name, [{ linkId: 'string', answer: [{ valueQuantity }] }]),
    );
  const metres = { value: 3, unit: 'm', system: UCUM, code: 'm' };
  const spans = { value: 3, unit: 'gang tay' };
  assert.equal((await answer('strings', metres)).status, 201);
  const refused = await answer('strings', spans);
  assert.equal(refused.status, 422, refused.text);
  assert.deepEqual(outcome(refused.body), ['QuestionnaireResponse.item[0].answer']);
  assert.equal((await answer('open-strings', spans)).status, 201);
});

test('$extract fills a whole Bundle in, and the Bundle can be sent', async () => {
  const value = (valueString: string) => ({
    extension: [{ url: `${SDC}templateExtractValue`, valueString }],
  });
  const template = {
    resourceType: 'Bundle',
    id: 'all',
    type: 'transaction',
    entry: [
      {
        fullUrl: 'urn:uuid:4c1d2f4e-0a1b-4c1d-8f4e-0a1b4c1d8f4e',
        resource: {
          resourceType: 'Patient',
          name: [{ _text: value("item.where(linkId = 'name').answer.value") }],
        },
        request: { method: 'POST', url: 'Patient' },
      },
      {
        resource: {
          resourceType: 'Observation',
          status: 'final',
          code: { text: 'Kites' },
          subject: { reference: 'urn:uuid:4c1d2f4e-0a1b-4c1d-8f4e-0a1b4c1d8f4e' },
          _valueInteger: value("item.where(linkId = 'kites').answer.value"),
        },
        request: { method: 'POST', url: 'Observation' },
      },
    ],
  };
  const club = form(
    'club',
    [
      { linkId: 'name', type: 'string' },
      { linkId: 'kites', type: 'integer' },
    ],
    {
      contained: [template],
      extension: [{ url: `${SDC}templateExtractBundle`, valueReference: { reference: '#all' } }],
    },
  );
  const stored = await world.send('POST', '/fhir/Questionnaire', club);
  assert.equal(stored.status, 201, stored.text);
  const extracted = await world.send('POST', '/fhir/QuestionnaireResponse/$extract', {
    ...answers('club', [
      { linkId: 'name', answer: [{ valueString: 'Nguyễn Thả Diều' }] },
      { linkId: 'kites', answer: [{ valueInteger: 4 }] },
    ]),
  });
  assert.equal(extracted.status, 200, extracted.text);
  const [person, kites] = extracted.body.entry;
  assert.equal(person.resource.name[0].text, 'Nguyễn Thả Diều');
  assert.equal(kites.resource.valueInteger, 4);
  assert.equal(kites.resource.subject.reference, person.fullUrl);
  const sent = await world.send('POST', '/fhir', extracted.body);
  assert.equal(sent.status, 200, sent.text);
  assert.match(sent.body.entry[1].response.location, /Observation\//);
});

test('$assemble refuses a question that the form and its part both have, with the places of both', async () => {
  const part = form('tail', [{ linkId: 'length', type: 'decimal' }], {
    extension: [
      {
        url: `${SDC}assemble-expectation`,
        valueCode: 'assemble-child',
      },
    ],
  });
  assert.equal((await world.send('POST', '/fhir/Questionnaire', part)).status, 201);
  const whole = form('whole', [
    { linkId: 'length', type: 'decimal' },
    {
      linkId: 'tail',
      type: 'display',
      extension: [{ url: `${SDC}subQuestionnaire`, valueCanonical: `${address('tail')}|1` }],
    },
  ]);
  const refused = await world.send('POST', '/fhir/Questionnaire/$assemble', {
    resourceType: 'Parameters',
    parameter: [{ name: 'questionnaire', resource: whole }],
  });
  assert.equal(refused.status, 422, refused.text);
  assert.deepEqual(outcome(refused.body), ['Questionnaire.item[1].linkId']);
  assert.match(refused.text, /put in at Questionnaire\.item\[1\]|ghép tại Questionnaire\.item\[1\]/);
});

test('an active form that nobody could fill or extract is refused with its place, over HTTP', async () => {
  const string = (linkId: string, more: object = {}) => ({ linkId, type: 'string', ...more });
  const exists = (question: string) => [{ question, operator: 'exists', answerBoolean: true }];
  const read = (linkId: string) => `%resource.item.where(linkId = '${linkId}').answer.value`;
  const calculated = (expression: string) => ({
    extension: [fhirPath('calculatedExpression', expression)],
  });
  const template = (text: string) => ({
    contained: [
      {
        resourceType: 'Patient',
        id: 't',
        name: [{ _text: { extension: [{ url: `${SDC}templateExtractValue`, valueString: text }] } }],
      },
    ],
    extension: [
      {
        url: `${SDC}templateExtract`,
        extension: [{ url: 'template', valueReference: { reference: '#t' } }],
      },
    ],
  });
  const cases: [what: string, item: object[], place: RegExp, more?: object][] = [
    [
      'enabled in a circle',
      [string('a', { enableWhen: exists('b') }), string('b', { enableWhen: exists('a') })],
      /item\[[01]\]\.enableWhen$/,
    ],
    [
      'calculated in a circle',
      [string('a', calculated(read('b'))), string('b', calculated(read('a')))],
      /item\[[01]\]\.extension.*calculatedExpression/,
    ],
    ['no such question', [string('a', { enableWhen: exists('z') })], /item\[0\]\.enableWhen\[0\]\.question$/],
    ['an expression that cannot be read', [string('a', calculated('1 +'))], /item\[0\]\.extension/],
    ['a function that is not there', [string('a', calculated("'a'.fly()"))], /item\[0\]\.extension/],
    [
      'no such unit',
      [
        {
          linkId: 'a',
          type: 'quantity',
          extension: [{ url: `${CORE}questionnaire-unit`, valueCoding: { system: UCUM, code: 'kite' } }],
        },
      ],
      /item\[0\]\.extension.*unit/,
    ],
    [
      'no such value set',
      [{ linkId: 'a', type: 'choice', answerValueSet: 'http://example.org/nobody' }],
      /item\[0\]\.answerValueSet$/,
    ],
    ['a template that cannot be read', [string('a')], /contained\[0\]\.name\[0\]\.text/, template('item.(')],
    [
      'a template that names no question',
      [string('a')],
      /contained\[0\]\.name\[0\]\.text/,
      template("item.where(linkId = 'z').answer.value"),
    ],
    [
      'no such mode',
      [string('a')],
      /extension.*entryMode/,
      { extension: [{ url: `${SDC}entryMode`, valueCode: 'backwards' }] },
    ],
  ];
  for (const [what, item, place, more] of cases) {
    const refused = await world.send('POST', '/fhir/Questionnaire', form('wrong', item, more));
    assert.equal(refused.status, 422, `${what}: ${refused.text}`);
    assert.match(String(outcome(refused.body)[0]), place, `${what}: ${refused.text}`);
    const kept = await world.send('POST', '/fhir/Questionnaire', {
      ...form('wrong', item, more),
      status: 'draft',
    });
    assert.equal(kept.status, 201, `${what}: ${kept.text}`);
  }
});

test('extensions of another shape are answered with a sentence, never a 5xx', async () => {
  const names = [
    ...['entryMode', 'choiceColumn', 'contextExpression', 'lookupQuestionnaire', 'unitOpen'],
    ...['templateExtract', 'templateExtractBundle', 'definitionExtract', 'definitionExtractValue'],
  ];
  const shapes = [
    {},
    { valueInteger: 3 },
    { valueString: '#none' },
    { valueReference: {} },
    { valueExpression: { language: 'text/cql', expression: 'x' } },
    { extension: [{ url: 'path' }] },
    {
      extension: [
        { url: 'expression', valueString: 'a' },
        { url: 'template', valueBoolean: true },
      ],
    },
  ];
  for (const name of names)
    for (const shape of shapes) {
      const extension = [{ url: `${SDC}${name}`, ...shape }];
      const given = form('shapes', [{ linkId: 'a', type: 'quantity', extension }], { extension });
      for (const status of ['active', 'draft']) {
        const answer = await world.send('POST', '/fhir/Questionnaire', { ...given, status });
        const said = `${name} ${JSON.stringify(shape)}: ${answer.status} ${answer.text}`;
        assert.ok(answer.status === 201 || (answer.status >= 400 && answer.status < 500), said);
      }
      const response = { ...answers('shapes', [{ linkId: 'a' }]), contained: undefined };
      const extracted = await world.send('POST', '/fhir/QuestionnaireResponse/$extract', {
        resourceType: 'Parameters',
        parameter: [
          { name: 'questionnaire-response', resource: response },
          { name: 'questionnaire', resource: { ...given, status: 'draft' } },
        ],
      });
      assert.ok(extracted.status < 500, `${name} ${JSON.stringify(shape)}: ${extracted.text}`);
    }
});

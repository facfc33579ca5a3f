import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../../../kernel/fhir/testing.ts';

const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const CORE = 'http://hl7.org/fhir/StructureDefinition/';
const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';

let world: FhirWorld;
let patient: string;
before(async () => {
  world = await openFhirWorld();
  const made = await world.send('POST', '/fhir/Patient', {
    resourceType: 'Patient',
    name: [{ text: 'Kite Flyer' }],
    gender: 'female',
    birthDate: '1990-02-03',
  });
  patient = `Patient/${made.body.id}`;
});
after(() => world.stop());

const launch = {
  url: `${SDC}launchContext`,
  extension: [
    {
      url: 'name',
      valueCoding: { system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/launchContext', code: 'patient' },
    },
    { url: 'type', valueCode: 'Patient' },
  ],
};
const expression = (name: string, text: string, language = 'text/fhirpath') => ({
  url: `${SDC}${name}`,
  valueExpression: { language, expression: text },
});

/** A club of kite flyers: nothing of health. */
const kites = {
  resourceType: 'Questionnaire',
  status: 'active',
  url: 'http://example.org/Questionnaire/kites',
  version: '1',
  extension: [
    launch,
    {
      url: `${CORE}variable`,
      valueExpression: {
        name: 'strings',
        language: 'application/x-fhir-query',
        expression: 'Observation?patient={{%patient.id}}&code=http://example.org/cs|string',
      },
    },
  ],
  item: [
    {
      linkId: 'name',
      type: 'string',
      required: true,
      extension: [expression('initialExpression', '%patient.name.text')],
    },
    {
      linkId: 'strings',
      type: 'integer',
      extension: [expression('initialExpression', '%strings.entry.resource.count()')],
    },
    {
      linkId: 'length',
      type: 'decimal',
      code: [{ system: 'http://example.org/cs', code: 'string' }],
      extension: [
        {
          url: `${SDC}observationLinkPeriod`,
          valueDuration: { value: 1, unit: 'năm', system: UCUM, code: 'a' },
        },
        { url: `${SDC}observationExtract`, valueBoolean: true },
        { url: `${CORE}questionnaire-unit`, valueCoding: { system: UCUM, code: 'm', display: 'm' } },
        { url: `${CORE}maxValue`, valueDecimal: 500 },
      ],
    },
    {
      linkId: 'kite',
      type: 'choice',
      required: true,
      answerOption: ['box', 'delta'].map((code) => ({
        valueCoding: { system: 'http://example.org/kite', code },
      })),
    },
    {
      linkId: 'tail',
      type: 'boolean',
      required: true,
      enableWhen: [
        {
          question: 'kite',
          operator: '=',
          answerCoding: { system: 'http://example.org/kite', code: 'delta' },
        },
      ],
    },
  ],
};

const answers = (items: object[], status = 'completed') => ({
  resourceType: 'QuestionnaireResponse',
  questionnaire: 'http://example.org/Questionnaire/kites|1',
  status,
  subject: { reference: patient },
  authored: '2026-06-01T08:00:00+07:00',
  item: items,
});
const kite = (code: string) => ({
  linkId: 'kite',
  answer: [{ valueCoding: { system: 'http://example.org/kite', code } }],
});
const name = { linkId: 'name', answer: [{ valueString: 'Kite Flyer' }] };

test('forms of the content are read and found as Questionnaires, pinned to their version', async () => {
  const form = await world.send('GET', '/fhir/Questionnaire/sang-loc-truoc-tiem');
  assert.equal(form.status, 200, form.text);
  assert.equal(form.body.url, 'http://yba.vn/fhir/Questionnaire/sang-loc-truoc-tiem');
  assert.equal(form.body.version, '2026-07-01');
  const found = await world.send('GET', `/fhir/Questionnaire?url=${encodeURIComponent(form.body.url)}`);
  assert.equal(found.body.entry.length, 1);
});

test('an active form with a fault is refused with its place; a draft of it is kept', async () => {
  const broken = {
    ...kites,
    url: 'http://example.org/Questionnaire/broken',
    item: [
      {
        linkId: 'a',
        type: 'integer',
        extension: [
          expression('calculatedExpression', "%resource.item.where(linkId = 'b').answer.value + 1"),
        ],
      },
      {
        linkId: 'b',
        type: 'integer',
        extension: [
          expression('calculatedExpression', "%resource.item.where(linkId = 'a').answer.value + 1"),
        ],
      },
      { linkId: 'c', type: 'choice', answerValueSet: 'http://example.org/ValueSet/nobody-knows' },
    ],
  };
  const refused = await world.send('POST', '/fhir/Questionnaire', broken);
  assert.equal(refused.status, 422, refused.text);
  const places = refused.body.issue.map((one: { expression: string[] }) => one.expression[0]);
  assert.ok(
    places.some((one: string) => one.startsWith('Questionnaire.item[')),
    refused.text,
  );
  assert.ok(places.includes('Questionnaire.item[2].answerValueSet'), refused.text);
  assert.match(refused.text, /vòng quanh/);
  const draft = await world.send('POST', '/fhir/Questionnaire', { ...broken, status: 'draft' });
  assert.equal(draft.status, 201, draft.text);
  const told = await world.send('POST', '/fhir/Questionnaire/$validate', { ...broken, status: 'draft' });
  assert.match(told.text, /"warning"/);
});

test('finished answers are whole; what is in progress may miss something, but nothing may be strange', async () => {
  assert.equal((await world.send('POST', '/fhir/Questionnaire', kites)).status, 201);
  const cases: [what: string, items: object[], place: string][] = [
    ['a required answer is missing', [name], 'QuestionnaireResponse'],
    ['no such choice', [name, kite('parafoil')], 'QuestionnaireResponse.item[1].answer'],
    [
      'not enabled',
      [name, kite('box'), { linkId: 'tail', answer: [{ valueBoolean: true }] }],
      'QuestionnaireResponse.item[2]',
    ],
    [
      'above the limit',
      [name, { linkId: 'length', answer: [{ valueDecimal: 501 }] }, kite('box')],
      'QuestionnaireResponse.item[1].answer',
    ],
    [
      'another type',
      [name, { linkId: 'length', answer: [{ valueString: 'long' }] }, kite('box')],
      'QuestionnaireResponse.item[1].answer[0].value',
    ],
    ['no such question', [name, kite('box'), { linkId: 'colour' }], 'QuestionnaireResponse.item[2].linkId'],
  ];
  for (const [what, items, place] of cases) {
    const refused = await world.send('POST', '/fhir/QuestionnaireResponse', answers(items));
    assert.equal(refused.status, 422, `${what}: ${refused.text}`);
    assert.equal(refused.body.issue[0].expression[0], place, `${what}: ${refused.text}`);
  }
  assert.equal(
    (await world.send('POST', '/fhir/QuestionnaireResponse', answers([name, kite('box')]))).status,
    201,
  );
  assert.equal(
    (await world.send('POST', '/fhir/QuestionnaireResponse', answers([name], 'in-progress'))).status,
    201,
  );
  const strange = answers([{ linkId: 'colour' }], 'in-progress');
  assert.equal((await world.send('POST', '/fhir/QuestionnaireResponse', strange)).status, 422);
  const unknown = {
    ...answers([{ linkId: 'x' }]),
    questionnaire: 'http://example.org/Questionnaire/elsewhere',
  };
  assert.equal((await world.send('POST', '/fhir/QuestionnaireResponse', unknown)).status, 201);
});

test('$populate fills in what the record has, by expressions, searches and Observations', async () => {
  const observation = (value: number, day: string) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://example.org/cs', code: 'string' }] },
    subject: { reference: patient },
    effectiveDateTime: day,
    valueQuantity: { value, unit: 'cm', system: UCUM, code: 'cm' },
  });
  const today = new Date();
  const ago = (days: number) => new Date(today.getTime() - days * 86_400_000).toISOString();
  for (const [value, days] of [
    [900, 2],
    [800, 30],
    [700, 800],
  ] as const)
    assert.equal((await world.send('POST', '/fhir/Observation', observation(value, ago(days)))).status, 201);
  const found = await world.send('GET', '/fhir/Questionnaire?url=http://example.org/Questionnaire/kites');
  const { id } = found.body.entry[0].resource;
  const ask = {
    resourceType: 'Parameters',
    parameter: [{ name: 'subject', valueReference: { reference: patient } }],
  };
  const answer = await world.send('POST', `/fhir/Questionnaire/${id}/$populate`, ask);
  assert.equal(answer.status, 200, answer.text);
  const [{ resource }] = answer.body.parameter;
  assert.equal(resource.questionnaire, 'http://example.org/Questionnaire/kites|1');
  assert.equal(resource.status, 'in-progress');
  assert.equal(resource.subject.reference, patient);
  assert.deepEqual(
    resource.item.map((one: { linkId: string; answer: object[] }) => [one.linkId, one.answer]),
    [
      ['name', [{ valueString: 'Kite Flyer' }]],
      ['strings', [{ valueInteger: 3 }]],
      // 900 cm in the unit of the question
      ['length', [{ valueDecimal: 9 }]],
      // SDC: the questions that nobody has answered stand there, too; the tail is not asked yet.
      ['kite', undefined],
    ],
  );
  const byQuery = await world.send(
    'GET',
    `/fhir/Questionnaire/${id}/$populate?subject=${patient}&local=false`,
  );
  assert.equal(byQuery.status, 200, byQuery.text);
  assert.deepEqual(
    byQuery.body.parameter[0].resource.item,
    ['name', 'strings', 'length', 'kite'].map((linkId) => ({ linkId })),
  );
});

test('what the client may not see does not populate', async () => {
  const token = await world.token('system/Questionnaire.rs system/Patient.rs');
  const ask = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'questionnaire', valueCanonical: 'http://example.org/Questionnaire/kites|1' },
      { name: 'subject', valueReference: { reference: patient } },
    ],
  };
  const answer = await world.bare('POST', '/fhir/Questionnaire/$populate', ask, {
    authorization: `Bearer ${token}`,
  });
  assert.equal(answer.status, 200, answer.text);
  const [{ resource }, told] = answer.body.parameter;
  const length = resource.item.find(({ linkId }: { linkId: string }) => linkId === 'length');
  assert.equal(length.answer, undefined, answer.text);
  assert.equal(told.name, 'issues');
});

test('$extract gives a transaction; after it, the same response gives updates', async () => {
  const length = { linkId: 'length', answer: [{ valueDecimal: 12.5 }] };
  const made = await world.send('POST', '/fhir/QuestionnaireResponse', answers([name, length, kite('box')]));
  assert.equal(made.status, 201, made.text);
  const path = `/fhir/QuestionnaireResponse/${made.body.id}/$extract`;
  const first = await world.send('GET', path);
  assert.equal(first.status, 200, first.text);
  assert.equal(first.body.type, 'transaction');
  const [entry] = first.body.entry;
  assert.equal(entry.request.method, 'POST');
  assert.equal(entry.resource.derivedFrom[0].reference, `QuestionnaireResponse/${made.body.id}`);
  assert.deepEqual(entry.resource.valueQuantity, { value: 12.5, unit: 'm', system: UCUM, code: 'm' });
  assert.deepEqual((await world.send('POST', path)).body, first.body);
  assert.equal((await world.send('POST', '/fhir', first.body)).status, 200);
  const again = await world.send('POST', '/fhir', first.body);
  assert.equal(again.body.entry[0].response.status.slice(0, 3), '200', again.text);
  const second = await world.send('GET', path);
  assert.equal(second.body.entry[0].request.method, 'PUT');
  assert.equal(second.body.entry[0].resource.status, 'amended');
});

test('bad input is told with a sentence, never a 5xx', async () => {
  const cases: [method: string, path: string, body?: unknown][] = [
    ['POST', '/fhir/Questionnaire/$populate', { resourceType: 'Parameters' }],
    ['POST', '/fhir/Questionnaire/$populate', { resourceType: 'Parameters', parameter: 3 }],
    ['POST', '/fhir/Questionnaire/$populate', { resourceType: 'Parameters', parameter: [null] }],
    [
      'POST',
      '/fhir/Questionnaire/$populate',
      { resourceType: 'Parameters', parameter: [{ name: 'subject', valueReference: {} }] },
    ],
    [
      'POST',
      '/fhir/Questionnaire/$populate',
      {
        resourceType: 'Parameters',
        parameter: [{ name: 'questionnaire', resource: { resourceType: 'Questionnaire', item: 7 } }],
      },
    ],
    [
      'POST',
      '/fhir/Questionnaire/$populate',
      {
        resourceType: 'Parameters',
        parameter: [
          {
            name: 'questionnaire',
            resource: {
              ...kites,
              item: [
                { linkId: 'x', type: 'integer', extension: [expression('calculatedExpression', '1 +')] },
              ],
            },
          },
        ],
      },
    ],
    [
      'POST',
      '/fhir/Questionnaire/$populate',
      {
        resourceType: 'Parameters',
        parameter: [
          { name: 'canonical', valueCanonical: 'http://example.org/Questionnaire/kites' },
          { name: 'context', part: 'x' },
        ],
      },
    ],
    ['GET', '/fhir/Questionnaire/nobody/$populate'],
    ['POST', '/fhir/QuestionnaireResponse/$extract', { resourceType: 'Parameters' }],
    ['POST', '/fhir/QuestionnaireResponse/$extract', { resourceType: 'QuestionnaireResponse' }],
    [
      'POST',
      '/fhir/QuestionnaireResponse/$extract',
      {
        resourceType: 'QuestionnaireResponse',
        status: 'completed',
        questionnaire: 'http://example.org/none',
      },
    ],
    ['POST', '/fhir/QuestionnaireResponse/$extract', answers([{ linkId: 'colour' }])],
  ];
  for (const [method, path, body] of cases) {
    const answer = await world.send(method, path, body);
    assert.ok(
      answer.status >= 400 && answer.status < 500,
      `${path} ${JSON.stringify(body)}: ${answer.status} ${answer.text}`,
    );
    assert.equal(answer.body.resourceType, 'OperationOutcome');
    assert.ok(answer.body.issue[0].details.text.length > 5);
  }
});

test('the codes of LOINC in forms of the content are extracted as vital signs', async () => {
  const form = (await world.send('GET', '/fhir/Questionnaire/sang-loc-truoc-tiem')).body;
  const response = {
    resourceType: 'QuestionnaireResponse',
    status: 'in-progress',
    questionnaire: `${form.url}|${form.version}`,
    subject: { reference: patient },
    authored: '2026-07-02T08:00:00+07:00',
    item: [{ linkId: 'kham', item: [{ linkId: 'nhiet-do', answer: [{ valueDecimal: 36.8 }] }] }],
  };
  const { body, status, text } = await world.send('POST', '/fhir/QuestionnaireResponse/$extract', response);
  assert.equal(status, 200, text);
  assert.equal(body.entry[0].resource.code.coding[0].system, LOINC);
  assert.equal(body.entry[0].resource.category[0].coding[0].code, 'vital-signs');
  assert.equal((await world.send('POST', '/fhir', body)).status, 200);
});

/** Forms as somebody meets them who has only read R4's pages and SDC's guide. Each test cites the sentence that it holds the program to. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, type HttpAnswer, openFhirWorld } from '../../../kernel/fhir/testing.ts';
import { CORE, fhirPath, launch, SDC } from '../testing.ts';

const URL = 'http://example.org/Questionnaire/winds';
let world: FhirWorld;
let patient: string;
let visit: string;
let form: { id: string };

const today = { language: 'text/fhirpath', expression: 'today()' };
const winds = {
  resourceType: 'Questionnaire',
  status: 'active',
  url: URL,
  version: '1',
  identifier: [{ system: 'http://example.org/forms', value: 'W1' }],
  subjectType: ['Patient'],
  extension: [launch('patient', 'Patient'), launch('encounter', 'Encounter')],
  item: [
    {
      linkId: 'flier',
      type: 'group',
      text: 'Flier',
      item: [
        {
          linkId: 'name',
          type: 'string',
          text: 'Name',
          extension: [fhirPath('initialExpression', '%patient.name.first().text')],
        },
        { linkId: 'nick', type: 'string', text: 'Nickname' },
      ],
    },
    {
      linkId: 'flown',
      type: 'date',
      extension: [
        {
          url: `${CORE}maxValue`,
          _valueDate: { extension: [{ url: `${CORE}cqf-expression`, valueExpression: today }] },
        },
        {
          url: `${CORE}minValue`,
          _valueDate: {
            extension: [
              {
                url: `${CORE}cqf-calculatedValue`,
                valueExpression: { language: 'text/fhirpath', expression: 'today() - 1 year' },
              },
            ],
          },
        },
      ],
    },
    {
      linkId: 'kite',
      type: 'group',
      repeats: true,
      extension: [{ url: `${CORE}questionnaire-maxOccurs`, valueInteger: 2 }],
      item: [{ linkId: 'colour', type: 'string', text: 'Colour' }],
    },
    { linkId: 'note', type: 'display', text: 'Only words' },
    {
      linkId: 'why',
      type: 'string',
      enableWhen: [{ question: 'nick', operator: 'exists', answerBoolean: true }],
    },
  ],
};

before(async () => {
  world = await openFhirWorld();
  const made = async (resource: { resourceType: string; [other: string]: unknown }) => {
    const answer = await world.send('POST', `/fhir/${resource.resourceType}`, resource);
    assert.equal(answer.status, 201, answer.text);
    return answer.body;
  };
  patient = `Patient/${(await made({ resourceType: 'Patient', name: [{ text: 'An' }] })).id}`;
  const { id } = await made({
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: patient },
  });
  visit = `Encounter/${id}`;
  form = await made(winds);
});
after(() => world.stop());

type Given = { name: string; [value: string]: unknown };
const populate = (...parameter: Given[]) =>
  world.send('POST', `/fhir/Questionnaire/$populate`, { resourceType: 'Parameters', parameter });
const byUrl: Given = { name: 'questionnaire', valueUri: `${URL}|1` };
const about = (): Given => ({ name: 'subject', valueReference: { reference: patient } });
const context = (name: string, content: object): Given => ({
  name: 'context',
  part: [
    { name: 'name', valueString: name },
    { name: 'content', ...content },
  ],
});

function refused(answer: HttpAnswer, status: number, place: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.deepEqual(answer.body.issue[0].expression, [place], answer.text);
}

test('SDC $populate: "one and only one of the identifier, questionnaire or questionnaireRef in parameters must be provided"', async () => {
  const identifier = {
    name: 'identifier',
    valueIdentifier: { system: 'http://example.org/forms', value: 'W1' },
  };
  const reference = {
    name: 'questionnaireRef',
    valueReference: { reference: `Questionnaire/${form.id}` },
  };
  for (const way of [identifier, reference, byUrl]) {
    const answer = await populate(way, about());
    assert.equal(answer.status, 200, answer.text);
  }
  refused(await populate(identifier, reference, about()), 400, 'questionnaireRef');
  refused(await populate(about()), 400, 'questionnaire');
});

test('SDC $populate: the response has the groups and questions of the form, answered or not; words and what is not asked are none', async () => {
  const { body } = await populate(byUrl, about());
  const [{ resource }] = body.parameter;
  assert.deepEqual(resource.item, [
    {
      linkId: 'flier',
      text: 'Flier',
      item: [
        { linkId: 'name', text: 'Name', answer: [{ valueString: 'An' }] },
        { linkId: 'nick', text: 'Nickname' },
      ],
    },
    { linkId: 'flown' },
    { linkId: 'kite', item: [{ linkId: 'colour', text: 'Colour' }] },
  ]);
  const stored = await world.send('POST', '/fhir/QuestionnaireResponse', resource);
  assert.equal(stored.status, 201, stored.text);
});

test('SDC $populate: a context has the name and the type of a launchContext; the subject is of a type that the form is about', async () => {
  refused(
    await populate(byUrl, about(), context('encounter', { resource: { resourceType: 'Patient' } })),
    400,
    'context',
  );
  const right = await populate(
    byUrl,
    about(),
    context('encounter', { valueReference: { reference: visit } }),
  );
  assert.equal(right.body.parameter[0].resource.encounter.reference, visit);
  assert.equal(right.body.parameter.length, 1, right.text);
  const unknown = await populate(
    byUrl,
    about(),
    context('weather', { resource: { resourceType: 'Basic', code: {} } }),
  );
  assert.match(JSON.stringify(unknown.body.parameter[1].resource.issue), /weather/);
  refused(await populate(byUrl, { name: 'subject', valueReference: { reference: visit } }), 400, 'subject');
});

const store = (item: object[], more: object = {}) =>
  world.send('POST', '/fhir/QuestionnaireResponse', {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    questionnaire: `${URL}|1`,
    subject: { reference: patient },
    authored: '2026-06-01T08:00:00+07:00',
    ...(item.length > 0 ? { item } : {}),
    ...more,
  });
const flown = (valueDate: string) => ({ linkId: 'flown', answer: [{ valueDate }] });
const kite = (valueString: string) => ({
  linkId: 'kite',
  item: [{ linkId: 'colour', answer: [{ valueString }] }],
});

test('SDC: limits that are calculated bind, by cqf-expression and by cqf-calculatedValue', async () => {
  assert.equal((await store([flown('2026-06-01')])).status, 201);
  refused(await store([flown('2026-06-02')]), 422, 'QuestionnaireResponse.item[0].answer');
  refused(await store([flown('2025-05-31')]), 422, 'QuestionnaireResponse.item[0].answer');
});

test('R4 maxOccurs: a group stands no more often than its form lets it', async () => {
  assert.equal((await store([kite('red'), kite('blue')])).status, 201);
  refused(await store([kite('red'), kite('blue'), kite('green')]), 422, 'QuestionnaireResponse.item[0]');
});

test('R4: "questions are ordered … corresponding to the structure of the grouping of the questionnaire"', async () => {
  assert.equal((await store([flown('2026-06-01'), kite('red')])).status, 201);
  refused(await store([kite('red'), flown('2026-06-01')]), 422, 'QuestionnaireResponse.item[1]');
  refused(
    await store([kite('red'), flown('2026-06-01'), kite('blue')]),
    422,
    'QuestionnaireResponse.item[1]',
  );
  const draft = await store([kite('red'), flown('2026-06-01')], { status: 'in-progress' });
  assert.equal(draft.status, 201, draft.text);
});

test('R4 subjectType: a response is about a subject of a type that its form names', async () => {
  refused(
    await store([kite('red')], { subject: { reference: visit } }),
    422,
    'QuestionnaireResponse.subject',
  );
});

test('SDC $extract: the Questionnaire that is handed in is the one that is answered', async () => {
  const extract = (url: string) =>
    world.send('POST', '/fhir/QuestionnaireResponse/$extract', {
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'questionnaire-response',
          resource: {
            resourceType: 'QuestionnaireResponse',
            status: 'completed',
            questionnaire: url,
            subject: { reference: patient },
            item: [kite('red')],
          },
        },
        { name: 'questionnaire', resource: winds },
      ],
    });
  assert.equal((await extract(URL)).status, 200);
  refused(await extract('http://example.org/Questionnaire/other'), 422, 'questionnaire');
  refused(await extract(`${URL}|2`), 422, 'questionnaire');
});

test('SDC answerExpression: what the expression gives may be chosen, of whatever type, and nothing else', async () => {
  const url = `${URL}-choices`;
  const made = await world.send('POST', '/fhir/Questionnaire', {
    resourceType: 'Questionnaire',
    status: 'active',
    url,
    item: [
      { linkId: 'names', type: 'string', text: 'Names', repeats: true },
      {
        linkId: 'best',
        type: 'choice',
        text: 'Best',
        extension: [fhirPath('answerExpression', "%resource.item.where(linkId = 'names').answer.value")],
      },
    ],
  });
  assert.equal(made.status, 201, made.text);
  const choose = (value: object) =>
    store(
      [
        { linkId: 'names', answer: [{ valueString: 'red' }, { valueString: 'blue' }] },
        { linkId: 'best', answer: [value] },
      ],
      { questionnaire: url },
    );
  const right = await choose({ valueString: 'blue' });
  assert.equal(right.status, 201, right.text);
  refused(await choose({ valueString: 'green' }), 422, 'QuestionnaireResponse.item[1].answer');
  refused(await choose({ valueDecimal: 3 }), 422, 'QuestionnaireResponse.item[1].answer[0].value');
});

test('an Observation of a response that is still being answered is preliminary', async () => {
  const statusOf = async (status: string) => {
    const extracted = await world.send('POST', '/fhir/QuestionnaireResponse/$extract', {
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'questionnaire-response',
          resource: {
            resourceType: 'QuestionnaireResponse',
            status,
            subject: { reference: patient },
            item: [{ linkId: 'wind', answer: [{ valueInteger: 4 }] }],
          },
        },
        {
          name: 'questionnaire',
          resource: {
            resourceType: 'Questionnaire',
            status: 'active',
            item: [
              {
                linkId: 'wind',
                type: 'integer',
                code: [{ system: 'http://example.org/cs', code: 'wind' }],
                extension: [{ url: `${SDC}observationExtract`, valueBoolean: true }],
              },
            ],
          },
        },
      ],
    });
    assert.equal(extracted.status, 200, extracted.text);
    return extracted.body.entry[0].resource.status;
  };
  assert.equal(await statusOf('in-progress'), 'preliminary');
  assert.equal(await statusOf('completed'), 'final');
});

test('an adaptive form is refused when it is published, with its place', async () => {
  const adaptive = {
    ...winds,
    url: `${URL}-adaptive`,
    extension: [...winds.extension, { url: `${SDC}questionnaireAdaptive`, valueBoolean: true }],
  };
  refused(
    await world.send('POST', '/fhir/Questionnaire', adaptive),
    422,
    `Questionnaire.extension.where(url = '${SDC}questionnaireAdaptive')[0]`,
  );
});

test('the CapabilityStatement names the operations of forms', async () => {
  const { body } = await world.send('GET', '/fhir/metadata');
  const operations = (type: string) =>
    body.rest[0].resource
      .find((one: { type: string }) => one.type === type)
      .operation.map(({ name }: { name: string }) => name);
  assert.ok(operations('Questionnaire').includes('populate'));
  assert.ok(operations('Questionnaire').includes('assemble'));
  assert.ok(operations('QuestionnaireResponse').includes('extract'));
});

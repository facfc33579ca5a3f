/** What stands on %patient, %encounter and %user is judged of every response that is stored, as the screen judged it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, type HttpAnswer, openFhirWorld } from '../../../kernel/fhir/testing.ts';
import { CORE, fhirPath, launch } from '../testing.ts';

const URL = 'http://example.org/Questionnaire/flyers';
let world: FhirWorld;
let woman: string;
let man: string;
let visit: string;
let teacher: string;

const calculated = (linkId: string, type: string, expression: string) => ({
  linkId,
  type,
  text: linkId,
  readOnly: true,
  extension: [fhirPath('calculatedExpression', expression)],
});
const answerOf = (linkId: string) => `%resource.item.where(linkId = '${linkId}').answer.value`;

const flyers = {
  resourceType: 'Questionnaire',
  status: 'active',
  url: URL,
  version: '1',
  extension: [launch('patient', 'Patient'), launch('encounter', 'Encounter'), launch('user', 'Practitioner')],
  item: [
    calculated('sex', 'string', '%patient.gender'),
    calculated(
      'age',
      'integer',
      'today().toString().substring(0, 4).toInteger() - %patient.birthDate.toString().substring(0, 4).toInteger() - iif(today().toString().substring(5) < %patient.birthDate.toString().substring(5), 1, 0)',
    ),
    {
      linkId: 'beard',
      type: 'boolean',
      extension: [fhirPath('enableWhenExpression', "%patient.gender = 'male'")],
    },
    {
      linkId: 'kites',
      type: 'integer',
      extension: [
        {
          url: `${CORE}questionnaire-constraint`,
          extension: [
            { url: 'key', valueId: 'few' },
            { url: 'severity', valueCode: 'error' },
            { url: 'expression', valueString: "answer.value < 3 or %encounter.status = 'finished'" },
            { url: 'human', valueString: 'No more than two kites while the visit lasts' },
          ],
        },
      ],
    },
    calculated('teacher', 'string', '%user.name.text'),
    calculated('double', 'integer', `${answerOf('kites')} * 2`),
  ],
};

type Given = Record<string, object>;

const response = (given: Given, more: object = {}) => ({
  resourceType: 'QuestionnaireResponse',
  status: 'completed',
  questionnaire: `${URL}|1`,
  subject: { reference: woman },
  authored: '2026-06-01T08:00:00+07:00',
  item: Object.entries(given).map(([linkId, value]) => ({ linkId, answer: [value] })),
  ...more,
});

before(async () => {
  world = await openFhirWorld();
  const made = async (resource: { resourceType: string }) => {
    const answer = await world.send('POST', `/fhir/${resource.resourceType}`, resource);
    assert.equal(answer.status, 201, answer.text);
    return `${resource.resourceType}/${answer.body.id}`;
  };
  woman = await made({ resourceType: 'Patient', gender: 'female', birthDate: '1990-06-01' } as never);
  man = await made({ resourceType: 'Patient', gender: 'male', birthDate: '1980-01-01' } as never);
  visit = await made({
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: woman },
  } as never);
  teacher = await made({ resourceType: 'Practitioner', name: [{ text: 'Thầy Diều' }] } as never);
  await made(flyers);
});
after(() => world.stop());

const create = (given: Given, more: object = {}, headers: Record<string, string> = {}) =>
  world.send('POST', '/fhir/QuestionnaireResponse', response(given, more), headers);

function refused(answer: HttpAnswer, place: string, words: RegExp): void {
  assert.equal(answer.status, 422, answer.text);
  const [issue, ...more] = answer.body.issue;
  assert.deepEqual(more, []);
  assert.deepEqual(issue.expression, [place]);
  assert.match(JSON.stringify(issue), words);
}

test('a calculated answer that stands on the person is what the form calculates, whoever sends it', async () => {
  assert.equal((await create({ sex: { valueString: 'female' } })).status, 201);
  refused(await create({ sex: { valueString: 'male' } }), 'QuestionnaireResponse.item[0].answer', /female/);
  const ofMan = { subject: { reference: man } };
  refused(
    await create({ sex: { valueString: 'female' } }, ofMan),
    'QuestionnaireResponse.item[0].answer',
    /male/,
  );
});

test('an age is that of the day on which it was answered, or of the day before; no other', async () => {
  const aged = (valueInteger: number, authored: string) => create({ age: { valueInteger } }, { authored });
  assert.equal((await aged(36, '2026-06-02T00:01:00+07:00')).status, 201);
  // Opened on the eve of the birthday, finished on it.
  assert.equal((await aged(35, '2026-06-01T00:01:00+07:00')).status, 201);
  refused(await aged(35, '2026-06-02T00:01:00+07:00'), 'QuestionnaireResponse.item[0].answer', /36/);
  refused(await aged(20, '2026-06-01T00:01:00+07:00'), 'QuestionnaireResponse.item[0].answer', /36/);
});

test('what the person does not enable is not answered', async () => {
  refused(await create({ beard: { valueBoolean: true } }), 'QuestionnaireResponse.item[0]', /not enabled/);
  const ofMan = await create({ beard: { valueBoolean: true } }, { subject: { reference: man } });
  assert.equal(ofMan.status, 201, ofMan.text);
});

test('a constraint on the visit: in one that lasts, after it, and without any', async () => {
  const kites = (valueInteger: number, more = {}) => create({ kites: { valueInteger } }, more);
  const within = { encounter: { reference: visit } };
  assert.equal((await kites(2, within)).status, 201);
  refused(await kites(3, within), 'QuestionnaireResponse.item[0]', /No more than two kites/);
  const standing = (await world.send('GET', `/fhir/${visit}`)).body;
  await world.send('PUT', `/fhir/${visit}`, { ...standing, status: 'finished' });
  assert.equal((await kites(3, within)).status, 201);
  await world.send('PUT', `/fhir/${visit}`, { ...standing, status: 'in-progress' });
  // Without a visit the sentence is neither true nor false: no constraint is broken.
  assert.equal((await kites(3)).status, 201);
});

test('the user is the author, also one who answers in a role', async () => {
  const by = (name: string, reference: string) =>
    create({ teacher: { valueString: name } }, { author: { reference } });
  assert.equal((await by('Thầy Diều', teacher)).status, 201);
  refused(await by('Ai đó', teacher), 'QuestionnaireResponse.item[0].answer', /Thầy Diều/);
  const role = await world.send('POST', '/fhir/PractitionerRole', {
    resourceType: 'PractitionerRole',
    practitioner: { reference: teacher },
  });
  refused(
    await by('Ai đó', `PractitionerRole/${role.body.id}`),
    'QuestionnaireResponse.item[0].answer',
    /Thầy Diều/,
  );
});

test('update, patch and transaction are judged as creates are; the person may come with the response', async () => {
  const stored = (await create({ sex: { valueString: 'female' } })).body;
  const at = `/fhir/QuestionnaireResponse/${stored.id}`;
  const wrong = [{ linkId: 'sex', answer: [{ valueString: 'male' }] }];
  const place = 'QuestionnaireResponse.item[0].answer';
  refused(await world.send('PUT', at, { ...stored, item: wrong }), place, /female/);
  const patch = JSON.stringify([{ op: 'replace', path: '/item/0/answer/0/valueString', value: 'male' }]);
  const json = { 'content-type': 'application/json-patch+json' };
  refused(await world.send('PATCH', at, patch, json), place, /female/);
  const together = (valueString: string) =>
    world.send('POST', '/fhir', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          fullUrl: 'urn:uuid:0c3201bd-1cbf-4d64-b04d-cd9187a4c6e0',
          resource: { resourceType: 'Patient', gender: 'other' },
          request: { method: 'POST', url: 'Patient' },
        },
        {
          resource: response(
            { sex: { valueString } },
            { subject: { reference: 'urn:uuid:0c3201bd-1cbf-4d64-b04d-cd9187a4c6e0' } },
          ),
          request: { method: 'POST', url: 'QuestionnaireResponse' },
        },
      ],
    });
  refused(await together('male'), 'Bundle.entry[1].resource.item[0].answer', /other/);
  assert.equal((await together('other')).status, 200);
});

test('$extract and $validate judge it, too', async () => {
  const wrong = response({ sex: { valueString: 'male' } });
  const place = 'QuestionnaireResponse.item[0].answer';
  refused(await world.send('POST', '/fhir/QuestionnaireResponse/$extract', wrong), place, /female/);
  const validated = await world.send('POST', '/fhir/QuestionnaireResponse/$validate', wrong);
  assert.match(JSON.stringify(validated.body.issue), /female/);
});

test('a draft is told of it, and stored', async () => {
  const prefer = { prefer: 'return=OperationOutcome' };
  const draft = await create({ sex: { valueString: 'male' } }, { status: 'in-progress' }, prefer);
  assert.equal(draft.status, 201, draft.text);
  const [issue] = draft.body.issue.filter((one: { severity: string }) => one.severity === 'warning');
  assert.match(JSON.stringify(issue), /female/);
});

test('who may not read the person learns nothing of them: what stands on the person is not judged', async () => {
  const token = await world.token('system/QuestionnaireResponse.cruds system/Questionnaire.rs');
  const narrow = (given: Given) =>
    world.bare('POST', '/fhir/QuestionnaireResponse', response(given), { authorization: `Bearer ${token}` });
  const taken = await narrow({ sex: { valueString: 'male' } });
  assert.equal(taken.status, 201, taken.text);
  refused(
    await narrow({ kites: { valueInteger: 1 }, double: { valueInteger: 9 } }),
    'QuestionnaireResponse.item[1].answer',
    /\b2\b/,
  );
});

test('a refusal that may tell something of the person leaves a line in the audit; a response that is stored only its own', async () => {
  const reads = async () => {
    const { rows } = await world.program.kernel.pool.query(
      `select count(*)::int as count from audit where what = $1 and action = 'read'`,
      [woman],
    );
    return rows[0].count as number;
  };
  const before = await reads();
  await create({ sex: { valueString: 'female' } });
  assert.equal(await reads(), before);
  await create({ sex: { valueString: 'male' } });
  assert.equal(await reads(), before + 1);
});

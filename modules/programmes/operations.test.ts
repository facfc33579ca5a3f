/** `$immds-forecast` and `PlanDefinition/$apply` over HTTP. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, issueOf, openFhirWorld } from '../../kernel/fhir/testing.ts';
import type {
  CarePlan,
  ImmunizationEvaluation,
  ImmunizationRecommendation,
  Parameters,
} from '../../kernel/fhir/types.ts';
import { validateResource } from '../../kernel/fhir/validation/index.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
  await world.send('PUT', '/fhir/Patient/be', {
    resourceType: 'Patient',
    id: 'be',
    birthDate: '2026-08-15',
    name: [{ text: 'Bé' }],
  });
  await world.send('PUT', '/fhir/Immunization/m1', immunization('19', '2026-08-16'));
});
after(() => world.stop());

const immunization = (cvx: string, day: string, id = 'm1') => ({
  resourceType: 'Immunization',
  id,
  status: 'completed',
  vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: cvx }] },
  patient: { reference: 'Patient/be' },
  occurrenceDateTime: day,
});

function recommended(body: Parameters): ImmunizationRecommendation {
  return body.parameter!.find(({ name }) => name === 'recommendation')!
    .resource as ImmunizationRecommendation;
}
function evaluated(body: Parameters): ImmunizationEvaluation[] {
  return body
    .parameter!.filter(({ name }) => name === 'evaluation')
    .map(({ resource }) => resource as ImmunizationEvaluation);
}
const of = ({ recommendation }: ImmunizationRecommendation, component: string) =>
  recommendation.filter(({ targetDisease }) => targetDisease?.coding?.some(({ code }) => code === component));
const date = (one: ReturnType<typeof of>[number] | undefined, code: string) =>
  one?.dateCriterion?.find((criterion) => criterion.code.coding?.[0]?.code === code)?.value;

test('the forecast of a person of the record is an ImmunizationRecommendation, valid by R4', async () => {
  const answer = await world.send('GET', '/fhir/Patient/be/$immds-forecast?assessmentDate=2026-10-15');
  assert.equal(answer.status, 200, answer.text);
  const found = recommended(answer.body);
  assert.deepEqual(validateResource(found), []);
  const [first, second] = of(found, 'hib');
  assert.deepEqual(
    [date(first, '30980-7'), date(first, '30981-5'), first?.doseNumberPositiveInt],
    ['2026-10-15', '2026-10-15', 1],
  );
  assert.equal(date(second, '30980-7'), '2026-11-15');
  assert.deepEqual(
    first?.forecastStatus.coding?.map(({ code }) => code),
    ['due', 'due'],
  );
  assert.equal(date(of(found, 'rota')[0], '59777-3'), '2027-02-15');
  assert.equal(of(found, 'lao')[0]?.forecastStatus.coding?.[0]?.code, 'complete');
  for (const one of evaluated(answer.body)) assert.deepEqual(validateResource(one), []);
});

test('a person and doses that are sent are judged without being kept; each dose says why it does not count', async () => {
  const body = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'assessmentDate', valueDate: '2026-11-22' },
      { name: 'patient', resource: { resourceType: 'Patient', birthDate: '2026-01-10' } },
      {
        name: 'immunization',
        resource: { ...immunization('102', '2026-03-01'), id: undefined, patient: { display: 'Bé' } },
      },
    ],
  };
  const answer = await world.send('POST', '/fhir/$immds-forecast', body);
  assert.equal(answer.status, 200, answer.text);
  const evaluation = evaluated(answer.body).find(({ series }) => series === 'Hib')!;
  assert.equal(evaluation.doseStatus.coding?.[0]?.code, 'notvalid');
  assert.equal(evaluation.doseStatusReason?.[0]?.coding?.[0]?.code, 'too-early');
  assert.match(evaluation.description ?? '', /2026-03-10/);
  assert.equal((await world.send('GET', '/fhir/Immunization?_summary=count')).body.total, 1);
});

test('what is wrong is named', async () => {
  const without = await world.send('POST', '/fhir/$immds-forecast', {
    resourceType: 'Parameters',
  });
  assert.deepEqual([without.status, /patient/.test(issueOf(without).diagnostics ?? '')], [400, true]);
  assert.equal((await world.send('POST', '/fhir/$immds-forecast', { resourceType: 'Patient' })).status, 400);
  assert.equal(
    (await world.send('GET', '/fhir/Patient/be/$immds-forecast?assessmentDate=2026-02-30')).status,
    400,
  );
  assert.equal((await world.send('GET', '/fhir/Patient/be/$immds-forecast?colour=red')).status, 400);
  assert.equal((await world.send('GET', '/fhir/Patient/nobody/$immds-forecast')).status, 404);
  assert.equal((await world.send('GET', '/fhir/PlanDefinition/tiem-chung-mo-rong/$apply')).status, 400);
});

test('$apply of a programme makes a CarePlan with its Tasks and their windows', async () => {
  const answer = await world.send('GET', '/fhir/PlanDefinition/tiem-chung-mo-rong/$apply?subject=Patient/be');
  assert.equal(answer.status, 200, answer.text);
  const plan = answer.body as CarePlan;
  assert.deepEqual(validateResource(plan), []);
  assert.deepEqual(plan.instantiatesCanonical, [
    'http://yba.vn/fhir/PlanDefinition/tiem-chung-mo-rong|2026-11-15',
  ]);
  const types = plan.contained!.map(({ resourceType }) => resourceType);
  assert.equal(types[0], 'RequestGroup');
  assert.ok(types.length > 5 && types.slice(1).every((type) => type === 'Task'));
});

test('$apply of any other definition takes the actions whose conditions hold', async () => {
  const action = (id: string, expression: string) => ({
    id,
    title: id,
    condition: [{ kind: 'applicability', expression: { language: 'text/fhirpath', expression } }],
  });
  const definition = {
    resourceType: 'PlanDefinition',
    id: 'rieng',
    status: 'active',
    action: [action('yes', 'birthDate > @2026-01-01'), action('no', 'Condition.exists()')],
  };
  assert.equal((await world.send('PUT', '/fhir/PlanDefinition/rieng', definition)).status, 201);
  const answer = await world.send('GET', '/fhir/PlanDefinition/rieng/$apply?subject=be');
  assert.deepEqual(
    answer.body.contained.map(({ id }: { id: string }) => id),
    ['nhom-viec', 'viec-1'],
    answer.text,
  );
  assert.equal(answer.body.contained[1].code.text, 'yes');
});

test('a programme with a loop, a wrong expression or an unknown product is refused when it is stored', async () => {
  const refused = async (definition: object) => {
    const answer = await world.send('POST', '/fhir/PlanDefinition', {
      resourceType: 'PlanDefinition',
      status: 'draft',
      ...definition,
    });
    assert.equal(answer.status, 422, answer.text);
    return `${issueOf(answer).expression?.[0]}: ${issueOf(answer).diagnostics}`;
  };
  const after = (id: string, other: string) => ({
    id,
    title: id,
    relatedAction: [{ actionId: other, relationship: 'after-end' }],
  });
  assert.match(await refused({ action: [after('a', 'b'), after('b', 'a')] }), /waits for itself: a → b → a/);
  const content = (await world.send('GET', '/fhir/PlanDefinition/tang-huyet-ap')).body;
  const broken = JSON.parse(JSON.stringify(content).replace('"expression":"', '"expression":"(')) as {
    id?: string;
    url: string;
  };
  delete broken.id;
  assert.match(await refused({ ...broken, url: 'http://example.org/x' }), /expression/i);
});

test('programmes of the content are read and announced', async () => {
  const found = await world.send(
    'GET',
    '/fhir/PlanDefinition?url=http://yba.vn/fhir/PlanDefinition/tang-huyet-ap',
  );
  assert.equal(found.body.entry.length, 1, found.text);
  const { rest } = (await world.send('GET', '/fhir/metadata')).body;
  const names = JSON.stringify(rest[0]);
  assert.match(names, /immds-forecast/);
  assert.match(names, /PlanDefinition-apply/);
});

/** `$immds-forecast` over HTTP: persons of the record and persons that are sent. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, issueOf, openFhirWorld } from '../../kernel/fhir/testing.ts';
import type {
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

test('a stranger who sends what cannot be judged is told what, and nothing fails', async () => {
  const child = { resourceType: 'Patient', birthDate: '2026-08-15' };
  const dose = { ...immunization('19', '2026-08-16'), patient: { reference: 'Patient/x' } };
  const ask = async (...parameter: object[]) =>
    world.send('POST', '/fhir/$immds-forecast', { resourceType: 'Parameters', parameter });
  const patient = (resource: object) => ({ name: 'patient', resource });
  const given = (resource: object) => ({ name: 'immunization', resource });
  const day = { name: 'assessmentDate', valueDate: '2026-10-15' };
  for (const [words, ...parameter] of [
    ['a patient that is none', day, patient({ resourceType: 'Observation', status: 'final' })],
    ['no day of birth', day, patient({ resourceType: 'Patient' })],
    ['two patients', day, patient(child), patient(child)],
    ['a dose that is none', day, patient(child), given(child)],
    ['a dose without a vaccine', day, patient(child), given({ ...dose, vaccineCode: undefined })],
    ['a day that is none', { name: 'assessmentDate', valueDate: '2026-13-45' }, patient(child)],
    ['a parameter that is none', day, patient(child), { name: 'colour', valueString: 'red' }],
  ] as [string, ...object[]][]) {
    const answer = await ask(...parameter);
    assert.ok(
      answer.status >= 400 && answer.status < 500,
      `${words}: ${answer.status} ${answer.text.slice(0, 200)}`,
    );
    assert.ok((issueOf(answer).diagnostics ?? '').length > 10, words);
  }
  const good = await ask(day, patient(child), given(dose));
  assert.equal(good.status, 200, good.text);
});

/** Answers of the screen are judged with the person, the visit and who fills, as the screen judged them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Questionnaire, QuestionnaireItem } from '../../../kernel/fhir/types.ts';
import { type Browser, openWorld, type World } from '../../clinic/testing.ts';
import type { OpenedForm } from '../contract.ts';

const URL = 'http://yba.vn/fhir/Questionnaire/thu-xet';
const CANONICAL = `${URL}|2026-01-01`;
const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
let world: World;
let doctor: Browser;

const launch = (code: string, type: string) => ({
  url: `${SDC}launchContext`,
  extension: [
    { url: 'name', valueCoding: { code } },
    { url: 'type', valueCode: type },
  ],
});
const calculated = (linkId: string, expression: string): QuestionnaireItem => ({
  linkId,
  type: 'string',
  text: linkId,
  readOnly: true,
  extension: [
    {
      url: `${SDC}calculatedExpression`,
      valueExpression: { language: 'text/fhirpath', expression },
    },
  ],
});

const form: Questionnaire & { id: string } = {
  resourceType: 'Questionnaire',
  id: 'thu-xet-2026-01-01',
  url: URL,
  version: '2026-01-01',
  title: 'Phiếu thử xét',
  status: 'active',
  subjectType: ['Patient'],
  effectivePeriod: { start: '2026-01-01' },
  extension: [launch('patient', 'Patient'), launch('encounter', 'Encounter'), launch('user', 'Practitioner')],
  item: [
    calculated('gioi', '%patient.gender'),
    calculated('luot', '%encounter.id'),
    calculated('nguoi-ghi', '%user.id'),
    { linkId: 'ghi-chu', type: 'string', text: 'Ghi chú' },
  ],
};

before(async () => {
  world = await openWorld();
  doctor = await world.signIn('bacsi');
  await world.program.kernel.gate.system('test').update(form);
});
after(() => world.stop());

const open = async (patient: string, more = '') => {
  const opened = await doctor.call<OpenedForm>('GET', `/api/forms/open/thu-xet?patient=${patient}${more}`);
  assert.equal(opened.status, 200, JSON.stringify(opened.body));
  return opened.body;
};
const finish = (patient: string, response: object) =>
  doctor.call<{ id: string; version: number; issue: unknown }>('POST', '/api/forms/answers', {
    form: CANONICAL,
    patient,
    encounter: '',
    response,
  });
const answersIn = ({ start }: OpenedForm) =>
  Object.fromEntries((start.item ?? []).map(({ linkId, answer }) => [linkId, answer![0]!.valueString]));
const changed = ({ start }: OpenedForm, linkId: string, valueString: string) => ({
  ...start,
  item: start.item!.map((one) => (one.linkId === linkId ? { ...one, answer: [{ valueString }] } : one)),
});

test('what the screen calculates from the person, the visit of the day and who fills is taken, and nothing else', async () => {
  const { patient, encounter } = await world.arrive({ gender: 'female' });
  const opened = await open(patient);
  assert.deepEqual(answersIn(opened), { gioi: 'female', luot: encounter, 'nguoi-ghi': 'nv-bacsi' });
  for (const linkId of ['gioi', 'luot', 'nguoi-ghi']) {
    const refused = await finish(patient, changed(opened, linkId, 'other'));
    assert.equal(refused.status, 422, linkId);
    assert.match(JSON.stringify(refused.body), new RegExp(`${linkId}.* do biểu mẫu tính ra`));
  }
  const done = await finish(patient, opened.start);
  assert.equal(done.status, 201, JSON.stringify(done.body));
  // Amended, it is opened with the visit that it belongs to.
  const again = await open(patient, `&answer=${done.body.id}`);
  assert.equal(again.context.encounter && (again.context.encounter as { id: string }).id, encounter);
  const amend = (response: object) =>
    doctor.call('PUT', `/api/forms/answers/${done.body.id}`, { response }, { ifMatch: done.body.version });
  assert.equal((await amend(changed(again, 'gioi', 'male'))).status, 422);
  assert.equal((await amend(again.start)).status, 200);
});

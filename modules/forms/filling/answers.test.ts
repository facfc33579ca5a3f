/** Answers as facts over HTTP: changed, cleared and given again, the record says what the newest answers say, and who changed it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type {
  Observation,
  Provenance,
  Questionnaire,
  QuestionnaireResponse,
} from '../../../kernel/fhir/types.ts';
import { type Browser, openWorld, type World } from '../../clinic/testing.ts';

const URL = 'http://yba.vn/fhir/Questionnaire/thu-trich';
const CANONICAL = `${URL}|2026-01-01`;
const EXTRACT = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-observationExtract';
let world: World;
let doctor: Browser;

const question = (linkId: string, code: string) => ({
  linkId,
  type: 'decimal' as const,
  text: linkId,
  code: [{ system: 'http://loinc.org', code }],
  extension: [{ url: EXTRACT, valueBoolean: true }],
});

const form: Questionnaire & { id: string } = {
  resourceType: 'Questionnaire',
  id: 'thu-trich-2026-01-01',
  url: URL,
  version: '2026-01-01',
  title: 'Phiếu thử trích',
  status: 'active',
  subjectType: ['Patient'],
  effectivePeriod: { start: '2026-01-01' },
  item: [question('can-nang', '29463-7'), question('chieu-cao', '8302-2')],
};

before(async () => {
  world = await openWorld();
  doctor = await world.signIn('bacsi');
  await world.program.kernel.gate.system('test').update(form);
});
after(() => world.stop());

const answers = (given: Readonly<Record<string, number>>): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  status: 'in-progress',
  questionnaire: CANONICAL,
  item: Object.entries(given).map(([linkId, valueDecimal]) => ({ linkId, answer: [{ valueDecimal }] })),
});

async function finish(by: Browser, patient: string, encounter: string, given: Record<string, number>) {
  const done = await by.call<{ id: string; version: number }>('POST', '/api/forms/answers', {
    form: CANONICAL,
    patient,
    encounter,
    response: answers(given),
  });
  assert.equal(done.status, 201, JSON.stringify(done.body));
  return done.body;
}

async function amend(by: Browser, id: string, seen: number, given: Record<string, number>) {
  const response = answers(given);
  const done = await by.call<{ version: number }>(
    'PUT',
    `/api/forms/answers/${id}`,
    { response },
    { ifMatch: seen },
  );
  assert.equal(done.status, 200, JSON.stringify(done.body));
  return done.body.version;
}

async function facts(patient: string): Promise<string[]> {
  const { matches } = await world.program.kernel.gate
    .system('test')
    .search('Observation', [['patient', `Patient/${patient}`]]);
  return (matches as Observation[])
    .map(({ code, status, valueQuantity }) => `${code.coding![0]!.code} ${valueQuantity!.value} ${status}`)
    .sort();
}

async function told(patient: string): Promise<string[]> {
  const { matches } = await world.program.kernel.gate
    .system('test')
    .search('Provenance', [['patient', `Patient/${patient}`]]);
  return (matches as Provenance[])
    .map(({ activity, target, agent }) =>
      [activity!.coding![0]!.code, target.length, agent[0]!.who.reference].join(' '),
    )
    .sort();
}

test('changing an answer updates its fact, clearing takes it back, giving it again brings back the same one', async () => {
  const { patient, encounter } = await world.arrive();
  const { id, version } = await finish(doctor, patient, encounter, { 'can-nang': 60, 'chieu-cao': 165 });
  assert.deepEqual(await facts(patient), ['29463-7 60 final', '8302-2 165 final']);
  assert.deepEqual(await told(patient), []);
  const cleared = await amend(doctor, id, version, { 'chieu-cao': 166 });
  assert.deepEqual(await facts(patient), ['29463-7 60 entered-in-error', '8302-2 166 amended']);
  assert.deepEqual(await told(patient), [
    'NULLIFY 3 Practitioner/nv-bacsi',
    'UPDATE 3 Practitioner/nv-bacsi',
  ]);
  // What was taken back is not written once more.
  const again = await amend(doctor, id, cleared, { 'chieu-cao': 167 });
  assert.deepEqual((await told(patient)).filter((one) => one.startsWith('NULLIFY')).length, 1);
  await amend(doctor, id, again, { 'can-nang': 61, 'chieu-cao': 167 });
  assert.deepEqual(await facts(patient), ['29463-7 61 amended', '8302-2 167 amended']);
});

test('a nurse who amends leaves the same word', async () => {
  const nurse = await world.signIn('dieuduong');
  const { patient, encounter } = await world.arrive();
  const { id, version } = await finish(nurse, patient, encounter, { 'can-nang': 50 });
  await amend(nurse, id, version, { 'chieu-cao': 150 });
  assert.deepEqual(await facts(patient), ['29463-7 50 entered-in-error', '8302-2 150 final']);
  assert.deepEqual(
    (await told(patient)).map((one) => one.slice(0, 7)),
    ['NULLIFY'],
  );
});

test('a form that was entered in error is cancelled with its reason, and takes everything that came of it back', async () => {
  const { patient, encounter } = await world.arrive();
  const { id, version } = await finish(doctor, patient, encounter, { 'can-nang': 60, 'chieu-cao': 165 });
  const at = `/api/forms/answers/${id}/cancel`;
  const reason = 'Ghi nhầm sang người khác';
  assert.equal((await doctor.call('POST', at, { reason: 'nhầm' }, { ifMatch: version })).status, 400);
  assert.equal((await doctor.call('POST', at, { reason })).status, 428);
  assert.equal((await doctor.call('POST', at, { reason }, { ifMatch: version + 1 })).status, 412);
  assert.equal((await doctor.call('POST', at, { reason }, { ifMatch: version })).status, 200);
  assert.deepEqual(await facts(patient), ['29463-7 60 entered-in-error', '8302-2 165 entered-in-error']);
  assert.deepEqual(await told(patient), ['NULLIFY 4 Practitioner/nv-bacsi']);
  const { rows } = (await doctor.call<{ rows: unknown[] }>('GET', `/api/forms/answers?patient=${patient}`))
    .body;
  assert.deepEqual(rows, []);
  const again = await doctor.call('POST', at, { reason }, { ifMatch: version + 1 });
  assert.equal(again.status, 409);
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cookieOf } from '../../kernel/access/sign-in.testing.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import type { Condition, Encounter, Observation } from '../../kernel/fhir/types.ts';
import type { VisitView } from './contract.ts';
import { type Browser, CONSULTATION, openWorld, type World } from './testing.ts';

let world: World;
let doctor: Browser;

before(async () => {
  world = await openWorld();
  doctor = await world.signIn('bacsi');
});
after(() => world.stop());

interface Problem {
  error: {
    code: string;
    text: string;
    issues: { expression?: string; text: string }[];
    details: { current: VisitView };
  };
}

async function arrived() {
  const { patient, encounter } = await world.arrive();
  const at = `/api/clinic/visits/${encounter}`;
  const { body } = await doctor.call('GET', at);
  return { patient, encounter, at, version: body.version };
}

async function started() {
  const visit = await arrived();
  const { body, status } = await doctor.call('POST', `${visit.at}/start`, {}, { ifMatch: visit.version });
  assert.equal(status, 200);
  return { ...visit, version: body.version };
}

const codeOf = (one: Observation | Condition) => one.code?.coding?.[0]?.code;

const withExam = (exam: string) => ({ ...CONSULTATION, notes: { ...CONSULTATION.notes, exam } });

test('starting: the visit is in progress, the doctor attends it, the earlier status is kept', async () => {
  const visit = await started();
  const [encounter] = (await world.recordOf(visit.patient, 'Encounter')) as Encounter[];
  assert.equal(encounter!.status, 'in-progress');
  assert.equal(encounter!.participant![0]!.individual!.reference, 'Practitioner/nv-bacsi');
  assert.deepEqual(encounter!.statusHistory, [
    { status: 'arrived', period: { start: '2026-11-22T07:42:00+07:00', end: '2026-11-22T08:30:00+07:00' } },
  ]);
});

test('starting again writes nothing; a second doctor is told who is seeing the patient, and may take over with a reason', async () => {
  const visit = await started();
  const again = await doctor.call('POST', `${visit.at}/start`, {}, { ifMatch: 1 });
  assert.deepEqual([again.status, again.body.version], [200, visit.version]);
  const other = await world.signIn('bacsi-khac');
  const refused = await other.call<Problem>('POST', `${visit.at}/start`, {}, { ifMatch: visit.version });
  assert.equal(refused.status, 409);
  assert.match(refused.body.error.text, /Phùng Văn Minh đang khám người bệnh này từ 08:30/);
  const taken = await other.call(
    'POST',
    `${visit.at}/start`,
    { takeOverReason: 'Đổi ca' },
    { ifMatch: visit.version },
  );
  assert.equal(taken.body.doctor!.name, 'Kim Thị Thanh Vân');
});

test('a saved consultation is exactly the resources of docs/model.md, in one version of the visit', async () => {
  const visit = await started();
  const saved = await doctor.call('PUT', `${visit.at}/consultation`, CONSULTATION, {
    ifMatch: visit.version,
  });
  assert.equal(saved.status, 200);
  assert.equal(saved.body.version, visit.version + 1);
  assert.deepEqual(saved.body.consultation, CONSULTATION);
  assert.equal(saved.body.calculated.bmi, 21.4);
  const observations = (await world.recordOf(visit.patient, 'Observation')) as Observation[];
  assert.deepEqual(observations.map((one) => [one.category![0]!.coding![0]!.code, codeOf(one)]).sort(), [
    ['exam', '10154-3'],
    ['exam', '10164-2'],
    ['exam', '18776-5'],
    ['exam', '29545-1'],
    ['vital-signs', '29463-7'],
    ['vital-signs', '39156-5'],
    ['vital-signs', '59408-5'],
    ['vital-signs', '8302-2'],
    ['vital-signs', '8310-5'],
    ['vital-signs', '85354-9'],
    ['vital-signs', '8867-4'],
    ['vital-signs', '9279-1'],
  ]);
  const pressure = observations.find((one) => codeOf(one) === '85354-9')!;
  assert.deepEqual(
    pressure.component!.map((part) => [
      part.code.coding![0]!.code,
      part.valueQuantity!.value,
      part.valueQuantity!.code,
    ]),
    [
      ['8480-6', 130, 'mm[Hg]'],
      ['8462-4', 80, 'mm[Hg]'],
    ],
  );
  const [condition] = (await world.recordOf(visit.patient, 'Condition')) as Condition[];
  assert.equal(condition!.code!.coding![0]!.system, cs.icd10);
  assert.equal(condition!.code!.text, 'Viêm họng cấp, không đặc hiệu');
  const [encounter] = (await world.recordOf(visit.patient, 'Encounter')) as Encounter[];
  assert.equal(encounter!.diagnosis![0]!.condition.reference, `Condition/${condition!.id}`);
  assert.equal(encounter!.diagnosis![0]!.rank, 1);
  assert.equal(encounter!.diagnosis![0]!.use!.coding![0]!.code, 'DD');
  assert.ok([...observations, condition!].every((one) => one.meta!.security![0]!.code === 'HTEST'));
});

test('saving again writes only what changed; what is emptied is marked entered in error', async () => {
  const visit = await started();
  const first = await doctor.call('PUT', `${visit.at}/consultation`, CONSULTATION, {
    ifMatch: visit.version,
  });
  const changed = {
    ...CONSULTATION,
    vitals: { ...CONSULTATION.vitals, temperature: 39, spo2: null },
    diagnoses: [{ code: 'J03.9', status: 'provisional' }, ...CONSULTATION.diagnoses],
  };
  const second = await doctor.call('PUT', `${visit.at}/consultation`, changed, {
    ifMatch: first.body.version,
  });
  assert.equal(second.status, 200);
  const third = await doctor.call(
    'PUT',
    `${visit.at}/consultation`,
    { ...changed, diagnoses: [changed.diagnoses[0]] },
    { ifMatch: second.body.version },
  );
  assert.deepEqual(third.body.consultation.diagnoses, [{ code: 'J03.9', status: 'provisional' }]);
  const observations = (await world.recordOf(visit.patient, 'Observation')) as Observation[];
  const versions = new Map(observations.map((one) => [codeOf(one), [one.meta!.versionId, one.status]]));
  assert.deepEqual(versions.get('8310-5'), ['2', 'final']);
  assert.deepEqual(versions.get('59408-5'), ['2', 'entered-in-error']);
  assert.deepEqual(versions.get('8867-4'), ['1', 'final']);
  const conditions = (await world.recordOf(visit.patient, 'Condition')) as Condition[];
  const removed = conditions.find((one) => codeOf(one) === 'J02.9')!;
  assert.equal(removed.verificationStatus!.coding![0]!.code, 'entered-in-error');
  assert.equal(removed.clinicalStatus, undefined);
});

test('impossible values and unknown codes are faults at their fields, and nothing is written', async () => {
  const visit = await started();
  const faults = async (changes: object) => {
    const body = { ...CONSULTATION, ...changes };
    const answer = await doctor.call<Problem>('PUT', `${visit.at}/consultation`, body, {
      ifMatch: visit.version,
    });
    assert.equal(answer.status, 422);
    return answer.body.error.issues.map((issue) => issue.expression);
  };
  const vitals = (more: object) => ({ vitals: { ...CONSULTATION.vitals, ...more } });
  assert.deepEqual(await faults(vitals({ temperature: 3.7 })), ['vitals.temperature']);
  assert.deepEqual(await faults(vitals({ temperature: 370 })), ['vitals.temperature']);
  assert.deepEqual(await faults(vitals({ spo2: 101, pulse: 'x' })), ['vitals.pulse', 'vitals.spo2']);
  assert.deepEqual(await faults(vitals({ diastolic: 130 })), ['vitals.diastolic']);
  assert.deepEqual(await faults(vitals({ diastolic: null })), ['vitals.diastolic']);
  assert.deepEqual(await faults(vitals({ height: 1700 })), ['vitals.height']);
  assert.deepEqual(await faults(vitals({ systolic: 120.5, weight: 52.25 })), [
    'vitals.systolic',
    'vitals.weight',
  ]);
  for (const unreadable of ['x', [120, 80], 5])
    assert.deepEqual(await faults({ vitals: unreadable }), ['vitals']);
  assert.deepEqual(await faults({ diagnoses: [{ code: 'Z99.99X' }] }), ['diagnoses[0].code']);
  assert.deepEqual(await faults({ diagnoses: [{ code: 'B95.0' }] }), ['diagnoses[0].code']);
  assert.deepEqual(await faults({ diagnoses: [{ code: 'J02.9' }, { code: 'j02.9' }] }), [
    'diagnoses[1].code',
  ]);
  assert.deepEqual(await world.recordOf(visit.patient, 'Observation'), []);
  assert.equal((await doctor.call('GET', visit.at)).body.version, visit.version);
});

test('a code that may not be the main one is allowed beside another; a code of the other sex or a group code is a warning', async () => {
  const visit = await started();
  const body = {
    ...CONSULTATION,
    diagnoses: [{ code: 'J02.9' }, { code: 'B95.0' }, { code: 'N40' }, { code: 'J02' }],
  };
  const saved = await doctor.call('PUT', `${visit.at}/consultation`, body, { ifMatch: visit.version });
  assert.equal(saved.status, 200);
  assert.deepEqual(saved.body.warnings.map((warning) => warning.field).sort(), [
    'diagnoses[2].code',
    'diagnoses[3].code',
  ]);
});

test('an asterisk code without its disease and an external cause as the main diagnosis are said (ICD-10)', async () => {
  const visit = await started();
  let version = visit.version;
  const said = async (...codes: string[]) => {
    const diagnoses = codes.map((code) => ({ code }));
    const body = { ...CONSULTATION, diagnoses };
    const saved = await doctor.call('PUT', `${visit.at}/consultation`, body, { ifMatch: version });
    assert.equal(saved.status, 200);
    version = saved.body.version;
    return saved.body.warnings.map((warning) => `${warning.field} ${warning.text.slice(0, 20)}`);
  };
  assert.deepEqual(await said('J02.9', 'G01'), ['diagnoses[1].code Mã hoa thị G01* phải']);
  assert.deepEqual(await said('A17.0', 'G01'), []);
  assert.deepEqual(await said('A01.0', 'G01'), []);
  assert.deepEqual(await said('J02.9', 'G46.3'), ['diagnoses[1].code Mã hoa thị G46.3* ph']);
  assert.deepEqual(await said('I64', 'G46.3'), []);
  assert.deepEqual(await said('E11.3', 'H36.0'), []);
  assert.deepEqual(await said('W54', 'S61.0'), ['diagnoses[0].code Mã W54 là nguyên nhâ']);
  assert.deepEqual(await said('S61.0', 'W54'), []);
});

test('each writing is a version of the visit, also within one instant: a third person is told', async () => {
  const visit = await started();
  const write = (exam: string, ifMatch: number) =>
    doctor.call<VisitView & Problem>('PUT', `${visit.at}/consultation`, withExam(exam), { ifMatch });
  const first = await write('Một', visit.version);
  const second = await write('Hai', first.body.version);
  assert.equal(second.body.version, first.body.version + 1);
  const third = await write('Ba', first.body.version);
  assert.equal(third.status, 412);
  assert.equal(third.body.error.details.current.consultation.notes.exam, 'Hai');
});

test('two people on one visit: the second gets a conflict with the visit as it stands, never a silent overwrite', async () => {
  const visit = await started();
  const mine = withExam('Của bác sĩ');
  const saved = await doctor.call('PUT', `${visit.at}/consultation`, mine, { ifMatch: visit.version });
  const other = await world.signIn('bacsi-khac');
  const stale = await other.call<Problem>('PUT', `${visit.at}/consultation`, withExam('Của người khác'), {
    ifMatch: visit.version,
  });
  assert.equal(stale.status, 412);
  assert.equal(stale.body.error.details.current.version, saved.body.version);
  assert.equal(stale.body.error.details.current.consultation.notes.exam, 'Của bác sĩ');
  assert.equal((await doctor.call('GET', visit.at)).body.consultation.notes.exam, 'Của bác sĩ');
});

test('two saves at the same moment: exactly one is written', async () => {
  const visit = await started();
  const save = (exam: string) =>
    doctor.call('PUT', `${visit.at}/consultation`, withExam(exam), { ifMatch: visit.version });
  const answers = await Promise.all([save('một'), save('hai')]);
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 412]);
  const exams = ((await world.recordOf(visit.patient, 'Observation')) as Observation[]).filter(
    (one) => codeOf(one) === '29545-1',
  );
  assert.equal(exams.length, 1);
});

test('without If-Match nothing is written', async () => {
  const visit = await started();
  assert.equal((await doctor.call('PUT', `${visit.at}/consultation`, CONSULTATION)).status, 428);
});

test('a nurse writes vital signs while the patient waits; diagnoses wait for the doctor', async () => {
  const visit = await arrived();
  const nurse = await world.signIn('dieuduong');
  const early = { ...CONSULTATION, diagnoses: [] };
  const saved = await nurse.call('PUT', `${visit.at}/consultation`, early, { ifMatch: visit.version });
  assert.equal(saved.status, 200);
  assert.equal(saved.body.consultation.vitals.temperature, 38.5);
  const refused = await nurse.call('PUT', `${visit.at}/consultation`, CONSULTATION, {
    ifMatch: saved.body.version,
  });
  assert.equal(refused.status, 409);
  assert.equal(
    (await nurse.call('POST', `${visit.at}/start`, {}, { ifMatch: saved.body.version })).status,
    403,
  );
});

test('limits of vital signs follow the age: 40 breaths are fast at 3 years and not at 6 months', async () => {
  const limitsOf = async (birthDate: string) => {
    const { encounter } = await world.arrive({ birthDate });
    const { body } = await doctor.call('GET', `/api/clinic/visits/${encounter}`);
    return body.limits.find((limit) => limit.key === 'breathing')!.normal[1];
  };
  assert.equal(await limitsOf('2023-11-01'), 39);
  assert.equal(await limitsOf('2026-05-22'), 49);
});

test('without a session nothing is shown', async () => {
  const visit = await arrived();
  const answer = await fetch(`${world.program.address}${visit.at}`);
  assert.equal(answer.status, 401);
});

test('the screen hears of the visit and of the allergies over one stream', async () => {
  const { patient, encounter } = await arrived();
  const { address } = world.program;
  const topics = [`clinic/visit/${encounter}`, `clinic/allergies/${patient}`];
  const stop = new AbortController();
  const answer = await fetch(
    `${address}/api/events?${topics.map((topic) => `topic=${encodeURIComponent(topic)}`).join('&')}`,
    { headers: { cookie: await cookieOf(address, 'bacsi') }, signal: stop.signal },
  );
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type')!, /^text\/event-stream/);
  stop.abort();
});

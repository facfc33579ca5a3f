import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cs } from '../../kernel/fhir/systems.ts';
import type { AllergyIntolerance } from '../../kernel/fhir/types.ts';
import type { Banner } from '../people/index.ts';
import { searchSubstances } from './allergies/substances.ts';
import type { AllergiesView, AllergyInput, AllergyRow, CheckView, VisitView } from './contract.ts';
import { addAccount, allergyTo, type Browser, DAY, line, openWorld, seenBy, type World } from './testing.ts';

let world: World;
let doctor: Browser;
let nurse: Browser;

before(async () => {
  world = await openWorld();
  doctor = await world.signIn('bacsi');
  nurse = await world.signIn('dieuduong');
});
after(() => world.stop());

interface Problem {
  error: {
    code: string;
    text: string;
    issues: { expression?: string; text: string; textEn?: string }[];
    details: { current: AllergyRow };
  };
}

type Told = AllergiesView & Problem;

const AMOXICILLIN: AllergyInput = {
  substance: 'amoxicilin',
  text: '',
  category: 'medication',
  criticality: 'high',
  reaction: 'Nổi mề đay, khó thở',
  onset: '2019-05',
};

const of = (patient: string) => `/api/clinic/people/${patient}/allergies`;
const record = (patient: string, more: Partial<AllergyInput> = {}, by = doctor) =>
  by.call<Told>('POST', of(patient), { ...AMOXICILLIN, ...more });
const sayNone = (patient: string, by = nurse) => by.call<Told>('POST', `${of(patient)}/none`);
const remove = (patient: string, { id, version }: { id: string; version: number }, by = doctor) =>
  by.call<Told>('POST', `${of(patient)}/${id}/remove`, undefined, { ifMatch: version });
const held = async (patient: string) =>
  (await world.recordOf(patient, 'AllergyIntolerance')) as AllergyIntolerance[];
const verification = (one: AllergyIntolerance) => one.verificationStatus?.coding?.[0]?.code;
const banner = async (patient: string) =>
  (await doctor.call<Banner>('GET', `/api/people/${patient}/banner`)).body;

test('a nurse records an allergy: one AllergyIntolerance with code, category, criticality, reaction, date and recorder', async () => {
  const { patient } = await world.arrive();
  const asked = await nurse.call<AllergiesView>('GET', of(patient));
  assert.equal(asked.body.state, 'unasked');
  const { status, body } = await record(patient, {}, nurse);
  assert.equal(status, 200);
  assert.equal(body.state, 'some');
  const [allergy, ...others] = await held(patient);
  assert.deepEqual(others, []);
  assert.deepEqual(allergy!.code, {
    coding: [{ system: cs.ingredient, code: 'amoxicilin', display: 'Amoxicilin' }],
    text: 'Amoxicilin',
  });
  assert.deepEqual(allergy!.category, ['medication']);
  assert.equal(allergy!.criticality, 'high');
  assert.equal(allergy!.onsetDateTime, '2019-05');
  assert.equal(allergy!.recordedDate, `${DAY}T08:30:00+07:00`);
  assert.deepEqual(allergy!.recorder, {
    reference: 'Practitioner/nv-dieuduong',
    display: 'Trần Thị Hương Giang',
  });
  assert.equal(allergy!.reaction![0]!.manifestation[0]!.text, 'Nổi mề đay, khó thở');
  assert.deepEqual(body.rows[0]!.input, { ...AMOXICILLIN, text: 'Amoxicilin' });
  assert.deepEqual((await banner(patient)).allergies, [{ text: 'Amoxicilin', high: true }]);
});

test('the prescription check and the signing use an allergy at once', async () => {
  const visit = await seenBy(doctor, world);
  const medicine = world.program.kernel.content
    .table('drug/medicines')
    .find((one) => one.ingredients === 'amoxicilin')!.code!;
  const lines = [line(medicine)];
  const check = () => doctor.call<CheckView>('POST', `${visit.at}/prescription/check`, { lines });
  assert.deepEqual(
    (await check()).body.alerts.filter((one) => one.kind === 'di-ung'),
    [],
  );
  await record(visit.patient, {}, nurse);
  const alert = (await check()).body.alerts.find((one) => one.kind === 'di-ung')!;
  assert.match(alert.reason, /Amoxicilin \(Nổi mề đay, khó thở\)/);
  const signed = await doctor.call<Problem>(
    'POST',
    `${visit.at}/prescription/sign`,
    { lines },
    { ifMatch: visit.view.version, key: 'ky-1' },
  );
  assert.equal(signed.status, 422);
  const shown = await doctor.call<VisitView>('GET', visit.at);
  assert.deepEqual(shown.body.person.allergies, [{ text: 'Amoxicilin', high: true }]);
  assert.equal(shown.body.version, visit.view.version, 'what the doctor is typing is not refused for it');
});

test('"no known allergy" is an assertion of its own (SNOMED CT 716186003), and is refuted when an allergy is recorded', async () => {
  const { patient } = await world.arrive();
  assert.equal((await sayNone(patient)).body.state, 'none');
  assert.equal((await sayNone(patient, doctor)).body.state, 'none');
  const [none, ...others] = await held(patient);
  assert.deepEqual(others, [], 'said twice, it stands once');
  assert.equal(none!.code!.coding![0]!.code, '716186003');
  assert.deepEqual([(await banner(patient)).allergiesKnown, (await banner(patient)).allergies], [true, []]);
  assert.equal((await record(patient)).body.state, 'some');
  const after = (await held(patient)).find((one) => one.id === none!.id)!;
  assert.equal(verification(after), 'refuted');
  assert.equal(after.clinicalStatus!.coding![0]!.code, 'inactive');
  const refused = await sayNone(patient);
  assert.equal(refused.status, 409);
  assert.match(refused.body.error.text, /Amoxicilin/);
});

test('removing marks as entered in error with the version checked; nothing known is again "not asked"', async () => {
  const { patient } = await world.arrive();
  await sayNone(patient);
  const { body } = await record(patient);
  const [row] = body.rows;
  assert.equal((await doctor.call('POST', `${of(patient)}/${row!.id}/remove`)).status, 428);
  assert.equal((await remove(patient, { ...row!, version: row!.version + 1 })).status, 412);
  const removed = await remove(patient, row!);
  assert.deepEqual([removed.status, removed.body.state], [200, 'unasked']);
  const allergy = (await held(patient)).find((one) => one.id === row!.id)!;
  assert.equal(verification(allergy), 'entered-in-error');
  assert.equal(allergy.clinicalStatus, undefined, 'R4 ait-2');
  assert.equal((await banner(patient)).allergiesKnown, false);
  const again = await remove(patient, row!);
  assert.equal(again.status, 409);
  assert.match(again.body.error.text, /vừa gỡ/);
});

test('two people change one allergy: the second gets the version that stands, and nothing of theirs is written', async () => {
  const { patient } = await world.arrive();
  const [row] = (await record(patient)).body.rows;
  const change = (more: Partial<AllergyInput>, by: Browser) =>
    by.call<Told>('PUT', `${of(patient)}/${row!.id}`, { ...row!.input, ...more }, { ifMatch: row!.version });
  const [one, two] = await Promise.all([
    change({ reaction: 'Phản vệ' }, doctor),
    change({ reaction: 'Ngứa' }, nurse),
  ]);
  assert.deepEqual([one.status, two.status].sort(), [200, 412]);
  const refused = one.status === 412 ? one : two;
  const stands = one.status === 412 ? 'Ngứa' : 'Phản vệ';
  assert.equal(refused.body.error.details.current.input.reaction, stands);
  assert.equal((await held(patient))[0]!.reaction![0]!.manifestation[0]!.text, stands);
});

test('the same substance twice, also at the same moment, is one row: the other person is shown it', async () => {
  const { patient } = await world.arrive();
  const answers = await Promise.all([record(patient), record(patient, { reaction: 'Ngứa' }, nurse)]);
  assert.deepEqual(answers.map((one) => one.status).sort(), [200, 412]);
  const refused = answers.find((one) => one.status === 412)!;
  assert.equal(refused.body.error.details.current.input.substance, 'amoxicilin');
  assert.equal((await held(patient)).length, 1);
  const words = { substance: '', text: 'Tôm', category: 'food' } as const;
  assert.equal((await record(patient, words)).status, 200);
  assert.equal((await record(patient, { ...words, text: 'tom' })).status, 412);
});

test('what a change does not show stays: the reactions of a partner, their codes', async () => {
  const known = allergyTo('amoxicilin', 'Amoxicilin (bệnh viện ghi)');
  const reaction = [
    { manifestation: [{ text: 'Ban đỏ' }], severity: 'severe' as const },
    { manifestation: [{ text: 'Phù' }] },
  ];
  const { patient } = await world.arrive({}, [{ ...known, reaction }]);
  const [row] = (await doctor.call<AllergiesView>('GET', of(patient))).body.rows;
  assert.equal(row!.input.reaction, 'Ban đỏ, Phù');
  await doctor.call(
    'PUT',
    `${of(patient)}/${row!.id}`,
    { ...row!.input, category: 'medication', criticality: 'high' },
    { ifMatch: row!.version },
  );
  const [allergy] = await held(patient);
  assert.deepEqual([allergy!.criticality, allergy!.reaction], ['high', reaction]);
});

test('faults are 422 at their fields, in both languages, and nothing is written', async () => {
  const { patient } = await world.arrive({ birthDate: '1985-02-07' });
  const faults: [Partial<Record<keyof AllergyInput, unknown>>, string][] = [
    [{ substance: '', text: ' ' }, 'text'],
    [{ substance: 'khong-co' }, 'text'],
    [{ substance: '', text: 'x'.repeat(201) }, 'text'],
    [{ category: 'thuoc' }, 'category'],
    [{ criticality: '' }, 'criticality'],
    [{ reaction: 7 }, 'reaction'],
    [{ onset: '2019-13' }, 'onset'],
    [{ onset: '2026-12' }, 'onset'],
    [{ onset: '1984' }, 'onset'],
  ];
  for (const [more, field] of faults) {
    const { status, body } = await record(patient, more as Partial<AllergyInput>);
    assert.equal(status, 422, field);
    assert.deepEqual(
      body.error.issues.map((one) => one.expression),
      [field],
    );
    assert.ok(
      body.error.issues.every((one) => one.text && one.textEn),
      field,
    );
  }
  assert.equal((await doctor.call('POST', of(patient), 'words')).status, 400);
  assert.equal((await doctor.call('GET', of('nobody'))).status, 404);
  assert.deepEqual(await held(patient), []);
});

test('reception and the laboratory record no allergies', async () => {
  const { patient } = await world.arrive();
  const others = [await world.signIn('xetnghiem'), await world.hire('tiepdon', 'reception')];
  for (const one of others) {
    assert.equal((await record(patient, {}, one)).status, 403);
    assert.equal((await sayNone(patient, one)).status, 403);
  }
});

test('a unit that does not care for the person is told that they are closed to it, never "not asked"', async () => {
  const { patient } = await world.arrive();
  await record(patient);
  await addAccount(world.program, {
    id: 'truong-xa',
    name: 'Trạm khác',
    roles: ['station-head'],
    unit: 'cs-khac',
    practitioner: 'nv-bacsi-khac',
  });
  const stranger = await world.signIn('truong-xa');
  const answers = [
    await stranger.call<Told>('GET', of(patient)),
    await sayNone(patient, stranger),
    await record(patient, { substance: 'ibuprofen' }, stranger),
  ];
  for (const { status, body } of answers) {
    assert.equal(status, 403);
    assert.match(body.error.text, /đang đóng với bạn/);
  }
  assert.equal((await held(patient)).length, 1);
});

test('a hidden allergy is nowhere told: every answer is that of a person who has none', async () => {
  const told: unknown[] = [];
  for (const hidden of [true, false]) {
    const { patient } = await world.arrive();
    if (hidden) {
      await record(patient, {}, nurse);
      const [allergy] = await held(patient);
      const gate = world.program.kernel.gate.system('test');
      await gate.create({
        resourceType: 'Consent',
        status: 'active',
        scope: { coding: [{ code: 'patient-privacy' }] },
        category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
        patient: { reference: `Patient/${patient}` },
        policy: [{ uri: 'http://yba.vn/chinh-sach/luat-91-2025' }],
        provision: {
          type: 'deny',
          data: [{ meaning: 'instance', reference: { reference: `AllergyIntolerance/${allergy!.id}` } }],
        },
      });
    }
    const stranger = await world.signIn('truong-xa');
    const { allergies, allergiesClosed, allergiesKnown } = await banner(patient);
    const closed = (await stranger.call<Told>('GET', of(patient))).body.error;
    const shown = (await doctor.call<AllergiesView>('GET', of(patient))).body;
    const none = await sayNone(patient);
    told.push([
      [allergies, allergiesClosed, allergiesKnown],
      [closed.code, closed.text],
      [shown.state, shown.rows],
      [none.status, none.body.state],
    ]);
  }
  assert.deepEqual(told[0], told[1]);
});

test('every open window on the person is told at once', async () => {
  const { patient } = await world.arrive();
  const told = new Promise<string>((resolve) => {
    const { events } = world.program.kernel;
    const publish = events.publish.bind(events);
    events.publish = (topic, message) => {
      if (topic === `clinic/allergies/${patient}`) resolve(topic);
      publish(topic, message);
    };
  });
  await record(patient);
  assert.equal(await told, `clinic/allergies/${patient}`);
});

test('substances are found without tone marks, by international name and by group', () => {
  const { content } = world.program.kernel;
  const found = (text: string) => searchSubstances(content, text, DAY).map((one) => one.code);
  assert.equal(found('amoxicillin')[0], 'amoxicilin');
  assert.ok(found('nhom penicillin').includes('penicilin'));
  assert.ok(!found('beta lactam').includes('r1-aminobenzyl'), 'no one calls an allergy by this');
  assert.deepEqual(found('   '), []);
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cs, sid } from '../../kernel/fhir/systems.ts';
import type { DetectedIssue, MedicationRequest, Patient } from '../../kernel/fhir/types.ts';
import type { AlertView, ChargesView, CheckView, LineInput, VisitView } from './contract.ts';
import { searchMedicines } from './prescription/medicines.ts';
import { allergyTo, type Browser, CONSULTATION, DAY, line, openWorld, type World } from './testing.ts';

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
    issues: { expression?: string }[];
    details: { alerts: AlertView[]; unresolved: string[] };
  };
}

/** Code of a medicine by its name. */
const code = (name: string) => {
  const row = world.program.kernel.content.table('drug/medicines').find((one) => one.name === name);
  assert.ok(row, name);
  return row.code!;
};

async function seen(patient: Partial<Patient> = {}, more: Parameters<World['arrive']>[1] = []) {
  const ids = await world.arrive(patient, more);
  const at = `/api/clinic/visits/${ids.encounter}`;
  const shown = await doctor.call('GET', at);
  const begun = await doctor.call('POST', `${at}/start`, {}, { ifMatch: shown.body.version });
  const saved = await doctor.call('PUT', `${at}/consultation`, CONSULTATION, { ifMatch: begun.body.version });
  assert.equal(saved.status, 200);
  return { ...ids, at, version: saved.body.version };
}

const check = (at: string, lines: LineInput[]) =>
  doctor.call<CheckView & Problem>('POST', `${at}/prescription/check`, { lines });

const sign = (
  visit: { at: string; version: number },
  body: {
    lines: LineInput[];
    overrides?: object[];
    companion?: string;
    replaces?: string;
    replaceReason?: string;
  },
  key = Math.random().toString(36),
  browser = doctor,
) =>
  browser.call<VisitView & Problem>(
    'POST',
    `${visit.at}/prescription/sign`,
    { overrides: [], ...body },
    {
      ifMatch: visit.version,
      key,
    },
  );

test('check computes quantity and words: half tablets, bottles, ointments', async () => {
  const visit = await seen();
  const answer = await check(visit.at, [
    line(code('Paracetamol 500 mg'), { noon: '1/2', advice: 'sau ăn' }),
    line(code('Ibuprofen 100 mg/5 ml hỗn dịch'), { morning: '7,5', evening: '7,5' }),
    line(code('Aciclovir 5% kem'), { morning: '', evening: '', perDay: 3, quantity: 1 }),
  ]);
  assert.equal(answer.status, 200);
  assert.deepEqual(
    answer.body.lines.map((one) => [one.quantityText, one.unit, one.usage]),
    [
      ['13', 'viên', 'Ngày uống 3 lần: sáng 1 viên, trưa 1/2 viên, tối 1 viên; dùng 5 ngày'],
      ['02', 'chai', 'Ngày uống 2 lần: sáng 7 1/2 ml, tối 7 1/2 ml; dùng 5 ngày'],
      ['01', 'tuýp', 'Ngày bôi 3 lần; dùng 5 ngày'],
    ],
  );
  assert.deepEqual(answer.body.alerts, []);
});

test('faults name their cell: unknown medicine, dose that is no number, capsule in halves, no days, too many days', async () => {
  const visit = await seen();
  const faults = async (one: LineInput) => {
    const answer = await check(visit.at, [one]);
    assert.equal(answer.status, 422);
    return answer.body.error.issues.map((issue) => issue.expression);
  };
  assert.deepEqual(await faults(line('XXX')), ['lines[0].medicine']);
  assert.deepEqual(await faults(line(code('Paracetamol 500 mg'), { morning: 'một' })), ['lines[0].morning']);
  assert.deepEqual(await faults(line(code('Amoxicilin 500 mg'), { morning: '1/2' })), ['lines[0].morning']);
  assert.deepEqual(await faults(line(code('Paracetamol 500 mg'), { morning: '', evening: '' })), [
    'lines[0].morning',
  ]);
  assert.deepEqual(await faults(line(code('Paracetamol 500 mg'), { days: null })), ['lines[0].days']);
  assert.deepEqual(await faults(line(code('Paracetamol 500 mg'), { days: 31 })), ['lines[0].days']);
  assert.deepEqual(await faults(line(code('Aciclovir 5% kem'), { perDay: null, quantity: 1 })), [
    'lines[0].perDay',
  ]);
  assert.deepEqual(await faults(line(code('Aciclovir 5% kem'), { perDay: 2 })), ['lines[0].quantity']);
});

test('signing writes one active MedicationRequest a line, with the number, and marks the visit', async () => {
  const visit = await seen();
  const signed = await sign(visit, { lines: [line(code('Augmentin 1g'), { advice: 'sau ăn' })] });
  assert.equal(signed.status, 200);
  assert.match(signed.body.prescription!.number, /^25D01[0-9a-z]{7}-c$/);
  const [request, ...others] = (await world.recordOf(
    visit.patient,
    'MedicationRequest',
  )) as MedicationRequest[];
  assert.equal(others.length, 0);
  assert.equal(request!.status, 'active');
  assert.deepEqual(request!.groupIdentifier, {
    system: sid.prescription,
    value: signed.body.prescription!.number,
  });
  assert.deepEqual(
    request!.medicationCodeableConcept!.coding!.map((coding) => [coding.system, coding.code]),
    [
      [cs.medicine, code('Augmentin 1g')],
      [cs.ingredient, 'amoxicilin'],
      [cs.ingredient, 'acid-clavulanic'],
      [cs.atc, 'J01CR02'],
    ],
  );
  assert.deepEqual(
    request!.dosageInstruction!.map((one) => one.timing!.repeat!.when),
    [['MORN'], ['EVE']],
  );
  assert.equal(request!.dosageInstruction![0]!.doseAndRate![0]!.doseQuantity!.value, 1);
  assert.equal(request!.dispenseRequest!.quantity!.value, 10);
  assert.equal(request!.dispenseRequest!.expectedSupplyDuration!.value, 5);
  assert.equal(request!.requester!.reference, 'Practitioner/nv-bacsi');
  assert.equal((await world.recordOf(visit.patient, 'DetectedIssue')).length, 0);
});

test('nothing is signed twice: the same act again answers the same, another act is refused', async () => {
  const visit = await seen();
  const lines = [line(code('Paracetamol 500 mg'))];
  const first = await sign(visit, { lines }, 'khoa-1');
  const again = await sign(visit, { lines }, 'khoa-1');
  assert.deepEqual([again.status, again.body.prescription!.number], [200, first.body.prescription!.number]);
  assert.equal(again.body.version, first.body.version);
  const other = await sign({ ...visit, version: first.body.version }, { lines }, 'khoa-2');
  assert.equal(other.status, 409);
  assert.equal((await world.recordOf(visit.patient, 'MedicationRequest')).length, 1);
});

test('two signings at the same moment: one prescription', async () => {
  const visit = await seen();
  const lines = [line(code('Paracetamol 500 mg'))];
  const answers = await Promise.all([sign(visit, { lines }, 'a'), sign(visit, { lines }, 'b')]);
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
  assert.equal((await world.recordOf(visit.patient, 'MedicationRequest')).length, 1);
});

test('the same signing sent twice at once writes one prescription and answers both with it', async () => {
  const visit = await seen();
  const lines = [line(code('Paracetamol 500 mg'))];
  const both = await Promise.all([sign(visit, { lines }, 'k'), sign(visit, { lines }, 'k')]);
  const after = await sign(visit, { lines }, 'k');
  const answers = [...both, after];
  assert.deepEqual(
    answers.map((one) => one.status),
    [200, 200, 200],
  );
  assert.equal(new Set(answers.map((one) => one.body.prescription!.number)).size, 1);
  assert.equal((await world.recordOf(visit.patient, 'MedicationRequest')).length, 1);
});

test('the lines stay in the order the prescriber wrote them: in the visit and in the bill', async () => {
  const names = ['Paracetamol 500 mg', 'Augmentin 1g', 'Omeprazol 20 mg', 'Becoclari 500'];
  for (const written of [names, names.toReversed()]) {
    const visit = await seen();
    const signed = await sign(visit, { lines: written.map((name) => line(code(name))) });
    assert.deepEqual(
      signed.body.prescription!.lines.map((one) => one.name),
      written,
    );
    const charges = await doctor.call<ChargesView>('GET', `${visit.at}/charges`);
    assert.deepEqual(
      charges.body.lines.map((one) => one.name).filter((name) => names.includes(name)),
      written,
    );
  }
});

test('a line that the station hands out from its own stock names the station; one that it has never received names nobody', async () => {
  const received = await (await world.signIn('dieuduong')).call('POST', '/api/medicines/stock/receipts', {
    item: code('Omeprazol 20 mg'),
    lot: 'OME-1',
    expires: '2027-12-31',
    amount: 100,
    from: 'Trung tâm y tế',
  });
  assert.equal(received.status, 200, JSON.stringify(received.body));
  const visit = await seen();
  await sign(visit, { lines: [line(code('Paracetamol 500 mg')), line(code('Omeprazol 20 mg'))] });
  const requests = (await world.recordOf(visit.patient, 'MedicationRequest')) as MedicationRequest[];
  assert.deepEqual(
    requests
      .map(({ medicationCodeableConcept: what, dispenseRequest }) => [
        what?.text,
        dispenseRequest?.performer?.reference ?? '',
      ])
      .sort(),
    [
      ['Omeprazol 20 mg', 'Organization/cs-25D01'],
      ['Paracetamol 500 mg', ''],
    ],
  );
});

test('unresolved warnings refuse the signing with all of them; a coded reason for each signs and is kept', async () => {
  const visit = await seen({}, [allergyTo('amoxicilin', 'Amoxicilin')]);
  const lines = [
    line(code('Augmentin 1g')),
    line(code('Becoclari 500')),
    line(code('Simvastatin 20 mg'), { morning: '' }),
  ];
  const refused = await sign(visit, { lines });
  assert.equal(refused.status, 422);
  const { alerts, unresolved } = refused.body.error.details;
  assert.deepEqual(alerts.map((alert) => alert.kind).sort(), ['di-ung', 'tuong-tac-chong-chi-dinh']);
  assert.equal(unresolved.length, 2);
  const pair = alerts.find((alert) => alert.kind === 'tuong-tac-chong-chi-dinh')!;
  assert.deepEqual(pair.removes.map(({ line: at }) => at).sort(), [1, 2], 'one press takes either line out');
  assert.match(pair.removes[0]!.label, /^Bỏ thuốc này khỏi đơn: /);
  assert.equal((await world.recordOf(visit.patient, 'MedicationRequest')).length, 0);

  const half = [{ alert: unresolved[0], reason: 'benefit', text: '' }];
  assert.equal((await sign(visit, { lines, overrides: half })).status, 422);
  const wordless = unresolved.map((alert) => ({ alert, reason: 'other', text: '' }));
  assert.equal((await sign(visit, { lines, overrides: wordless })).status, 422);
  const unfit = unresolved.map((alert) => ({ alert, reason: 'spaced', text: 'x' }));
  assert.equal((await sign(visit, { lines, overrides: unfit })).status, 422);

  const overrides = unresolved.map((alert) => ({ alert, reason: 'other', text: 'Đã hội chẩn' }));
  const signed = await sign(visit, { lines, overrides });
  assert.equal(signed.status, 200);
  const issues = (await world.recordOf(visit.patient, 'DetectedIssue')) as DetectedIssue[];
  assert.equal(issues.length, 2);
  const interaction = issues.find((one) => one.code!.coding![0]!.code === 'tuong-tac-chong-chi-dinh')!;
  assert.equal(interaction.severity, 'high');
  assert.equal(interaction.implicated!.length, 2);
  assert.ok(interaction.implicated!.every((one) => /^MedicationRequest\//.test(one.reference!)));
  assert.match(interaction.detail!, /QĐ 5948\/QĐ-BYT/);
  assert.equal(interaction.mitigation![0]!.action.coding![0]!.system, cs.overrideReason);
  assert.equal(interaction.mitigation![0]!.action.text, 'Lý do khác (ghi rõ): Đã hội chẩn');
  assert.equal(interaction.mitigation![0]!.author!.reference, 'Practitioner/nv-bacsi');
  assert.equal(signed.body.prescription!.overrides.length, 2);
});

test('a prescription of another visit that still runs is counted: duplicate with its last day', async () => {
  const first = await seen();
  await sign(first, { lines: [line(code('Paracetamol 500 mg'), { days: 10 })] });
  const [request] = (await world.recordOf(first.patient, 'MedicationRequest')) as MedicationRequest[];
  const next = world.program.kernel.store.newId('Encounter', first.patient);
  const [encounter] = await world.recordOf(first.patient, 'Encounter');
  const { meta: _meta, ...rest } = encounter!;
  await world.program.kernel.gate
    .system('test')
    .update({ ...rest, id: next } as typeof encounter & { id: string });
  const shown = await doctor.call('GET', `/api/clinic/visits/${next}`);
  assert.deepEqual(
    shown.body.running.map((one) => [one.name, one.until]),
    [['Paracetamol 500 mg', '2026-12-01']],
  );
  const answer = await check(`/api/clinic/visits/${next}`, [line(code('Calmezin'))]);
  assert.deepEqual(
    answer.body.alerts.map((alert) => [alert.kind, alert.earlier[0]?.name, alert.earlier[0]?.until]),
    [['trung-hoat-chat', 'Paracetamol 500 mg', '2026-12-01']],
  );
  assert.equal(request!.status, 'active');
});

test('a change is a new prescription that replaces the signed one (Circular 26/2025, article 6.9)', async () => {
  const visit = await seen();
  const first = await sign(visit, { lines: [line(code('Paracetamol 500 mg'))] });
  const { number } = first.body.prescription!;
  const again = { at: visit.at, version: first.body.version };
  const lines = [line(code('Paracetamol 500 mg'), { days: 3 })];
  assert.equal((await sign(again, { lines, replaces: number })).status, 422);
  const replaced = await sign(again, { lines, replaces: number, replaceReason: 'Giảm số ngày' });
  assert.equal(replaced.status, 200);
  assert.notEqual(replaced.body.prescription!.number, number);
  const requests = (await world.recordOf(visit.patient, 'MedicationRequest')) as MedicationRequest[];
  const old = requests.find((one) => one.groupIdentifier!.value === number)!;
  const fresh = requests.find((one) => one.groupIdentifier!.value !== number)!;
  assert.deepEqual([old.status, old.statusReason!.text], ['cancelled', 'Giảm số ngày']);
  assert.equal(fresh.priorPrescription!.reference, `MedicationRequest/${old.id}`);
});

test('only a practitioner with a licence prescribes (Circular 26/2025, article 2); a nurse never does', async () => {
  const visit = await seen();
  const lines = [line(code('Paracetamol 500 mg'))];
  const unlicensed = await world.signIn('bacsi-khac');
  assert.equal((await sign(visit, { lines }, 'k', unlicensed)).status, 403);
  const nurse = await world.signIn('dieuduong');
  assert.equal((await sign(visit, { lines }, 'k', nurse)).status, 403);
});

test('under 72 months the companion is required (Circular 26/2025, article 6.4)', async () => {
  const { at, encounter } = await (async () => {
    const ids = await world.arrive({ birthDate: '2023-03-01' });
    return { ...ids, at: `/api/clinic/visits/${ids.encounter}` };
  })();
  const shown = await doctor.call('GET', at);
  assert.equal(shown.body.monthsOld, 44);
  const begun = await doctor.call('POST', `${at}/start`, {}, { ifMatch: shown.body.version });
  const vitals = {
    ...CONSULTATION.vitals,
    systolic: null,
    diastolic: null,
    pulse: 110,
    breathing: 28,
    weight: null,
    height: 95,
  };
  const unweighed = await doctor.call(
    'PUT',
    `${at}/consultation`,
    { ...CONSULTATION, vitals },
    { ifMatch: begun.body.version },
  );
  const lines = [line(code('Paracetamol 150 mg gói'))];
  const refused = await sign({ at, version: unweighed.body.version }, { lines });
  assert.deepEqual(
    refused.body.error.issues.map((issue) => issue.expression),
    ['weight', 'companion'],
  );
  const weighed = await doctor.call(
    'PUT',
    `${at}/consultation`,
    { ...CONSULTATION, vitals: { ...vitals, weight: 14 } },
    { ifMatch: unweighed.body.version },
  );
  const signed = await sign({ at, version: weighed.body.version }, { lines, companion: 'Nguyễn Văn Bình' });
  assert.equal(signed.status, 200);
  assert.equal(signed.body.companion, 'Nguyễn Văn Bình');
  assert.ok(encounter);
});

test('a child is small until the day of 72 calendar months, not a day longer', async () => {
  const monthsOf = async (birthDate: string) => {
    const { encounter } = await world.arrive({ birthDate });
    return (await doctor.call('GET', `/api/clinic/visits/${encounter}`)).body.monthsOld;
  };
  assert.equal(await monthsOf('2020-11-23'), 71);
  assert.equal(await monthsOf('2020-11-22'), null);
  assert.equal(await monthsOf('2026-10-23'), 0);
});

test('90 days for a disease of annex VII, 30 otherwise', async () => {
  const visit = await seen();
  const lines = [line(code('Bebloc-5 Tablet'), { evening: '', days: 60 })];
  assert.equal((await check(visit.at, lines)).status, 422);
  const hypertension = { ...CONSULTATION, diagnoses: [{ code: 'I10', status: 'confirmed' }] };
  await doctor.call('PUT', `${visit.at}/consultation`, hypertension, { ifMatch: visit.version });
  const answer = await check(visit.at, lines);
  assert.deepEqual([answer.status, answer.body.lines[0]!.quantity], [200, 60]);
});

test('medicines are found by name or ingredient, without marks, in any word order', () => {
  const { content } = world.program.kernel;
  const names = (text: string) => searchMedicines(content, text, DAY).map((row) => row.name);
  assert.equal(names('paracetamol')[0]!.startsWith('Paracetamol'), true);
  assert.ok(names('paracetamol').includes('Calmezin'));
  assert.ok(names('acid clavu').includes('Augmentin 1g'));
  assert.ok(names('clavu amoxi').includes('Augmentin 1g'));
  assert.ok(names('nho mat').includes('Ofloxacin 0,3% nhỏ mắt'));
  assert.ok(names('amoxicillin').includes('Augmentin 1g'));
  assert.ok(names('acetaminophen').includes('Paracetamol 500 mg'));
  assert.deepEqual(names('khong co thuoc nay'), []);
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cs, ext, sid } from '../../kernel/fhir/systems.ts';
import type { Appointment, ChargeItem, Claim, Coverage, Encounter } from '../../kernel/fhir/types.ts';
import type { ChargesView, ClinicLists, LineInput, WorklistRow } from './contract.ts';
import { type Browser, CONSULTATION, line, openWorld, orderedBy, seenBy, type World } from './testing.ts';

let world: World;
let doctor: Browser;

before(async () => {
  world = await openWorld();
  doctor = await world.signIn('bacsi');
});
after(() => world.stop());

interface Problem {
  error: { text: string; issues: { expression?: string; text: string }[] };
}

const seen = () => seenBy(doctor, world);

const HOME = { outcome: '2', dischargeType: '1', followUp: null, followUpReason: '' };
const GLUCOSE = '23.0234.1510';

const ordered = (at: string, service: string) => orderedBy(doctor, at, service);

test('finish: visit, charges, claim and follow-up in one version; nothing stands in the record before', async () => {
  const { at, patient } = await seen();
  const { orders, version } = await ordered(at, GLUCOSE);
  const results = { order: orders[0]!.id, results: [{ key: 'GLU_POC', value: 5.5 }] };
  await doctor.call('POST', `${at}/results`, results, { ifMatch: orders[0]!.version });
  const lines = [line('T001')];
  const signed = await doctor.call(
    'POST',
    `${at}/prescription/sign`,
    { lines, overrides: [] },
    { ifMatch: version, key: 'k' },
  );
  assert.equal(signed.status, 200);
  const preview = await doctor.call<ChargesView>('GET', `${at}/charges`);
  assert.equal(preview.body.total, 36500 + 16000 + 10 * 350);
  assert.deepEqual(await world.recordOf(patient, 'ChargeItem'), []);
  world.setNow('2026-11-22T08:45:00+07:00');
  const body = { ...HOME, followUp: '2026-11-29', followUpReason: 'Xem lại họng' };
  const done = await doctor.call('POST', `${at}/finish`, body, { ifMatch: signed.body.version });
  world.setNow('2026-11-22T08:30:00+07:00');
  assert.equal(done.status, 200);
  assert.equal(done.body.state, 'done');
  assert.equal(done.body.doctor!.name, 'Phùng Văn Minh');
  assert.deepEqual(done.body.charges!.lines, preview.body.lines);
  assert.deepEqual(done.body.outcome, { code: '2', dischargeType: '1', followUp: '2026-11-29' });

  const [encounter] = (await world.recordOf(patient, 'Encounter')) as Encounter[];
  assert.deepEqual([encounter!.status, encounter!.period!.end], ['finished', '2026-11-22T08:45:00+07:00']);
  assert.equal(encounter!.extension!.find((one) => one.url === ext.outcome)!.valueCoding!.display, 'Đỡ');
  assert.equal(encounter!.hospitalization!.dischargeDisposition!.coding![0]!.system, cs.dischargeType);
  const [appointment] = (await world.recordOf(patient, 'Appointment')) as Appointment[];
  assert.deepEqual([appointment!.status, appointment!.start!.slice(0, 10)], ['booked', '2026-11-29']);
  const charges = (await world.recordOf(patient, 'ChargeItem')) as ChargeItem[];
  assert.equal(charges.length, 3);
  assert.ok(charges.every((one) => one.context!.reference === `Encounter/${encounter!.id}`));
  const [claim] = (await world.recordOf(patient, 'Claim')) as Claim[];
  assert.equal(claim!.total!.value, preview.body.total);
  assert.equal(claim!.item!.length, 3);

  const again = await doctor.call('POST', `${at}/finish`, body, { ifMatch: signed.body.version });
  assert.deepEqual([again.status, again.body.version], [200, done.body.version]);
  assert.equal((await world.recordOf(patient, 'ChargeItem')).length, 3);
  const changed = await doctor.call(
    'POST',
    `${at}/finish`,
    { ...body, outcome: '1' },
    { ifMatch: done.body.version },
  );
  assert.equal(changed.status, 409);
  const late = await doctor.call('PUT', `${at}/consultation`, CONSULTATION, { ifMatch: done.body.version });
  assert.equal(late.status, 409);
});

/** A card of the person, valid on the days given. */
const cardOf = (cardNumber: string, start: string, end: string): Coverage => ({
  resourceType: 'Coverage',
  id: `the-${cardNumber.toLowerCase()}-${Math.random().toString(36).slice(2)}`,
  status: 'active',
  identifier: [{ system: sid.bhyt, value: cardNumber }],
  beneficiary: { reference: '' },
  payor: [{ reference: 'Organization/bhxh' }],
  period: { start, end },
});

/** What the visit of a category would cost a person with these cards, with a prescription of 28 Augmentin or none. */
async function chargesWith(category: string, cards: Coverage[], lines: LineInput[] = []) {
  const { encounter } = await world.arrive({}, cards);
  const system = world.program.kernel.gate.system('test');
  const arrived = await system.read('Encounter', encounter);
  const extension = [
    { url: ext.patientCategory, valueCoding: { system: cs.patientCategory, code: category } },
  ];
  await system.update({ ...arrived, extension });
  const at = `/api/clinic/visits/${encounter}`;
  const begun = await doctor.call('POST', `${at}/start`, {}, { ifMatch: 2 });
  const saved = await doctor.call('PUT', `${at}/consultation`, CONSULTATION, { ifMatch: begun.body.version });
  if (lines.length > 0) {
    const body = { lines, overrides: [] };
    const options = { ifMatch: saved.body.version, key: encounter };
    assert.equal((await doctor.call('POST', `${at}/prescription/sign`, body, options)).status, 200);
  }
  const { body } = await doctor.call<ChargesView>('GET', `${at}/charges`);
  return { ...body, said: body.reasons.map((reason) => reason.vi).join(' ') };
}

test('of two cards the one with the higher level pays, as at reception (Decree 188/2025, article 21)', async () => {
  const cards = [
    cardOf('GD4000000000001', '2026-01-01', '2027-12-31'),
    cardOf('HT3000000000001', '2026-01-01', '2026-12-31'),
  ];
  const bill = await chargesWith('1.1', cards, [line('T018', { days: 14 })]);
  assert.equal(bill.level, 95);
  assert.equal(bill.insurer + bill.copay, bill.total);
});

test('below 15 % of the base salary all is paid and the reason says so; at or above it the level of the card counts', async () => {
  const cards = [cardOf('GD4000000000001', '2026-01-01', '2026-12-31')];
  const small = await chargesWith('1.1', cards);
  assert.deepEqual([small.level, small.copay], [100, 0]);
  assert.match(small.said, /dưới 15 % lương cơ sở \(379\.500 ₫\): hưởng 100 %/);
  assert.doesNotMatch(small.said, /80 %/);
  const large = await chargesWith('1.1', cards, [line('T018', { days: 14 })]);
  assert.equal(large.level, 80);
  assert.match(large.said, /80 %/);
});

test('an expired card pays nothing, and the bill says since when', async () => {
  const bill = await chargesWith('1.2', [cardOf('GD4000000000001', '2026-01-01', '2026-11-21')]);
  assert.deepEqual([bill.insurer, bill.own], [0, bill.total]);
  assert.match(bill.said, /hết hạn ngày 21\/11\/2026/);
});

test('a follow-up on a day off is booked and said: Sunday, a public holiday', async () => {
  const said = async (followUp: string) => {
    const { at, view } = await seen();
    const done = await doctor.call('POST', `${at}/finish`, { ...HOME, followUp }, { ifMatch: view.version });
    assert.equal(done.status, 200);
    assert.equal(done.body.outcome!.followUp, followUp);
    return done.body.warnings.filter((one) => one.field === 'followUp').map((one) => one.text);
  };
  assert.match((await said('2026-11-29'))[0]!, /29\/11\/2026 là Chủ nhật/);
  assert.match((await said('2027-01-01'))[0]!, /Tết Dương lịch/);
  assert.match((await said('2027-02-08'))[0]!, /Tết Nguyên đán/);
  assert.deepEqual(await said('2026-11-30'), []);
  const { body } = await doctor.call<ClinicLists>('GET', '/api/clinic/lists');
  assert.ok(body.daysOff.some((one) => one.day === '2027-01-01'));
});

test('finish is refused with its reasons: unknown outcome, impossible follow-up, orders without result, no diagnosis', async () => {
  const { at, patient, view } = await seen();
  const faults = async (changes: object, version = view.version) => {
    const answer = await doctor.call<Problem>(
      'POST',
      `${at}/finish`,
      { ...HOME, ...changes },
      { ifMatch: version },
    );
    assert.equal(answer.status, 422);
    return answer.body.error.issues.map((issue) => issue.expression);
  };
  assert.deepEqual(await faults({ outcome: '77', dischargeType: 'x' }), ['outcome', 'dischargeType']);
  for (const followUp of ['2026-11-22', '2026-02-30', '2025-12-01', '2028-01-01', 'mai']) {
    assert.deepEqual(await faults({ followUp }), ['followUp'], followUp);
  }
  assert.deepEqual(await faults({ outcome: '5', followUp: '2026-12-20' }), ['followUp']);
  const { orders, version } = await ordered(at, GLUCOSE);
  assert.deepEqual(await faults({}, version), ['orders']);
  const revoked = await doctor.call(
    'POST',
    `${at}/orders/${orders[0]!.id}/revoke`,
    {},
    { ifMatch: orders[0]!.version },
  );
  assert.equal(revoked.body.orders[0]!.status, 'revoked');
  const empty = { ...CONSULTATION, diagnoses: [] };
  const saved = await doctor.call('PUT', `${at}/consultation`, empty, { ifMatch: version });
  assert.deepEqual(await faults({}, saved.body.version), ['diagnoses']);
  assert.deepEqual(await world.recordOf(patient, 'Claim'), []);
});

test('the worklist of the room: waiting, being seen, done; emergencies first; another unit’s account sees nothing', async () => {
  const { at, encounter, view } = await seen();
  const rowsOf = async (state: string, browser = doctor) => {
    const answer = await browser.call<{ rows: WorklistRow[] }>(
      'GET',
      `/api/clinic/worklist?room=25D01-kham&state=${state}`,
    );
    assert.equal(answer.status, 200);
    return answer.body.rows;
  };
  const waiting = await world.arrive();
  assert.ok(
    (await rowsOf('waiting')).some(
      (row) => row.encounter === waiting.encounter && row.name === 'Nguyễn Thị Ánh Đào',
    ),
  );
  const mine = (await rowsOf('seeing')).find((row) => row.encounter === encounter)!;
  assert.deepEqual(
    [mine.doctor, mine.reason, mine.insured, mine.version],
    ['Phùng Văn Minh', 'Sốt, ho', true, view.version],
  );
  await doctor.call('POST', `${at}/finish`, HOME, { ifMatch: view.version });
  assert.ok((await rowsOf('done')).some((row) => row.encounter === encounter));
  assert.ok(!(await rowsOf('open')).some((row) => row.encounter === encounter));
  assert.equal((await doctor.call('GET', '/api/clinic/worklist?room=25D01-kham&state=xyz')).status, 400);
});

test('a change of a visit is pushed to the room’s worklist, without any data of the person', async () => {
  const messages: { topic: string; message: unknown }[] = [];
  const { events } = world.program.kernel;
  const publish = events.publish.bind(events);
  events.publish = (topic, message) => {
    messages.push({ topic, message });
    publish(topic, message);
  };
  const { encounter } = await world.arrive();
  await events.settled();
  events.publish = publish;
  const mine = messages.filter(
    (one) => one.topic.startsWith('clinic/worklist/') || one.topic === `clinic/visit/${encounter}`,
  );
  assert.ok(mine.some((one) => one.topic === 'clinic/worklist/25D01-kham'));
  assert.ok(mine.some((one) => one.topic === `clinic/visit/${encounter}`));
  assert.ok(!JSON.stringify(mine).includes('Đào'));
});

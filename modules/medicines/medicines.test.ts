/** Medicines of a station: received by lot, handed out by prescription, beside the need of those whom the station follows. Over HTTP, in the whole program. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cs, sid } from '../../kernel/fhir/systems.ts';
import type { MedicationDispense, MedicationRequest } from '../../kernel/fhir/types.ts';
import { type Browser, openWorld, type World } from '../clinic/testing.ts';
import type { MovementRow } from '../stock/index.ts';
import type { GivenRead, PersonLineRead } from './hand-over.ts';
import type { PickUpRow } from './pick-ups.ts';
import type { NeedRow } from './routes.ts';
import type { StockPage, StockRow } from './stock-routes.ts';

/** Amlodipin 5 mg of the list of medicines. */
const PILL = 'T080';
const GTIN = '09506000134352';
let world: World;
let nurse: Browser;
let patient = '';
let encounter = '';
let request = '';

before(async () => {
  world = await openWorld();
  nurse = await world.signIn('dieuduong');
  ({ patient, encounter } = await world.arrive({ birthDate: '1960-05-01', name: [{ text: 'Lê Văn Bền' }] }));
  await world.program.kernel.gate.system('test').create({
    resourceType: 'EpisodeOfCare',
    status: 'active',
    type: [{ coding: [{ system: 'http://yba.vn/fhir/cs/chuong-trinh', code: 'tang-huyet-ap' }] }],
    patient: { reference: `Patient/${patient}` },
    managingOrganization: { reference: 'Organization/cs-25D01' },
    period: { start: '2026-10-01' },
  });
  assert.equal((await post('stock/receipts', receipt('LO-TRUOC', '2027-02-28', 20))).status, 200);
  request = await signed({ patient, encounter, number: '25D01abcdefg-c', at: '2026-11-22T08:10:00+07:00' });
  await settled();
});
after(() => world.stop());

/** The clock goes on, and the nurse signs in again. */
const at = async (instant: string) => {
  world.setNow(instant);
  nurse = await world.signIn('dieuduong');
};
const settled = () => world.program.kernel.events.settled();
const post = (path: string, body: object, who = nurse) =>
  who.call<Record<string, unknown>>('POST', `/api/medicines/${path}`, body);
const receipt = (lot: string, expires: string, amount: number) => ({
  item: PILL,
  lot,
  expires,
  amount,
  from: 'Trung tâm Y tế',
});
const stock = async (who = nurse) => (await who.call<StockPage>('GET', '/api/medicines/stock')).body;
const row = async () => (await stock()).rows.find(({ medicine }) => medicine === PILL);
const person = async () =>
  (
    await nurse.call<{ lines: PersonLineRead[]; given: GivenRead[] }>(
      'GET',
      `/api/medicines/people/${patient}`,
    )
  ).body;
const list = async (name: string, who = nurse) =>
  (await who.call<{ rows: PickUpRow[] }>('GET', `/api/medicines/pick-ups?list=${name}`)).body.rows;
const handOut = (amount: number, more: object = {}) =>
  post(`people/${patient}/dispenses`, { lines: [{ request, amount }], ...more });

/** A signed line: one tablet a day for 62 days. */
async function signed(of: {
  patient: string;
  encounter: string;
  number: string;
  at: string;
}): Promise<string> {
  const { id } = await world.program.kernel.gate.system('test').create<MedicationRequest>({
    resourceType: 'MedicationRequest',
    identifier: [{ system: sid.prescriptionLine, value: `${of.number}.1` }],
    groupIdentifier: { system: sid.prescription, value: of.number },
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: {
      coding: [
        { system: cs.medicine, code: PILL },
        { system: cs.atc, code: 'C08CA01' },
      ],
      text: 'Amlodipin 5 mg',
    },
    subject: { reference: `Patient/${of.patient}` },
    encounter: { reference: `Encounter/${of.encounter}` },
    authoredOn: of.at,
    requester: { reference: 'Practitioner/nv-bacsi' },
    dosageInstruction: [{ text: 'Sáng 1 viên' }],
    dispenseRequest: {
      quantity: { value: 62, unit: 'viên' },
      expectedSupplyDuration: { value: 62, unit: 'ngày', system: cs.ucum, code: 'd' },
    },
  });
  return id!;
}

test('what is received by its barcode is known by it the next time; wrong receipts are refused by name', async () => {
  const code = `]d201${GTIN}1727053110LO-SAU`;
  const scan = async () =>
    (
      await nurse.call<{ item: string; lot: string; expires: string }>(
        'GET',
        `/api/medicines/stock/scan?code=${encodeURIComponent(code)}`,
      )
    ).body;
  assert.deepEqual([(await scan()).item, (await scan()).expires], ['', '2027-05-31']);
  const later = { ...receipt('LO-SAU', '2027-05-31', 25), gtin: GTIN };
  assert.deepEqual((await post('stock/receipts', later)).body, { balance: 25, unit: 'viên' });
  assert.equal((await scan()).item, PILL);
  for (const [wrong, field] of [
    [{ ...later, expires: '2026-11-21' }, 'expires'],
    [{ ...later, expires: '2027-06-30' }, 'expires'],
    [{ ...later, amount: 0 }, 'amount'],
    [{ ...later, amount: 1.5 }, 'amount'],
    [{ ...later, item: 'khong-co' }, 'item'],
    [{ ...later, lot: ' ' }, 'lot'],
  ] as const) {
    const answer = await post('stock/receipts', wrong);
    assert.equal(answer.status, 422, field);
    assert.match(JSON.stringify(answer.body), new RegExp(`"expression":"?\\[?"?${field}`), field);
  }
});

test('beside the stock stands who needs it: how much in the days to come, of whom, and from when it is not enough', async () => {
  const found = await row();
  assert.deepEqual(
    [found?.usable, found?.need],
    [45, { amount: 31, people: 1, runsOut: null }],
    'one pick-up of 31 days, from today',
  );
  const { rows } = (
    await nurse.call<{ rows: NeedRow[] }>('GET', `/api/medicines/stock/people?medicine=${PILL}`)
  ).body;
  assert.deepEqual(
    rows.map(({ fullName, day, amount }) => [fullName, day, amount]),
    [['Lê Văn Bền', '2026-11-22', 31]],
  );
  const lot = { item: PILL, lot: 'LO-SAU' };
  assert.equal((await post('stock/hold', { ...lot, why: 'Chờ kết luận thu hồi' })).status, 200);
  assert.deepEqual([(await row())?.usable, (await row())?.need.runsOut], [20, '2026-11-22']);
  const short = (await nurse.call<StockPage>('GET', '/api/medicines/stock?show=short&q=amlo')).body;
  assert.deepEqual(
    short.rows.map(({ medicine }) => medicine),
    [PILL],
  );
  assert.equal((await post('stock/hold', { ...lot, release: true })).status, 200);
});

test('what cannot be handed out is refused with the reason, and nothing is written', async () => {
  for (const [body, said] of [
    [{ lines: [] }, /ít nhất một thuốc/],
    [{ lines: [{ request, amount: 63 }] }, /đơn chỉ còn 62/],
    [{ lines: [{ request, amount: 46 }] }, /kho chỉ còn 45/],
    [{ lines: [{ request, amount: 0 }] }, /số nguyên từ 1/],
    [
      {
        lines: [
          { request, amount: 1 },
          { request, amount: 1 },
        ],
      },
      /một lần/,
    ],
    [{ lines: [{ request: 'khong-co', amount: 1 }] }, /không còn hiệu lực/],
  ] as const) {
    const answer = await post(`people/${patient}/dispenses`, body);
    assert.equal(answer.status, 422, JSON.stringify(answer.body));
    assert.match(JSON.stringify(answer.body), said);
  }
  assert.deepEqual(await world.recordOf(patient, 'MedicationDispense'), []);
  assert.equal((await row())?.balance, 45);
});

test('a nurse hands out the first 31 days, first expired first; the record says it once and stock, lists and card follow', async () => {
  assert.deepEqual(
    (await list('waiting')).map(({ fullName, lines }) => [fullName, lines[0]?.amount]),
    [['Lê Văn Bền', 31]],
  );
  const answer = await handOut(31);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assert.deepEqual(
    (answer.body.handed as { lot: string; amount: number }[]).map(({ lot, amount }) => [lot, amount]),
    [
      ['LO-TRUOC', 20],
      ['LO-SAU', 11],
    ],
  );
  await settled();
  const written = (await world.recordOf(patient, 'MedicationDispense')) as MedicationDispense[];
  assert.deepEqual(
    written
      .map(({ quantity, authorizingPrescription }) => [
        quantity?.value,
        authorizingPrescription?.[0]?.reference,
      ])
      .sort(),
    [
      [11, `MedicationRequest/${request}`],
      [20, `MedicationRequest/${request}`],
    ],
  );
  assert.deepEqual(
    [(await row())?.usable, (await row())?.need.amount],
    [14, 0],
    'the next is due in 31 days',
  );
  const { lines, given } = await person();
  assert.deepEqual(
    [lines[0]?.handed, lines[0]?.standing.remaining, lines[0]?.standing.next, given.length],
    [31, 31, '2026-12-23', 2],
  );
  assert.deepEqual(await list('waiting'), []);
  const { rows } = (
    await nurse.call<{ rows: MovementRow[] }>('GET', `/api/medicines/stock/card?item=${PILL}`)
  ).body;
  assert.deepEqual(
    rows.filter(({ kind }) => kind === 'dispense').map(({ balance }) => balance),
    [14, 25],
    'the newest first, with what was left',
  );
});

test('an early second pick-up needs a reason; when it is used up the person is due, then late, and is handed the rest', async () => {
  assert.equal((await handOut(5)).status, 422);
  assert.deepEqual([await list('due'), await list('late')], [[], []]);
  await at('2026-12-18T08:00:00+07:00');
  assert.deepEqual(
    (await list('due')).map(({ next, lateDays }) => [next, lateDays]),
    [['2026-12-23', 0]],
  );
  await at('2027-01-05T08:00:00+07:00');
  assert.deepEqual(
    (await list('late')).map(({ next, lateDays }) => [next, lateDays]),
    [['2026-12-23', 13]],
  );
  assert.equal((await row())?.need.runsOut, '2027-01-05', 'who is late comes today');
  await at('2026-11-22T09:00:00+07:00');
  const early = await handOut(5, { why: 'Đi xa hai tháng' });
  assert.equal(early.status, 200, JSON.stringify(early.body));
  await settled();
  assert.equal((await person()).given[0]?.note, 'Đi xa hai tháng');
});

test('a medicine that is prescribed anew is handed out by the new prescription alone', async () => {
  const again = await signed({
    patient,
    encounter,
    number: '25D01hijklmn-c',
    at: '2026-11-22T08:50:00+07:00',
  });
  await settled();
  assert.deepEqual(
    (await person()).lines.map((line) => line.request),
    [again],
  );
  const answer = await handOut(1, { why: 'Theo đơn cũ' });
  assert.equal(answer.status, 422, JSON.stringify(answer.body));
  const session = world.program.kernel.gate.system('test');
  const wrong = await session.read('MedicationRequest', again);
  await session.update({ ...wrong, status: 'entered-in-error' });
  await settled();
});

test('what was written wrongly is taken back with a reason and lies in the stock again; another unit cannot', async () => {
  const before = (await row())?.balance ?? 0;
  const wrong = (await person()).given.find(({ note }) => note !== '')!;
  assert.equal((await post(`dispenses/${wrong.id}/void`, {})).status, 422);
  const stranger = await world.hire('dieuduong-khac', 'nurse', 'cs-25D02');
  assert.ok(
    [403, 404, 422].includes((await post(`dispenses/${wrong.id}/void`, { why: 'x' }, stranger)).status),
  );
  assert.equal((await post(`dispenses/${wrong.id}/void`, { why: 'Chọn nhầm người' })).status, 200);
  assert.equal((await post(`dispenses/${wrong.id}/void`, { why: 'Lần nữa' })).status, 422);
  await settled();
  assert.equal((await row())?.balance, before + 5);
  assert.equal((await person()).lines[0]?.handed, 31);
});

test('what another system handed out leaves the stock too; what the stock does not explain is said', async () => {
  const before = (await row())?.balance ?? 0;
  const dispense = (lot: string, value: number): MedicationDispense => ({
    resourceType: 'MedicationDispense',
    contained: [{ resourceType: 'Medication', id: 'goi', batch: { lotNumber: lot } }],
    supportingInformation: [{ reference: '#goi' }],
    status: 'completed',
    medicationCodeableConcept: { coding: [{ system: cs.medicine, code: PILL }] },
    subject: { reference: `Patient/${patient}` },
    performer: [{ actor: { reference: 'Organization/cs-25D01' } }],
    quantity: { value },
    whenHandedOver: '2026-11-22T10:00:00+07:00',
  });
  const system = world.program.kernel.gate.system('another system');
  await system.create(dispense('LO-SAU', 4));
  await system.create(dispense('LO-LA', 3));
  await system.create(dispense('LO-SAU', 500));
  await settled();
  assert.equal((await row())?.balance, before - 4);
  assert.deepEqual(
    (await stock()).unexplained.map(({ lot, state, amount }) => [lot, state, amount]),
    [
      ['LO-LA', 'unknown', 3],
      ['LO-SAU', 'short', 500],
    ],
  );
});

test('the balance never falls below zero, a count puts it right, and the movements make the balance', async () => {
  const lot = { item: PILL, lot: 'LO-SAU' };
  const { balance = 0 } = (await row()) ?? {};
  assert.equal(
    (await post('stock/movements', { ...lot, kind: 'waste', amount: balance + 1, why: 'Vỡ' })).status,
    422,
  );
  assert.equal((await post('stock/movements', { ...lot, kind: 'waste', amount: 1 })).status, 422, 'a reason');
  const both = await Promise.all(
    [1, 2].map(() => post('stock/movements', { ...lot, kind: 'issue', amount: balance, why: 'Trả' })),
  );
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 422]);
  assert.equal(
    (await post('stock/movements', { ...lot, kind: 'count', amount: 7, why: 'Kiểm kê' })).status,
    200,
  );
  const one = await nurse.call<StockRow>('GET', `/api/medicines/stock/one?medicine=${PILL}`);
  const { rows } = (
    await nurse.call<{ rows: MovementRow[] }>('GET', `/api/medicines/stock/card?item=${PILL}`)
  ).body;
  assert.deepEqual(
    [one.body.balance, rows[0]?.balance, rows.reduce((all, { amount }) => all + amount, 0)],
    [7, 7, 7],
  );
});

test('another unit sees nothing of it, a desk and a stranger are refused', async () => {
  const other = await world.hire('khac', 'nurse', 'cs-25D02');
  assert.deepEqual((await stock(other)).rows, []);
  assert.deepEqual(await list('waiting', other), []);
  const desk = await world.hire('tiepdon-thuoc', 'reception');
  assert.equal((await desk.call('GET', '/api/medicines/stock')).status, 403);
  assert.equal((await post('stock/receipts', receipt('X', '2027-02-28', 1), desk)).status, 403);
});

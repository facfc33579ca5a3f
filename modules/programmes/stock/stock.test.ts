/** Vaccines by lot and vial: never below zero, level with the doses that were given, whoever wrote them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Immunization } from '../../../kernel/fhir/types.ts';
import { type Browser, openWorld, type World } from '../../clinic/testing.ts';
import type { LotRow } from './reading.ts';

const CVX = 'http://hl7.org/fhir/sid/cvx';
const EPI = 'tiem-chung-mo-rong';
const BCG = { item: `${CVX}|19`, lot: 'BCG-1' };
const GTIN = '09506000134352';

let world: World;
let nurse: Browser;
let child: string;

before(async () => {
  world = await openWorld();
  nurse = await world.signIn('dieuduong');
  child = (await world.arrive({ birthDate: '2026-11-20' })).patient;
});
after(() => world.stop());

interface Stock {
  lots: LotRow[];
  unexplained: { lot: string; state: string; amount: number }[];
}

const stock = async () => (await nurse.call<Stock>('GET', '/api/programmes/stock')).body;
const lotOf = async (lot: string) => (await stock()).lots.find((one) => one.lot === lot);
const post = (path: string, body: object) =>
  nurse.call<Record<string, unknown>>('POST', `/api/programmes/${path}`, body);
const settled = () => world.program.kernel.events.settled();

async function given(more: Partial<Immunization> = {}): Promise<string> {
  const id = more.id ?? world.program.kernel.store.newId('Immunization', child);
  const resource: Immunization = {
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: { coding: [{ system: CVX, code: '19' }] },
    patient: { reference: `Patient/${child}` },
    occurrenceDateTime: '2026-11-22T08:40:00+07:00',
    lotNumber: 'BCG-1',
    performer: [{ actor: { reference: 'Organization/cs-25D01' } }],
    ...more,
    id,
  };
  await world.program.kernel.gate.system('another system').transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ resource, request: { method: 'PUT', url: `Immunization/${id}` } }],
  });
  await settled();
  return id;
}

test('what is received by its barcode is known by it the next time', async () => {
  const code = `]d201${GTIN}1727053110BCG-1`;
  const scan = () =>
    nurse.call<{ item: string; lot: string; expires: string }>(
      'GET',
      `/api/programmes/stock/scan?code=${encodeURIComponent(code)}`,
    );
  assert.deepEqual([(await scan()).body.item, (await scan()).body.lot], ['', 'BCG-1']);
  const received = await post('stock/receipts', {
    ...BCG,
    expires: '2027-05-31',
    vials: 2,
    gtin: GTIN,
    from: 'CDC tỉnh',
  });
  assert.equal(received.status, 200, JSON.stringify(received.body));
  assert.equal(received.body.balance, 20, '2 vials of 10 doses');
  assert.deepEqual([(await scan()).body.item, (await scan()).body.expires], [BCG.item, '2027-05-31']);
  assert.equal((await nurse.call('GET', '/api/programmes/stock/scan?code=xyz')).status, 422);
});

test('wrong receipts are refused by name', async () => {
  const receipt = { ...BCG, expires: '2027-05-31', vials: 1 };
  for (const [wrong, field] of [
    [{ ...receipt, expires: '2026-11-21' }, 'expires'],
    [{ ...receipt, expires: '2027-06-30' }, 'expires'],
    [{ ...receipt, pack: 5 }, 'pack'],
    [{ ...receipt, vials: 0 }, 'vials'],
    [{ ...receipt, vials: 1.5 }, 'vials'],
    [{ ...receipt, item: 'x|1' }, 'item'],
    [{ ...receipt, lot: '' }, 'lot'],
  ] as const) {
    const answer = await post('stock/receipts', wrong);
    assert.equal(answer.status, 422, field);
    assert.match(JSON.stringify(answer.body), new RegExp(`"expression":"?\\[?"?${field}`), field);
  }
});

test('a dose that another system wrote leaves the stock, out of a vial that is over 6 hours after opening', async () => {
  const id = await given();
  const lot = await lotOf('BCG-1');
  assert.deepEqual([lot?.balance, lot?.vials, lot?.open[0]?.given], [19, 1, 1]);
  assert.equal(lot?.open[0]?.discardAt, '2026-11-22T07:40:00.000Z');
  await given({ id, note: [{ text: 'again' }] });
  assert.equal((await lotOf('BCG-1'))?.balance, 19, 'written again is one dose');
  await given({ occurrenceDateTime: '2026-11-22T14:50:00+07:00' });
  const later = await lotOf('BCG-1');
  assert.deepEqual([later?.balance, later?.vials, later?.open.length], [18, 0, 2], 'the first vial is over');
  await given({ id, status: 'entered-in-error' });
  assert.equal((await lotOf('BCG-1'))?.balance, 19);
});

test('the balance never falls below zero: more is refused, two at once take only what is there', async () => {
  assert.equal((await post('stock/movements', { ...BCG, kind: 'waste', amount: 20, why: 'Vỡ' })).status, 422);
  assert.equal(
    (await post('stock/movements', { ...BCG, kind: 'waste', amount: 1 })).status,
    422,
    'with its reason',
  );
  const both = await Promise.all(
    [1, 2].map(() => post('stock/movements', { ...BCG, kind: 'issue', amount: 19, why: 'Trả CDC' })),
  );
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 422]);
  await given();
  const { lots, unexplained } = await stock();
  assert.equal(lots.find(({ lot }) => lot === 'BCG-1')?.balance, 0);
  assert.deepEqual(
    unexplained.map(({ lot, state, amount }) => [lot, state, amount]),
    [['BCG-1', 'short', 1]],
    'a dose that was given stays a fact',
  );
  await given({ lotNumber: 'KHONG-CO' });
  assert.ok((await stock()).unexplained.some(({ lot, state }) => lot === 'KHONG-CO' && state === 'unknown'));
});

test('closing the session throws away what is left of open vials, and says what the day came to; once', async () => {
  const two = { item: `${CVX}|05`, lot: 'SOI-9' };
  assert.equal((await post('stock/receipts', { ...two, expires: '2027-01-31', vials: 1 })).status, 200);
  assert.equal((await post('stock/vials', two)).status, 200);
  assert.equal((await post('stock/vials', two)).status, 422, 'no whole vial is left');
  await given({ vaccineCode: { coding: [{ system: CVX, code: '05' }] }, lotNumber: 'SOI-9' });
  const closed = await post(`${EPI}/session/close`, { day: '2026-11-22', note: 'Trời mưa' });
  assert.equal(closed.status, 200, JSON.stringify(closed.body));
  const tally = closed.body.tally as { product: string; given: number; opened: number; wasted: number }[];
  assert.deepEqual(
    tally.find(({ product }) => product === two.item),
    { product: two.item, given: 1, opened: 1, wasted: 9 },
  );
  assert.deepEqual([(await lotOf('SOI-9'))?.balance, (await lotOf('SOI-9'))?.open], [0, []]);
  assert.equal((await post(`${EPI}/session/close`, { day: '2026-11-22' })).status, 422);
  assert.equal((await post(`${EPI}/session/close`, { day: '2026-11-23' })).status, 422, 'yet to come');
});

test('a severe reaction holds the lot; nothing is given of it until it is released', async () => {
  const lot = { item: `${CVX}|08`, lot: 'VGB-3' };
  assert.equal((await post('stock/receipts', { ...lot, expires: '2027-09-30', vials: 5 })).status, 200);
  const dose = {
    product: lot.item,
    lot: lot.lot,
    expires: '2027-09-30',
    site: 'Đùi trái',
    isFit: true,
    temperature: 36.6,
  };
  const path = `${EPI}/people/${child}/doses`;
  const first = await post(path, dose);
  assert.equal(first.status, 200, JSON.stringify(first.body));
  const reaction = await post(`doses/${first.body.dose}/reactions`, {
    text: 'Phản vệ độ 2',
    isSerious: true,
    outcome: 'recovering',
  });
  assert.deepEqual(reaction.body.held, ['VGB-3'], JSON.stringify(reaction.body));
  assert.equal((await post(path, dose)).status, 422);
  assert.equal((await post('stock/hold', { ...lot, release: true })).status, 200);
  assert.equal((await post(path, dose)).status, 200);
  await settled();
  const kinds = await nurse.call<{ rows: { kind: string; amount: number }[] }>(
    'GET',
    `/api/programmes/stock/movements?item=${encodeURIComponent(lot.item)}&lot=VGB-3`,
  );
  assert.deepEqual(
    new Set(kinds.body.rows.map(({ kind }) => kind)),
    new Set(['receipt', 'hold', 'release', 'dose']),
  );
  assert.equal(
    kinds.body.rows.reduce((all, { amount }) => all + amount, 0),
    (await lotOf('VGB-3'))?.balance,
    'the movements make the balance',
  );
});

test('another unit sees nothing of it, other roles are refused', async () => {
  const other = await world.hire('khac', 'nurse', 'cs-25D02');
  assert.deepEqual((await other.call<Stock>('GET', '/api/programmes/stock')).body.lots, []);
  const desk = await world.hire('tiepdon-kho', 'reception');
  assert.equal((await desk.call('GET', '/api/programmes/stock')).status, 403);
  assert.equal((await desk.call('POST', '/api/programmes/stock/receipts', {})).status, 403);
});

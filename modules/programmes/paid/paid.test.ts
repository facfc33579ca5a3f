/** Doses that the patient pays for: prices are dated content, a reservation holds a dose and a time, the dose is like every other. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { cs, sid } from '../../../kernel/fhir/systems.ts';
import type { Appointment, Immunization, Invoice, Organization } from '../../../kernel/fhir/types.ts';
import { vaccinePriceFaults, vaccinePrices } from '../../billing/index.ts';
import { type Browser, openWorld, type World } from '../../clinic/testing.ts';
import type { PackageRow, PaidListRow, PriceRow } from './routes.ts';
import { slotsOn } from './slots.ts';

const CVX = 'http://hl7.org/fhir/sid/cvx';
const HPV = `${CVX}|62`;
const ROTA = `${CVX}|119`;
const EPI = 'tiem-chung-mo-rong';
const PAID = '/api/programmes/paid';

let world: World;
let nurse: Browser;
let girl = '';
let baby = '';

before(async () => {
  world = await openWorld();
  nurse = await world.signIn('dieuduong');
  girl = (await world.arrive({ birthDate: '2014-03-02', name: [{ text: 'Lê Thị Ánh' }] })).patient;
  baby = (await world.arrive({ birthDate: '2026-09-01', name: [{ text: 'Bé Bông' }] })).patient;
  await receive(HPV, 'HPV-DV', 2, true);
  await receive(HPV, 'HPV-NN', 5, false);
  await settled();
});
after(() => world.stop());

const settled = () => world.program.kernel.events.settled();

async function receive(product: string, lot: string, vials: number, paid: boolean): Promise<void> {
  const { status, body } = await nurse.call('POST', '/api/programmes/stock/receipts', {
    item: product,
    lot,
    vials,
    pack: 1,
    expires: '2027-12-31',
    from: 'Nhà phân phối',
    paid,
  });
  assert.equal(status, 200, JSON.stringify(body));
}

interface Sold {
  bill: string;
  reservations: string[];
}

const order = (body: object, browser = nurse) => browser.call<Sold>('POST', `${PAID}/reservations`, body);
async function sold(body: object): Promise<Sold> {
  const answer = await order(body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  await settled();
  return answer.body;
}
const act = (path: string, body: object) =>
  nurse.call<Record<string, unknown>>('POST', `${PAID}/${path}`, body);
async function done(path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await act(path, body);
  assert.equal(answer.status, 200, `${path}: ${JSON.stringify(answer.body)}`);
  await settled();
  return answer.body;
}
async function list(name: string, q = '', browser = nurse): Promise<PaidListRow[]> {
  const { status, body } = await browser.call<{ rows: PaidListRow[] }>(
    'GET',
    `${PAID}/reservations?list=${name}&q=${encodeURIComponent(q)}`,
  );
  assert.equal(status, 200, JSON.stringify(body));
  return body.rows;
}
const free = async (product: string) =>
  (await nurse.call<{ rows: PriceRow[] }>('GET', `${PAID}/prices`)).body.rows.find(
    (one) => one.product === product,
  )?.free;
const give = (patient: string, more: object) =>
  nurse.call<{ dose: string }>('POST', `/api/programmes/${EPI}/people/${patient}/doses`, {
    product: HPV,
    lot: 'HPV-DV',
    expires: '2027-12-31',
    site: 'Cánh tay trái',
    isFit: true,
    temperature: 36.6,
    ...more,
  });

const station: Organization = {
  resourceType: 'Organization',
  identifier: [{ system: sid.cskcb, value: '25D01' }],
  type: [{ coding: [{ system: cs.facilityType, code: 'tram-y-te' }] }],
};

test('prices are those of the day and of the class of the facility, in whole đồng; the lists of the house have no fault', () => {
  const { content } = world.program.kernel;
  const now = vaccinePrices(content, station, '2026-11-22');
  const hpv = now.doses.find(({ product }) => product === HPV);
  assert.deepEqual([hpv?.price, hpv?.fee], [1_790_000, 50_000]);
  assert.deepEqual(vaccinePrices(content, station, '2025-12-31').doses, [], 'before the list began');
  const nobody: Organization = { resourceType: 'Organization' };
  assert.deepEqual(vaccinePrices(content, nobody, '2026-11-22').doses, []);
  assert.deepEqual(vaccinePriceFaults(content), []);
});

test('a fraction, an unknown vaccine and a package of nothing are faults with their place', () => {
  const tables: Record<string, Record<string, string>[]> = {
    'vaccines/products': [{ system: CVX, code: '62' }],
    'prices/vaccines': [
      { system: CVX, code: '62', price: '1000.5', fee: '0' },
      { system: CVX, code: '999', price: '1000', fee: '-1' },
    ],
    'prices/vaccine-packages': [{ package: 'x', price: '10' }],
    'prices/vaccine-package-doses': [{ package: 'y', system: CVX, code: '62', doses: '0' }],
  };
  const faults = vaccinePriceFaults({
    files: () => ['vaccines.csv', 'vaccine-packages.csv', 'vaccine-package-doses.csv'],
    table: (name: string) => tables[name] ?? [],
  } as never);
  assert.deepEqual(
    faults.map(({ where }) => where),
    [
      'prices/vaccines.csv:2',
      'prices/vaccines.csv:3',
      'prices/vaccines.csv:3',
      'prices/vaccine-packages.csv:2',
      'prices/vaccine-package-doses.csv:2',
      'prices/vaccine-package-doses.csv:2',
    ],
  );
});

test('times of a day follow the hours of the content; there are none on a Sunday', () => {
  const rows = [{ price_class: 'tyt', weekday: '1', from: '07:30', to: '08:50', minutes: '30', people: '6' }];
  assert.deepEqual(
    slotsOn(rows, 'tyt', '2026-11-23').map(({ start, end }) => [start, end]),
    [
      ['2026-11-23T07:30:00+07:00', '2026-11-23T08:00:00+07:00'],
      ['2026-11-23T08:00:00+07:00', '2026-11-23T08:30:00+07:00'],
    ],
  );
  assert.deepEqual(slotsOn(rows, 'tyt', '2026-11-22'), []);
  assert.deepEqual(slotsOn(rows, 'khac', '2026-11-23'), []);
});

const MONDAY = '2026-11-23T08:00:00+07:00';

test('a reservation holds one of two doses until it is cancelled; the unpaid bill is void with it', async () => {
  assert.equal(await free(HPV), 2);
  const one = await sold({ patient: girl, products: [HPV], start: MONDAY });
  assert.equal(await free(HPV), 1);
  const [row] = await list('coming');
  assert.deepEqual(
    [row?.fullName, row?.vaccine, row?.total, row?.billState, row?.number],
    ['Lê Thị Ánh', 'HPV (4 týp)', 1_840_000, 'issued', '25D01/2026/000001'],
  );
  assert.equal((await list('unpaid')).length, 1);
  assert.equal((await act(`reservations/${one.reservations[0]}/cancel`, {})).status, 422, 'with its reason');
  const cancelled = await done(`reservations/${one.reservations[0]}/cancel`, { why: 'Gia đình đổi ý' });
  assert.equal(cancelled.bill, 'cancelled');
  assert.equal(await free(HPV), 2);
  assert.deepEqual([await list('coming'), await list('unpaid')], [[], []]);
  assert.equal((await list('cancelled')).length, 1);
  const [invoice] = (await world.recordOf(girl, 'Invoice')) as Invoice[];
  assert.deepEqual([invoice?.status, invoice?.cancelledReason], ['cancelled', 'Gia đình đổi ý']);
});

test('of two who take the last dose at once one gets it; no row is left of the other', async () => {
  const first = await sold({ patient: girl, products: [HPV], start: MONDAY });
  const both = await Promise.all(
    [girl, baby].map((patient) => order({ patient, products: [HPV], start: '2026-11-23T09:00:00+07:00' })),
  );
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 422], JSON.stringify(both));
  await settled();
  assert.equal(await free(HPV), 0);
  assert.equal((await list('coming')).length, 2);
  for (const { appointment } of await list('coming'))
    await done(`reservations/${appointment}/cancel`, { why: 'thử' });
  assert.equal(await free(HPV), 2);
  assert.notEqual(first.bill, '');
});

test('a time that is full, past, or not offered, a vaccine without a price and one without stock are refused by name', async () => {
  const expressions = async (body: object) => {
    const answer = await order({ patient: girl, products: [HPV], start: MONDAY, ...body });
    assert.equal(answer.status, 422, JSON.stringify(answer.body));
    return /"expression":\s*\[?"(\w+)"/.exec(JSON.stringify(answer.body))?.[1];
  };
  assert.equal(await expressions({ start: '2026-11-22T08:00:00+07:00' }), 'start', 'Sunday');
  assert.equal(await expressions({ start: '2026-11-23T08:10:00+07:00' }), 'start');
  assert.equal(await expressions({ start: '2026-11-20T08:00:00+07:00' }), 'start', 'past');
  assert.equal(await expressions({ start: 'mai' }), 'start');
  assert.equal(await expressions({ products: [`${CVX}|19`] }), 'products', 'no price');
  assert.equal(await expressions({ products: [ROTA] }), 'products', 'no stock');
  assert.equal(await expressions({ products: [HPV, HPV] }), 'products');
  assert.equal(await expressions({ products: [] }), 'products');
  assert.equal(await expressions({ patient: '' }), 'patient');
  assert.equal(await expressions({ package: 'khong-co' }), 'package');
  assert.equal(await free(HPV), 2, 'nothing of it was held');
  await receive(HPV, 'HPV-DV', 6, true);
  const people: string[] = [];
  for (let at = 0; at < 7; at += 1) people.push((await world.arrive({ birthDate: '2014-01-01' })).patient);
  for (const patient of people.slice(0, 6))
    await sold({ patient, products: [HPV], start: '2026-11-24T08:00:00+07:00' });
  assert.equal(
    await expressions({ patient: people[6], start: '2026-11-24T08:00:00+07:00' }),
    'start',
    'full',
  );
  const { body } = await nurse.call<{ rows: { start: string; left: number }[] }>(
    'GET',
    `${PAID}/times?day=2026-11-24`,
  );
  assert.deepEqual(body.rows.find(({ start }) => start === '2026-11-24T08:00:00+07:00')?.left, 0);
  for (const { appointment } of await list('coming'))
    await done(`reservations/${appointment}/cancel`, { why: 'thử' });
});

test('paid and given: the same Immunization, the same forecast, the stock of the lot that was bought to be sold', async () => {
  const { bill, reservations } = await sold({ patient: girl, products: [HPV], start: '' });
  const [reservation] = reservations;
  assert.equal((await give(girl, { reservation })).status, 422, 'not paid for');
  assert.equal((await act(`bills/${bill}/payment`, { method: 'vay' })).status, 422);
  await done(`bills/${bill}/payment`, { method: 'tien-mat' });
  assert.equal((await act(`bills/${bill}/payment`, { method: 'tien-mat' })).status, 422, 'once');
  assert.equal((await give(girl, { reservation, lot: 'HPV-NN' })).status, 422, 'of the State');
  assert.equal((await give(girl, {})).status, 422, 'a lot that was bought is not given for nothing');
  assert.equal((await give(baby, { reservation })).status, 422, 'of somebody else');
  const given = await give(girl, { reservation });
  assert.equal(given.status, 200, JSON.stringify(given.body));
  assert.equal((await give(girl, { reservation })).status, 422, 'once');
  await settled();
  const [dose] = (await world.recordOf(girl, 'Immunization')) as Immunization[];
  assert.deepEqual(
    [dose?.id, dose?.fundingSource?.coding?.[0]?.code, dose?.lotNumber],
    [given.body.dose, 'private', 'HPV-DV'],
  );
  const appointments = (await world.recordOf(girl, 'Appointment')) as Appointment[];
  const own = appointments.find(({ id }) => id === reservation);
  assert.equal(own?.status, 'fulfilled');
  assert.ok(own?.supportingInformation?.some(({ reference }) => reference === `Immunization/${dose?.id}`));
  const forecast = await nurse.call<{ parameter: { resource?: unknown }[] }>(
    'GET',
    `/fhir/Patient/${girl}/$immds-forecast`,
  );
  assert.match(JSON.stringify(forecast.body), new RegExp(`Immunization/${dose?.id}`));
  const { rows } = await world.program.kernel.pool.query<{ balance: number }>(
    `select balance from stock.lot where lot = 'HPV-DV'`,
  );
  assert.equal(rows[0]?.balance, 7, '8 were bought');
  assert.equal((await list('done')).length, 1);
  assert.equal((await act(`bills/${bill}/void`, { why: 'x' })).status, 422, 'a dose was given');
});

test('a package costs its own price; its later doses wait without holding stock and are reserved without a new bill', async () => {
  const { packages } = (await nurse.call<{ packages: PackageRow[] }>('GET', `${PAID}/prices`)).body;
  const hpv = packages.find(({ code }) => code === 'hpv-3-mui')!;
  assert.deepEqual([hpv.price, hpv.listed], [5_250_000, 5_520_000]);
  const before = await free(HPV);
  const { bill } = await sold({ patient: girl, package: 'hpv-3-mui', products: [HPV], start: MONDAY });
  assert.equal(await free(HPV), before! - 1);
  const invoices = (await world.recordOf(girl, 'Invoice')) as Invoice[];
  const invoice = invoices.find(({ id }) => id === bill)!;
  const lines = invoice.lineItem!.flatMap(({ priceComponent = [] }) => priceComponent);
  const sum = (parts: { amount?: { value?: number } }[]) =>
    parts.reduce((all, { amount }) => all + amount!.value!, 0);
  assert.equal(sum(lines) + sum(invoice.totalPriceComponent!), invoice.totalNet!.value);
  assert.ok(
    [...lines, ...invoice.totalPriceComponent!].every(({ amount }) => Number.isSafeInteger(amount!.value)),
  );
  const again = { patient: girl, bill, products: [HPV], start: '2026-12-28T08:00:00+07:00' };
  assert.equal((await order(again)).status, 422, 'not paid for yet');
  await done(`bills/${bill}/payment`, { method: 'chuyen-khoan' });
  assert.equal((await list('unused', 'anh')).length, 2);
  assert.equal((await order({ ...again, patient: baby })).status, 422, 'of somebody else');
  assert.equal((await sold(again)).bill, bill);
  assert.equal((await sold({ ...again, start: '2027-05-10T08:00:00+07:00' })).bill, bill);
  assert.equal(
    (await order({ ...again, start: '2027-05-11T08:00:00+07:00' })).status,
    422,
    'three were bought',
  );
  assert.deepEqual(await list('unused'), []);
  const back = await done(`bills/${bill}/void`, { why: 'Chuyển đi tỉnh khác' });
  assert.equal(back.refund, true);
  assert.equal(await free(HPV), before);
  const voided = ((await world.recordOf(girl, 'Invoice')) as Invoice[]).find(({ id }) => id === bill);
  assert.ok(voided?.note?.some(({ text }) => text === 'Đã hoàn tiền: Chuyển đi tỉnh khác'));
});

test('a package may be bought without a time: its bill waits for the money, and holds no stock', async () => {
  const before = await free(HPV);
  const { bill, reservations } = await sold({ patient: baby, package: 'tre-duoi-1-tuoi', products: [] });
  assert.deepEqual(reservations, []);
  const [row] = await list('unpaid', 'bong');
  assert.deepEqual([row?.bill, row?.appointment, row?.total], [bill, '', 4_800_000]);
  assert.equal(await free(HPV), before);
  assert.equal((await done(`bills/${bill}/void`, { why: 'Đổi ý' })).refund, false);
  assert.deepEqual(await list('unpaid', 'bong'), []);
});

test('a reservation is moved with its dose; who did not come holds nothing on the next day', async () => {
  const before = await free(HPV);
  const { reservations } = await sold({ patient: baby, products: [HPV], start: MONDAY });
  await done(`reservations/${reservations[0]}/move`, { start: '2026-11-25T08:00:00+07:00' });
  const [row] = await list('coming', 'bong');
  assert.equal(row?.starts, '2026-11-25T01:00:00.000Z');
  assert.equal(await free(HPV), before! - 1);
  world.setNow('2026-11-26T08:00:00+07:00');
  nurse = await world.signIn('dieuduong');
  assert.equal(await free(HPV), before);
  assert.equal((await list('missed')).length, 1);
});

test('a paid dose that was written by mistake is given again on the same bill', async () => {
  const { bill, reservations } = await sold({
    patient: baby,
    products: [HPV],
    start: '2026-11-26T09:00:00+07:00',
  });
  await done(`bills/${bill}/payment`, { method: 'tien-mat' });
  const reservation = reservations[0]!;
  const first = await give(baby, { reservation });
  assert.equal(first.status, 200, JSON.stringify(first.body));
  const taken = await nurse.call('POST', `/api/programmes/doses/${first.body.dose}/mistaken`, {
    reason: 'Ghi nhầm người',
  });
  assert.equal(taken.status, 200, JSON.stringify(taken.body));
  await settled();
  const appointment = ((await world.recordOf(baby, 'Appointment')) as Appointment[]).find(
    ({ id }) => id === reservation,
  );
  assert.equal(appointment?.status, 'booked');
  assert.deepEqual(appointment?.supportingInformation, [{ reference: `Invoice/${bill}` }]);
  assert.equal((await give(baby, { reservation })).status, 200);
  await settled();
});

interface BillRead {
  total: number;
  refunded: number;
  refundable: number;
  given: number;
  discount: number;
  lines: { amount: number }[];
}
const billOf = async (bill: string) => (await nurse.call<BillRead>('GET', `${PAID}/bills/${bill}`)).body;

test('of a package of which a dose was given the rest goes back, once, in whole đồng; nothing of it is promised any more', async () => {
  const woman = (await world.arrive({ birthDate: '2005-03-02', name: [{ text: 'Vũ Thị Mơ' }] })).patient;
  await settled();
  const start = '2026-11-26T10:00:00+07:00';
  const { bill, reservations } = await sold({ patient: woman, package: 'hpv-3-mui', products: [HPV], start });
  await done(`bills/${bill}/payment`, { method: 'tien-mat' });
  assert.equal((await billOf(bill)).refundable, 0, 'nothing was given: the bill is void as a whole');
  assert.equal((await act(`bills/${bill}/refund`, { why: 'Đổi ý' })).status, 422);
  assert.equal((await give(woman, { reservation: reservations[0] })).status, 200);
  await settled();
  const next = await sold({ patient: woman, bill, products: [HPV], start: '2027-01-26T08:00:00+07:00' });
  const before = await free(HPV);
  const told = await billOf(bill);
  assert.deepEqual([told.refundable, told.given, told.total], [3_410_000, 1, 5_250_000]);
  assert.equal((await act(`bills/${bill}/refund`, { why: ' ' })).status, 422);
  assert.equal((await done(`bills/${bill}/refund`, { why: 'Chuyển đi nơi khác' })).refund, 3_410_000);
  const after = await billOf(bill);
  assert.deepEqual(
    [after.total, after.refunded, after.refundable, after.given],
    [1_840_000, 3_410_000, 0, 1],
  );
  assert.equal(
    after.lines.reduce((all, { amount }) => all + amount, 0) + after.discount - after.refunded,
    after.total,
  );
  assert.equal(await free(HPV), before! + 1, 'the dose that was promised is free');
  assert.deepEqual(await list('unused', 'mo'), []);
  const appointment = ((await world.recordOf(woman, 'Appointment')) as Appointment[]).find(
    ({ id }) => id === next.reservations[0],
  );
  assert.equal(appointment?.status, 'cancelled');
  const again = { patient: woman, bill, products: [HPV], start: '2027-01-27T08:00:00+07:00' };
  assert.equal((await order(again)).status, 422, 'the bill holds no dose any more');
  assert.equal((await act(`bills/${bill}/refund`, { why: 'lần nữa' })).status, 422);
  assert.equal((await act(`bills/${bill}/void`, { why: 'lần nữa' })).status, 422);
});

test('of two who take the last of a bill one way or the other, the money never goes back for a dose that is promised', async () => {
  const man = (await world.arrive({ birthDate: '2001-03-02', name: [{ text: 'Vũ Văn Tỏ' }] })).patient;
  await settled();
  const { bill, reservations } = await sold({
    patient: man,
    package: 'hpv-3-mui',
    products: [HPV],
    start: '2026-11-26T10:30:00+07:00',
  });
  await done(`bills/${bill}/payment`, { method: 'tien-mat' });
  assert.equal((await give(man, { reservation: reservations[0] })).status, 200);
  await settled();
  const [refund, booked] = await Promise.all([
    act(`bills/${bill}/refund`, { why: 'Chuyển đi' }),
    order({ patient: man, bill, products: [HPV], start: '2027-01-28T08:00:00+07:00' }),
  ]);
  await settled();
  const standing = ((await world.recordOf(man, 'Appointment')) as Appointment[]).filter(
    ({ status }) => status === 'booked',
  );
  if (refund.status === 200) assert.deepEqual(standing, []);
  else assert.deepEqual([refund.status, booked.status, standing.length], [409, 200, 1]);
});

test('a cashier sells, takes the money and gives it back; what was given and the stock are not hers', async () => {
  const cashier = await world.hire('thu-ngan-dv', 'cashier');
  const start = '2026-11-27T08:00:00+07:00';
  const answer = await order({ patient: girl, products: [HPV], start }, cashier);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  await settled();
  const [row] = (await list('unpaid', 'anh', cashier)).filter(({ bill }) => bill === answer.body.bill);
  assert.equal(row?.fullName, 'Lê Thị Ánh');
  const path = `${PAID}/bills/${answer.body.bill}`;
  assert.equal((await cashier.call('POST', `${path}/payment`, { method: 'tien-mat' })).status, 200);
  await settled();
  const back = await cashier.call<{ refund: boolean }>('POST', `${path}/void`, { why: 'Đổi ý' });
  assert.equal(back.body.refund, true, JSON.stringify(back.body));
  for (const [method, closed] of [
    ['POST', `/api/programmes/${EPI}/people/${girl}/doses`],
    ['GET', '/api/programmes/stock'],
    ['GET', '/api/programmes'],
    ['GET', `/api/programmes/${EPI}/people/${girl}`],
  ] as const)
    assert.equal(
      (await cashier.call(method, closed, method === 'POST' ? {} : undefined)).status,
      403,
      closed,
    );
});

test('another unit sees none of it, other roles are refused', async () => {
  const other = await world.hire('tram-khac', 'nurse', 'cs-25D02');
  assert.deepEqual(await list('done', '', other), []);
  const desk = await world.hire('tiepdon-dv', 'reception');
  assert.equal((await desk.call('GET', `${PAID}/reservations`)).status, 403);
  assert.equal((await order({ patient: girl, products: [HPV], start: '' }, desk)).status, 403);
});

test('the tables are the record: emptied and made anew they say the same', async () => {
  const { kernel } = world.program;
  const read = async () =>
    JSON.stringify([
      (await kernel.pool.query('select * from programmes.reservation order by appointment')).rows,
      (await kernel.pool.query('select * from programmes.bill order by invoice')).rows,
    ]);
  await settled();
  const live = await read();
  await kernel.events.rebuild('paid-doses', async (client) => {
    await client.query('delete from programmes.reservation');
    await client.query('delete from programmes.bill');
  });
  assert.equal(await read(), live);
});

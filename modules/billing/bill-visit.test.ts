import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { cs, ext, sid } from '../../kernel/fhir/systems.ts';
import type { ChargeItem, Claim } from '../../kernel/fhir/types.ts';
import { billVisit } from './bill-visit.ts';
import { moneyCode, moneyField, sharesOf } from './claim-resources.ts';
import { formatDecimal } from './decimal.ts';
import { glucoseOrder, medicationRequests, prescription, stationVisit } from './fixtures/station-visit.ts';
import { priceBook } from './prices.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const claimOf = (bill: ReturnType<typeof billVisit>) => bill.resources.at(-1) as Claim;
const itemsOf = (bill: ReturnType<typeof billVisit>) => bill.resources.slice(0, -1) as ChargeItem[];

test('a station visit is billed: examination, laboratory, medicines, one ChargeItem a line and one Claim', () => {
  const bill = billVisit(stationVisit, content);
  assert.deepEqual(bill.faults, []);
  assert.deepEqual(
    bill.summary.lines.map((line) => [line.code, line.quantity, line.price, line.total]),
    [
      ['TYT.1899', 1, 36500, 36500],
      ['23.0234.1510', 1, 16000, 16000],
      ['T001', 10, 350, 3500],
      ['T005', 10, 600, 6000],
    ],
  );
  assert.equal(itemsOf(bill).length, claimOf(bill).item?.length);
  assert.equal(bill.summary.total, 62000);
  assert.equal(claimOf(bill).total?.value, 62000);
});

test('category 1.2: the fund pays the whole scope; a medicine outside the list is the patient’s own', () => {
  const { summary } = billVisit(stationVisit, content);
  assert.deepEqual([summary.insurer, summary.copay, summary.own], [56000, 0, 6000]);
  const outside = claimOf(billVisit(stationVisit, content)).item?.[3];
  assert.equal(moneyCode(outside, ext.lineMoney, 'pham-vi'), '2');
  assert.equal(formatDecimal(moneyField(outside, ext.lineMoney, 'tyle-tt-bh')!), '0');
});

test('card level 80: below 15 % of the base salary the fund pays all, from 15 % on the patient pays a fifth', () => {
  const entitlement = {
    insured: true,
    effective: 80,
    rule: 'card-level',
    rightRoute: true,
    smallBillLimit: 379_500,
  };
  const small = billVisit({ ...stationVisit, entitlement }, content).summary;
  assert.deepEqual([small.level, small.rule, small.copay], [100, 'small-bill', 0]);
  const dear = { ...entitlement, smallBillLimit: 56_000 };
  const exact = billVisit({ ...stationVisit, entitlement: dear }, content).summary;
  assert.deepEqual([exact.level, exact.rule, exact.copay, exact.insurer], [80, 'card-level', 11200, 44800]);
});

test('a small self-referred visit keeps the rate of its category', () => {
  const entitlement = {
    insured: true,
    effective: 40,
    rule: 'card-level',
    rightRoute: false,
    smallBillLimit: 379_500,
  };
  assert.equal(billVisit({ ...stationVisit, entitlement }, content).summary.level, 40);
});

test('without insurance everything is the patient’s own cost and the Claim names nobody else (worked case M31)', () => {
  const entitlement = {
    insured: false,
    effective: 0,
    rule: 'not-insured',
    rightRoute: false,
    smallBillLimit: 379_500,
  };
  const bill = billVisit({ ...stationVisit, coverage: undefined, entitlement }, content);
  assert.deepEqual([bill.summary.own, bill.summary.copay, bill.summary.insurer], [62000, 0, 0]);
  assert.equal(claimOf(bill).insurance[0]?.coverage?.display, 'Người bệnh tự trả');
  assert.equal(moneyCode(claimOf(bill).item?.[0], ext.lineMoney, 'pham-vi'), '2');
});

test('a missing price is a fault and an unpriced line, never a silent zero', () => {
  const unknown = prescription('m9', 'T999', 'Thuốc chưa có giá', 1, 5);
  const bill = billVisit({ ...stationVisit, medicationRequests: [...medicationRequests, unknown] }, content);
  assert.deepEqual(
    bill.faults.map((each) => [each.code, each.item]),
    [['price-missing', 'Thuốc chưa có giá']],
  );
  assert.match(bill.faults[0]!.text, /20\/11\/2026.*bổ sung giá/);
  const item = itemsOf(bill).at(-1)!;
  assert.equal(item.status, 'planned');
  assert.equal(item.priceOverride, undefined);
  assert.equal(claimOf(bill).item?.at(-1)?.net, undefined);
  assert.equal(bill.summary.total, 62000);
});

test('a quantity that is missing, zero or negative is a fault and costs nothing; the visit is still billed', () => {
  for (const value of [undefined, 0, -5]) {
    const odd = prescription('m9', 'T001', 'Paracetamol 500 mg', 1, 5);
    odd.dispenseRequest = { quantity: { ...(value === undefined ? {} : { value }), unit: 'viên' } };
    const bill = billVisit({ ...stationVisit, medicationRequests: [odd] }, content);
    assert.deepEqual(
      bill.faults.map((each) => each.code),
      ['quantity-missing'],
    );
    assert.equal(bill.summary.lines.at(-1)?.total, 0);
  }
});

test('prices are those of the day of the visit', () => {
  const bill = billVisit({ ...stationVisit, date: '2024-11-20' }, content);
  assert.ok(bill.faults.some((each) => each.code === 'price-missing'));
});

test('an order without a result is not charged and said so; a revoked one is not mentioned', () => {
  const open = { ...glucoseOrder, id: 's2', status: 'active' as const };
  const revoked = { ...glucoseOrder, id: 's3', status: 'revoked' as const };
  const bill = billVisit({ ...stationVisit, serviceRequests: [glucoseOrder, open, revoked] }, content);
  assert.deepEqual(
    bill.faults.map((each) => each.code),
    ['not-performed'],
  );
  assert.equal(bill.summary.lines.filter((line) => line.code === '23.0234.1510').length, 1);
});

test('identifiers come from MA_LK, so that billing again writes the same lines', () => {
  const [first, second] = [billVisit(stationVisit, content), billVisit(stationVisit, content)];
  assert.deepEqual(first.resources, second.resources);
  assert.equal(itemsOf(first)[1]?.identifier?.[0]?.value, '25D01.202611200742.004.2');
  assert.deepEqual(claimOf(first).identifier, [{ system: sid.episode, value: '25D01.202611200742.004' }]);
});

test('resources that have no id yet are referred to as the caller says', () => {
  const referenceTo = (resource: { resourceType: string; id?: string }) => `urn:uuid:${resource.id}`;
  const bill = billVisit({ ...stationVisit, referenceTo }, content);
  assert.equal(itemsOf(bill)[2]?.supportingInformation?.[0]?.reference, 'urn:uuid:m1');
});

test('the shares are read back from the recorded Claim', () => {
  const shares = sharesOf(claimOf(billVisit(stationVisit, content)));
  assert.deepEqual([shares.total, shares.insurer, shares.copay, shares.own].map(formatDecimal), [
    '62000',
    '56000',
    '0',
    '6000',
  ]);
});

test('the second to fourth examination is paid at 30 % (TYLE_TT_DV, Decision 4750)', () => {
  const book = priceBook(content, stationVisit.organization, stationVisit.date);
  assert.deepEqual(
    [1, 2, 4, 5, 6].map((nth) => formatDecimal(book.examinationRate(nth))),
    ['100', '30', '30', '10', '0'],
  );
  const again = {
    ...glucoseOrder,
    id: 's4',
    code: {
      coding: [{ system: cs.service, code: 'TYT.1899', display: 'Khám lần hai' }],
      text: 'Khám lần hai',
    },
  };
  const bill = billVisit({ ...stationVisit, serviceRequests: [again] }, content);
  assert.deepEqual(
    bill.summary.lines.slice(0, 2).map((line) => line.total),
    [36500, 10950],
  );
});

test('every service and medicine of the clinic has a price at a commune station', () => {
  const book = priceBook(content, stationVisit.organization, stationVisit.date);
  for (const row of content.inForce('clinic/services', stationVisit.date)) {
    if (row.facility_types === '' || row.facility_types!.split('|').includes('tram-y-te')) {
      assert.ok(book.service(row.code!), row.code);
    }
  }
  for (const row of content.inForce('drug/medicines', stationVisit.date))
    assert.ok(book.medicine(row.code!), row.code);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MedicationRequest } from '../../../kernel/fhir/types.ts';
import {
  amount,
  formatAmount,
  formatDecimal,
  fromDecimal,
  packagesFor,
  parseAmount,
  sum,
  toNumber,
} from './amount.ts';
import { dosageOf, insuranceDoseOf, scheduleOf } from './request.ts';
import { quantityFor, type Schedule, type TimeKey } from './schedule.ts';
import { insuranceDose, quantityText, usageText } from './words.ts';

const TABLET = { doseUnit: 'viên', unit: 'viên', dosePerUnit: 1 };
const doses = (days: number, ...given: [TimeKey, string][]): Schedule => ({
  kind: 'doses',
  days,
  doses: given.map(([at, text]) => ({ at, amount: parseAmount(text)! })),
});

test('amounts as prescribers type them', () => {
  const read: [string, number][] = [
    ['1', 1],
    ['1/2', 0.5],
    ['1 1/2', 1.5],
    ['1,5', 1.5],
    ['0.25', 0.25],
    [',5', 0.5],
    ['½', 0.5],
    ['1½', 1.5],
    ['2/4', 0.5],
    ['', 0],
    [' 2 ', 2],
  ];
  for (const [text, value] of read) assert.equal(toNumber(parseAmount(text)!), value, text);
  for (const text of ['a', '-1', '1/0', '1,2345', '1//2', '10000', '1e3', ',', '1 viên']) {
    assert.equal(parseAmount(text), null, text);
  }
});

test('property: fractions written and read again are the same, sums are exact', () => {
  for (let d = 1; d <= 8; d += 1) {
    for (let n = 0; n <= 40; n += 1) {
      const value = amount(n, d);
      if (d <= 4) assert.deepEqual(parseAmount(formatAmount(value)), value);
      if (d !== 5 && d !== 7) assert.deepEqual(fromDecimal(toNumber(value)), value);
      assert.deepEqual(sum(Array.from({ length: d }, () => value)), amount(n));
    }
  }
});

test('property: the packages hold the amount and one fewer would not', () => {
  for (const size of [1, 2.5, 60, 100, 200]) {
    for (let n = 1; n <= 300; n += 7) {
      for (const d of [1, 2, 3, 4]) {
        const packs = packagesFor(amount(n, d), size);
        assert.ok(packs * size * d >= n - 1e-9);
        assert.ok((packs - 1) * size * d < n);
      }
    }
  }
});

test('doses of the day × days, rounded up to whole units', () => {
  assert.equal(quantityFor(doses(5, ['morning', '1'], ['evening', '1']), TABLET), 10);
  assert.equal(quantityFor(doses(5, ['morning', '1/2'], ['noon', '1/2'], ['evening', '1/2']), TABLET), 8);
  assert.equal(quantityFor(doses(3, ['morning', '1/3'], ['noon', '1/3'], ['evening', '1/3']), TABLET), 3);
  assert.equal(
    quantityFor(doses(5, ['morning', '5'], ['evening', '5']), {
      doseUnit: 'ml',
      unit: 'chai',
      dosePerUnit: 60,
    }),
    1,
  );
  assert.equal(
    quantityFor(doses(7, ['morning', '5'], ['evening', '5']), {
      doseUnit: 'ml',
      unit: 'chai',
      dosePerUnit: 60,
    }),
    2,
  );
  assert.equal(
    quantityFor({ kind: 'times', perDay: 2, days: 7 }, { doseUnit: '', unit: 'tuýp', dosePerUnit: 1 }),
    null,
  );
});

test('the words for the patient', () => {
  assert.equal(
    usageText(doses(5, ['evening', '1/2'], ['morning', '1']), TABLET, 'uống'),
    'Ngày uống 2 lần: sáng 1 viên, tối 1/2 viên; dùng 5 ngày',
  );
  assert.equal(
    usageText({ kind: 'times', perDay: 2, days: 7 }, TABLET, 'bôi'),
    'Ngày bôi 2 lần; dùng 7 ngày',
  );
  assert.equal(quantityText(5), '05');
  assert.equal(quantityText(10), '10');
});

test('LIEU_DUNG by the examples printed in Decision 130/QĐ-BYT, table 2 field 12', () => {
  assert.equal(
    insuranceDose(doses(5, ['morning', '2'], ['evening', '2']), TABLET),
    '2 viên/lần * 2 lần/ngày * 5 ngày [4 viên/ngày]',
  );
  assert.equal(
    insuranceDose(doses(5, ['morning', '3'], ['afternoon', '2'], ['evening', '1']), TABLET),
    'Sáng: 3 viên, Chiều: 2 viên, Tối: 1 viên [6 viên/ngày]',
  );
  assert.equal(insuranceDose({ kind: 'times', perDay: 2, days: 7 }, TABLET), '2 lần/ngày * 7 ngày');
  assert.equal(formatDecimal(parseAmount('1/3')!), '0.333');
});

test('a schedule survives the way through FHIR, and LIEU_DUNG comes from the stored request', () => {
  const schedule = doses(5, ['morning', '1/3'], ['evening', '1 1/2']);
  const request: MedicationRequest = {
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/p' },
    dosageInstruction: dosageOf(schedule, TABLET, {
      route: { code: '1.01', display: 'Uống' },
      text: 'x',
      advice: 'sau ăn',
    }),
  };
  assert.deepEqual(
    request.dosageInstruction!.map((one) => one.timing!.repeat!.when),
    [['MORN'], ['EVE']],
  );
  assert.deepEqual(scheduleOf(request), schedule);
  assert.equal(insuranceDoseOf(request), 'Sáng: 0.333 viên, Tối: 1.5 viên [1.833 viên/ngày]');
  const ointment = dosageOf({ kind: 'times', perDay: 3, days: 7 }, TABLET, {
    route: { code: '3.01', display: 'Bôi' },
    text: 'x',
  });
  assert.deepEqual(scheduleOf({ ...request, dosageInstruction: ointment }), {
    kind: 'times',
    perDay: 3,
    days: 7,
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkInsuranceNumber } from './insurance-number.ts';

test('15 characters: group, level, province, social insurance number (bhyt-benefits.md section 3)', () => {
  const { ok, group, levelDigit, province, insuranceNumber, cardNumber } =
    checkInsuranceNumber('gd4 00 00000 00001');
  assert.deepEqual([ok, group, levelDigit, province, insuranceNumber], [true, 'GD', '4', '00', '0000000001']);
  assert.equal(cardNumber, 'GD4000000000001');
});
test('a temporary child card is TE1, province and ten digits', () => {
  assert.equal(checkInsuranceNumber('TE1250000000001').ok, true);
});
test('10 digits carry no level', () => {
  const { ok, cardNumber, levelDigit, insuranceNumber } = checkInsuranceNumber('0000000001');
  assert.deepEqual([ok, cardNumber, levelDigit, insuranceNumber], [true, null, null, '0000000001']);
});
test('20 characters of a scanner end with the facility', () => {
  assert.equal(checkInsuranceNumber('GD400000000000125D01').facility, '25D01');
});
for (const wrong of ['', 'GD40000', '4GD000000000001', 'GDX000000000001', '000000000', '00000000001']) {
  test(`“${wrong}” is refused with a sentence`, () => {
    const checked = checkInsuranceNumber(wrong);
    assert.equal(checked.ok, false);
    assert.ok(checked.errors[0]!.vi.length > 20);
  });
}
test('a level outside 1–5 warns', () => {
  const { ok, warnings } = checkInsuranceNumber('GD7000000000001');
  assert.equal(ok, true);
  assert.equal(warnings[0]?.code, 'insurance-level');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  add,
  compare,
  decimal,
  formatDecimal,
  multiply,
  percent,
  round,
  subtract,
  toNumber,
} from './decimal.ts';

test('sums and products are exact where binary floating point is not', () => {
  assert.equal(formatDecimal(add(decimal('0.1'), decimal('0.2'))), '0.3');
  assert.equal(formatDecimal(multiply(decimal('333.333'), decimal('1234.567'))), '411521.921811');
  assert.equal(formatDecimal(subtract(decimal('100.01'), decimal('50.01'))), '50');
});

test('rounding is half up at the asked decimal', () => {
  assert.equal(formatDecimal(round(decimal('50.005'), 2)), '50.01');
  assert.equal(formatDecimal(round(decimal('50.0049999'), 2)), '50');
  assert.equal(formatDecimal(round(decimal('-50.005'), 2)), '-50.01');
  assert.equal(formatDecimal(round(decimal(7), 2)), '7');
});

test('percent divides by one hundred without rounding', () => {
  assert.equal(formatDecimal(multiply(decimal(95), percent(decimal(50)))), '47.5');
});

test('amounts beyond 2^53 stay exact', () => {
  const large = decimal('99999999999999999.99');
  assert.equal(formatDecimal(add(large, decimal('0.01'))), '100000000000000000');
});

test('what is not a plain decimal number is refused', () => {
  for (const text of ['', '1e3', '1,5', 'abc', 'NaN', '1.']) assert.throws(() => decimal(text), RangeError);
});

test('numbers that JavaScript writes with an exponent keep their value', () => {
  assert.equal(formatDecimal(decimal(1e-7)), '0.0000001');
  assert.equal(formatDecimal(decimal(1.5e21)), '1500000000000000000000');
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) assert.throws(() => decimal(value), RangeError);
});

test('comparison ignores the writing', () => {
  assert.equal(compare(decimal('379500.00'), decimal(379500)), 0);
  assert.equal(compare(decimal('379499.99'), decimal(379500)), -1);
  assert.equal(toNumber(decimal('36500.50')), 36500.5);
});

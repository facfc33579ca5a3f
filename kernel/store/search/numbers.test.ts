import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNumber } from './numbers.ts';

test('R4 3.1.1.4.6: the range that a number stands for is built from its digits', () => {
  assert.deepEqual(parseNumber('5.40'), { value: 5.4, lo: 5.395, hi: 5.405 });
  assert.deepEqual(parseNumber('100'), { value: 100, lo: 99.5, hi: 100.5 });
  assert.deepEqual(parseNumber('1e2'), { value: 100, lo: 95, hi: 105 });
  assert.deepEqual(parseNumber('5.4e-3'), { value: 0.0054, lo: 0.00535, hi: 0.00545 });
  for (const none of ['', 'x', '1e400', '0x10', '1_0', 'NaN']) assert.equal(parseNumber(none), null);
});

test('a number of more digits than a double has still stands for its own double', () => {
  for (const text of [
    '0.1000000000000000000001',
    '12345678901234567890.123',
    '-0.30000000000000000001',
    '1',
  ]) {
    const { value, lo, hi } = parseNumber(text)!;
    assert.ok(lo <= value && value < hi, text);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatNumber } from './format.ts';
import { parseNumber } from './parse-number.ts';

test('numbers accept comma, and points between thousands (ui.md, Behaviour 3)', () => {
  const typed: [string, number][] = [
    ['36,5', 36.5],
    ['36.5', 36.5],
    ['1.234.567', 1234567],
    ['1.234,5', 1234.5],
    ['-0,5', -0.5],
    ['−3', -3],
    [' 120 ', 120],
    ['1 234', 1234],
    [',5', 0.5],
    ['36,', 36],
  ];
  for (const [text, value] of typed) assert.equal(parseNumber(text), value, text);
});

test('a lone point is a decimal unless whole numbers are asked for', () => {
  assert.equal(parseNumber('1.234'), 1.234);
  assert.equal(parseNumber('1.234', true), 1234);
  assert.equal(parseNumber('12.5', true), null);
  assert.equal(parseNumber('12,5', true), null);
});

test('what is no number is refused rather than guessed', () => {
  for (const text of ['', 'abc', '1,2,3', '1.23.456', '12a', ',', '.', '1,234.5', '--1', '1.2345.678'])
    assert.equal(parseNumber(text), null, text);
});

test('a number that was written reads back as itself', () => {
  for (const value of [0, 1, 12.5, 999, 1000, 1234.5, 1234567, -1234567.25, 0.001])
    assert.equal(parseNumber(formatNumber(value), Number.isInteger(value)), value, formatNumber(value));
});

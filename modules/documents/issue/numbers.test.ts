import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writtenNumber } from './numbers.ts';

test('a number is written as its paper has it', () => {
  const of = { unit: '25D01', series: 'GCS', period: '2026' };
  assert.equal(writtenNumber(123, of), '25D01/GCS/2026/000123');
  assert.equal(writtenNumber(7, { unit: '', series: 'TC', period: '' }), 'TC/000007');
  // Decision on the birth paper: XXXXX.GCS.ZZZZZ.YY, 18 characters (emr.md, section 13).
  const birth = writtenNumber(123, of, '{number:5}.{series}.{unit}.{yy}');
  assert.deepEqual([birth, birth.length], ['00123.GCS.25D01.26', 18]);
  assert.equal(writtenNumber(100_000, of, '{number:5}-{year}'), '100000-2026', 'no digit is lost');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MedicineRow, VitalLimits } from '../../contract.ts';
import { isComplete, newLine, quantityOf, sentLine } from './draft-lines.ts';
import { expandAbbreviation } from './expand.ts';
import { judge } from './judge.ts';

const SHORT = [
  { short: 'sot', text: 'Sốt', fields: ['complaint'] },
  { short: 'ho', text: 'Ho', fields: ['complaint'] },
  { short: 'pt', text: 'Phổi trong.', fields: ['exam'] },
];

test('F2 replaces the word before the caret, keeps what follows, and follows the sentence’s case', () => {
  assert.deepEqual(expandAbbreviation('sot', 3, 'complaint', SHORT), { text: 'Sốt', caret: 3 });
  assert.deepEqual(expandAbbreviation('Sốt, ho 2 ngày', 7, 'complaint', SHORT), {
    text: 'Sốt, ho 2 ngày',
    caret: 7,
  });
  assert.deepEqual(expandAbbreviation('Da hồng. pt', 11, 'exam', SHORT), {
    text: 'Da hồng. Phổi trong.',
    caret: 20,
  });
});

test('F2 leaves words alone that are no abbreviation of the field', () => {
  assert.equal(expandAbbreviation('pt', 2, 'complaint', SHORT), null);
  assert.equal(expandAbbreviation('sot ', 4, 'complaint', SHORT), null);
  assert.equal(expandAbbreviation('', 0, 'complaint', SHORT), null);
});

const tablet: MedicineRow = {
  code: 'T1',
  name: 'Viên',
  ingredients: '',
  strength: '',
  form: '',
  doseUnit: 'viên',
  unit: 'viên',
  route: '1.01',
  insured: true,
  dosePerUnit: 1,
  divisible: 2,
};

test('the quantity computes itself on the screen as on the server, off line too', () => {
  const line = newLine(tablet, 'a');
  assert.equal(isComplete(line), false);
  assert.equal(quantityOf({ ...line, morning: '1', evening: '1/2', days: 5 }), 8);
  assert.equal(quantityOf({ ...line, morning: 'x', days: 5 }), null);
  const syrup = { ...tablet, doseUnit: 'ml', unit: 'chai', dosePerUnit: 60 };
  assert.equal(quantityOf({ ...newLine(syrup, 'b'), morning: '7,5', evening: '7,5', days: 5 }), 2);
  const cream = {
    ...newLine({ ...tablet, doseUnit: '', unit: 'tuýp' }, 'c'),
    perDay: 2,
    days: 7,
    quantity: 1,
  };
  assert.equal(isComplete(cream), true);
  assert.equal(quantityOf(cream), 1);
});

test('a measured line never sends a quantity of its own', () => {
  assert.equal(
    sentLine({ ...newLine(tablet, 'a'), morning: '1', days: 5, quantity: 99, perDay: 3 }).quantity,
    null,
  );
});

test('vital signs are judged at their limits: both ends of normal are normal, critical lies outside', () => {
  const limits: VitalLimits = {
    calculated: null,
    key: 'systolic',
    name: '',
    nameEn: '',
    unit: '',
    decimals: 0,
    plausible: [60, 300],
    normal: [90, 139],
    critical: [70, 220],
  };
  const verdicts = [69, 70, 89, 90, 139, 140, 220, 221, null].map((value) => judge(value, limits));
  assert.deepEqual(verdicts, [
    'critical-low',
    'low',
    'low',
    'normal',
    'normal',
    'high',
    'high',
    'critical-high',
    null,
  ]);
});

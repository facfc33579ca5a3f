import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DueReport } from '../routes-list.ts';
import { reportsFound } from './reports-found.ts';

const report = (form: string, unitName: string, more: Partial<DueReport> = {}): DueReport => ({
  ...{
    form,
    code: `Biểu ${form}`,
    title: `Khám thai ${form}`,
    titleEn: `Antenatal ${form}`,
    unit: unitName,
    unitName,
  },
  ...{ period: '2026-10', periodText: 'Tháng 10', due: '2026-11-06', handed: null },
  state: 'open',
  punctuality: 'missing',
  ...more,
});
const ROWS = [
  report('4', 'Trạm Y tế xã Bình Nguyên'),
  report('9', 'Trạm Y tế xã Bình Nguyên', { state: 'submitted', punctuality: 'late' }),
  report('9', 'Trạm Y tế phường Vĩnh Yên', { state: 'approved', punctuality: 'in-time' }),
];
const found = (wanted: Partial<Parameters<typeof reportsFound>[1]>) =>
  reportsFound(ROWS, { words: '', form: '', how: '', ...wanted }).map((row) => ROWS.indexOf(row));

test('reports are found by words without marks in any order, by form, by state and by punctuality, all together', () => {
  assert.deepEqual(found({}), [0, 1, 2]);
  assert.deepEqual(found({ words: 'nguyen binh' }), [0, 1]);
  assert.deepEqual(found({ words: 'BIỂU 9 vĩnh' }), [2]);
  assert.deepEqual(found({ words: 'antenatal', form: '9' }), [1, 2]);
  assert.deepEqual(found({ how: 'submitted' }), [1]);
  assert.deepEqual(found({ how: 'missing' }), [0]);
  assert.deepEqual(found({ how: 'in-time', form: '4' }), []);
});

/** Numbers of pivots and indicators open the report's cell that they are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PivotAsk } from '../pivot-ask.ts';
import { addressOf, cellOfNumerator, cellOfPivot, placeIn } from './opened-cell.ts';

const pivot = (ask: Partial<PivotAsk>) => ({
  ask: { form: 'kham', from: '2026-08', to: '2026-10', rows: 'unit', columns: 'period', ...ask } as PivotAsk,
  form: { key: 'kham', version: '', code: '', title: '', titleEn: '' },
  formRows: [{ code: 'visits', title: '' }],
  formColumns: [{ code: 'total', title: '' }],
});
const key = (value: string) => ({ key: value });

test('a number of one unit and one period is a cell of its report, sums and parts by age and sex are none', () => {
  const found = { form: 'kham', unit: 'cs-1', period: '2026-09', cell: 'visits.total' };
  assert.deepEqual(cellOfPivot(pivot({}), key('cs-1'), key('2026-09')), found);
  assert.deepEqual(cellOfPivot(pivot({ row: 'beds', column: 'female' }), key('cs-1'), key('2026-09')), {
    ...found,
    cell: 'beds.female',
  });
  assert.equal(cellOfPivot(pivot({}), key(''), key('2026-09')), null, 'all units');
  assert.equal(cellOfPivot(pivot({}), key('cs-1'), key('')), null, 'all periods');
  const byRow = pivot({ rows: 'cell', columns: 'period', unit: 'cs-1' });
  assert.deepEqual(cellOfPivot(byRow, key('visits.total'), key('2026-09')), found);
  const byForm = pivot({ rows: 'cell', columns: 'unit' });
  assert.equal(cellOfPivot(byForm, key('visits.total'), key('cs-1')), null, 'three periods');
  const september = pivot({ rows: 'cell', columns: 'unit', from: '2026-09', to: '2026-09' });
  assert.deepEqual(cellOfPivot(september, key('visits.total'), key('cs-1')), found);
  assert.equal(cellOfPivot(pivot({ rows: 'age' }), key('0-4'), key('2026-09')), null);
});

test('an indicator opens the cell of its numerator where it is one', () => {
  const cell = cellOfNumerator('[kham/visits.total]', 'cs-1', '2026-09')!;
  assert.equal(addressOf(cell), '/bao-cao/kham/cs-1/2026-09?o=visits.total');
  assert.equal(cellOfNumerator('[kham/visits.total] + [kham/beds.total]', 'cs-1', '2026-09'), null);
  assert.equal(cellOfNumerator('[kham/visits.total@-1]', 'cs-1', '2026-09'), null);
  assert.equal(cellOfNumerator('[kham/visits.total]', '', '2026-09'), null, 'the whole province');
});

test('a cell that the form does not have opens the first one', () => {
  const row = (code: string) => ({ code, title: '', depth: 0, heading: false });
  const column = (code: string) => ({ code, title: '', above: [], decimals: 0 });
  const sheet = { rows: [row('a'), row('b')], columns: [column('x'), column('y')] };
  assert.deepEqual(placeIn(sheet, 'b.y'), { row: 1, column: 1 });
  assert.deepEqual(placeIn(sheet, 'b.z'), { row: 0, column: 0 });
  assert.deepEqual(placeIn(sheet, ''), { row: 0, column: 0 });
});

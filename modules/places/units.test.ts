import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { openUnits } from './units.ts';

const units = openUnits(openContent(join(import.meta.dirname, '../../content')));
const BEFORE = '2025-06-30';
const AFTER = '2025-07-01';

test('a code names another unit after the reform of 2025-07-01 (QĐ 19/2025/QĐ-TTg)', () => {
  assert.equal(units.unitOn('08707', BEFORE)?.name, 'Phường Tích Sơn');
  assert.equal(units.unitOn('08707', AFTER)?.name, 'Phường Vĩnh Yên');
  assert.equal(units.unitOn('26', BEFORE)?.name, 'Tỉnh Vĩnh Phúc');
  assert.equal(units.unitOn('26', AFTER), null);
  assert.equal(units.unitOn('99999', AFTER), null);
});

test('an address has three parts before the reform and two after it', () => {
  assert.equal(units.addressOn('08935', BEFORE), 'thị trấn Hương Canh, huyện Bình Xuyên, tỉnh Vĩnh Phúc');
  assert.equal(units.addressOn('08935', AFTER), 'xã Bình Nguyên, tỉnh Phú Thọ');
});

test('no district is left after the reform (Law 72/2025/QH15)', () => {
  assert.equal(units.unitOn('253', AFTER), null);
  assert.deepEqual(units.find('', { date: AFTER, level: 'district' }), []);
});

test('Phú Thọ has 148 communes, the country 34 provinces and 3,321 communes', () => {
  assert.equal(units.find('', { date: AFTER, level: 'commune', within: '25', limit: 9999 }).length, 148);
  assert.equal(units.find('', { date: AFTER, level: 'province', limit: 99 }).length, 34);
  assert.equal(units.find('', { date: AFTER, level: 'commune', limit: 9999 }).length, 3321);
  assert.equal(units.find('', { date: BEFORE, level: 'commune', within: '26', limit: 9999 }).length, 136);
});

test('units merged exactly are certain: Xã Bình Nguyên of four (administration.md section 2)', () => {
  const made = units.predecessorsOf('08935');
  assert.deepEqual(made.map((line) => line.oldName).sort(), [
    'Thị trấn Hương Canh',
    'Xã Quất Lưu',
    'Xã Sơn Lôi',
    'Xã Tam Hợp',
  ]);
  assert.ok(made.every((line) => line.certain));
});

test('an inferred line says so and is not certain', () => {
  const [line] = units.successorsOf('08857');
  assert.equal(line?.newCode, '08866');
  assert.equal(line?.match, 'inferred');
  assert.equal(line?.certain, false);
  assert.match(line?.via ?? '', /Tây Sơn/);
  assert.match(units.unitOn('08857', BEFORE)?.mergedEarly ?? '', /Tây Sơn/);
});

test('a divided unit has several successors and none is certain', () => {
  const lines = units.successorsOf('00040');
  assert.ok(lines.length > 1);
  assert.ok(lines.every((line) => line.partial && !line.certain));
});

test('the 136 former communes of Vĩnh Phúc make 36 units, 22 of them by inference', () => {
  const lines = units
    .find('', { date: BEFORE, level: 'commune', within: '26', limit: 999 })
    .flatMap((unit) => units.successorsOf(unit.code));
  assert.equal(lines.length, 136);
  assert.equal(new Set(lines.map((line) => line.newCode)).size, 36);
  assert.equal(lines.filter((line) => line.match === 'inferred').length, 22);
});

test('units are found by old or new name, without marks, new ones first', () => {
  assert.equal(units.find('binh nguyen', { date: AFTER, within: '25' })[0]?.code, '08935');
  const both = units.find('tam sơn', { date: 'any', within: '26' });
  assert.equal(both[0]?.name, 'Thị trấn Tam Sơn');
  assert.equal(units.find('huong canh', { date: 'any' })[0]?.validTo, BEFORE);
  assert.deepEqual(units.find('huong canh', { date: AFTER }), []);
});

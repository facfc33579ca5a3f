import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isScan, scanText } from './scan.ts';

const scans = [
  '079080000001|020000001|NGUYỄN VĂN A|01011980|Nam|Xã A, tỉnh B|15042021',
  'DN4790000000001|4e67|01/01/1980|1$',
  '099 185 000 001',
  'gd4000000000001',
  'DN479000000000179024',
  'shc:/567629095243206034602924374044603122295953265460',
  'SHC:/5676290952432060',
];
for (const text of scans) test(`${text.slice(0, 24)} is read as a card`, () => assert.ok(isScan(text)));

const names = ['nguyen van an', '0000111222', '1985', 'Hòa 1985', '25D01.000123', ''];
for (const text of names) test(`“${text}” is searched`, () => assert.ok(!isScan(text)));

test('numbers lose their spaces, cards do not', () => {
  assert.equal(scanText('099 185 000 001'), '099185000001');
  assert.equal(scanText(scans[0]!), scans[0]);
});

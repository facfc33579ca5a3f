/** Barcodes of vials, as scanners send them (GS1 General Specifications §3, §7.8, §7.9, §7.12). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Gs1, isGtin, readGs1 } from './gs1.ts';

const TODAY = '2026-11-22';
const GS = '\u001d';
const read = (text: string) => readGs1(text, TODAY) as Gs1;
const parts = (text: string) => {
  const { gtin, lot, expires, serial } = read(text);
  return [gtin, lot, expires, serial];
};

const GTIN = '09506000134352';

test('GTIN, expiry, lot and serial are read in any order, with the separator only after what has no fixed length', () => {
  const wanted = [GTIN, 'ABC-123', '2027-05-31', '7788'];
  assert.deepEqual(parts(`]d201${GTIN}1727053110ABC-123${GS}217788`), wanted);
  assert.deepEqual(parts(`${GS}01${GTIN}10ABC-123${GS}17270531217788`), wanted);
  assert.deepEqual(parts(`(01)${GTIN}(17)270531(10)ABC-123(21)7788`), wanted);
  assert.deepEqual(
    parts(`01${GTIN}1727053110ABC-123^]217788`),
    wanted,
    'a scanner that writes the separator',
  );
});

test('others are passed over by their own lengths: production date, count, weight, national number', () => {
  const { elements, lot, expires } = read(`01${GTIN}1126010117280229710ABC${GS}3010${GS}3102000123${GS}10L9`);
  assert.deepEqual([lot, expires], ['L9', '2028-02-29']);
  assert.deepEqual(
    elements.map(({ ai }) => ai),
    ['01', '11', '17', '710', '30', '3102', '10'],
  );
});

test('a date without a day is good until the end of the month; the century is the nearest', () => {
  assert.equal(read('17280200').expires, '2028-02-29');
  assert.equal(read('17760101').expires, '2076-01-01', '50 years ahead');
  assert.equal(read('17770101').expires, '1977-01-01', '51 years ahead is the last century');
  assert.equal(
    (readGs1('17010101', '2051-12-31') as Gs1).expires,
    '2101-01-01',
    '50 years behind is the next century',
  );
});

test('what is cut off, mistyped or no GS1 is told, never guessed', () => {
  for (const [text, why] of [
    ['', /nothing/],
    ['0195060001343', /cut off/],
    [`01${GTIN.slice(0, 13)}9`, /check digit/],
    ['17271301', /no date/],
    ['17270230', /no date/],
    ['abc', /no GS1/],
    [`10${'x'.repeat(21)}`, /length/],
    [`10${GS}17270531`, /length/],
    ['(01)12(10', /form/],
  ] as const) {
    const answer = readGs1(text, TODAY);
    assert.ok('textEn' in answer, text);
    assert.match(answer.textEn, why, text);
    assert.notEqual(answer.text, '');
  }
});

test('the check digit is that of the specification', () => {
  assert.equal(isGtin('06291041500213'), true, 'worked example of §7.9.1, GTIN-13 629104150021-3');
  assert.equal(isGtin('06291041500214'), false);
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { checkCitizenNumber } from './citizen-number.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const check = (number: string, sex: string | null = null, birthDate: string | null = null) =>
  checkCitizenNumber(number, { sex, birthDate, today: '2026-11-22' }, content);
const codes = (remarks: { code: string }[]) => remarks.map((each) => each.code);

describe('structure 3 + 1 + 2 + 6 (section 1)', () => {
  const born: [string, string, number][] = [
    ['026085000001', 'male', 1985],
    ['026185000001', 'female', 1985],
    ['026205000001', 'male', 2005],
    ['026305000001', 'female', 2005],
    ['026499000001', 'male', 2199],
    ['026999000001', 'female', 2399],
  ];
  for (const [number, sex, year] of born) {
    test(`${number} is ${sex}, born ${year}`, () => {
      const checked = check(number);
      assert.equal(checked.sex, sex);
      assert.equal(checked.birthYear, year);
    });
  }

  test('a place of the 63 former provinces has its name; old digits stay valid after 2025', () => {
    assert.equal(check('026085000001').place?.name, 'Vĩnh Phúc');
    assert.deepEqual(check('026085000001').warnings, []);
  });

  test('099 is the demo range: no warning about the place', () => {
    assert.equal(check('099085000001').demo, true);
    assert.deepEqual(check('099085000001').warnings, []);
  });
});

describe('warns, never blocks', () => {
  test('place outside the list', () =>
    assert.deepEqual(codes(check('003085000001').warnings), ['citizen-number-place']));
  test('sex differs', () =>
    assert.deepEqual(codes(check('026085000001', 'female').warnings), ['citizen-number-sex']));
  test('sex other or unknown is not compared', () =>
    assert.deepEqual(check('026085000001', 'other').warnings, []));
  test('birth year differs; a year alone is enough', () => {
    assert.deepEqual(codes(check('026085000001', 'male', '1986').warnings), ['citizen-number-year']);
    assert.deepEqual(check('026085000001', 'male', '1985-02-07').warnings, []);
  });
  test('birth year in the future', () =>
    assert.deepEqual(codes(check('026230000001').warnings), ['citizen-number-future']));
  test('all of these are still ok', () => assert.equal(check('003230000001', 'female', '1985').ok, true));
});

describe('blocks only a wrong length and letters', () => {
  test('11 digits', () => {
    assert.equal(check('02608500001').ok, false);
    assert.match(check('02608500001').errors[0]!.vi, /đang có 11/);
  });
  test('a letter O for a zero', () =>
    assert.deepEqual(codes(check('O26085000001').errors), ['citizen-number-letters']));
  test('spaces and dots between groups are fine', () =>
    assert.equal(check('026 085.000 001').number, '026085000001'));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayParts } from './day.ts';
import { parseDate } from './parse-date.ts';

const TODAY = '2026-11-22';

test('dates accept 070285, 7/2/85 and 1985, and keep the precision they were typed in (ui.md, Behaviour 3)', () => {
  const typed: [string, string][] = [
    ['070285', '1985-02-07'],
    ['7/2/85', '1985-02-07'],
    ['07021985', '1985-02-07'],
    ['7-2-1985', '1985-02-07'],
    ['7.2.85', '1985-02-07'],
    ['7 2 85', '1985-02-07'],
    [' 07/02/1985 ', '1985-02-07'],
    ['1985', '1985'],
    ['2/1985', '1985-02'],
    ['02/85', '1985-02'],
    ['021985', '1985-02'],
    ['1985-02-07', '1985-02-07'],
    ['1985-02', '1985-02'],
    ['19850207', '1985-02-07'],
  ];
  for (const [text, date] of typed) assert.equal(parseDate(text, TODAY), date, text);
});

test('a birth year of two digits lies in the past: this century only when it is not in the future', () => {
  assert.equal(parseDate('211126', TODAY), '2026-11-21');
  assert.equal(parseDate('231126', TODAY), '1926-11-23');
  assert.equal(parseDate('010127', TODAY), '1927-01-01');
});

test('an appointment lies ahead, and +7 is a week from today', () => {
  assert.equal(parseDate('5/1/27', TODAY, 'future'), '2027-01-05');
  assert.equal(parseDate('5/1', TODAY, 'future'), '2027-01-05');
  assert.equal(parseDate('25/11', TODAY, 'future'), '2026-11-25');
  assert.equal(parseDate('+7', TODAY, 'future'), '2026-11-29');
});

test('day and month alone mean this year, or last year for what has happened', () => {
  assert.equal(parseDate('5/1', TODAY), '2026-01-05');
  assert.equal(parseDate('25/12', TODAY), '2025-12-25');
});

test('what is not in the calendar is refused, whole dates in the future are kept for the form to judge', () => {
  for (const text of [
    '',
    '31/2/85',
    '310285',
    '0',
    '12345',
    '13/13/13',
    'hôm nay',
    '7/2/85/1',
    '99/1985',
    '29022023',
  ]) {
    assert.equal(parseDate(text, TODAY), null, text);
  }
  assert.equal(parseDate('29/2/2024', TODAY), '2024-02-29');
  assert.equal(parseDate('1/1/2030', TODAY), '2030-01-01');
});

test('every day of four years reads back from all its spellings', () => {
  for (let time = Date.UTC(1983, 0, 1); time < Date.UTC(1987, 0, 1); time += 86_400_000) {
    const iso = new Date(time).toISOString().slice(0, 10);
    const { day, month, year } = dayParts(iso)!;
    const two = (number: number) => String(number).padStart(2, '0');
    for (const text of [
      `${day}/${month}/${year}`,
      `${two(day!)}${two(month!)}${year}`,
      `${two(day!)}${two(month!)}${String(year).slice(2)}`,
      `${day}.${month}.${String(year).slice(2)}`,
    ]) {
      assert.equal(parseDate(text, TODAY), iso, text);
    }
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addDays,
  firstDayOf,
  isDay,
  lastDayOf,
  vietnamDay,
  vietnamDayBounds,
  vietnamInstant,
} from './vietnam-time.ts';

test('a day begins at 00:00 +07:00, five in the afternoon of the day before in UTC', () => {
  assert.equal(vietnamDay(new Date('2026-11-21T16:59:59Z')), '2026-11-21');
  assert.equal(vietnamDay(new Date('2026-11-21T17:00:00Z')), '2026-11-22');
  assert.equal(vietnamInstant(new Date('2026-11-21T17:00:00Z')), '2026-11-22T00:00:00+07:00');
  assert.deepEqual(vietnamDayBounds('2026-12-31'), {
    from: '2026-12-31T00:00:00+07:00',
    to: '2027-01-01T00:00:00+07:00',
  });
});

test('days that do not exist are no days', () => {
  assert.equal(isDay('2026-02-28'), true);
  assert.equal(isDay('2028-02-29'), true);
  for (const text of [
    '2026-02-30',
    '2026-13-01',
    '2026-2-1',
    '2026-02-29',
    '',
    '22/11/2026',
    '9999-12-31',
    '0001-01-01',
  ])
    assert.equal(isDay(text), false, text);
  assert.equal(addDays('2028-02-28', 1), '2028-02-29');
});

test('the day of a FHIR date or instant is the day it is in Vietnam; partial dates have a first and a last', () => {
  assert.equal(firstDayOf('2026-11-21T23:30:00Z'), '2026-11-22');
  assert.equal(firstDayOf('2026-11-22T23:30:00+07:00'), '2026-11-22');
  assert.equal(firstDayOf('2026-11-22'), '2026-11-22');
  assert.deepEqual([firstDayOf('2026'), lastDayOf('2026')], ['2026-01-01', '2026-12-31']);
  assert.deepEqual([firstDayOf('2028-02'), lastDayOf('2028-02')], ['2028-02-01', '2028-02-29']);
  assert.equal(lastDayOf('2026-12-30T17:00:00Z'), '2026-12-31');
});

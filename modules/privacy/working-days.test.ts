/** Terms in working days: weekends and holidays do not count, the day of the request neither. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { afterWorkingDays, workingDaysBetween } from './working-days.ts';

const content = openContent(new URL('../../content', import.meta.url).pathname);
const HOLIDAYS = new Set(content.table('access/holidays').map((row) => row.day!));

test('two working days from a Friday end on Tuesday', () => {
  assert.equal(afterWorkingDays('2026-11-20', 2, HOLIDAYS), '2026-11-24');
});

test('the lunar new year of 2026 does not count', () => {
  assert.equal(afterWorkingDays('2026-02-13', 1, HOLIDAYS), '2026-02-23');
});

test('there and back', () => {
  for (const count of [1, 2, 10, 15, 20, 30]) {
    const due = afterWorkingDays('2026-08-27', count, HOLIDAYS);
    assert.equal(workingDaysBetween('2026-08-27', due, HOLIDAYS), count);
    assert.equal(workingDaysBetween(due, '2026-08-27', HOLIDAYS), -count);
  }
});

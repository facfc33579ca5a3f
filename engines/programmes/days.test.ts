/** Spans of the calendar, against the Date of the language. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Day, dayOf, dayText, plus, type Span } from './days.ts';

/** The same by Date. */
function naive(day: Day, months: number): Day {
  const from = new Date(day * 86_400_000);
  const first = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(from.getUTCDate(), last));
  return first.getTime() / 86_400_000;
}

test('months and years keep the day of the month, or the last of a shorter one, on every day of 400 years', () => {
  const begin = dayOf('1880-01-01')!;
  for (let at = 0; at < 146_097; at += 7)
    for (const months of [1, 2, 6, 9, 18, -1, -11])
      assert.equal(
        plus(begin + at, { value: months, unit: 'mo' }),
        naive(begin + at, months),
        dayText(begin + at),
      );
});

test('examples', () => {
  const at = (day: string, value: number, unit: Span['unit']) => dayText(plus(dayOf(day)!, { value, unit }));
  assert.equal(at('2026-03-31', 3, 'mo'), '2026-06-30');
  assert.equal(at('2024-02-29', 1, 'a'), '2025-02-28');
  assert.equal(at('2023-02-28', 1, 'a'), '2024-02-28');
  assert.equal(at('2000-01-31', 1, 'mo'), '2000-02-29');
  assert.equal(at('1900-01-31', 1, 'mo'), '1900-02-28');
  assert.equal(at('2026-12-31', -280, 'd'), '2026-03-26');
  assert.equal(at('2026-11-22', 6, 'wk'), '2027-01-03');
});

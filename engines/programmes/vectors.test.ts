/**
 * Vectors of the schedule of 2026-11-15 (Circular 10/2024/TT-BYT), `vectors/schedule.csv`: made by another, plainer reckoning (in Python, with its
 * own calendar) of single vaccines given on time, late, a day too early, a day too near; at ends of months and from a leap day. Each
 * line can be checked with a calendar.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseCsv } from '../../kernel/content/csv.ts';
import { course, injection, shelfOf, text } from './testing.ts';

const shelf = shelfOf('tiem-chung-mo-rong', '2026-11-22');
const vectors = parseCsv(readFileSync(join(import.meta.dirname, 'vectors/schedule.csv'), 'utf8'));

test('every vector: status, next dose with its three days, and which doses count', () => {
  const wrong = vectors.flatMap((line) => {
    const { birth = '', given = '', day = '', component } = line;
    const doses = given.split(' ').filter(Boolean);
    const found = course(
      shelf,
      { birthDate: birth },
      doses.map((one) => injection(...(one.split('@') as [string, string]))),
      day,
    ).series.find((one) => one.component === component)!;
    const [next] = found.next;
    const said = {
      status: found.status,
      next: next?.label ?? '',
      earliest: text(next?.earliest) ?? '',
      due: text(next?.due) ?? '',
      overdue: text(next?.overdue) ?? '',
      verdicts: found.judged.map(({ verdict }) => verdict).join(' '),
    };
    const differs = Object.entries(said).filter(([name, value]) => line[name] !== value);
    return differs.length === 0
      ? []
      : [
          `${birth} [${given}] ${day} ${component}: ${differs.map(([name, value]) => `${name} ${value}, not ${line[name]}`).join('; ')}`,
        ];
  });
  assert.deepEqual(wrong.slice(0, 20), [], `${wrong.length} of ${vectors.length}`);
  assert.ok(vectors.length >= 500, `${vectors.length} vectors`);
});

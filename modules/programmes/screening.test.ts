/** Between which temperatures a dose is given is the law of the day, not the program's. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import type { Failure } from '../../kernel/failure.ts';
import { checkTemperature, fitTemperatureOn } from './screening.ts';

const folder = mkdtempSync(join(tmpdir(), 'yba-screening-'));
mkdirSync(join(folder, 'vaccines'));
writeFileSync(
  join(folder, 'vaccines', 'screening.csv'),
  'above,below,from,to,valid_from,valid_to,source,status\n35.5,37.5,30,45,,2026-11-30,luật cũ,demo\n36,38,30,45,2026-12-01,2026-12-31,luật mới,demo\n',
);
const content = openContent(folder);
after(() => rmSync(folder, { recursive: true }));

const refusedOn = (day: string) =>
  [29.9, 35.5, 35.6, 36, 37.4, 37.5, 37.9, 38, 45.1].filter((degrees) => {
    try {
      checkTemperature(degrees, fitTemperatureOn(content, day));
      return false;
    } catch {
      return true;
    }
  });

test('a new law takes another limit from its day on, and a day without one puts nobody off', () => {
  assert.deepEqual(refusedOn('2026-11-30'), [29.9, 35.5, 37.5, 37.9, 38, 45.1]);
  assert.deepEqual(refusedOn('2026-12-01'), [29.9, 35.5, 35.6, 36, 38, 45.1]);
  assert.deepEqual(refusedOn('2027-01-01'), []);
});

test('the sentence names the limits of the day; what is no number is refused also without a law', () => {
  const saidOf = (value: unknown, day: string): string => {
    try {
      checkTemperature(value, fitTemperatureOn(content, day));
      return '';
    } catch (error) {
      return (error as Failure).issues[0]!.text;
    }
  };
  assert.match(saidOf(38, '2026-12-05'), /từ 38 °C trở lên hoặc từ 36 °C trở xuống/);
  for (const value of ['37', Number.NaN, {}]) assert.match(saidOf(value, '2027-01-01'), /không hợp lý/);
});

test('the law that the program brings is in force', () => {
  const own = openContent(join(import.meta.dirname, '../../content'));
  assert.deepEqual(fitTemperatureOn(own, '2026-11-23'), { above: 35.5, below: 37.5, from: 30, to: 45 });
});

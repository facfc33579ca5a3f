import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageInMonths, ageInYears } from './dates.ts';

test('months of age are completed calendar months (Circular 26/2025, article 6.4: under 72 months)', () => {
  const cases: [string, string, number][] = [
    ['2020-11-22', '2026-11-21', 71],
    ['2020-11-22', '2026-11-22', 72],
    ['2020-11-23', '2026-11-22', 71],
    ['2021-01-31', '2021-02-28', 0],
    ['2021-01-31', '2021-03-01', 1],
    ['2020-02-29', '2026-02-28', 71],
    ['2020-02-29', '2026-03-01', 72],
    ['2026-11-22', '2026-11-22', 0],
    ['2020-11', '2026-11-22', 72],
    ['2020', '2025-12-31', 71],
  ];
  for (const [born, day, months] of cases) assert.equal(ageInMonths(born, day), months, `${born} on ${day}`);
  assert.equal(ageInMonths(undefined, '2026-11-22'), null);
});

test('an age in years is whole on the birthday, in every year since 1900', () => {
  for (let years = 0; years <= 126; years += 1) {
    const born = `${2026 - years}-11-22`;
    assert.equal(ageInYears(born, '2026-11-22'), years, born);
    assert.ok(ageInYears(`${2026 - years}-11-23`, '2026-11-22')! < years, born);
  }
  assert.equal(ageInYears('2020-02-29', '2026-03-01'), 6);
  assert.ok(ageInYears('2020-02-29', '2026-02-28')! < 6);
  assert.equal(ageInYears('2025-05-22', '2026-11-22')!.toFixed(2), '1.50');
  assert.ok(ageInYears('2026-12-01', '2026-11-22')! < 0);
  assert.equal(ageInYears(undefined, '2026-11-22'), null);
});

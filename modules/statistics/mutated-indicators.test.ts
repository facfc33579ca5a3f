/** Indicators, broken by chance: each is refused with a place that is in it, or both of its sides give numbers. `YBA_SEED` repeats a run. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { cellsOfFormula, evaluateFormula, rateOf } from '../../engines/reports/index.ts';
import { isPlaceIn, mutated } from '../../engines/reports/mutated.testing.ts';
import { openContent } from '../../kernel/content/content.ts';
import { datedFiles } from '../../kernel/content/dated.ts';
import { randomFrom, seedOfRun } from '../../tests/conformance/differential/random.ts';
import { checkIndicator } from './check-indicator.ts';
import type { IndicatorDefinition } from './indicators.ts';
import { peopleOn } from './population.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const definitions = datedFiles<IndicatorDefinition>(content, 'indicators');
const good = (key: string) => structuredClone(definitions.find((one) => one.key === key)!.value);
const placesOf = (definition: unknown) =>
  checkIndicator(definition as IndicatorDefinition, content).map(({ expression }) => expression);
const seed = seedOfRun();

test('the indicators of the content are sound', () => {
  assert.ok(definitions.length >= 10);
  for (const { file, value } of definitions) assert.deepEqual(checkIndicator(value, content), [], file);
});

test('what would count wrongly without a word is refused with its place', () => {
  const rate = good('luot-kham-dau-nguoi');
  const wrong: [object, string][] = [
    [{ denominator: '' }, 'denominator'],
    [{ denominator: null }, 'denominator'],
    [{ denominator: '[kham-chua-benh/visits.total] / 0' }, 'denominator'],
    [{ denominator: '12' }, 'denominator'],
    [{ denominator: { population: { ageFrom: 3 } } }, 'denominator.population.ageFrom'],
    [{ denominator: { population: { ageFrom: 25, ageTo: 24 } } }, 'denominator.population.ageTo'],
    [{ denominator: { population: { sex: 'woman' } } }, 'denominator.population.sex'],
    [{ denominator: { population: {}, share: 2 } }, 'denominator.share'],
    [{ denominator: { people: {} } }, 'denominator.population'],
    [{ numerator: '[kham-chua-benh/visits.total] > 1' }, 'numerator'],
    [{ numerator: '[kham-chua-benh/visits.total@-1]' }, 'numerator'],
    [{ numerator: '[kham-chua-benh/visits.none]' }, 'numerator'],
    [{ numerator: '[visits.total]' }, 'numerator'],
    [{ numerator: 'constructor([kham-chua-benh/visits.total])' }, 'numerator'],
    [{ numerator: 'round([kham-chua-benh/visits.total], 2)' }, 'numerator'],
    [{ factor: 0 }, 'factor'],
    [{ decimals: 1.5 }, 'decimals'],
    [{ stok: true }, 'stok'],
    [{ validTo: '2026-02-30' }, 'validTo'],
  ];
  for (const [more, place] of wrong)
    assert.ok(placesOf({ ...rate, ...more }).includes(place), `${place}: ${placesOf({ ...rate, ...more })}`);
  assert.deepEqual(placesOf(null), ['{}']);
});

test(`an indicator that is broken is refused with its place, or it works (seed ${seed})`, () => {
  const random = randomFrom(seed);
  let refused = 0;
  const times = 2_000;
  for (let at = 0; at < times; at += 1) {
    const { value, what } = mutated(definitions[at % definitions.length]!.value, random);
    const where = `seed ${seed}, change ${at + 1}: ${what}`;
    const faults = checkIndicator(value, content);
    if (faults.length === 0) {
      assert.doesNotThrow(() => rateWith(value), where);
      continue;
    }
    refused += 1;
    for (const { expression } of faults) assert.ok(isPlaceIn(value, expression), `${where}: ${expression}`);
  }
  assert.ok(refused > times / 3 && refused < times, `seed ${seed}: ${refused} of ${times} were refused`);
});

/** As `indicators.ts` makes it, every cell 7. */
function rateWith({ numerator, denominator, factor, decimals }: IndicatorDefinition): void {
  const side = (formula: string) => {
    assert.ok(cellsOfFormula(formula).length > 0);
    const value = evaluateFormula(formula, () => 7);
    assert.ok(value === null || typeof value === 'number');
    return value;
  };
  const people =
    typeof denominator === 'string'
      ? side(denominator)
      : peopleOn(content, '08707', '2026', denominator.population);
  const rate = rateOf({ numerator: side(numerator), denominator: people }, factor);
  assert.ok(rate === null || Number.isFinite(rate));
  (rate ?? 0).toFixed(decimals);
}

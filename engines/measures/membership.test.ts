/** Who stands in which population: worked examples of the Quality Measure IG's definitions, written out by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { membershipOf, type Part } from './membership.ts';
import type { PopulationCode, Scoring } from './scoring.ts';

/** `{denominator: 'ab'}`: a letter is an item. */
function shown(
  scoring: Scoring,
  met: Partial<Record<PopulationCode, string>>,
  of: Partial<Record<PopulationCode, number>> = {},
) {
  const codes = Object.keys(met) as PopulationCode[];
  const parts = codes.map((code): Part => ({ code, of: of[code] ?? null }));
  const { sets, scored } = membershipOf(
    scoring,
    parts,
    codes.map((code) => new Set(met[code])),
  );
  return {
    ...Object.fromEntries(codes.map((code, at) => [code, [...sets[at]!].sort().join('')])),
    scored: `${[...scored.numerator].sort().join('')}/${[...scored.denominator].sort().join('')}`,
    measured: [...scored['measure-population']].sort().join(''),
  };
}

test('proportion: denominator within the initial population, numerator within the denominator without exclusions', () => {
  // a: all of it. b: no numerator. c: excluded though it meets the numerator. d: outside. e: an exception. f: exception that met the numerator.
  // g: in the numerator and excluded from it.
  assert.deepEqual(
    shown('proportion', {
      'initial-population': 'abcefg',
      denominator: 'abcdefg',
      'denominator-exclusion': 'cd',
      'denominator-exception': 'ceFf',
      numerator: 'acdfg',
      'numerator-exclusion': 'gbc',
    }),
    {
      'initial-population': 'abcefg',
      denominator: 'abcefg',
      'denominator-exclusion': 'c',
      'denominator-exception': 'e',
      numerator: 'afg',
      'numerator-exclusion': 'g',
      scored: 'af/abfg',
      measured: '',
    },
  );
});

test('ratio: numerator and denominator are drawn from the initial population independently of each other', () => {
  assert.deepEqual(
    shown('ratio', {
      'initial-population': 'abcd',
      denominator: 'abx',
      'denominator-exclusion': 'bc',
      numerator: 'bcdy',
      'numerator-exclusion': 'da',
    }),
    {
      'initial-population': 'abcd',
      denominator: 'ab',
      'denominator-exclusion': 'b',
      numerator: 'bcd',
      'numerator-exclusion': 'd',
      scored: 'bc/a',
      measured: '',
    },
  );
});

test('ratio of two initial populations: each side is drawn from its own', () => {
  const parts: Part[] = [
    { code: 'initial-population', of: null },
    { code: 'initial-population', of: null },
    { code: 'numerator', of: 1 },
    { code: 'denominator', of: 0 },
  ];
  const all = new Set('abcd');
  const { sets } = membershipOf('ratio', parts, [new Set('ab'), new Set('bc'), all, all]);
  assert.deepEqual(
    sets.map((items) => [...items].join('')),
    ['ab', 'bc', 'bc', 'ab'],
  );
});

test('continuous variable: what is observed is the measure population without its exclusions', () => {
  assert.deepEqual(
    shown('continuous-variable', {
      'initial-population': 'abc',
      'measure-population': 'bcd',
      'measure-population-exclusion': 'cd',
      'measure-observation': '',
    }),
    {
      'initial-population': 'abc',
      'measure-population': 'bc',
      'measure-population-exclusion': 'c',
      'measure-observation': 'b',
      scored: '/',
      measured: 'b',
    },
  );
});

test('cohort: the initial population is all there is', () => {
  assert.deepEqual(shown('cohort', { 'initial-population': 'ab' }), {
    'initial-population': 'ab',
    scored: '/',
    measured: '',
  });
});

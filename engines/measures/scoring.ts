/**
 * Kinds of measures and what each counts. Pure. R4 code systems measure-scoring and measure-population; which population
 * stands within which: Quality Measure IG (CQFM), "Population Criteria" and "Measure Scoring".
 */

export type Scoring = 'proportion' | 'ratio' | 'continuous-variable' | 'cohort';

export type PopulationCode =
  | 'initial-population'
  | 'numerator'
  | 'numerator-exclusion'
  | 'denominator'
  | 'denominator-exclusion'
  | 'denominator-exception'
  | 'measure-population'
  | 'measure-population-exclusion'
  | 'measure-observation';

export const POPULATION_CODES: readonly PopulationCode[] = [
  'initial-population',
  'numerator',
  'numerator-exclusion',
  'denominator',
  'denominator-exclusion',
  'denominator-exception',
  'measure-population',
  'measure-population-exclusion',
  'measure-observation',
];

/** How many of each population a group of the scoring has: least, most. What is not named has no place there. */
export const POPULATIONS_OF: Record<Scoring, Partial<Record<PopulationCode, readonly [number, number]>>> = {
  proportion: {
    'initial-population': [1, 1],
    denominator: [1, 1],
    'denominator-exclusion': [0, 1],
    'denominator-exception': [0, 1],
    numerator: [1, 1],
    'numerator-exclusion': [0, 1],
  },
  ratio: {
    'initial-population': [1, 2],
    denominator: [1, 1],
    'denominator-exclusion': [0, 1],
    numerator: [1, 1],
    'numerator-exclusion': [0, 1],
    'measure-observation': [0, 2],
  },
  'continuous-variable': {
    'initial-population': [1, 1],
    'measure-population': [1, 1],
    'measure-population-exclusion': [0, 1],
    'measure-observation': [1, 1],
  },
  cohort: { 'initial-population': [1, 1] },
};

export type Aggregate = 'sum' | 'average' | 'median' | 'minimum' | 'maximum' | 'count';

export const AGGREGATES: readonly Aggregate[] = ['sum', 'average', 'median', 'minimum', 'maximum', 'count'];

/** Null for nothing observed; a count of nothing is 0. */
export function aggregated(values: readonly number[], method: Aggregate): number | null {
  if (method === 'count') return values.length;
  if (values.length === 0) return null;
  switch (method) {
    case 'sum':
      return sumOf(values);
    case 'average':
      return sumOf(values) / values.length;
    case 'median':
      return medianOf(values);
    case 'minimum':
      return values.reduce((least, one) => Math.min(least, one));
    case 'maximum':
      return values.reduce((most, one) => Math.max(most, one));
  }
}

const sumOf = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0);

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

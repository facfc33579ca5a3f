/**
 * How unlike others a number is: the modified z-score of Iglewicz and Hoaglin (How to Detect and Handle Outliers, ASQC 1993),
 * 0.6745 × (x − median) ÷ MAD, with a question from 3.5 on. Pure.
 *
 * A count varies by chance alone by about its square root: the spread is never taken for less, so that a series of equal numbers asks
 * neither about every change nor about none.
 */
export const ASKED_FROM = 3.5;
/** Fewer others than this say nothing. */
export const FEWEST = 6;

const TO_DEVIATION = 0.6745;

export interface Unusual {
  /** Of the others. */
  median: number;
  score: number;
}

/** The score of a number among others; null when they are too few. @param chance least spread that chance gives */
export function scoreOf(value: number, others: readonly number[], chance = chanceOf(others)): Unusual | null {
  if (others.length < FEWEST) return null;
  const median = medianOf(others);
  const spread = medianOf(others.map((other) => Math.abs(other - median))) / TO_DEVIATION;
  return { median, score: (value - median) / Math.max(spread, chance) };
}

const chanceOf = (counts: readonly number[]): number => Math.sqrt(Math.max(1, Math.abs(medianOf(counts))));

/** Of no numbers: NaN. */
export function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Scores whose bands are a table of the content: `part,input,age_from_months,age_to_months,at_least,at_most,points`. Pure. */
import type { Row } from '../../../kernel/content/content.ts';
import type { Observation } from '../../../kernel/fhir/types.ts';
import { ageInMonths } from '../dates.ts';
import { type Calculator, OPTIONAL, TABLE, VALUE } from './calculator.ts';

/** What a table may measure. Units are those in which its bands are written. */
const MEASURES = [
  'pulse',
  'systolic',
  'breathing',
  'spo2',
  'temperature',
  'refill',
  'effort',
  'flow',
  'fraction',
  'glasgow',
] as const;

export interface BandedScore {
  /** What the score is at least: a part that was not measured counts nothing. */
  minimum: number;
  /** Points by part, of those that were measured. */
  parts: Record<string, number>;
  /** Parts of which nothing was measured. */
  missing: string[];
}

/**
 * The worst band that a part's measurements reach counts for it.
 * @param age in whole months; bands begin at `age_from_months` and end before `age_to_months`
 * @returns null when nothing was measured that the table asks for
 */
export function bandedScore(
  rows: readonly Row[],
  age: number,
  measured: ReadonlyMap<string, number>,
): BandedScore | null {
  const fitting = rows.filter(
    (row) =>
      (row.age_from_months === '' || age >= Number(row.age_from_months)) &&
      (row.age_to_months === '' || age < Number(row.age_to_months)),
  );
  const names = [...new Set(fitting.map(({ part }) => part!))];
  const parts: Record<string, number> = {};
  for (const name of names) {
    const bands = fitting.filter(({ part, input }) => part === name && measured.has(input!));
    if (bands.length > 0)
      parts[name] = Math.max(0, ...bands.filter((band) => reaches(band, measured)).map(pointsOf));
  }
  const missing = names.filter((name) => parts[name] === undefined);
  if (missing.length === names.length) return null;
  return { minimum: Object.values(parts).reduce((sum, one) => sum + one, 0), parts, missing };
}

const pointsOf = ({ points }: Row): number => Number(points);

function reaches({ input, at_least, at_most }: Row, measured: ReadonlyMap<string, number>): boolean {
  const value = measured.get(input!)!;
  return (at_least !== '' && value >= Number(at_least)) || (at_most !== '' && value <= Number(at_most));
}

/** Nobody younger than `fromMonths` or of `toMonths` and more is scored. */
export const banded: Calculator = {
  code: 'banded-score',
  gives: 'Observation',
  inputs: {
    table: TABLE,
    name: VALUE,
    fromMonths: OPTIONAL,
    toMonths: OPTIONAL,
    ...Object.fromEntries(MEASURES.map((name) => [name, OPTIONAL])),
  },
  reads: [],
  give(ask) {
    const age = ageInMonths(ask.patient.birthDate, ask.day);
    if (age === null || age < (ask.number('fromMonths') ?? 0)) return [];
    if (age >= (ask.number('toMonths') ?? Number.POSITIVE_INFINITY)) return [];
    const measured = new Map(
      MEASURES.flatMap((name): [string, number][] => {
        const value = ask.number(name);
        return value === null ? [] : [[name, value]];
      }),
    );
    const found = bandedScore(ask.content.inForce(ask.text('table')!, ask.day), age, measured);
    return found ? [observationOf(ask.text('name') ?? '', found)] : [];
  },
};

/** A score with something missing is no score: its value is absent, and `minimum` says what it is at least. */
function observationOf(text: string, { minimum, parts, missing }: BandedScore): Observation {
  const component = (name: string, value: number) => ({
    code: { text: name },
    valueQuantity: { value },
  });
  return {
    resourceType: 'Observation',
    status: 'final',
    code: { text },
    ...(missing.length === 0
      ? { valueInteger: minimum }
      : { dataAbsentReason: { text: `missing: ${missing.join(', ')}` } }),
    component: [
      component('minimum', minimum),
      component('missing', missing.length),
      ...Object.entries(parts).map(([name, value]) => component(name, value)),
    ],
  };
}

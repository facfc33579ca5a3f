/** Measures of a body by age and sex, and how they drift from visit to visit. Rough and plausible, no reference. */
import type { Person } from './person.ts';
import { type Random, randomOf } from './random.ts';
import type { Vitals } from './visit.ts';

/** Median weight of a child by age in years (kg), between them a straight line. */
const CHILD_WEIGHT: [age: number, kilograms: number][] = [
  [0, 4.2],
  [0.5, 7.5],
  [1, 9.2],
  [2, 11.8],
  [3, 13.9],
  [5, 17.8],
  [8, 25],
  [11, 35],
  [14, 46],
  [16, 52],
];

export interface Body {
  weightAt(age: number): number;
  /** Height of a grown person, cm. */
  height: number;
  /** Blood pressure without disease or treatment, by age. */
  pressureAt(age: number): [systolic: number, diastolic: number];
}

export function bodyOf(person: Person, seed: string): Body {
  const random = randomOf(seed, 'body', person.serial);
  const male = person.sex === 'male';
  const build = random.normal(1, 0.1);
  const height = Math.round(random.normal(male ? 165 : 154, male ? 6 : 5.5));
  const adult = ((height - 100) * 0.9 + 2) * Math.min(1.5, Math.max(0.75, build));
  const base = random.normal(0, 7);
  return {
    height,
    weightAt: (age) =>
      age >= 17 ? adult : Math.min(adult, childWeight(age) * Math.min(1.35, Math.max(0.75, build))),
    pressureAt: (age) => {
      const systolic = 108 + 0.32 * Math.max(0, age - 18) + base;
      return [systolic, 66 + 0.14 * Math.max(0, age - 18) + base * 0.6];
    },
  };
}

function childWeight(age: number): number {
  const above = CHILD_WEIGHT.findIndex(([at]) => at >= age);
  if (above <= 0) return above === 0 ? CHILD_WEIGHT[0]![1] : CHILD_WEIGHT.at(-1)![1];
  const [fromAge, fromWeight] = CHILD_WEIGHT[above - 1]!;
  const [toAge, toWeight] = CHILD_WEIGHT[above]!;
  return fromWeight + ((toWeight - fromWeight) * (age - fromAge)) / (toAge - fromAge);
}

/** One reading of a pressure; systolic stays at least 20 above diastolic. */
export function readPressure([systolic, diastolic]: [number, number], random: Random): Vitals {
  const high = Math.round(Math.min(225, Math.max(85, random.normal(systolic, 5))));
  const low = Math.round(Math.min(130, Math.max(50, random.normal(diastolic, 4))));
  return { systolic: high, diastolic: Math.min(low, high - 20) };
}

export function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}

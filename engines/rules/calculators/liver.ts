/**
 * Scores of liver disease. Pure; AST and ALT in U/L, platelets in 10⁹/L, age in years.
 * The cuts are the rule's: below 1.45 FIB-4 speaks against advanced fibrosis, above 3.25 for it.
 */
import type { Sex } from './kidney.ts';

/** FIB-4 (Sterling et al., 2006): age · AST / (platelets · √ALT). Null for what is no measurement. */
export function fib4(age: number, ast: number, alt: number, platelets: number): number | null {
  return age > 0 && ast > 0 && alt > 0 && platelets > 0 ? (age * ast) / (platelets * Math.sqrt(alt)) : null;
}

/** APRI (Wai et al., 2003): AST in multiples of its upper limit, over platelets, × 100. */
export function apri(ast: number, upperLimit: number, platelets: number): number | null {
  return ast > 0 && upperLimit > 0 && platelets > 0 ? (ast / upperLimit / platelets) * 100 : null;
}

export interface PageB {
  points: number;
  risk: 'low' | 'middle' | 'high';
}

const AGE_POINTS: readonly (readonly [from: number, points: number])[] = [
  [70, 10],
  [60, 8],
  [50, 6],
  [40, 4],
  [30, 2],
  [16, 0],
];

/** PAGE-B (Papatheodoridis et al., 2016): risk of liver cancer in treated hepatitis B, from 16 years. */
export function pageB(age: number, sex: Sex, platelets: number): PageB | null {
  const ofAge = AGE_POINTS.find(([from]) => age >= from)?.[1];
  if (ofAge === undefined || platelets <= 0) return null;
  const ofPlatelets = platelets >= 200 ? 0 : platelets >= 100 ? 6 : 9;
  const points = ofAge + (sex === 'male' ? 6 : 0) + ofPlatelets;
  return { points, risk: points <= 9 ? 'low' : points <= 17 ? 'middle' : 'high' };
}

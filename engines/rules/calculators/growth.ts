/**
 * Z-scores of growth: WHO Child Growth Standards 2006 (by day, under 61 months) and WHO Reference 2007 (by month, from 61).
 * Pure; the tables of L, M and S are `content/growth/`.
 */
import type { Row } from '../../../kernel/content/content.ts';
import type { Sex } from './kidney.ts';

export type Indicator =
  | 'weight-for-age'
  | 'height-for-age'
  | 'bmi-for-age'
  | 'head-for-age'
  | 'weight-for-height';

export interface Lms {
  l: number;
  m: number;
  s: number;
}

export interface GrowthTables {
  /** At a day of age under 61 months; null outside. */
  byDay(indicator: Indicator, sex: Sex, day: number): Lms | null;
  /** At a month of age from 61; null outside. */
  byMonth(indicator: Indicator, sex: Sex, month: number): Lms | null;
  /** At a stature in cm; null outside. */
  byStature(kind: 'length' | 'height', sex: Sex, cm: number): Lms | null;
}

export const DAYS_A_MONTH = 30.4375;
/** First day on which height, not length, is expected. */
export const HEIGHT_FROM_DAY = 731;
/** Days of the standards of 2006: to 60 completed months. */
const LAST_DAY_2006 = 1856;
/** Below nine months nobody stands: a stature "standing" is taken as lying. */
const STANDS_FROM_DAY = 274;
const STANDING_CM = 0.7;
const STRAIGHT_FROM = 3;

/** Rows of `content/growth/*.csv` → tables; made once by the caller. */
export function growthTables(rows: {
  byDay: readonly Row[];
  byMonth: readonly Row[];
  byStature: readonly Row[];
}): GrowthTables {
  const days = indexed(rows.byDay, (row) => `${row.indicator}|${row.sex}|${row.age_days}`);
  const months = indexed(rows.byMonth, (row) => `${row.indicator}|${row.sex}|${row.age_months}`);
  const statures = indexed(rows.byStature, (row) => `${row.kind}|${row.sex}|${Number(row.cm).toFixed(1)}`);
  return {
    byDay: (indicator, sex, day) => days.get(`${indicator}|${sex}|${day}`) ?? null,
    byMonth: (indicator, sex, month) => months.get(`${indicator}|${sex}|${month}`) ?? null,
    byStature(kind, sex, cm) {
      const below = Math.floor(cm * 10 + 1e-9) / 10;
      const a = statures.get(`${kind}|${sex}|${below.toFixed(1)}`);
      const part = (cm - below) * 10;
      if (!a || part < 1e-6) return a ?? null;
      const b = statures.get(`${kind}|${sex}|${(below + 0.1).toFixed(1)}`);
      return b ? { l: mix(a.l, b.l, part), m: mix(a.m, b.m, part), s: mix(a.s, b.s, part) } : null;
    },
  };
}

function indexed(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Lms> {
  return new Map(rows.map((row) => [keyOf(row), { l: Number(row.l), m: Number(row.m), s: Number(row.s) }]));
}

const mix = (a: number, b: number, part: number) => a + (b - a) * part;

/** @param straight weight-based indicators: outside ±3 by the distance of the last two lines */
export function zScore(value: number, { l, m, s }: Lms, straight: boolean): number {
  const z = l === 0 ? Math.log(value / m) / s : ((value / m) ** l - 1) / (l * s);
  if (!straight || Math.abs(z) <= STRAIGHT_FROM) return z;
  const line = (k: number) => (l === 0 ? m * Math.exp(s * k) : m * (1 + l * s * k) ** (1 / l));
  if (z > 0) return 3 + (value - line(3)) / (line(3) - line(2));
  return -3 + (value - line(-3)) / (line(-2) - line(-3));
}

export interface Measured {
  sex: Sex;
  ageDays: number;
  /** How the stature was taken; left out: as the age expects. */
  position?: 'lying' | 'standing';
}

/** Length under 731 days, height from then on, in cm: what was taken in the other way is corrected by 0.7 cm. */
export function expectedStature(cm: number, { ageDays, position }: Measured): number {
  const lies = ageDays < HEIGHT_FROM_DAY;
  if (lies && position === 'standing' && ageDays >= STANDS_FROM_DAY) return cm + STANDING_CM;
  return !lies && position === 'lying' ? cm - STANDING_CM : cm;
}

/**
 * Z-score of an indicator by age, null outside the tables.
 * @param value kg, cm or kg/m²; statures as measured
 */
export function zForAge(
  indicator: Exclude<Indicator, 'weight-for-height'>,
  value: number,
  measured: Measured,
  tables: GrowthTables,
): number | null {
  const { sex, ageDays } = measured;
  const lms =
    ageDays <= LAST_DAY_2006
      ? tables.byDay(indicator, sex, Math.max(0, Math.round(ageDays)))
      : tables.byMonth(indicator, sex, Math.floor(ageDays / DAYS_A_MONTH));
  if (!lms || value <= 0) return null;
  const isStature = indicator === 'height-for-age';
  return zScore(
    isStature ? expectedStature(value, measured) : value,
    lms,
    !isStature && indicator !== 'head-for-age',
  );
}

/** Of the reference of 2007, by completed months. */
export function zForMonths(
  indicator: Exclude<Indicator, 'weight-for-height' | 'head-for-age'>,
  value: number,
  sex: Sex,
  months: number,
  tables: GrowthTables,
): number | null {
  const lms = tables.byMonth(indicator, sex, months);
  return lms ? zScore(value, lms, indicator !== 'height-for-age') : null;
}

/** Weight for length (45–110 cm) or height (65–120 cm), kg and cm. */
export function zForStature(kg: number, cm: number, measured: Measured, tables: GrowthTables): number | null {
  const kind = measured.ageDays < HEIGHT_FROM_DAY ? 'length' : 'height';
  const lms = tables.byStature(kind, measured.sex, expectedStature(cm, measured));
  return lms ? zScore(kg, lms, true) : null;
}

/** What WHO calls implausible: to be measured again before anybody acts on it. */
export function isImplausible(indicator: Indicator, z: number): boolean {
  if (indicator === 'weight-for-age') return z < -6 || z > 5;
  return Math.abs(z) > (indicator === 'height-for-age' ? 6 : 5);
}

/**
 * NEWS2 (Royal College of Physicians, 2017; reproduced with acknowledgement) and qSOFA (Sepsis-3). Pure.
 * Of persons from 16 years who are not pregnant; what is missing is no zero.
 */

export interface Vitals {
  /** Breaths a minute. */
  breathing: number;
  /** Per cent. */
  spo2: number;
  oxygen: boolean;
  /** mmHg. */
  systolic: number;
  /** Beats a minute. */
  pulse: number;
  /** A, C, V, P or U; new confusion is C. */
  consciousness: 'A' | 'C' | 'V' | 'P' | 'U';
  /** °C. */
  temperature: number;
}

export type NewsPart =
  | 'breathing'
  | 'spo2'
  | 'oxygen'
  | 'systolic'
  | 'pulse'
  | 'consciousness'
  | 'temperature';

export interface News2 {
  score: number;
  parts: Record<NewsPart, number>;
  /** A single part of 3 asks for urgent review whatever the sum. */
  single3: boolean;
  risk: 'none' | 'low' | 'low-medium' | 'medium' | 'high';
}

/** Points by upper bounds: the first bound that the value does not pass. */
const BANDS: Record<
  'breathing' | 'systolic' | 'pulse' | 'temperature',
  readonly (readonly [number, number])[]
> = {
  breathing: [
    [8, 3],
    [11, 1],
    [20, 0],
    [24, 2],
    [Number.POSITIVE_INFINITY, 3],
  ],
  systolic: [
    [90, 3],
    [100, 2],
    [110, 1],
    [219, 0],
    [Number.POSITIVE_INFINITY, 3],
  ],
  pulse: [
    [40, 3],
    [50, 1],
    [90, 0],
    [110, 1],
    [130, 2],
    [Number.POSITIVE_INFINITY, 3],
  ],
  temperature: [
    [35, 3],
    [36, 1],
    [38, 0],
    [39, 1],
    [Number.POSITIVE_INFINITY, 2],
  ],
};
const SCALE_1: readonly (readonly [number, number])[] = [
  [91, 3],
  [93, 2],
  [95, 1],
  [100, 0],
];
const SCALE_2_LOW: readonly (readonly [number, number])[] = [
  [83, 3],
  [85, 2],
  [87, 1],
  [92, 0],
];
const SCALE_2_OXYGEN: readonly (readonly [number, number])[] = [
  [94, 1],
  [96, 2],
  [100, 3],
];

/** @param scale 2 only by a clinician's decision: target 88–92 % in hypercapnic failure */
export function news2(vitals: Vitals, scale: 1 | 2 = 1): News2 {
  const parts: News2['parts'] = {
    breathing: points(BANDS.breathing, vitals.breathing),
    spo2: scale === 1 ? points(SCALE_1, vitals.spo2) : onScale2(vitals),
    oxygen: vitals.oxygen ? 2 : 0,
    systolic: points(BANDS.systolic, vitals.systolic),
    pulse: points(BANDS.pulse, vitals.pulse),
    consciousness: vitals.consciousness === 'A' ? 0 : 3,
    temperature: points(BANDS.temperature, vitals.temperature),
  };
  const all = Object.values(parts);
  const score = all.reduce((sum, one) => sum + one, 0);
  const single3 = all.includes(3);
  return { score, parts, single3, risk: riskOf(score, single3) };
}

function riskOf(score: number, single3: boolean): News2['risk'] {
  if (score >= 7) return 'high';
  if (score >= 5) return 'medium';
  if (single3) return 'low-medium';
  return score === 0 ? 'none' : 'low';
}

function onScale2({ spo2, oxygen }: Vitals): number {
  if (spo2 <= 92) return points(SCALE_2_LOW, spo2);
  return oxygen ? points(SCALE_2_OXYGEN, spo2) : 0;
}

/** Values between two bounds (a temperature of 38.05) belong to the band above. */
function points(bands: readonly (readonly [number, number])[], value: number): number {
  return bands.find(([most]) => value <= most)?.[1] ?? bands.at(-1)![1];
}

/** 0 to 3; from 2 the sepsis screen is positive. Not to be used alone (Surviving Sepsis Campaign, 2021). */
export function qSofa({
  breathing,
  systolic,
  glasgow,
}: {
  breathing: number;
  systolic: number;
  glasgow: number;
}): number {
  return Number(breathing >= 22) + Number(systolic <= 100) + Number(glasgow < 15);
}

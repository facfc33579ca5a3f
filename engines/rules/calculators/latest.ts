/** The newest usable measurement of a kind, in the unit that a rule asks for. */
import { cs } from '../../../kernel/fhir/systems.ts';
import type { Observation, ObservationComponent, Quantity } from '../../../kernel/fhir/types.ts';
import { firstDayOf } from '../../../kernel/text/vietnam-time.ts';
import { addDays } from '../dates.ts';
import { type Calculator, OPTIONAL, VALUE } from './calculator.ts';

/** Results that were never one. */
const NOT_MEASURED = new Set(['cancelled', 'entered-in-error', 'registered', 'unknown']);

/** What one of each unit is in the first of its kind; keys are written small. Amounts of substance to mass need the substance: its LOINC code's own unit. */
const UNITS: readonly Readonly<Record<string, number>>[] = [
  {
    kg: 1,
    g: 0.001,
    gram: 0.001,
    '[lb_av]': 0.45359237,
    lb: 0.45359237,
    lbs: 0.45359237,
    '[oz_av]': 0.45359237 / 16,
  },
  { cm: 1, m: 100, mm: 0.1, '[in_i]': 2.54, in: 2.54, '[ft_i]': 30.48, ft: 30.48 },
  { 'mm[hg]': 1, mmhg: 1, 'mm hg': 1, kpa: 7.50062 },
  {
    '/min': 1,
    '1/min': 1,
    '{beats}/min': 1,
    '{breaths}/min': 1,
    'beats/min': 1,
    'beats/minute': 1,
    'breaths/min': 1,
    'breaths/minute': 1,
    bpm: 1,
    'lần/phút': 1,
    'nhịp/phút': 1,
  },
  { '%': 1, '1': 100 },
  {
    'ml/min/{1.73_m2}': 1,
    'ml/min/{1.73m2}': 1,
    'ml/min/1.73m2': 1,
    'ml/min/1.73 m2': 1,
    'ml/min/1.73m²': 1,
    'ml/min/1.73 m²': 1,
    'ml/phút/1,73 m²': 1,
    'ml/phút/1,73m²': 1,
    'ml/min/1,73 m²': 1,
  },
];
/** Degrees do not begin at the same nothing: how many are in one, and at which number zero of °C stands. */
const DEGREES: Readonly<Record<string, readonly [number, number]>> = {
  cel: [1, 0],
  '°c': [1, 0],
  '[degf]': [1.8, 32],
  '°f': [1.8, 32],
  k: [1, 273.15],
};
/** Creatinine and cholesterol: one mg/dL in µmol/L and mmol/L. */
const SUBSTANCES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  creatinine: {
    'mg/dl': 1,
    'mg/l': 0.1,
    'umol/l': 1 / 88.4,
    'µmol/l': 1 / 88.4,
    'μmol/l': 1 / 88.4,
    'mcmol/l': 1 / 88.4,
    'mmol/l': 1000 / 88.4,
  },
  cholesterol: { 'mmol/l': 1, 'mg/dl': 1 / 38.67, 'g/l': 100 / 38.67 },
};

/** A quantity in another unit, by its code, else by its words; null when nobody can say. @param substance `creatinine`, `cholesterol`: for mass to amount */
export function inUnit(
  { value, code, unit: written, comparator }: Quantity = {},
  unit: string,
  substance: string | null = null,
): number | null {
  if (value === undefined || comparator !== undefined || !Number.isFinite(value)) return null;
  const names = [code, written].flatMap((name) => (name === undefined ? [] : [name.trim()]));
  for (const name of names) {
    const found = name === unit ? value : converted(value, name.toLowerCase(), unit.toLowerCase(), substance);
    if (found !== null) return found;
  }
  return null;
}

function converted(value: number, from: string, to: string, substance: string | null): number | null {
  const [degrees, wanted] = [DEGREES[from], DEGREES[to]];
  if (degrees && wanted) return ((value - degrees[1]) / degrees[0]) * wanted[0] + wanted[1];
  const table = substance === null ? UNITS.find((one) => to in one) : SUBSTANCES[substance];
  const factor = table?.[from];
  const into = table?.[to];
  return factor === undefined || into === undefined ? null : (value * factor) / into;
}

/** `8480-6|8462-4` → the newest Observation (or component) of one of the LOINC codes, with its value in `unit`. */
export const latest: Calculator = {
  code: 'latest',
  gives: 'Observation',
  inputs: { loinc: VALUE, unit: OPTIONAL, substance: OPTIONAL, days: OPTIONAL },
  reads: ['Observation'],
  measures: ({ loinc }) => (typeof loinc === 'string' ? loinc.split('|') : null),
  give(ask) {
    const codes = new Set((ask.text('loinc') ?? '').split('|'));
    const days = ask.number('days');
    const oldest = days === null ? '' : addDays(ask.day, -days);
    const unit = ask.text('unit');
    let best: { at: string; made: Observation } | null = null;
    for (const observation of ask.found('Observation')) {
      const at = instantOf(observation);
      if (
        NOT_MEASURED.has(observation.status ?? 'unknown') ||
        at === '' ||
        dayIn(at) > ask.day ||
        dayIn(at) < oldest
      )
        continue;
      if (best && !isNewer(at, observation, best)) continue;
      const made = measured(observation, codes, unit, ask.text('substance'));
      if (made) best = { at, made };
    }
    return best ? [best.made] : [];
  },
};

/** Of one instant the one with the greater id, so that the order of reading does not matter. */
function isNewer(at: string, observation: Observation, best: { at: string; made: Observation }): boolean {
  const [a, b] = [Date.parse(at), Date.parse(best.at)];
  return a === b ? (observation.id ?? '') > (best.made.id ?? '') : a > b;
}

function measured(
  observation: Observation,
  codes: ReadonlySet<string>,
  unit: string | null,
  substance: string | null,
): Observation | null {
  const parts: (Observation | ObservationComponent)[] = [observation, ...(observation.component ?? [])];
  const part = parts.find(({ code }) =>
    (code?.coding ?? []).some((one) => one.system === cs.loinc && codes.has(one.code ?? '')),
  );
  if (!part) return null;
  const { component: _, ...rest } = observation;
  if (unit === null) return { ...rest, ...valuesIn(part) };
  const value = inUnit(part.valueQuantity, unit, substance);
  return value === null
    ? null
    : { ...rest, code: part.code, valueQuantity: { value, unit, system: cs.ucum, code: unit } };
}

function valuesIn(part: Observation | ObservationComponent): Partial<Observation> {
  return Object.fromEntries(
    Object.entries(part).filter(([name]) => name === 'code' || name.startsWith('value')),
  );
}

function instantOf({ effectiveDateTime, effectivePeriod, effectiveInstant, issued }: Observation): string {
  const at =
    effectiveDateTime ?? effectiveInstant ?? effectivePeriod?.end ?? effectivePeriod?.start ?? issued ?? '';
  return Number.isNaN(Date.parse(at)) ? '' : at;
}

const dayIn = (at: string) => firstDayOf(at);

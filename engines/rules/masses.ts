/** How many milligrams of an ingredient somebody takes, in a day and at one time, by strength or by doses that are written in mg. Pure. */
import type { Dosage, MedicationRequest, Quantity } from '../../kernel/fhir/types.ts';
import { TIMES_OF_DAY } from './dosing/schedule.ts';
import type { Taken } from './medicine.ts';
import { isVolume, MASS, unitOf } from './strengths.ts';
import type { RuleTables } from './tables.ts';

/** Milligrams of an ingredient a day; null when the medicine's strength or dosage is not known. */
export function mgPerDay(medicine: Taken, ingredient: string, tables: RuleTables): number | null {
  const doses = dosesOf(medicine.request);
  let total = 0;
  for (const dose of doses) {
    const mg = mgIn(dose, medicine, ingredient, tables);
    if (mg === null) return null;
    const most = dose.most && mgIn(dose.most, medicine, ingredient, tables);
    const day = mg * dose.perDay;
    total += most ? Math.min(day, most) : day;
  }
  return doses.length === 0 ? null : total;
}

/** The most of an ingredient that is taken at one time of the day, over all medicines; 0 when none can be told. */
export function largestDose(medicines: readonly Taken[], ingredient: string, tables: RuleTables): number {
  const together = new Map<string, number>();
  let largest = 0;
  for (const medicine of medicines)
    for (const dose of dosesOf(medicine.request)) {
      const mg = mgIn(dose, medicine, ingredient, tables) ?? 0;
      largest = Math.max(largest, mg);
      for (const at of dose.times) together.set(at, (together.get(at) ?? 0) + mg);
    }
  return Math.max(largest, ...together.values());
}

/** A dose is written, yet nobody can say how many milligrams of the ingredient it has. */
export function isUnweighable(medicine: Taken, ingredient: string, tables: RuleTables): boolean {
  return dosesOf(medicine.request).some((dose) => mgIn(dose, medicine, ingredient, tables) === null);
}

interface Amount {
  value: number;
  /** As `unitOf` writes it; '' = not stated. */
  unit: string;
}

interface Dose extends Amount {
  perDay: number;
  /** Times of day, as codes; empty when none is named. */
  times: readonly string[];
  /** The most of a day that the order itself allows. */
  most: Amount | null;
}

/** Hours in one of a unit of time, by code and as people write it. */
const HOURS: Readonly<Record<string, number>> = {
  s: 1 / 3600,
  min: 1 / 60,
  h: 1,
  hour: 1,
  giờ: 1,
  d: 24,
  day: 24,
  ngày: 24,
  wk: 168,
  mo: 730,
  a: 8766,
};
/** Times a day of the codes of `Timing.code` (HL7, GTSAbbreviation). */
const CODED: Readonly<Record<string, number>> = {
  QD: 1,
  AM: 1,
  PM: 1,
  BED: 1,
  BID: 2,
  TID: 3,
  QID: 4,
  QOD: 1 / 2,
  Q1H: 24,
  Q2H: 12,
  Q3H: 8,
  Q4H: 6,
  Q6H: 4,
  Q8H: 3,
  WK: 1 / 7,
  MO: 1 / 30,
};

const known = new WeakMap<MedicationRequest, readonly Dose[]>();

/** Doses with an amount; read once, for every rule asks. */
function dosesOf(request: MedicationRequest): readonly Dose[] {
  const read =
    known.get(request) ?? inOneDay((request.dosageInstruction ?? []).flatMap((one) => doseOf(one) ?? []));
  known.set(request, read);
  return read;
}

/** One dose "n times a day" is taken in the morning, at noon and so on: it meets what others take then. */
function inOneDay(doses: readonly Dose[]): readonly Dose[] {
  const [one, ...others] = doses;
  if (!one || others.length > 0 || one.times.length > 0) return doses;
  return [{ ...one, times: TIMES_OF_DAY.slice(0, Math.floor(one.perDay)).map(({ when }) => when) }];
}

function doseOf({ doseAndRate, timing, maxDosePerPeriod }: Dosage): Dose | null {
  const dose = doseAndRate?.[0]?.doseQuantity ?? doseAndRate?.[0]?.doseRange?.high;
  const amount = dose && amountOf(dose);
  if (!amount) return null;
  const { numerator, denominator } = maxDosePerPeriod ?? {};
  const hours = (denominator?.value ?? 1) * (HOURS[unitOf(denominator ?? {})] ?? 0);
  const most = numerator && hours > 0 ? amountOf(numerator) : null;
  return {
    ...amount,
    perDay: timesPerDay(timing),
    times: timing?.repeat?.when ?? [],
    most: most && { ...most, value: (most.value * 24) / hours },
  };
}

const amountOf = (quantity: Quantity): Amount | null =>
  quantity.value === undefined ? null : { value: quantity.value, unit: unitOf(quantity) };

/** Nothing said counts as once a day: it is that at least. */
function timesPerDay(timing: Dosage['timing']): number {
  const { frequency, frequencyMax, period = 1, periodUnit = 'd', when = [] } = timing?.repeat ?? {};
  const times = Math.max(frequencyMax ?? frequency ?? 0, when.length);
  if (times > 0 || timing?.repeat?.period !== undefined)
    return (Math.max(times, 1) * 24) / (period * (HOURS[periodUnit] ?? 24));
  const code = timing?.code?.coding?.find((one) => CODED[one.code ?? ''] !== undefined)?.code;
  return CODED[code ?? timing?.code?.text?.toUpperCase() ?? ''] ?? 1;
}

/** Milligrams of an ingredient in an amount of a medicine; an amount of mass is the ingredient's where it is the only one. */
function mgIn(
  { value, unit }: Amount,
  medicine: Taken,
  ingredient: string,
  tables: RuleTables,
): number | null {
  const mass = MASS[unit];
  if (mass !== undefined) return medicine.ingredients.length === 1 ? value * mass : null;
  const facts = medicine.medicine ? tables.medicines.get(medicine.medicine) : undefined;
  const listed = facts?.amountsMg[facts.ingredients.indexOf(ingredient)];
  if (facts && listed !== undefined)
    return unit !== '' && isVolume(unit) !== isVolume(facts.doseUnit) ? null : value * listed;
  const stated = medicine.strengths().find((one) => one.ingredient === ingredient);
  if (!stated || (stated.per === 'ml') !== isVolume(unit)) return null;
  return value * stated.mg;
}

/** How a medicine is taken through the day, and how much of it must be handed out. */
import { type Amount, equals, isZero, packagesFor, sum, times } from './amount.ts';

/** Times of day of the Vietnamese prescription, in order, with FHIR's event-timing codes. */
export const TIMES_OF_DAY = [
  { key: 'morning', when: 'MORN', vi: 'sáng', en: 'morning' },
  { key: 'noon', when: 'NOON', vi: 'trưa', en: 'noon' },
  { key: 'afternoon', when: 'AFT', vi: 'chiều', en: 'afternoon' },
  { key: 'evening', when: 'EVE', vi: 'tối', en: 'evening' },
] as const;

export type TimeKey = (typeof TIMES_OF_DAY)[number]['key'];

/** Doses by time of day, or only a number of times a day (ointments, drops: no exact dose). */
export type Schedule =
  | { kind: 'doses'; doses: { at: TimeKey; amount: Amount }[]; days: number }
  | { kind: 'times'; perDay: number; days: number };

/** How a medicine is measured and packed. */
export interface Packing {
  /** What one dose is counted in: viên, gói, ml; empty when there is no exact dose. */
  doseUnit: string;
  /** What is handed out: viên, chai, tuýp. */
  unit: string;
  /** Dose units in one handed-out unit: 1 tablet, 60 ml in a bottle. */
  dosePerUnit: number;
}

/** Amount taken in one day; zero for a schedule without exact doses. */
export function dailyAmount(schedule: Schedule): Amount {
  return schedule.kind === 'doses' ? sum(schedule.doses.map((dose) => dose.amount)) : { n: 0, d: 1 };
}

/** Number of doses in one day. */
export function timesPerDay(schedule: Schedule): number {
  return schedule.kind === 'doses'
    ? schedule.doses.filter((dose) => !isZero(dose.amount)).length
    : schedule.perDay;
}

/**
 * Units to hand out: the daily amount × days, rounded up to whole units.
 * @returns null when there is no exact dose: the prescriber states the quantity
 */
export function quantityFor(schedule: Schedule, packing: Packing): number | null {
  if (schedule.kind === 'times') return null;
  return packagesFor(times(dailyAmount(schedule), schedule.days), packing.dosePerUnit);
}

/** The one amount that every dose of the day has, or null when they differ. */
export function evenDose(schedule: Schedule): Amount | null {
  if (schedule.kind === 'times') return null;
  const given = schedule.doses.filter((dose) => !isZero(dose.amount));
  const first = given[0];
  return first && given.every((dose) => equals(dose.amount, first.amount)) ? first.amount : null;
}

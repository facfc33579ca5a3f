/** Days of the Vietnamese calendar as ISO dates, read from FHIR values. */
import { addDays, vietnamDay } from '../../kernel/text/vietnam-time.ts';

const DAY_MS = 86_400_000;

export { addDays };

/** The day in Việt Nam of a FHIR date or instant; partial dates are taken at their first day. */
export function dayOf(value: string): string {
  return value.includes('T') ? vietnamDay(new Date(value)) : `${value}-01-01`.slice(0, 10);
}

/** Whole days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** Age in years with fractions (days / 365.25); null without a birth date. */
export function ageInYears(birthDate: string | undefined, day: string): number | null {
  if (!birthDate) return null;
  return daysBetween(dayOf(birthDate), day) / 365.25;
}

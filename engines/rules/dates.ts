/** Days of the Vietnamese calendar as ISO dates, read from FHIR values. */
import { addDays, firstDayOf } from '../../kernel/text/vietnam-time.ts';

const DAY_MS = 86_400_000;

export { addDays };

/** The day in Việt Nam of a FHIR date or instant; partial dates are taken at their first day. */
export const dayOf = firstDayOf;

/** Whole days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/**
 * Age in years with fractions: whole on each birthday, the days since the last one as a part of that year. Who is born
 * on 29 February has the birthday on 1 March of other years. Null without a birth date; below 0 before it.
 */
export function ageInYears(birthDate: string | undefined, day: string): number | null {
  if (!birthDate) return null;
  const born = dayOf(birthDate);
  const years = Math.floor(monthsBetween(born, day) / 12);
  const last = birthday(born, years);
  return years + daysBetween(last, day) / daysBetween(last, birthday(born, years + 1));
}

/** Completed calendar months of age: 2021-01-31 is one month old on 2021-03-01. Null without a birth date. */
export function ageInMonths(birthDate: string | undefined, day: string): number | null {
  return birthDate ? monthsBetween(dayOf(birthDate), day) : null;
}

function monthsBetween(from: string, to: string): number {
  const [year, month, date] = from.split('-').map(Number) as [number, number, number];
  const [toYear, toMonth, toDate] = to.split('-').map(Number) as [number, number, number];
  return (toYear - year) * 12 + (toMonth - month) - (toDate < date ? 1 : 0);
}

function birthday(born: string, years: number): string {
  const year = String(Number(born.slice(0, 4)) + years).padStart(4, '0');
  return addDays(`${year}-${born.slice(5, 7)}-01`, Number(born.slice(8)) - 1);
}

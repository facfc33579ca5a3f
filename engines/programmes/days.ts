/** Calendar days as whole numbers since 1970-01-01, and spans of time as content writes them. Pure; runs in the browser. */

/** Days since 1970-01-01. */
export type Day = number;

/** A FHIR Duration of whole calendar units. */
export interface Span {
  value: number;
  unit: 'd' | 'wk' | 'mo' | 'a';
}

const DAY_MS = 86_400_000;
const ISO = /^(\d{4})-(\d\d)-(\d\d)$/;

/** `'2026-08-15'` → its number; null for what is no day. */
export function dayOf(text: string): Day | null {
  const [, year, month, day] = ISO.exec(text) ?? [];
  if (year === undefined) return null;
  const number = Date.UTC(Number(year), Number(month) - 1, Number(day)) / DAY_MS;
  return dayText(number) === text ? number : null;
}

export function dayText(day: Day): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/**
 * A span later. Months and years keep the day of the month, or the last of a shorter month: 31 March and 3 months are 30 June
 * (clinical practice of the national schedule: completed calendar months).
 */
export function plus(day: Day, { value, unit }: Span): Day {
  if (unit === 'd') return day + value;
  if (unit === 'wk') return day + 7 * value;
  const from = new Date(day * DAY_MS);
  const months = from.getUTCFullYear() * 12 + from.getUTCMonth() + (unit === 'a' ? 12 * value : value);
  const year = Math.floor(months / 12);
  const month = months - year * 12;
  const longest = Date.UTC(year, month + 1, 0) / DAY_MS;
  return Math.min(Date.UTC(year, month, from.getUTCDate()) / DAY_MS, longest);
}

/** A span earlier. */
export function minus(day: Day, { value, unit }: Span): Day {
  return plus(day, { value: -value, unit });
}

/** Vietnam's civil time: +07:00 all year, no daylight saving. The one place that knows it. */

const OFFSET_MS = 7 * 3_600_000;
const DAY_MS = 24 * 3_600_000;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The day it is in Vietnam at an instant: `2026-11-21T18:00:00Z` → `'2026-11-22'`. */
export function vietnamDay(at: Date): string {
  // Asked several times in every request, and nearly always of today.
  const day = Math.floor((at.getTime() + OFFSET_MS) / DAY_MS);
  if (day !== last.day) last = { day, text: new Date(day * DAY_MS).toISOString().slice(0, 10) };
  return last.text;
}

let last = { day: Number.NaN, text: '' };

/** The instant as written in records: `'2026-11-22T01:00:00+07:00'`, whole seconds. */
export function vietnamInstant(at: Date): string {
  return `${new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 19)}+07:00`;
}

/** First instant of a Vietnamese day and of the day after it, ISO with +07:00. */
export function vietnamDayBounds(day: string): { from: string; to: string } {
  return { from: `${day}T00:00:00+07:00`, to: `${addDays(day, 1)}T00:00:00+07:00` };
}

/** `addDays('2026-02-28', 1)` → `'2026-03-01'`. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** True for a day that exists and that a health record can have, 1800 to 2999: `2026-02-30` does not exist. */
export function isDay(text: string): boolean {
  const year = Number(DAY.exec(text)?.[1] ?? 0);
  if (year < 1800 || year > 2999) return false;
  return !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && addDays(text, 0) === text;
}

/**
 * The Vietnamese day of a FHIR date or instant, of a partial date its first: `2026-11-21T23:30:00Z` → `'2026-11-22'`,
 * `2026-11` → `'2026-11-01'`.
 */
export function firstDayOf(value: string): string {
  return value.includes('T') ? vietnamDay(new Date(value)) : `${value}-01-01`.slice(0, 10);
}

/** As `firstDayOf`, of a partial date its last: `2026` → `'2026-12-31'`, `2026-02` → `'2026-02-28'`. */
export function lastDayOf(value: string): string {
  if (value.length === 4) return `${value}-12-31`;
  if (value.length !== 7) return firstDayOf(value);
  const [year, month] = value.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

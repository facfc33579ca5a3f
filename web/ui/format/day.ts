/**
 * Calendar days with the precision they were given in, as FHIR's `date`: `1985`, `1985-02` or `1985-02-07`.
 * No time zone is involved: a birth date is a day, not an instant.
 */

/** `1985`, `1985-02` or `1985-02-07`. */
export type PartialDate = string;

export interface DayParts {
  year: number;
  month?: number;
  day?: number;
}

const PARTIAL = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?/;

/** The parts of a partial date or of the date part of an instant; null when it is none or not in the calendar. */
export function dayParts(value: string | null | undefined): DayParts | null {
  const match = value ? PARTIAL.exec(value) : null;
  if (!match) return null;
  const year = Number(match[1]);
  if (match[2] === undefined) return { year };
  const month = Number(match[2]);
  if (month < 1 || month > 12) return null;
  if (match[3] === undefined) return { year, month };
  const day = Number(match[3]);
  return day >= 1 && day <= daysInMonth(year, month) ? { year, month, day } : null;
}

/** `{year: 1985, month: 2}` → `'1985-02'`. */
export function partialDate(parts: DayParts): PartialDate {
  const year = String(parts.year).padStart(4, '0');
  if (parts.month === undefined) return year;
  const month = `${year}-${two(parts.month)}`;
  return parts.day === undefined ? month : `${month}-${two(parts.day)}`;
}

/** Days of a month, leap years counted. Month 1–12. */
export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The day of an instant in Vietnam (UTC+7, no summer time), `yyyy-mm-dd`. */
export function vietnamDay(instant: Date): PartialDate {
  return new Date(instant.getTime() + 7 * 3_600_000).toISOString().slice(0, 10);
}

/** The day of an ISO instant in Vietnam; a day alone stays as it is, with its precision. */
export function vietnamDayOf(value: string): PartialDate {
  return value.includes('T') ? vietnamDay(new Date(value)) : value;
}

/** Today in Vietnam, `yyyy-mm-dd`. */
export function today(): PartialDate {
  return vietnamDay(new Date());
}

/** `addDays('2026-11-22', 7)` → `'2026-11-29'`. */
export function addDays(day: PartialDate, days: number): PartialDate {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Whole days from one full date to another; negative when `to` is earlier. */
export function daysBetween(from: PartialDate, to: PartialDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

export function two(number: number): string {
  return String(number).padStart(2, '0');
}

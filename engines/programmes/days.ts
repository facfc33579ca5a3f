/** Calendar days as whole numbers since 1970-01-01, and spans of time as content writes them. Pure; runs in the browser. */

/** Days since 1970-01-01. */
export type Day = number;

/** A FHIR Duration of whole calendar units. */
export interface Span {
  value: number;
  unit: 'd' | 'wk' | 'mo' | 'a';
}

const DAY_MS = 86_400_000;
const ISO = /^\d{4}-\d\d-\d\d$/;

/** `'2026-08-15'` → its number; null for what is no day. */
export function dayOf(text: string): Day | null {
  if (!ISO.test(text)) return null;
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7)) - 1;
  const date = Number(text.slice(8));
  if (month < 0 || month > 11 || date < 1 || date > lengthOf(year, month)) return null;
  return firstOf(year, month) + date - 1;
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
  const { year, month, date } = civilOf(day);
  const months = year * 12 + month + (unit === 'a' ? 12 * value : value);
  const first = firstOfMonth(months);
  return first + Math.min(date, firstOfMonth(months + 1) - first) - 1;
}

const YEAR_0 = 719_528;
const CYCLE = 146_097;
/** Days of a year before each of its months, in a year of 365 days. */
const BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

function lengthOf(year: number, month: number): number {
  return month === 1 && isLeap(year) ? 29 : LENGTHS[month]!;
}

/** First day of a month (0 = January) in the Gregorian calendar. Whole numbers: a Date object for each span is most of a forecast. */
function firstOf(year: number, month: number): Day {
  const past = year - 1;
  const leaps = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  return 365 * year + leaps + 1 - YEAR_0 + BEFORE[month]! + (month > 1 && isLeap(year) ? 1 : 0);
}

/** First days of the months that anybody lives in; @param months since the year 0 */
function firstOfMonth(months: number): Day {
  return MONTHS[months - MONTHS_FROM] ?? firstOf(Math.floor(months / 12), ((months % 12) + 12) % 12);
}

const MONTHS_FROM = 1850 * 12;
const MONTHS = Int32Array.from({ length: 350 * 12 }, (_, at) =>
  firstOf(Math.floor((MONTHS_FROM + at) / 12), at % 12),
);

interface Civil {
  year: number;
  month: number;
  date: number;
}

/** Windows of a schedule are counted one after the other from the same day. */
let last: Civil & { day: Day } = { day: 0, year: 1970, month: 0, date: 1 };

function civilOf(day: Day): Civil {
  if (day !== last.day) last = { day, ...reckoned(day) };
  return last;
}

function reckoned(day: Day): Civil {
  let year = Math.floor(((day + YEAR_0) * 400) / CYCLE);
  while (firstOf(year, 0) > day) year -= 1;
  while (firstOf(year + 1, 0) <= day) year += 1;
  let month = Math.floor((day - firstOf(year, 0)) / 31);
  while (month < 11 && firstOf(year, month + 1) <= day) month += 1;
  return { year, month, date: day - firstOf(year, month) + 1 };
}

/** A span earlier. */
export function minus(day: Day, { value, unit }: Span): Day {
  return plus(day, { value: -value, unit });
}

/** Reads a date the way staff type it (ui.md, Behaviour 3): `070285`, `7/2/85`, `1985`, keeping its precision. */
import { addDays, type DayParts, dayParts, type PartialDate, partialDate } from './day.ts';

/** How a year of two digits is completed: birth dates lie in the past, appointments in the future. */
export type Expectation = 'past' | 'future' | 'any';

interface Reading {
  day?: string;
  month?: string;
  year: string;
}

/**
 * @param text what was typed: day first, any of `/ - . space` between the parts or none at all; `+7` is a week from today
 * @param today `yyyy-mm-dd`
 * @returns the date with the precision it was typed in, or null when it cannot be read or is not in the calendar
 */
export function parseDate(
  text: string,
  today: PartialDate,
  expect: Expectation = 'past',
): PartialDate | null {
  const typed = text.trim();
  const ahead = /^\+(\d{1,3})$/.exec(typed);
  if (ahead) return addDays(today, Number(ahead[1]));
  if (/^\d{4}-\d{1,2}(-\d{1,2})?$/.test(typed)) return isoLike(typed);
  for (const reading of readings(typed)) {
    const parts = complete(reading, today, expect);
    if (parts) return partialDate(parts);
  }
  return null;
}

function isoLike(typed: string): PartialDate | null {
  const padded = typed
    .split('-')
    .map((part) => part.padStart(2, '0'))
    .join('-');
  return dayParts(padded) ? padded : null;
}

/** The ways to read what was typed, best first. */
function readings(typed: string): Reading[] {
  const parts = typed.split(/[/\-.\s]+/).filter((part) => part !== '');
  if (parts.some((part) => !/^\d+$/.test(part))) return [];
  if (parts.length === 3) return [{ day: parts[0], month: parts[1], year: parts[2]! }];
  if (parts.length === 2) return twoParts(parts[0]!, parts[1]!);
  return parts.length === 1 ? runTogether(parts[0]!) : [];
}

function twoParts(first: string, second: string): Reading[] {
  if (second.length === 4) return [{ month: first, year: second }];
  return [
    { day: first, month: second, year: '' },
    { month: first, year: second },
  ];
}

function runTogether(digits: string): Reading[] {
  const at = (from: number, to?: number) => digits.slice(from, to);
  switch (digits.length) {
    case 4:
      return [{ year: digits }, { day: at(0, 2), month: at(2), year: '' }];
    case 6:
      return [
        { day: at(0, 2), month: at(2, 4), year: at(4) },
        { month: at(0, 2), year: at(2) },
      ];
    case 8:
      return [
        { day: at(0, 2), month: at(2, 4), year: at(4) },
        { year: at(0, 4), month: at(4, 6), day: at(6) },
      ];
    default:
      return [];
  }
}

function complete(reading: Reading, today: PartialDate, expect: Expectation): DayParts | null {
  for (const year of years(reading, today, expect)) {
    if (year < 1880 || year > 2150) continue;
    const candidate: DayParts = { year };
    if (reading.month !== undefined) candidate.month = Number(reading.month);
    if (reading.day !== undefined) candidate.day = Number(reading.day);
    if (reading.month !== undefined && reading.month.length > 2) continue;
    const text = partialDate(candidate);
    if (dayParts(text) && fits(text, today, expect, reading.year.length)) return candidate;
  }
  return null;
}

/** Years to try: the typed one; for two digits both centuries; for none this year, then its neighbour. */
function years(reading: Reading, today: PartialDate, expect: Expectation): number[] {
  const now = Number(today.slice(0, 4));
  if (reading.year.length === 4) return [Number(reading.year)];
  if (reading.year.length === 2) {
    const century = Math.floor(now / 100) * 100;
    const inThisCentury = century + Number(reading.year);
    return expect === 'future' ? [inThisCentury] : [inThisCentury, inThisCentury - 100];
  }
  if (reading.year.length > 0) return [];
  return expect === 'future' ? [now, now + 1] : expect === 'past' ? [now, now - 1] : [now];
}

/** A full year is taken as typed; a completed one must lie on the expected side of today. */
function fits(date: PartialDate, today: PartialDate, expect: Expectation, typedYearDigits: number): boolean {
  if (typedYearDigits === 4) return true;
  const sameLength = today.slice(0, date.length);
  if (expect === 'past') return date <= sameLength;
  if (expect === 'future') return date >= sameLength;
  return typedYearDigits === 0 || Math.abs(Number(date.slice(0, 4)) - Number(today.slice(0, 4))) <= 50;
}

/**
 * FHIR dates as intervals [low, high) in epoch milliseconds. A date or dateTime without a zone is a day of Vietnam
 * (+07:00): it is never shifted to UTC. R4 search, section 3.1.1.4.7 (precision) and Period/Timing of the data types.
 */

/** [low, high); an open end is ±Infinity. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const ZONE_MS = 7 * 3600_000;
const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/** The resources of a visit say the same moment, one after the other. */
const last: { text: string; interval: Interval | null } = { text: '', interval: null };

/** Interval that a date, dateTime or instant covers at its own precision; null when it is none. */
export function intervalOf(text: string): Interval | null {
  if (text === last.text) return last.interval;
  const interval = read(text);
  last.text = text;
  last.interval = interval;
  return interval;
}

function read(text: string): Interval | null {
  const match = DATE.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const y = Number(year);
  // The years of R4's dates begin with 0001, and a day has no 24:00 (datatypes.html#dateTime).
  if (y === 0) return null;
  if (month === undefined) return days(y, 1, 1, y + 1, 1, 1);
  const m = Number(month);
  if (m < 1 || m > 12) return null;
  if (day === undefined) return days(y, m, 1, y, m + 1, 1);
  const d = Number(day);
  if (d < 1 || d > daysInMonth(y, m)) return null;
  if (hour === undefined) return days(y, m, d, y, m, d + 1);
  return instant(utc(y, m, d), Number(hour), Number(minute), second, fraction, zone);
}

function instant(
  day: number,
  hour: number,
  minute: number,
  second: string | undefined,
  fraction: string | undefined,
  zone: string | undefined,
): Interval | null {
  const s = Number(second ?? 0);
  if (hour > 23 || minute > 59 || s > 60) return null;
  const shift = zoneMs(zone);
  if (shift === null) return null;
  const low = day + hour * 3600_000 + minute * 60_000 + s * 1000 - shift;
  if (second === undefined) return { low, high: low + 60_000 };
  if (fraction === undefined) return { low, high: low + 1000 };
  const ms = Math.floor(Number(fraction) * 1000 + 1e-6);
  return { low: low + ms, high: low + ms + 1 };
}

/** Offset east of Greenwich in ms; Vietnam when the zone is absent; null when it is impossible. */
function zoneMs(zone: string | undefined): number | null {
  if (zone === undefined) return ZONE_MS;
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 14 || minutes > 59) return null;
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function days(y0: number, m0: number, d0: number, y1: number, m1: number, d1: number): Interval {
  return { low: utc(y0, m0, d0) - ZONE_MS, high: utc(y1, m1, d1) - ZONE_MS };
}

/** `Date.UTC` that takes years below 100 as they stand. */
function utc(year: number, month: number, day: number): number {
  if (year >= 100) return Date.UTC(year, month - 1, day);
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

/** Days of a month, 1-based. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** From the start's low to the end's high; a missing end is open. Null when neither end is a date. */
export function intervalOfPeriod(period: { start?: unknown; end?: unknown }): Interval | null {
  const start = typeof period.start === 'string' ? intervalOf(period.start) : null;
  const end = typeof period.end === 'string' ? intervalOf(period.end) : null;
  if (!start && !end) return null;
  return { low: start?.low ?? Number.NEGATIVE_INFINITY, high: end?.high ?? Number.POSITIVE_INFINITY };
}

/** Outer limits of a Timing: its events, or the bounds of its repeat. "Only the outer limits matter." */
export function intervalOfTiming(timing: { event?: unknown; repeat?: unknown }): Interval | null {
  const events = Array.isArray(timing.event) ? timing.event : [];
  const parts = events.map((e) => (typeof e === 'string' ? intervalOf(e) : null)).filter((i) => i !== null);
  const bounds = (timing.repeat as { boundsPeriod?: { start?: unknown; end?: unknown } } | undefined)
    ?.boundsPeriod;
  const period = bounds ? intervalOfPeriod(bounds) : null;
  if (period) parts.push(period);
  if (parts.length === 0) return null;
  return { low: Math.min(...parts.map((p) => p.low)), high: Math.max(...parts.map((p) => p.high)) };
}

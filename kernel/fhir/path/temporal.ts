/** Dates and times as FHIRPath compares and moves them, each as precise as it is written. Pure. */

/** Year, month, day, hour, minute, second with its fraction; cut where the text ends. */
interface Moment {
  parts: number[];
  /** A time of no day: hours stand at 3. */
  isTime: boolean;
  /** Minutes east of UTC; null where no zone is written. */
  zone: number | null;
  zoneText: string;
  /** Digits of the second's fraction. */
  digits: number;
}

const DATE_TIME =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d(?:\.\d+)?))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;
const TIME = /^(\d\d)(?::(\d\d)(?::(\d\d(?:\.\d+)?))?)?$/;
/** Minutes of Vietnam's time, where no zone is written. */
const HOME = 420;

function momentOf(text: string): Moment | null {
  const date = DATE_TIME.exec(text);
  const found = date ?? TIME.exec(text);
  if (!found) return null;
  const written = found.slice(1, date ? 7 : 4).filter((part) => part !== undefined);
  const zoneText = (date && found[7]) || '';
  const parts = written.map(Number);
  return {
    parts: date ? parts : [0, 0, 0, ...parts],
    isTime: !date,
    zone: zoneText === '' ? null : minutesOf(zoneText),
    zoneText,
    digits: /\.(\d+)$/.exec(written.at(-1)!)?.[1]?.length ?? 0,
  };
}

/** A date, dateTime or time that exists on a calendar and a clock. */
export function isMoment(text: string): boolean {
  const moment = momentOf(text);
  if (!moment) return false;
  const [year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0] = moment.parts;
  if (hour > 23 || minute > 59 || second >= 61) return false;
  return moment.isTime || (month >= 1 && month <= 12 && day >= 1 && day <= lengthOf(year, month));
}

export const isTimeText = (text: string) => TIME.test(text);

/** FHIRPath "Comparison" of dates and times: part by part; null when one is less precise than needed, or of another kind. */
export function compareTemporal(a: string, b: string): number | null {
  const one = momentOf(a);
  const other = momentOf(b);
  if (!one || !other || one.isTime !== other.isTime) return null;
  const zoned = one.parts.length > 4 && other.parts.length > 4 && !one.isTime;
  const left = zoned ? inUtc(one) : one.parts;
  const right = zoned ? inUtc(other) : other.parts;
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    if (left[at] === undefined || right[at] === undefined) return null;
    if (left[at] !== right[at]) return left[at]! - right[at]!;
  }
  return 0;
}

/** FHIRPath "Equals": like the order, but a date is no time. Null when the precision leaves it open. */
export function equalTemporal(a: string, b: string): boolean | null {
  if (isTimeText(a) !== isTimeText(b)) return false;
  const order = compareTemporal(a, b);
  return order === null ? null : order === 0;
}

function inUtc({ parts, zone }: Moment): number[] {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, ...second] = parts;
  const instant = new Date(0);
  instant.setUTCFullYear(year, month - 1, day);
  instant.setUTCHours(hour, minute - (zone ?? HOME));
  return [
    instant.getUTCFullYear(),
    instant.getUTCMonth() + 1,
    instant.getUTCDate(),
    instant.getUTCHours(),
    instant.getUTCMinutes(),
    ...second,
  ];
}

function minutesOf(zone: string): number {
  if (zone === 'Z') return 0;
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number);
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

const lengthOf = (year: number, month: number) => {
  const day = new Date(0);
  day.setUTCFullYear(year, month, 0);
  return day.getUTCDate();
};

export type CalendarUnit = 'year' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond';

const MILLISECONDS: Record<string, number> = {
  week: 604_800_000,
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1_000,
  millisecond: 1,
};

/**
 * FHIRPath "Date/Time Arithmetic": above seconds the fraction of the amount is ignored; a partial date moves by whole parts
 * of its own precision (a year has 365 days, a month 30); a day that the month does not have becomes its last; a time goes
 * round the clock. Null beyond the years 1 to 9999, and for a time that is moved by more than hours.
 */
export function moved(text: string, amount: number, unit: CalendarUnit): string | null {
  const moment = momentOf(text);
  if (!moment) return null;
  const whole = unit === 'second' ? amount : Math.trunc(amount);
  const months = unit === 'year' ? whole * 12 : unit === 'month' ? whole : null;
  if (moment.isTime)
    return months === null ? timeMoved(moment, Math.round(whole * MILLISECONDS[unit]!)) : null;
  if (months !== null) return monthsMoved(moment, months);
  const milliseconds = Math.round(whole * MILLISECONDS[unit]!);
  const days = Math.trunc(milliseconds / MILLISECONDS.day!);
  if (moment.parts.length === 1) return monthsMoved(moment, Math.trunc(days / 365) * 12);
  if (moment.parts.length === 2) return monthsMoved(moment, Math.trunc(days / 30));
  const step = MILLISECONDS[['day', 'hour', 'minute'][moment.parts.length - 3] ?? 'millisecond']!;
  return millisecondsMoved(moment, Math.trunc(milliseconds / step) * step);
}

function monthsMoved(moment: Moment, months: number): string | null {
  const [year = 0, month, day, ...rest] = moment.parts;
  if (month === undefined) return written(moment, [year + Math.trunc(months / 12)]);
  const total = year * 12 + (month - 1) + months;
  const [newYear, newMonth] = [Math.floor(total / 12), (((total % 12) + 12) % 12) + 1];
  if (day === undefined) return written(moment, [newYear, newMonth]);
  return written(moment, [newYear, newMonth, Math.min(day, lengthOf(newYear, newMonth)), ...rest]);
}

function millisecondsMoved(moment: Moment, milliseconds: number): string | null {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = moment.parts;
  const instant = new Date(0);
  instant.setUTCFullYear(year, month - 1, day);
  instant.setUTCHours(hour, minute, 0, Math.round(second * 1000));
  const after = new Date(instant.getTime() + milliseconds);
  if (Number.isNaN(after.getTime())) return null;
  const parts = [
    after.getUTCFullYear(),
    after.getUTCMonth() + 1,
    after.getUTCDate(),
    after.getUTCHours(),
    after.getUTCMinutes(),
    after.getUTCSeconds() + after.getUTCMilliseconds() / 1000,
  ];
  return written(moment, parts.slice(0, moment.parts.length));
}

function timeMoved(moment: Moment, milliseconds: number): string {
  const [, , , hour = 0, minute = 0, second = 0] = moment.parts;
  const step = MILLISECONDS[['hour', 'minute'][moment.parts.length - 4] ?? 'millisecond']!;
  const from = (hour * 60 + minute) * 60_000 + Math.round(second * 1000);
  const day = MILLISECONDS.day!;
  const at = (((from + Math.trunc(milliseconds / step) * step) % day) + day) % day;
  const parts = [Math.floor(at / 3_600_000), Math.floor(at / 60_000) % 60, (at % 60_000) / 1000];
  return clock(parts.slice(0, moment.parts.length - 3), moment.digits);
}

function written(moment: Moment, parts: number[]): string | null {
  const [year = 0, month, day, ...time] = parts;
  if (year < 1 || year > 9999) return null;
  const date = [String(year).padStart(4, '0'), ...[month, day].filter((part) => part !== undefined).map(two)];
  return time.length === 0
    ? date.join('-')
    : `${date.join('-')}T${clock(time, moment.digits)}${moment.zoneText}`;
}

const two = (part: number) => String(part).padStart(2, '0');

function clock([hour = 0, minute, second]: number[], digits: number): string {
  if (minute === undefined) return two(hour);
  if (second === undefined) return `${two(hour)}:${two(minute)}`;
  const shown = digits === 0 && Number.isInteger(second) ? two(second) : second.toFixed(Math.max(digits, 3));
  return `${two(hour)}:${two(minute)}:${shown.replace(/^\d(?=\.|$)/, '0$&')}`;
}

/** How many digits of year, month … millisecond are written: `2014` 4, `2014-01` 6, `T10:30` 4. FHIRPath `precision()`. */
export function precisionOf(text: string): number {
  const moment = momentOf(text);
  if (!moment) return 0;
  const length = moment.parts.length - (moment.isTime ? 3 : 0);
  return length * 2 + (moment.isTime ? 0 : 2) + (moment.digits > 0 ? 3 : 0);
}

/** An instant in the time of a zone: `2026-11-22T08:30:00.000+07:00`. */
export function instantText(at: Date): string {
  const home = new Date(at.getTime() + HOME * 60_000);
  return `${home.toISOString().slice(0, -1)}+07:00`;
}

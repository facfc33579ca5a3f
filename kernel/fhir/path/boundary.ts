/** `lowBoundary()` and `highBoundary()` of FHIRPath: the ends of what a value of its precision may mean. Pure. */

export type Side = 'low' | 'high';

/** The latest and the earliest time on earth of a day: where no zone is written, all are meant. */
const ZONES = { low: '+14:00', high: '-12:00' };
const DECIMALS = 8;
const MOST_DECIMALS = 28;

/**
 * @param places digits behind the point of the answer, which is moved outward to them; null for at least 8
 * @returns null for a number of digits that no decimal has
 */
export function decimalBoundary(value: number, side: Side, places: number | null = null): number | null {
  const digits = /\.(\d+)/.exec(String(value))?.[1]?.length ?? 0;
  const half = 0.5 * 10 ** -digits;
  const end = Number((side === 'low' ? value - half : value + half).toFixed(Math.max(DECIMALS, digits + 1)));
  if (places === null) return end;
  if (!Number.isInteger(places) || places < 0 || places > MOST_DECIMALS) return null;
  const [head, exponent = '0'] = String(end).split('e');
  const shifted = Number(`${head}e${Number(exponent) + places}`);
  const cut = Number(`${side === 'low' ? Math.floor(shifted) : Math.ceil(shifted)}e${-places}`);
  return Number.isFinite(cut) ? cut : end;
}

/** Letters of a date or time by its number of digits, as `precision()` counts them. */
const LETTERS_OF_DATE: Record<number, number> = { 4: 4, 6: 7, 8: 10 };
const LETTERS_OF_TIME: Record<number, number> = { 2: 2, 4: 5, 6: 8, 9: 12 };

/** `1970-06` → `1970-06-01` or `1970-06-30`; with 6 digits `1970-06`. Null for digits that no date has. */
export function dateBoundary(value: string, side: Side, digits: number | null = null): string | null {
  const [year = '', month = side === 'low' ? '01' : '12', day] = value.slice(0, 10).split('-');
  const whole = `${year}-${month}-${day ?? (side === 'low' ? '01' : lastDay(Number(year), Number(month)))}`;
  return cut(whole, digits, LETTERS_OF_DATE);
}

/** `12:34` → `12:34:00.000` or `12:34:59.999`. Null for digits that no time has. */
export function timeBoundary(value: string, side: Side, digits: number | null = null): string | null {
  const [hour = '', minute = side === 'low' ? '00' : '59', second] = value.split(':');
  return cut(`${hour}:${minute}:${secondBoundary(second, side)}`, digits, LETTERS_OF_TIME);
}

/** `2010-10-10` → `2010-10-10T00:00:00.000+14:00` or `2010-10-10T23:59:59.999-12:00`. */
export function dateTimeBoundary(value: string, side: Side, digits: number | null = null): string | null {
  const [, day = '', time, zone] = /^([^T]+)(?:T([\d:.]+)?(Z|[+-]\d\d:\d\d)?)?$/.exec(value) ?? [];
  if (digits !== null && digits <= 8) return dateBoundary(day, side, digits);
  const filled = timeBoundary(
    time ?? (side === 'low' ? '00' : '23'),
    side,
    digits === null ? null : digits - 8,
  );
  return filled === null ? null : `${dateBoundary(day, side)}T${filled}${zone ?? ZONES[side]}`;
}

function cut(text: string, digits: number | null, letters: Record<number, number>): string | null {
  if (digits === null) return text;
  return Object.hasOwn(letters, digits) ? text.slice(0, letters[digits]) : null;
}

function secondBoundary(second: string | undefined, side: Side): string {
  if (second === undefined) return side === 'low' ? '00.000' : '59.999';
  const [whole = '', part = ''] = second.split('.');
  return `${whole}.${part.padEnd(3, side === 'low' ? '0' : '9')}`;
}

function lastDay(year: number, month: number): string {
  return String(new Date(Date.UTC(year, month, 0)).getUTCDate()).padStart(2, '0');
}

/** `lowBoundary()` and `highBoundary()` of FHIRPath: the ends of what a value of its precision may mean. Pure. */

export type Side = 'low' | 'high';

/** The latest and the earliest time on earth of a day: where no zone is written, all are meant. */
const ZONES = { low: '+14:00', high: '-12:00' };
const DECIMALS = 8;

/** @param source the number as it was written: 1.0 is less certain than 1.00 */
export function decimalBoundary(value: number, side: Side, source = String(value)): number {
  const digits = /\.(\d+)/.exec(source)?.[1]?.length ?? 0;
  const half = 0.5 * 10 ** -digits;
  return Number((side === 'low' ? value - half : value + half).toFixed(Math.max(DECIMALS, digits + 1)));
}

/** `1970-06` → `1970-06-01` or `1970-06-30`. */
export function dateBoundary(value: string, side: Side): string {
  const [year = '', month = side === 'low' ? '01' : '12', day] = value.slice(0, 10).split('-');
  return `${year}-${month}-${day ?? (side === 'low' ? '01' : lastDay(Number(year), Number(month)))}`;
}

/** `12:34` → `12:34:00.000` or `12:34:59.999`. */
export function timeBoundary(value: string, side: Side): string {
  const [hour = '', minute = side === 'low' ? '00' : '59', second] = value.split(':');
  return `${hour}:${minute}:${secondBoundary(second, side)}`;
}

/** `2010-10-10` → `2010-10-10T00:00:00.000+14:00` or `2010-10-10T23:59:59.999-12:00`. */
export function dateTimeBoundary(value: string, side: Side): string {
  const [, day = '', time, zone] = /^([^T]+)(?:T([\d:.]+)?(Z|[+-]\d\d:\d\d)?)?$/.exec(value) ?? [];
  const filled = timeBoundary(time ?? (side === 'low' ? '00' : '23'), side);
  return `${dateBoundary(day, side)}T${filled}${zone ?? ZONES[side]}`;
}

function secondBoundary(second: string | undefined, side: Side): string {
  if (second === undefined) return side === 'low' ? '00.000' : '59.999';
  const [whole = '', part = ''] = second.split('.');
  return `${whole}.${part.padEnd(3, side === 'low' ? '0' : '9')}`;
}

function lastDay(year: number, month: number): string {
  return String(new Date(Date.UTC(year, month, 0)).getUTCDate()).padStart(2, '0');
}

/** Numbers and quantities as intervals, with the implicit precision of R4 search (section 3.1.1.4.6). */

export interface NumberRange {
  lo: number;
  hi: number;
}

/** A quantity as the index keeps it: its range and its unit. */
export interface IndexedQuantity extends NumberRange {
  system: string;
  /** UCUM or other code; the written unit when there is no code. */
  code: string;
  unit: string;
}

const NUMBER = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * `5.4` → value 5.4 and the range [5.35, 5.45) that a number written like this stands for; null when it is no number.
 * The bounds are built from the digits, so that 5.35 in a resource equals the bound exactly. R4's table reads `1e2` as
 * [95, 105): a whole number before an exponent stands for one more digit.
 */
export function parseNumber(text: string): { value: number; lo: number; hi: number } | null {
  const match = NUMBER.exec(text);
  if (!match) return null;
  const [, sign, whole = '', written = '', exponent = '0'] = match;
  const fraction = written === '' && match[4] !== undefined ? '0' : written;
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n) * 10n;
  const power = Number(exponent) - fraction.length - 1;
  if (!Number.isFinite(Number(text)) || Math.abs(power) > 400) return null;
  const value = Number(text);
  const [lo, hi] = [scaled(digits - 5n, power), scaled(digits + 5n, power)];
  // Of more digits than a double has, the bounds fall together: the double itself is meant then.
  return {
    value,
    lo,
    hi: hi > value ? hi : value + Math.max(Math.abs(value) * Number.EPSILON, Number.MIN_VALUE),
  };
}

function scaled(digits: bigint, power: number): number {
  return Number(`${digits}e${power}`);
}

interface QuantityJson {
  value?: unknown;
  comparator?: unknown;
  unit?: unknown;
  system?: unknown;
  code?: unknown;
  currency?: unknown;
}

/** Range of a Quantity, Age, Duration, Money … with its comparator; null without a value. */
export function quantityOf(quantity: QuantityJson): IndexedQuantity | null {
  if (typeof quantity.value !== 'number') return null;
  return { ...compared(quantity.value, quantity.comparator), ...unitOf(quantity) };
}

/** From low to high of a Range; a missing end is open. */
export function rangeOf(range: { low?: QuantityJson; high?: QuantityJson }): IndexedQuantity | null {
  const unit = range.low ?? range.high;
  if (!unit) return null;
  const lo = typeof range.low?.value === 'number' ? range.low.value : Number.NEGATIVE_INFINITY;
  const hi = typeof range.high?.value === 'number' ? range.high.value : Number.POSITIVE_INFINITY;
  return { lo, hi, ...unitOf(unit) };
}

/** Lowest and highest sample of a SampledData, in the unit of its origin. */
export function sampledRange(sampled: {
  origin?: QuantityJson;
  factor?: unknown;
  data?: unknown;
}): IndexedQuantity | null {
  if (!sampled.origin || typeof sampled.data !== 'string') return null;
  const factor = typeof sampled.factor === 'number' ? sampled.factor : 1;
  const origin = typeof sampled.origin.value === 'number' ? sampled.origin.value : 0;
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  for (const text of sampled.data.split(' ')) {
    const value = text === '' ? Number.NaN : origin + Number(text) * factor;
    if (value < lo) lo = value;
    if (value > hi) hi = value;
  }
  return lo <= hi ? { lo, hi, ...unitOf(sampled.origin) } : null;
}

function compared(value: number, comparator: unknown): NumberRange {
  if (comparator === '<' || comparator === '<=') return { lo: Number.NEGATIVE_INFINITY, hi: value };
  if (comparator === '>' || comparator === '>=') return { lo: value, hi: Number.POSITIVE_INFINITY };
  return { lo: value, hi: value };
}

const CURRENCIES = 'urn:iso:std:iso:4217';

function unitOf(quantity: QuantityJson): { system: string; code: string; unit: string } {
  if (typeof quantity.currency === 'string')
    return { system: CURRENCIES, code: quantity.currency, unit: quantity.currency };
  const unit = typeof quantity.unit === 'string' ? quantity.unit : '';
  const code = typeof quantity.code === 'string' ? quantity.code : unit;
  return { system: typeof quantity.system === 'string' ? quantity.system : '', code, unit };
}

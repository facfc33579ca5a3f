/** Exact amounts of medicine: halves, quarters and thirds of a tablet are fractions, never floating-point numbers. */

/** A non-negative rational number in lowest terms. */
export interface Amount {
  readonly n: number;
  readonly d: number;
}

export const ZERO: Amount = { n: 0, d: 1 };

/** Largest amount a single dose may be written as; larger ones are slips of the hand. */
const LARGEST = 9999;
const GLYPHS: Record<string, string> = { '½': '1/2', '¼': '1/4', '¾': '3/4', '⅓': '1/3', '⅔': '2/3' };

/**
 * Reads what a prescriber types: `1`, `1,5`, `0.25`, `,5`, `1/2`, `1 1/2`, `1½`. Empty text is zero.
 * @returns null when the text is no amount (letters, negative, zero denominator, more than three decimals)
 */
export function parseAmount(text: string): Amount | null {
  const plain = text
    .trim()
    .replace(/[½¼¾⅓⅔]/g, (glyph) => ` ${GLYPHS[glyph]}`)
    .trim();
  if (plain === '') return ZERO;
  const mixed = /^(?:(\d{1,4})\s+)?(\d{1,4})\s*\/\s*(\d{1,2})$/.exec(plain);
  if (mixed) {
    const [whole, over, under] = [Number(mixed[1] ?? 0), Number(mixed[2]), Number(mixed[3])];
    return under === 0 ? null : limited(amount(whole * under + over, under));
  }
  const decimal = /^(\d{0,4})(?:[.,](\d{1,3}))?$/.exec(plain);
  if (!decimal || plain === ',' || plain === '.') return null;
  const scale = 10 ** (decimal[2]?.length ?? 0);
  return limited(amount(Number(decimal[1] || 0) * scale + Number(decimal[2] ?? 0), scale));
}

function limited(value: Amount): Amount | null {
  return value.n / value.d <= LARGEST ? value : null;
}

/** @throws RangeError unless n ≥ 0 and d > 0 are whole numbers */
export function amount(n: number, d = 1): Amount {
  if (!Number.isSafeInteger(n) || !Number.isSafeInteger(d) || n < 0 || d <= 0) {
    throw new RangeError(`No amount: ${n}/${d}`);
  }
  const shared = greatestCommonDivisor(n, d);
  return { n: n / shared, d: d / shared };
}

/** The amount a stored decimal stands for: 0.333 is a third, 0.5 a half, 2.125 stays itself. */
export function fromDecimal(value: number): Amount {
  for (const d of [1, 2, 3, 4, 6, 8]) {
    const n = Math.round(value * d);
    if (Math.abs(n / d - value) < 0.0006) return amount(n, d);
  }
  return amount(Math.round(value * 1000), 1000);
}

export function add(a: Amount, b: Amount): Amount {
  return amount(a.n * b.d + b.n * a.d, a.d * b.d);
}

/** @param factor whole number, for example days */
export function times(a: Amount, factor: number): Amount {
  return amount(a.n * factor, a.d);
}

export function sum(amounts: Amount[]): Amount {
  return amounts.reduce(add, ZERO);
}

export function isZero(a: Amount): boolean {
  return a.n === 0;
}

export function equals(a: Amount, b: Amount): boolean {
  return a.n === b.n && a.d === b.d;
}

/** Smallest whole number of packages of `size` that holds the amount. */
export function packagesFor(a: Amount, size: number): number {
  const scaled = amount(Math.round(size * 1000), 1000);
  const over = a.n * scaled.d;
  const under = a.d * scaled.n;
  return Math.ceil(over / under);
}

export function toNumber(a: Amount): number {
  return Math.round((a.n / a.d) * 1000) / 1000;
}

/** As a Vietnamese prescription writes it: `1`, `1/2`, `1 1/2`, `2,125`. */
export function formatAmount(a: Amount): string {
  if (a.d === 1) return String(a.n);
  if (a.d > 4) return String(toNumber(a)).replace('.', ',');
  const whole = Math.floor(a.n / a.d);
  const rest = `${a.n % a.d}/${a.d}`;
  return whole === 0 ? rest : `${whole} ${rest}`;
}

/** As the insurance tables write numbers: decimal point, at most three places. */
export function formatDecimal(a: Amount): string {
  return String(toNumber(a));
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? Math.max(a, 1) : greatestCommonDivisor(b, a % b);
}

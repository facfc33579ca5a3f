/** What the criteria of R4 search mean, read off the specification and evaluated on plain resources. Shares nothing with the store. */
import type { Any } from './people.ts';

export interface Span {
  low: number;
  high: number;
}

const VIETNAM = '+07:00';

/** [low, high) in ms that a date covers at its precision; without a zone it is a day of Vietnam. */
export function spanOf(text: string): Span {
  if (text.includes('T')) {
    const low = Date.parse(text);
    return { low, high: low + (text.includes('.') ? 1 : 1000) };
  }
  const [year = 0, month, day] = text.split('-').map(Number);
  const at = (y: number, m: number, d: number) => new Date(Date.UTC(y, m - 1, d)).toISOString().slice(0, 10);
  const from = (date: string) => Date.parse(`${date}T00:00:00${VIETNAM}`);
  if (month === undefined) return { low: from(at(year, 1, 1)), high: from(at(year + 1, 1, 1)) };
  if (day === undefined) return { low: from(at(year, month, 1)), high: from(at(year, month + 1, 1)) };
  return { low: from(at(year, month, day)), high: from(at(year, month, day + 1)) };
}

export function spanOfPeriod({ start, end }: { start?: string; end?: string }): Span {
  return {
    low: start === undefined ? Number.NEGATIVE_INFINITY : spanOf(start).low,
    high: end === undefined ? Number.POSITIVE_INFINITY : spanOf(end).high,
  };
}

/** R4 search 3.1.1.4.5 and 3.1.1.4.7. */
export function spanFits(prefix: string, row: Span, asked: Span): boolean {
  const contains = asked.low <= row.low && row.high <= asked.high;
  switch (prefix) {
    case 'ne':
      return !contains;
    case 'gt':
      return row.high > asked.high;
    case 'lt':
      return row.low < asked.low;
    case 'ge':
      return row.high > asked.high || contains;
    case 'le':
      return row.low < asked.low || contains;
    case 'sa':
      return row.low >= asked.high;
    case 'eb':
      return row.high <= asked.low;
    default:
      return contains;
  }
}

/** Half of what the last digit stands for; R4's table reads 1e2 as [95, 105). */
function precisionOf(text: string): number {
  const [mantissa = '', exponent] = text.split('e');
  const digits = mantissa.split('.')[1]?.length ?? (exponent === undefined ? 0 : 1);
  return 0.5 * 10 ** (Number(exponent ?? 0) - digits);
}

/**
 * R4 search 3.1.1.4.6: 5.4 stands for [5.35, 5.45), and 5 for [4.5, 5.5); the other prefixes take the number as it stands. A
 * tenth more or less is approximately the same.
 */
export function numberFits(prefix: string, value: number, text: string, factor = 1): boolean {
  const asked = Number(text) * factor;
  const half = precisionOf(text) * factor;
  const near = (a: number, b: number) => Math.abs(a - b) < 1e-9 * Math.max(1, Math.abs(a));
  const low = asked - half;
  const same = (value > low || near(value, low)) && value < asked + half && !near(value, asked + half);
  const equal = near(value, asked);
  switch (prefix) {
    case 'ne':
      return !same;
    case 'gt':
    case 'sa':
      return value > asked && !equal;
    case 'lt':
    case 'eb':
      return value < asked && !equal;
    case 'ge':
      return value > asked || equal;
    case 'le':
      return value < asked || equal;
    case 'ap': {
      const slack = Math.max(half, Math.abs(asked) / 10);
      return Math.abs(value - asked) < slack || near(value, asked - slack) || near(value, asked + slack);
    }
    default:
      return same;
  }
}

/** Letters without marks, đ as d, in lower case; anything else is one blank. */
export function plain(text: string): string {
  const letters = [...text.normalize('NFD').toLowerCase()].filter((one) => !/\p{M}/u.test(one));
  return letters
    .map((one) => (one === 'đ' ? 'd' : /[\p{L}\p{N}]/u.test(one) ? one : ' '))
    .join('')
    .split(/ +/)
    .filter((word) => word !== '')
    .join(' ');
}

export interface Token {
  system: string | undefined;
  code: string | undefined;
  display?: string | undefined;
  /** Text of the concept around it. */
  text?: string | undefined;
}

export const codingOf = ({ system, code, display }: Any): Token => ({ system, code, display });

/** Codings of a concept; its text goes with each of them, or stands alone. */
export function tokensOfConcept({ coding, text }: Any): Token[] {
  if (coding === undefined) return [{ system: undefined, code: undefined, text }];
  return coding.map((one: Any) => ({ ...codingOf(one), text }));
}

/** `system` null = any, '' = none; `code` null = any. */
export function tokenFits(token: Token, system: string | null, code: string | null): boolean {
  if (token.code === undefined) return false;
  if (code !== null && token.code !== code) return false;
  return system === null || (token.system ?? '') === system;
}

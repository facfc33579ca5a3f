/** Quantities: numbers of UCUM or of the calendar, compared and reckoned with across units. Pure. FHIRPath 2.0, "Quantity". */
import { convert, UCUM, type Unit, unitOf } from '../../store/search/ucum.ts';
import type { CalendarUnit } from './temporal.ts';

/** What a `System.Quantity` is as JSON: FHIR's Quantity. A quantity of the calendar has `unit` alone. */
export interface QuantityJson {
  value: number;
  unit: string;
  system?: string;
  code?: string;
}

/** A quantity ready to be compared. */
export interface Measure {
  value: number;
  /** UCUM code, singular calendar word, or what a code of another system is written as. */
  unit: string;
  calendar: boolean;
  /** Another system than UCUM: comparable with the same only. */
  foreign: boolean;
}

const CALENDAR: Record<CalendarUnit, string> = {
  year: 'a',
  month: 'mo',
  week: 'wk',
  day: 'd',
  hour: 'h',
  minute: 'min',
  second: 's',
  millisecond: 'ms',
};
const WORDS = new Map(
  Object.keys(CALENDAR).flatMap((word) => [
    [word, word],
    [`${word}s`, word],
  ]),
) as Map<string, CalendarUnit>;
/** UCUM codes that FHIR's quantities and moves of dates take for words of the calendar. */
const OF_UCUM = new Map(Object.entries(CALENDAR).map(([word, code]) => [code, word as CalendarUnit]));

export const isCalendarUnit = (word: string) => WORDS.has(word);

export function calendarQuantity(value: number, word: string): QuantityJson {
  return { value, unit: word };
}

export function ucumQuantity(value: number, code: string): QuantityJson {
  return { value, unit: code, system: UCUM, code };
}

/** A number is a quantity of the unit 1. Null for what has no value, or a comparator: `<4` is no number. */
export function measureOf(value: unknown, type: string | null): Measure | null {
  if (typeof value === 'number') return { value, unit: '1', calendar: false, foreign: false };
  if (typeof value !== 'object' || value === null) return null;
  const {
    value: amount,
    unit,
    system,
    code,
    comparator,
  } = value as Partial<QuantityJson> & {
    comparator?: unknown;
  };
  if (typeof amount !== 'number' || comparator !== undefined) return null;
  const word = system === undefined && code === undefined ? WORDS.get(unit ?? '') : undefined;
  if (word !== undefined) return { value: amount, unit: word, calendar: true, foreign: false };
  if (system !== undefined && system !== UCUM)
    return { value: amount, unit: `${system}|${code ?? unit ?? ''}`, calendar: false, foreign: true };
  const symbol = code ?? unit ?? '1';
  const own = type === 'System.Quantity' ? undefined : OF_UCUM.get(symbol);
  if (own !== undefined) return { value: amount, unit: own, calendar: true, foreign: false };
  return { value: amount, unit: symbol, calendar: false, foreign: false };
}

/** A year and a month of the calendar are no number of days; a week and what is shorter are what UCUM says. */
function baseOf({ unit, calendar, foreign }: Measure, loosely: boolean): Unit | null {
  if (foreign) return null;
  if (!calendar) return unitOf(unit);
  const long = unit === 'year' || unit === 'month';
  if (long && !loosely) return { factor: unit === 'year' ? 12 : 1, offset: 0, dimension: 'month' };
  return unitOf(CALENDAR[unit as CalendarUnit]);
}

/** The value of `from` in the unit of `to`; null when they measure different things, or nobody knows the units. */
function valueIn(from: Measure, to: Measure, loosely: boolean): number | null {
  if (from.unit === to.unit && from.calendar === to.calendar) return from.value;
  const [a, b] = [baseOf(from, loosely), baseOf(to, loosely)];
  return a && b && a.dimension === b.dimension ? convert(from.value, a, b) : null;
}

/** Below 0, 0, above 0; null when they cannot be compared. */
export function compareMeasures(a: Measure, b: Measure): number | null {
  const value = valueIn(a, b, false);
  if (value === null) return null;
  const difference = value - b.value;
  // Factors of units leave dust behind the twelfth digit.
  return Math.abs(difference) <= Math.abs(b.value) * 1e-12 ? 0 : difference;
}

/** FHIRPath `~`: equal when rounded to the less precise of the two; a year of the calendar is one of UCUM. */
export function similarMeasures(a: Measure, b: Measure): boolean {
  const value = valueIn(a, b, true);
  if (value === null) return false;
  if (a.unit === b.unit) return similarNumbers(a.value, b.value);
  const [one, other] = [baseOf(a, true)!, baseOf(b, true)!];
  return one.factor >= other.factor
    ? similarNumbers(a.value, valueIn(b, a, true)!)
    : similarNumbers(value, b.value);
}

export function similarNumbers(a: number, b: number): boolean {
  const digits = Math.min(digitsOf(a), digitsOf(b));
  return Number(a.toFixed(digits)) === Number(b.toFixed(digits));
}

function digitsOf(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  return Math.min(100, Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(exponent)));
}

/** A number as near as a decimal of FHIRPath needs: 0.1 + 0.2 is 0.3. */
export const exact = (value: number) => (Number.isInteger(value) ? value : Number(value.toPrecision(15)));

/** `+` and `-`, in the finer unit of the two; null for different dimensions. */
export function addMeasures(a: Measure, b: Measure, sign: 1 | -1): QuantityJson | null {
  const fine = (baseOf(a, false)?.factor ?? 0) <= (baseOf(b, false)?.factor ?? 0) ? a : b;
  const [one, other] = [valueIn(a, fine, false), valueIn(b, fine, false)];
  return one === null || other === null ? null : quantityOf({ ...fine, value: exact(one + sign * other) });
}

/** `*` and `/`: units are multiplied too. Null for units that nobody knows, and for a division by zero. */
export function multiplyMeasures(a: Measure, b: Measure, divides: boolean): QuantityJson | null {
  if (divides && b.value === 0) return null;
  const [one, other] = [codeOf(a), codeOf(b)];
  if (one === null || other === null) return null;
  const value = exact(divides ? a.value / b.value : a.value * b.value);
  if (other === '1') return quantityOf({ ...a, value });
  if (one === '1' && !divides) return quantityOf({ ...b, value });
  if (one === other && divides) return ucumQuantity(value, '1');
  return ucumQuantity(value, divides ? `(${one})/(${other})` : `(${one}).(${other})`);
}

function codeOf({ unit, calendar, foreign }: Measure): string | null {
  if (foreign) return null;
  return calendar ? CALENDAR[unit as CalendarUnit] : unit;
}

export function quantityOf({ value, unit, calendar }: Measure): QuantityJson {
  return calendar ? calendarQuantity(value, unit) : ucumQuantity(value, unit);
}

/** The word of the calendar that a date may be moved by; null for a quantity that is no time, or a year of 365.25 days. */
export function calendarUnitOf({ unit, calendar, foreign }: Measure): CalendarUnit | null {
  if (foreign) return null;
  if (calendar) return unit as CalendarUnit;
  const word = OF_UCUM.get(unit) ?? WORDS.get(unit) ?? null;
  return (word === 'year' || word === 'month') && OF_UCUM.has(unit) ? null : word;
}

/** The same quantity in another unit; null when it cannot be written so. @param unit a word of the calendar or a UCUM code */
export function inUnit(measure: Measure, unit: string): QuantityJson | null {
  const word = WORDS.get(unit);
  const to: Measure = { value: 0, unit: word ?? unit, calendar: word !== undefined, foreign: false };
  const value = valueIn(measure, to, false);
  return value === null ? null : quantityOf({ ...to, value: exact(value) });
}

const TEXT = /^([+-]?\d+(?:\.\d+)?)\s*(?:'([^']+)'|([a-zA-Z]+))?$/;

/** `4 'mg'`, `4 days`, `4` as FHIRPath writes them; null for other text. */
export function readQuantity(text: string): QuantityJson | null {
  const [, amount, code, word] = TEXT.exec(text.length > 200 ? '' : text) ?? [];
  if (amount === undefined) return null;
  if (word !== undefined) return isCalendarUnit(word) ? calendarQuantity(Number(amount), word) : null;
  return ucumQuantity(Number(amount), code ?? '1');
}

export function quantityText({ value, unit, code }: QuantityJson): string {
  return code === undefined ? `${value} ${unit}` : `${value} '${code}'`;
}

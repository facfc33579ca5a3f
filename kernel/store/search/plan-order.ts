/** Criteria on dates, numbers and quantities → bounds. Pure. */

import { intervalOf } from '../../fhir/dates.ts';
import { type Bounds, type Condition, or, type Word, type WordQuery } from './condition.ts';
import { invalidValue } from './faults.ts';
import { unitKey } from './keys.ts';
import { parseNumber } from './numbers.ts';
import { pairOf, secondOf } from './pairs.ts';
import type { IndexedParameter } from './parameters.ts';
import { convert, UCUM, unitOf } from './ucum.ts';
import { splitPrefix, splitUnescaped, unescapeValue } from './values.ts';

/** `ge2026-11-22` → bounds in epoch ms. A blank is the `+` of a zone that was not escaped in the address. */
export function dateBounds(name: string, value: string): Bounds {
  const [prefix, text] = splitPrefix(value.trim());
  const interval = intervalOf(text.replace(' ', '+'));
  if (!interval)
    throw invalidValue(
      name,
      value,
      'ngày dạng 2026-11-22 hoặc 2026-11-22T08:30:00+07:00',
      'a date such as 2026-11-22 or 2026-11-22T08:30:00+07:00',
    );
  if (prefix !== 'ap') return { prefix, ...interval };
  // "Approximately" is a tenth of the distance from now, at least a day (R4 leaves the amount to the server).
  const slack = Math.max(86_400_000, Math.abs(Date.now() - interval.low) / 10);
  return { prefix, low: interval.low - slack, high: interval.high + slack };
}

export function numberBounds(name: string, value: string): Bounds {
  const [prefix, text] = splitPrefix(value.trim());
  const number = parseNumber(text);
  if (!number) throw invalidValue(name, value, 'một số', 'a number');
  if (prefix !== 'ap') return { prefix, low: number.lo, high: number.hi, value: number.value };
  const slack = Math.abs(number.value) / 10;
  return {
    prefix,
    low: Math.min(number.lo, number.value - slack),
    high: Math.max(number.hi, number.value + slack),
    value: number.value,
  };
}

export function planDate(parameter: IndexedParameter, name: string, value: string): Condition {
  return planInterval(parameter, dateBounds(name, value));
}

export function planInterval(parameter: IndexedParameter, bounds: Bounds): Condition {
  if (parameter.storage === 'main-date') return { op: 'main-date', type: parameter.type as never, bounds };
  return { op: 'ord', p: [parameter.p], words: [], bounds: inSeconds(bounds) };
}

/** Dates lie in `ord` as epoch seconds. */
export function inSeconds(bounds: Bounds): Bounds {
  return { ...bounds, low: bounds.low / 1000, high: bounds.high / 1000 };
}

export function planNumber(parameter: IndexedParameter, name: string, value: string): Condition {
  return { op: 'ord', p: [parameter.p], words: [], bounds: numberBounds(name, value) };
}

/** A unit as asked for: system and code known, or a question to the dictionary. */
export interface AskedUnit {
  system?: string;
  code?: string;
}

/** `5.4|http://unitsofmeasure.org|mg`, `5.4||mg` (code or written unit) or `5.4` (any unit). */
export function parseQuantity(name: string, value: string): { bounds: Bounds; unit: AskedUnit } {
  const parts = splitUnescaped(value, '|').map(unescapeValue);
  const [number = '', system = '', code = ''] = parts;
  if (parts.length !== 1 && parts.length !== 3) {
    throw invalidValue(
      name,
      value,
      'số, số|hệ|đơn vị hoặc số||đơn vị',
      'number, number|system|unit or number||unit',
    );
  }
  const unit = { ...(system === '' ? {} : { system }), ...(code === '' ? {} : { code }) };
  return { bounds: numberBounds(name, number), unit };
}

export function planQuantity(parameter: IndexedParameter, name: string, value: string): Condition {
  const { bounds, unit } = parseQuantity(name, value);
  const { system, code } = unit;
  const pair = pairOf(parameter.q);
  const pairs = pair === undefined ? [] : [wordsIn(pair, bounds, unit, secondOf)];
  if (system !== undefined && code !== undefined && measuredIn(bounds, unit) === null) {
    return { op: 'ord', p: [unitKey(parameter.q, system, code)], words: pairs, bounds };
  }
  const own = wordsIn(parameter.q, bounds, unit, (word) => word);
  return or([{ op: 'ord', p: [], words: [own, ...pairs], bounds }]);
}

/**
 * The words of a parameter whose unit is the one that was asked for, or can be converted to it.
 * @param unitIn where a word says its unit
 */
function wordsIn(p: string, bounds: Bounds, unit: AskedUnit, unitIn: (word: Word) => Word): WordQuery {
  const { system, code } = unit;
  const measured = measuredIn(bounds, unit);
  const accept = (word: Word): boolean => {
    const one = unitIn(word);
    if (system !== undefined && one.sys !== system) return false;
    return code === undefined || isUnit(one, code) || measured?.accept(one) === true;
  };
  if (code === undefined || measured === null) return { p, accept };
  const boundsFor = (word: Word): Bounds => {
    const one = unitIn(word);
    return isUnit(one, code) ? bounds : measured.boundsFor(one);
  };
  return { p, accept, boundsFor };
}

/** The code, or the unit as it was written. */
export function isUnit(word: Word, code: string): boolean {
  return word.code === code || word.display.split('\n').includes(code);
}

/**
 * How a question in a UCUM unit reads in the other units that a parameter has: the rows keep what was measured, the
 * dictionary knows in which units, so the bounds are converted and not the rows. Null when the unit is none of UCUM.
 */
export function measuredIn(bounds: Bounds, { system, code }: AskedUnit) {
  if (code === undefined || (system !== undefined && system !== UCUM)) return null;
  const asked = unitOf(code);
  if (asked === null) return null;
  const unitIn = (word: Word) => (word.sys === UCUM ? unitOf(word.code) : null);
  return {
    accept: (word: Word) => unitIn(word)?.dimension === asked.dimension,
    boundsFor: (word: Word): Bounds => {
      const unit = unitIn(word);
      if (unit === null) return bounds;
      const to = (value: number) => convert(value, asked, unit);
      const { prefix, low, high, value } = bounds;
      return { prefix, low: to(low), high: to(high), ...(value === undefined ? {} : { value: to(value) }) };
    },
  };
}

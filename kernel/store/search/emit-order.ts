/** Index entries that are intervals: dates, numbers, quantities. */
import { type Interval, intervalOf, intervalOfPeriod, intervalOfTiming } from '../../fhir/dates.ts';
import { EntryCache } from './emit-token.ts';
import { unitKey } from './keys.ts';
import { type IndexedQuantity, quantityOf, rangeOf, sampledRange } from './numbers.ts';
import { pairOf } from './pairs.ts';
import type { Sink } from './sink.ts';

/** Interval of a date-like value by its data type; null when it has none (ages and free text have no date). */
export function dateInterval(type: string, value: unknown): Interval | null {
  switch (type) {
    case 'date':
    case 'dateTime':
    case 'instant':
      return typeof value === 'string' ? intervalOf(value) : null;
    case 'Period':
      return intervalOfPeriod(value as object);
    case 'Timing':
      return intervalOfTiming(value as object);
    default:
      return null;
  }
}

/** Dates lie in `ord` as epoch seconds. */
export function emitDate(p: bigint, type: string, value: unknown, sink: Sink): void {
  const interval = dateInterval(type, value);
  if (interval) sink.ord.push({ p, lo: interval.low / 1000, hi: interval.high / 1000 });
}

export function emitNumber(p: bigint, type: string, value: unknown, sink: Sink): void {
  const range = type === 'Range' ? rangeOf(value as object) : null;
  if (range) sink.ord.push({ p, lo: range.lo, hi: range.hi });
  else if (typeof value === 'number') sink.ord.push({ p, lo: value, hi: value });
}

/** Indexed form of a quantity-like value by its data type. */
export function quantityValue(type: string, value: unknown): IndexedQuantity | null {
  if (type === 'Range') return rangeOf(value as object);
  if (type === 'SampledData') return sampledRange(value as object);
  return quantityOf(value as object);
}

const units = new EntryCache();

/** One row in the unit it was measured in; the dictionary knows which units a parameter has. None beside a pair's row. */
export function emitQuantity(q: string, type: string, value: unknown, sink: Sink): void {
  if (sink.paired.includes(value) && pairOf(q) !== undefined) return;
  const quantity = quantityValue(type, value);
  if (!quantity) return;
  const { system, code, unit, lo, hi } = quantity;
  const entry = units.entry(`${q}|${system}|${code}|${unit}`, () => ({
    h: unitKey(q, system, code),
    p: q,
    sys: system,
    code,
    display: unit,
  }));
  sink.word(entry);
  sink.ord.push({ p: entry.h, lo, hi });
}

/** Index entries that are intervals: dates, numbers, quantities. */
import { type Interval, intervalOf, intervalOfPeriod, intervalOfTiming } from '../../fhir/dates.ts';
import { type IndexedQuantity, quantityOf, rangeOf, sampledRange } from './numbers.ts';
import { pairOf } from './pairs.ts';
import type { Sink } from './sink.ts';
import type { Site } from './site.ts';

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

/** The first date of the main parameter is the row's. */
export function emitMainDate(_site: Site, value: unknown, sink: Sink, type: string): void {
  sink.date ??= dateInterval(type, value);
}

/** Dates lie in `ord` as epoch seconds. */
export function emitDate(site: Site, value: unknown, sink: Sink, type: string): void {
  const interval = dateInterval(type, value);
  if (interval) sink.ord.push({ p: site.p, lo: interval.low / 1000, hi: interval.high / 1000 });
}

export function emitNumber(site: Site, value: unknown, sink: Sink, type: string): void {
  const range = type === 'Range' ? rangeOf(value as object) : null;
  if (range) sink.ord.push({ p: site.p, lo: range.lo, hi: range.hi });
  else if (typeof value === 'number') sink.ord.push({ p: site.p, lo: value, hi: value });
}

/** Indexed form of a quantity-like value by its data type. */
export function quantityValue(type: string, value: unknown): IndexedQuantity | null {
  if (type === 'Range') return rangeOf(value as object);
  if (type === 'SampledData') return sampledRange(value as object);
  return quantityOf(value as object);
}

/** One row in the unit it was measured in; the dictionary knows which units a parameter has. None beside a pair's row. */
export function emitQuantity(site: Site, value: unknown, sink: Sink, type: string): void {
  if (sink.paired.includes(value) && pairOf(site.q) !== undefined) return;
  const quantity = quantityValue(type, value);
  if (!quantity) return;
  const { system, code, unit, lo, hi } = quantity;
  const entry = site.unit(system, code, unit);
  sink.word(entry);
  sink.ord.push({ p: entry.h, lo, hi });
}

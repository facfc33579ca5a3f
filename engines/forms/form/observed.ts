/** SDC's observation-based population: the newest Observation of the item's codes within its period. Pure. */

import { moved } from '../../../kernel/fhir/path/temporal.ts';
import type { Coding, Duration, Observation } from '../../../kernel/fhir/types.ts';
import { convert, unitOf } from '../../../kernel/store/search/ucum.ts';
import { answerFrom, isObject, valueIn } from '../answer.ts';
import { EXT, extensionValue } from '../extension.ts';
import { isOfOther } from '../extract/subject.ts';
import type { Question } from '../question.ts';
import type { FormStart, Value } from './types.ts';
import { fixedUnit } from './units.ts';

/** The period counts for the question and all under it; the nearest one wins. */
export function linkPeriodOf({ lineage }: Question): Duration | null {
  for (const { item } of [...lineage].reverse()) {
    const period = extensionValue(item, EXT.observationLinkPeriod);
    if (period) return period as Duration;
  }
  return null;
}

/** The first instant of the period; null when its unit is no time. */
export function beginOf(period: Duration, now: Date): string | null {
  const word = WORDS[period.code ?? period.unit ?? ''];
  if (word === undefined || typeof period.value !== 'number') return null;
  return moved(now.toISOString(), -period.value, word) ?? '0001-01-01T00:00:00Z';
}

const WORDS: Readonly<Record<string, 'year' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second'>> = {
  a: 'year',
  mo: 'month',
  wk: 'week',
  d: 'day',
  h: 'hour',
  min: 'minute',
  s: 'second',
};

export function observedValues(question: Question, { observation, now }: FormStart): Value[] {
  const { item } = question;
  // What is known of the person says nothing of the others whom a group may be about.
  if (!observation || !item.code?.length || isOfOther(question)) return [];
  const period = linkPeriodOf(question);
  const since = period && beginOf(period, now);
  const found = since ? observation(item.code, since) : null;
  const value = found ? valueOfObservation(found, item.code) : null;
  if (value === null) return [];
  const answer = answerFrom(item, inUnitOf(value, fixedUnit(item)), fixedUnit(item));
  return answer === undefined ? [] : [answer];
}

/** Of the Observation itself, or of its component with the code. */
function valueOfObservation(found: Observation, codes: readonly Coding[]): Value | null {
  const has = (one: { code?: { coding?: Coding[] } }) =>
    one.code?.coding?.some((coding) => codes.some((code) => isSameCode(code, coding))) === true;
  const holder = has(found) ? found : found.component?.find(has);
  return holder ? (valueIn(holder)?.value ?? null) : null;
}

export const isSameCode = (a: Coding, b: Coding) =>
  a.code !== undefined && a.code === b.code && (a.system === undefined || a.system === b.system);

/** A quantity in the unit that the item is written in, where UCUM knows both. */
export function inUnitOf(value: Value, unit: Coding | null): Value {
  if (!isObject(value) || typeof value.value !== 'number' || !unit?.code || unit.code === value.code)
    return value;
  const [from, to] = [unitOf(String(value.code ?? '')), unitOf(unit.code)];
  if (!from || !to || from.dimension !== to.dimension) return value;
  return {
    ...value,
    value: convert(value.value, from, to),
    code: unit.code,
    unit: unit.display ?? unit.code,
  };
}

/** Which version of a programme counts on a day, wherever it lies. Pure. */
import type { PlanDefinition } from '../../kernel/fhir/types.ts';

/** Programmes that this house carries out stand under it; the key follows. */
export const PROGRAMME_URL = 'http://yba.vn/fhir/PlanDefinition/';

/** When a version counts. */
export interface Begun {
  key: string;
  /** First day, ISO. */
  from: string;
  /** What it says of its own end; null = open. */
  end: string | null;
  retired: boolean;
}

/** Of each key the version that began last, unless it is over. Pure. */
export function inForce<T extends Begun>(versions: readonly T[], day: string): T[] {
  const newest = new Map<string, T>();
  for (const one of versions) {
    const before = newest.get(one.key);
    if (one.from <= day && (before === undefined || one.from > before.from)) newest.set(one.key, one);
  }
  return [...newest.values()]
    .filter(({ end, retired }) => !retired && (end === null || end >= day))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** First day of a version: of its period, else its version where that is a day. '' = it says none. */
export function firstDayOfVersion({ effectivePeriod, version = '' }: PlanDefinition): string {
  const start = effectivePeriod?.start?.slice(0, 10) ?? version;
  return /^\d{4}-\d{2}-\d{2}$/.test(start) ? start : '';
}

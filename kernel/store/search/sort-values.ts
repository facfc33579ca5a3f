/** The values of a match's sort keys as its cursor keeps them → values that other searches' can be compared with. Pure. */
import type { MatchPlace } from '../contract.ts';
import type { SortKey } from './query.ts';
import type { KeyValue } from './sort.ts';
import { needsBodies } from './sort-body.ts';

/** Instants are epoch milliseconds, whether a type keeps them in a column of its own or among other dates. */
export function sortValues(sort: readonly SortKey[], values: readonly KeyValue[]): MatchPlace['values'] {
  const ofBodies = needsBodies(sort);
  return sort.map((key, at) => {
    const value = values[at] ?? null;
    if (value === null) return null;
    return ofBodies ? (JSON.parse(value) as string | number) : ofTables(key, value);
  });
}

function ofTables({ parameter }: SortKey, value: string): string | number {
  if (parameter === '_id') return value;
  if (parameter === '_lastUpdated' || parameter.storage === 'main-date') return Number(value);
  switch (parameter.kind) {
    case 'date':
      return Number(value) * 1000;
    case 'number':
    case 'quantity':
      return Number(value);
    default:
      return value;
  }
}

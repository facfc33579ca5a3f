/** Intervals → SQL: R4's rules for dates (3.1.1.4.7) and numbers (3.1.1.4.6). All values are bound. */
import type { StoredType } from '../resource-types.ts';
import type { Bounds } from './condition.ts';
import { longKey } from './keys.ts';
import type { Statement } from './statement.ts';

/** R4 search 3.1.1.4.7 on intervals [low, high): `lo` and `hi` are SQL, the bounds are bound. */
function compare(
  prefix: Bounds['prefix'],
  lo: string,
  hi: string,
  low: () => string,
  high: () => string,
): string {
  switch (prefix) {
    case 'eq':
      // The bound on `lo` follows from the others; an index on it needs to be told.
      return `(${lo} >= ${low()} and ${lo} < ${high()} and ${hi} <= ${high()})`;
    case 'ne':
      return `not (${lo} >= ${low()} and ${hi} <= ${high()})`;
    case 'gt':
      return `${hi} > ${high()}`;
    case 'lt':
      return `${lo} < ${low()}`;
    case 'ge':
      return `(${hi} > ${high()} or ${lo} >= ${low()})`;
    case 'le':
      return `(${lo} < ${high()} and (${lo} < ${low()} or ${hi} <= ${high()}))`;
    case 'sa':
      return `${lo} >= ${high()}`;
    case 'eb':
      return `(${lo} < ${low()} and ${hi} <= ${low()})`;
    case 'ap':
      return `(${lo} < ${high()} and ${hi} > ${low()})`;
  }
}

/** meta.lastUpdated is a point. */
export function renderInstant({ prefix, low, high }: Bounds, column: string, statement: Statement): string {
  const from = () => statement.instant(low);
  const to = () => statement.instant(high);
  switch (prefix) {
    case 'eq':
    case 'ap':
      return `(${column} >= ${from()} and ${column} < ${to()})`;
    case 'ne':
      return `not (${column} >= ${from()} and ${column} < ${to()})`;
    case 'gt':
    case 'sa':
      return `${column} >= ${to()}`;
    case 'ge':
      return `${column} >= ${from()}`;
    case 'lt':
    case 'eb':
      return `${column} < ${from()}`;
    case 'le':
      return `${column} < ${to()}`;
  }
}

/**
 * The clinical date. `ge`, `gt` and `ap` leave the beginning of the row's interval open, which no index on `d0` could
 * bound; so rows of more than a day, which carry a mark, are taken by the mark, all others by their beginning.
 */
export function renderMainDate(
  type: StoredType,
  bounds: Bounds,
  r: string,
  statement: Statement,
  hasToken: (hash: bigint) => string,
): string {
  const { prefix, low, high } = bounds;
  const test = compare(
    prefix,
    `${r}.d0`,
    `${r}.d1`,
    () => statement.instant(low),
    () => statement.instant(high),
  );
  if (prefix !== 'ge' && prefix !== 'gt' && prefix !== 'ap') return test;
  const reach = statement.instant(low - 2 * 86_400_000);
  return `(${test} and (${r}.d0 >= ${reach} or ${hasToken(longKey(type))}))`;
}

/** Test of an interval of `ord`: dates as intervals, numbers by their precision. */
export function intervalTest(bounds: Bounds, o: string, statement: Statement): string {
  return bounds.value === undefined
    ? dateTest(bounds, o, statement)
    : numberTest(bounds, `${o}.lo`, `${o}.hi`, statement);
}

/** Test of one point, in a column of `ord`. */
export function pointTest(bounds: Bounds, column: string, statement: Statement): string {
  return numberTest(bounds, column, column, statement);
}

function dateTest({ prefix, low, high }: Bounds, o: string, statement: Statement): string {
  return compare(
    prefix,
    `${o}.lo`,
    `${o}.hi`,
    () => statement.float8(low),
    () => statement.float8(high),
  );
}

/** R4 3.1.1.4.6: eq and ne use the precision of the number asked for, the other prefixes the number itself. */
function numberTest(
  { prefix, low, high, value }: Bounds,
  lo: string,
  hi: string,
  statement: Statement,
): string {
  const number = () => statement.float8(value!);
  switch (prefix) {
    case 'eq':
      return `${lo} >= ${statement.float8(low)} and ${hi} < ${statement.float8(high)}`;
    case 'ne':
      return `not (${lo} >= ${statement.float8(low)} and ${hi} < ${statement.float8(high)})`;
    case 'ap':
      return `${lo} <= ${statement.float8(high)} and ${hi} >= ${statement.float8(low)}`;
    case 'gt':
      return `${hi} > ${number()}`;
    case 'ge':
      return `${hi} >= ${number()}`;
    case 'lt':
      return `${lo} < ${number()}`;
    case 'le':
      return `${lo} <= ${number()}`;
    case 'sa':
      return `${lo} > ${number()}`;
    case 'eb':
      return `${hi} < ${number()}`;
  }
}

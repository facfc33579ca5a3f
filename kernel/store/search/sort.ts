/** Orders of an answer as SQL expressions, and where a page goes on. Empty values come last in both directions. */

import type { Cursor } from './cursor.ts';
import { TURN } from './emit-text.ts';
import { unsupported } from './faults.ts';
import { orderKey as orderKeyOf } from './keys.ts';
import { mainDateOf } from './main-columns.ts';
import { pairOf } from './pairs.ts';
import { hasOrderRows, type IndexedParameter, isInDictionary, type Storage } from './parameters.ts';
import type { Query, SortKey } from './query.ts';
import { marksKey } from './sort-marks.ts';
import { referenceKeySql } from './sort-reference.ts';
import type { Statement } from './statement.ts';

/** A value of a sort key as a cursor keeps it. */
export type KeyValue = string | null;

export interface OrderKey {
  /** SQL of the value, for a row alias. */
  sql(r: string): string;
  descending: boolean;
  /** Empty values come first: only in an order that is turned around. */
  emptyFirst?: boolean;
  /** Type in which the cursor's text is compared. */
  kind: 'instant' | 'number' | 'text';
  /** True for the column `d0`, which indexes are ordered by. */
  isMainDate: boolean;
}

/**
 * The keys asked for; by default what was written with the marks that were typed comes first, then the clinical date, newest
 * first. The row's hash breaks ties.
 */
export function orderOf(
  { type, sort, criteria }: Pick<Query, 'type' | 'sort' | 'criteria'>,
  statement: Statement,
): OrderKey[] {
  if (sort.length > 0) return sort.map((key) => orderKey(key, statement));
  const marks = marksKey(criteria, statement);
  return [...(marks ? [marks] : []), ...(mainDateOf(type) ? [mainDate(true)] : [])];
}

function mainDate(descending: boolean): OrderKey {
  return { sql: (r) => `${r}.d0`, descending, kind: 'instant', isMainDate: true };
}

function orderKey({ parameter, descending }: SortKey, statement: Statement): OrderKey {
  if (parameter === '_id') return { sql: (r) => `${r}.id`, descending, kind: 'text', isMainDate: false };
  if (parameter === '_lastUpdated')
    return { sql: (r) => `${r}.ts`, descending, kind: 'instant', isMainDate: false };
  if (parameter.storage === 'main-date') return mainDate(descending);
  return { ...valueKey(parameter, descending, statement), descending, isMainDate: false };
}

/** The least value of a row, or the greatest when the order descends (R4 3.1.1.5.1 leaves the choice to the server). */
function valueKey(
  parameter: IndexedParameter,
  descending: boolean,
  statement: Statement,
): Pick<OrderKey, 'sql' | 'kind'> {
  const pick = descending ? 'max' : 'min';
  const rowIs = (x: string, r: string) => `${x}.pt = ${r}.pt and ${x}.idh = ${r}.idh`;
  switch (parameter.storage) {
    case 'dates':
    case 'numbers': {
      const p = statement.int8(parameter.p);
      return {
        kind: 'number',
        sql: (r) => `(select ${pick}(o.lo) from ord o where ${rowIs('o', r)} and o.p = ${p})`,
      };
    }
    case 'quantities': {
      const pair = pairOf(parameter.q);
      const names = [parameter.q, ...(pair === undefined ? [] : [pair])].map((q) => statement.text(q));
      const p = `(select c.h from code c where c.p in (${names.join(', ')}))`;
      return {
        kind: 'number',
        sql: (r) => `(select ${pick}(o.lo) from ord o where ${rowIs('o', r)} and o.p in ${p})`,
      };
    }
    case 'strings':
    case 'names': {
      const p = statement.int8(parameter.p);
      const natural = parameter.storage === 'names' ? ` and strpos(s.s, ${statement.text(TURN)}) = 0` : '';
      return {
        kind: 'text',
        sql: (r) => `(select ${pick}(s.s) from str s where ${rowIs('s', r)} and s.p = ${p}${natural})`,
      };
    }
    case 'references':
      return { kind: 'text', sql: referenceKeySql(parameter, pick, statement) };
    case 'words':
    case 'uris':
    case 'tokens': {
      if (hasOrderRows(parameter)) {
        const p = statement.int8(orderKeyOf(parameter.q));
        const sql = (r: string) => `(select ${pick}(s.s) from str s where ${rowIs('s', r)} and s.p = ${p})`;
        return { kind: 'text', sql };
      }
      if (!isInDictionary(parameter)) break;
      const q = statement.text(parameter.q);
      return {
        kind: 'text',
        sql: (r) =>
          `(select ${pick}(c.code collate "C") from code c where c.h = any (${r}.tok) and c.p = ${q})`,
      };
    }
  }
  throw unsupported(
    '_sort',
    `không sắp xếp được theo "${parameter.code}".`,
    `cannot sort by "${parameter.code}".`,
  );
}

/** True when the database gives the order. */
export function isSortable(parameter: IndexedParameter): boolean {
  if (parameter.storage === 'tokens') return isInDictionary(parameter) || hasOrderRows(parameter);
  return IN_TABLES.has(parameter.storage);
}

const IN_TABLES: ReadonlySet<Storage> = new Set<Storage>([
  'main-date',
  'dates',
  'numbers',
  'quantities',
  'strings',
  'names',
  'words',
  'uris',
  'references',
]);

/** An order, and which way it is walked: backwards for the page before. */
export interface Order {
  keys: readonly OrderKey[];
  back: boolean;
}

/** The order as it is walked: turned around, keys, empty values and all, when the page before is asked for. */
export function walked({ keys, back }: Order): readonly OrderKey[] {
  if (!back) return keys;
  return keys.map((key) => ({ ...key, descending: !key.descending, emptyFirst: !key.emptyFirst }));
}

export function orderBy(order: Order, r: string): string {
  const keys = walked(order).map((key) => `${key.sql(r)}${directionOf(key)}`);
  return [...keys, `${r}.idh${order.back ? ' desc' : ''}`].join(', ');
}

/** ` desc nulls last` and its like. */
export function directionOf({ descending, emptyFirst }: OrderKey): string {
  return `${descending ? ' desc' : ''} nulls ${emptyFirst ? 'first' : 'last'}`;
}

/** Select list of the keys' values as the cursor keeps them. @param sqlOf the value of the key in that place */
export function keyColumns(keys: readonly OrderKey[], sqlOf: (key: OrderKey, i: number) => string): string {
  return keys
    .map((key, i) => {
      const raw = sqlOf(key, i);
      const value = key.kind === 'instant' ? `round(extract(epoch from ${raw}) * 1000)::float8` : raw;
      return `, (${value})::text as k${i}`;
    })
    .join('');
}

/** Rows after a given one, the way the order is walked. */
export function afterTest(order: Order, { values, idh }: Cursor, r: string, statement: Statement): string {
  const keys = walked(order);
  let test = `${r}.idh ${order.back ? '<' : '>'} ${statement.int8(idh)}`;
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = keys[i]!;
    const value = values[i] ?? null;
    const sql = key.sql(r);
    if (value === null) {
      test = key.emptyFirst ? `(${sql} is not null or ${test})` : `(${sql} is null and ${test})`;
      continue;
    }
    const bound = boundValue(key, value, statement);
    const beyond = `${sql} ${key.descending ? '<' : '>'} ${bound}`;
    const empty = key.emptyFirst ? '' : ` or ${sql} is null`;
    test = `(${beyond}${empty} or (${sql} = ${bound} and ${test}))`;
  }
  return test;
}

export function boundValue(key: OrderKey, value: string, statement: Statement): string {
  if (key.kind === 'instant') return statement.instant(Number(value));
  return key.kind === 'number' ? statement.float8(Number(value)) : `${statement.text(value)} collate "C"`;
}

/** The SQL of one page, and of the count. */
import { type StoredType, typeNumber } from '../resource-types.ts';
import { type VersionRow, versionColumns } from '../rows.ts';
import type { Condition } from './condition.ts';
import type { Cursor } from './cursor.ts';
import { type RenderContext, render, type Table, tablesOf } from './render.ts';
import {
  afterTest,
  boundValue,
  directionOf,
  type KeyValue,
  keyColumns,
  type OrderKey,
  orderBy,
  walked,
} from './sort.ts';
import type { Statement } from './statement.ts';

export interface PageRow extends VersionRow {
  idh: string | bigint;
  /** Values of the keys of the order; a number is its text. */
  [key: `k${number}`]: KeyValue | number;
}

export interface PageRequest {
  type: StoredType;
  condition: Condition;
  keys: OrderKey[];
  limit: number;
  /** Where the page begins, or with `back` ends; its rows then come the other way round. */
  after: Cursor | undefined;
}

/** Either end of an order: from the beginning when there is no cursor. */
function orderIn({ keys, after }: PageRequest) {
  return { keys, back: after?.back === true };
}

/** Narrow rows first: found, ordered and cut without their bodies; then the bodies of the page. */
export function pageSql(request: PageRequest, context: RenderContext): string {
  const { type, keys, limit, condition } = request;
  const { statement } = context;
  const tables = tablesFor(type, condition);
  const count = statement.int4(limit);
  const branches = tables.flatMap((table) =>
    branchesOf(request, statement, (test, order) => {
      const raw = keys.map((key, i) => `, ${key.sql('r')} as o${i}`).join('');
      return `(select '${table}' as src, r.pt, r.t, r.idh${raw}${keyColumns(keys, (key) => key.sql('r'))} from ${table} r
    where r.t = ${typeNumber(type)} and ${render(condition, 'r', context)}${test} order by ${order} limit ${count})`;
    }),
  );
  const outer = outerOrder(request);
  const bodies = tables.map(
    (table) => `select page.n, page.idh${keys.map((_, i) => `, page.k${i}`).join('')}, ${versionColumns('r')}
      from page join ${table} r on page.src = '${table}' and r.pt = page.pt and r.t = page.t and r.idh = page.idh
      left join person on person.pt = r.pt`,
  );
  return `with page as materialized (
    select *, row_number() over (order by ${outer}) as n from (${branches.join(' union all ')}) as found
    order by ${outer} limit ${count}
  ) ${bodies.join(' union all ')} order by 1`;
}

/** The order of what the branches found, by their columns `o0 …` and `idh`. */
export function outerOrder(request: PageRequest): string {
  const order = orderIn(request);
  const keys = walked(order).map((key, i) => `o${i}${directionOf(key)}`);
  return [...keys, `idh${order.back ? ' desc' : ''}`].join(', ');
}

/** Number of all matches. */
export function countSql(type: StoredType, condition: Condition, context: RenderContext): string {
  const own: RenderContext = onlyPerson(condition) === null ? context : { ...context, by: 'person' };
  const parts = tablesFor(type, condition).map(
    (table) =>
      `(select count(*) from ${table} r where r.t = ${typeNumber(type)} and ${render(condition, 'r', own)})`,
  );
  return `select (${parts.join(' + ')})::int as total`;
}

/** A condition on persons leaves out what belongs to nobody. */
export function tablesFor(type: StoredType, condition: Condition): Table[] {
  const tables = tablesOf(type);
  const personal = tables.length > 1 && partsOf(condition).some((part) => part.op === 'person');
  return personal ? ['res'] : tables;
}

function partsOf(condition: Condition): Condition[] {
  return condition.op === 'and' ? condition.of : [condition];
}

/**
 * The selects of a table, mostly one. An order by the clinical date that an index can walk (one person's rows, or a whole
 * type) is cut in two, dated rows and undated ones, because the index has the undated first.
 * @param select writes one, of rows that stand a further test, in an order
 */
export function branchesOf(
  request: PageRequest,
  statement: Statement,
  select: (test: string, order: string) => string,
): string[] {
  const { keys, after } = request;
  const order = orderIn(request);
  const [key] = keys;
  if (keys.length !== 1 || !key?.isMainDate || !key.descending || !isWalk(request.condition)) {
    const test = after ? ` and ${afterTest(order, after, 'r', statement)}` : '';
    return [select(test, orderBy(order, 'r'))];
  }
  const way = order.back ? '' : ' desc';
  const ties = order.back ? ' desc' : '';
  const [earlier, further] = order.back ? ['>', '<'] : ['<', '>'];
  const value = after?.values[0] ?? null;
  const undated = (test: string) => select(` and r.d0 is null${test}`, `r.idh${ties}`);
  const dated = (test: string) => select(` and r.d0 is not null${test}`, `r.d0${way}, r.idh${ties}`);
  if (after && value === null) {
    const rest = undated(` and r.idh ${further} ${statement.int8(after.idh)}`);
    return order.back ? [rest, dated('')] : [rest];
  }
  if (!after) return [dated(''), undated('')];
  const bound = boundValue(key, value!, statement);
  const idh = statement.int8(after.idh);
  const rest = dated(
    ` and r.d0 ${earlier}= ${bound} and (r.d0 ${earlier} ${bound} or r.idh ${further} ${idh})`,
  );
  return order.back ? [rest] : [rest, undated('')];
}

/** The person that the condition is bound to; null when there may be several. */
export function onlyPerson(condition: Condition): bigint | null {
  for (const part of partsOf(condition))
    if (part.op === 'person' && part.pts.length === 1) return part.pts[0]!;
  return null;
}

/** True when nothing narrows the rows but one person, flags and the date itself. */
export function isWalk(condition: Condition): boolean {
  const parts = partsOf(condition);
  if (onlyPerson(condition) !== null) return true;
  return parts.every((part) => ['true', 'present', 'not', 'main-date', 'updated', 'seen'].includes(part.op));
}

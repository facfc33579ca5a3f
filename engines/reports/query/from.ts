/** The part of a statement that every question over a source shares: tables, joins, and which rows there are. */

import { vietnamDayBounds } from '../../../kernel/text/vietnam-time.ts';
import type { Source } from '../definition.ts';
import { ExpressionFault, type Fault, type Node } from '../expression/node.ts';
import { parse } from '../expression/parse.ts';
import { parsed, tried } from '../expression/parsed.ts';
import { type Compiled, type Context, compileNode, Parameters, textOf, truthOf } from './compile.ts';
import { FUNCTIONS } from './functions.ts';
import { type JoinedTable, type Scope, scopeOf, type Views } from './scope.ts';

/** A source that was checked: its names are known and its conditions parsed. */
export interface ReadySource {
  scope: Scope;
  where: Node | null;
  at: Node | null;
  unit: Node;
  person: Node;
}

/** Null when a fault was found; the faults say where. */
export function readySource(
  source: Source,
  views: Views,
  place: string,
  faults: Fault[],
): ReadySource | null {
  const scope = scopeOf(source, views, place, faults);
  const part = (text: string, name: string) => parsed(text, `${place}.${name}`, faults);
  const unit = part(source.unit, 'unit');
  const person = part(source.person ?? 'person', 'person');
  const at = source.at === undefined ? null : part(source.at, 'at');
  const where = source.where === undefined ? null : part(source.where, 'where');
  if (scope === null || unit === null || person === null) return null;
  const ready = { scope, where, at, unit, person };
  const before = faults.length;
  const context = contextOf(ready, ANY_PERIOD);
  const look = (name: string, work: () => unknown) => tried(`${place}.${name}`, faults, work);
  for (const [name, joined] of scope.joins) lookAtJoin(name, joined, scope, look);
  look('unit', () => textColumn(unit, context));
  look('person', () => textColumn(person, context));
  if (at) look('at', () => withinPeriod(ready, context));
  if (where) look('where', () => truthOf(where, context));
  for (const [nth, { value }] of (source.list ?? []).entries())
    look(`list[${nth}].value`, () => textOf(parse(value), context));
  if (faults.length === before) tried(place, faults, () => fromSql(ready, context, null));
  return ready;
}

/** A period to look at descriptions with: what is right over one is right over all. */
export const ANY_PERIOD = { start: '2000-01-01', end: '2000-01-31' };

/** What a join asks of its rows names itself and what stands before it: the database knows no more at that place. */
function lookAtJoin(
  name: string,
  { where, join }: JoinedTable,
  { main, joins }: Scope,
  look: (name: string, work: () => unknown) => unknown,
): void {
  if (where === null) return;
  const names = [...joins.keys()];
  const known = new Map([...joins].slice(0, names.indexOf(name) + 1));
  const context: Context = {
    functions: FUNCTIONS,
    scope: { main, joins: known },
    parameters: new Parameters(),
    inside: join.many === true ? name : null,
    within: join.many === true ? [name] : [],
    period: ANY_PERIOD,
  };
  look(`joins.${name}.where`, () => truthOf(where, context));
}

export function contextOf({ scope }: ReadySource, period: Context['period']): Context {
  return { functions: FUNCTIONS, scope, parameters: new Parameters(), inside: null, within: [], period };
}

/**
 * `from … where …` for a period and units; null = of all units.
 * @param more further conditions, as SQL that was made by `truthOf` with the same context
 * @throws ExpressionFault when the source is wrong
 */
export function fromSql(
  source: ReadySource,
  context: Context,
  units: readonly string[] | null,
  more: readonly string[] = [],
): string {
  const { main, joins } = source.scope;
  const tables = [`from views.${main.view.name} ${main.alias}`];
  if (context.period === 'rows') tables.push('cross join p');
  for (const joined of joins.values()) {
    const tests = joined.where && joined.join.many !== true ? [truthOf(joined.where, context)] : [];
    if (joined.join.many === true) continue;
    const by = compileNode({ kind: 'name', path: joined.join.by.split('.'), at: 0 }, context).sql;
    const on = [`${joined.alias}.${joined.join.key} = ${by}`, ...tests].join(' and ');
    tables.push(`left join views.${joined.view.name} ${joined.alias} on ${on}`);
  }
  const tests = [
    ...withinPeriod(source, context),
    ...(units === null
      ? []
      : [`${textColumn(source.unit, context)} = any(${context.parameters.add(units, 'text[]')})`]),
    ...(source.where ? [truthOf(source.where, context)] : []),
    ...more,
  ];
  return `${tables.join(' ')}${tests.length > 0 ? ` where ${tests.join(' and ')}` : ''}`;
}

/** The period is asked of the column as it lies in the table, so that its index answers. */
function withinPeriod({ at }: ReadySource, context: Context): string[] {
  if (at === null) return [];
  const { sql, type } = compileNode(at, context);
  const { parameters, period } = context;
  if (period === 'rows') return withinRows(sql, type, at);
  const { start, end } = period;
  if (type === 'instant') {
    const from = parameters.add(vietnamDayBounds(start).from, 'timestamptz');
    const to = parameters.add(vietnamDayBounds(end).to, 'timestamptz');
    return [`${sql} >= ${from} and ${sql} < ${to}`];
  }
  // A FHIR date with less than a day has no place in a month.
  if (type === 'partial')
    return [`${sql} between ${parameters.add(start, 'text')} and ${parameters.add(end, 'text')}`];
  if (type === 'day')
    return [`${sql} between ${parameters.add(start, 'date')} and ${parameters.add(end, 'date')}`];
  throw noDay(at);
}

function withinRows(sql: string, type: Compiled['type'], at: Node): string[] {
  if (type === 'instant') return [`${sql} >= p.since and ${sql} < p.until`];
  if (type === 'partial') return [`${sql} between p.first::text and p.last::text`];
  if (type === 'day') return [`${sql} between p.first and p.last`];
  throw noDay(at);
}

const noDay = (at: Node) =>
  new ExpressionFault(at.at, '“at” phải là ngày hoặc thời điểm.', '"at" must be a day or an instant');

/** A period with the name by which its numbers are asked for. */
export interface NamedPeriod {
  name: string;
  /** First and last day, ISO. */
  start: string;
  end: string;
}

/** `with p as (…)`: the periods as rows, for a context whose period is `rows`. */
export function periodsSql(periods: readonly NamedPeriod[], { parameters }: Context): string {
  const columns = [
    parameters.add(
      periods.map(({ name }) => name),
      'text[]',
    ),
    parameters.add(
      periods.map(({ start }) => start),
      'date[]',
    ),
    parameters.add(
      periods.map(({ end }) => end),
      'date[]',
    ),
    parameters.add(
      periods.map(({ start }) => vietnamDayBounds(start).from),
      'timestamptz[]',
    ),
    parameters.add(
      periods.map(({ end }) => vietnamDayBounds(end).to),
      'timestamptz[]',
    ),
  ];
  return `with p as (select * from unnest(${columns.join(', ')}) as p (name, first, last, since, until))`;
}

/** A column of texts: an id. @throws ExpressionFault */
export function textColumn(node: Node, context: Context): string {
  const { sql, type }: Compiled = compileNode(node, context);
  if (type === 'text') return sql;
  throw new ExpressionFault(node.at, 'Chỗ này phải là mã (chữ).', 'this must be an id (text)');
}

/** The names that an expression over a source may say, with their types: columns of its view and of what is joined. */
import { KEY_COLUMNS, tableColumns, type ViewDefinition, type ViewSelect } from '../../views/view-table.ts';
import type { Join, Source } from '../definition.ts';
import type { Fault, Node } from '../expression/node.ts';
import { parsed } from '../expression/parsed.ts';

/** `partial` is a FHIR date as text (`1985`, `1985-02`); `day` a date of the database; `instant` a point in time. */
export type ValueType = 'number' | 'text' | 'truth' | 'day' | 'partial' | 'instant' | 'nothing';

/** A view by its name; null for one that the content does not have. */
export type Views = (name: string) => ViewDefinition | null;

export interface Table {
  view: ViewDefinition;
  /** Alias in the statement. */
  alias: string;
  columns: ReadonlyMap<string, ValueType>;
}

export interface JoinedTable extends Table {
  name: string;
  join: Join;
  /** `join.where`, parsed. */
  where: Node | null;
}

export interface Scope {
  main: Table;
  /** In the order in which they are joined. */
  joins: ReadonlyMap<string, JoinedTable>;
}

const PLAIN = /^[a-z][A-Za-z0-9_]{0,30}$/;
const TYPES: Record<string, ValueType> = {
  boolean: 'truth',
  integer: 'number',
  numeric: 'number',
  timestamptz: 'instant',
};

/** What may be said over a source. Views and columns that do not exist are faults with their place. */
export function scopeOf(source: Source, views: Views, place: string, faults: Fault[]): Scope | null {
  const main = tableOf(source.view, 's', views, `${place}.view`, faults);
  if (main === null) return null;
  const joins = new Map<string, JoinedTable>();
  for (const [name, join] of Object.entries(source.joins ?? {})) {
    const where = `${place}.joins.${name}`;
    if (!PLAIN.test(name)) {
      faults.push({
        expression: where,
        text: `“${name}” không đặt làm tên phần nối được.`,
        textEn: `"${name}" is no name of a join`,
      });
      continue;
    }
    const alias = `j_${name.toLowerCase()}`;
    if ([...joins.values()].some((other) => other.alias === alias)) faults.push(sameName(name, where));
    const table = tableOf(join.view, alias, views, `${where}.view`, faults);
    if (table === null) continue;
    const key = table.columns.get(join.key);
    const by = columnAt({ main, joins }, join.by.split('.'))?.type;
    if (key === undefined) faults.push(noColumn(join.key, join.view, `${where}.key`));
    if (by === undefined) faults.push(noColumn(join.by, source.view, `${where}.by`));
    if (key && by && !isAlike(key, by)) faults.push(notAlike(join, key, by, `${where}.by`));
    const test = join.where === undefined ? null : parsed(join.where, `${where}.where`, faults);
    joins.set(name, { ...table, name, join, where: test });
  }
  return { main, joins };
}

/** The column that a path says, as SQL and its type; null when there is none, or when several rows could answer. */
export function columnAt(
  { main, joins }: Scope,
  path: readonly string[],
  inside: string | null = null,
): { sql: string; type: ValueType } | null {
  const [first = '', second] = path;
  if (path.length === 1) return columnOf(main, first);
  const joined = joins.get(first);
  if (path.length !== 2 || !joined || (joined.join.many === true && inside !== first)) return null;
  return columnOf(joined, second!);
}

function columnOf(table: Table, name: string): { sql: string; type: ValueType } | null {
  const type = table.columns.get(name);
  return type === undefined ? null : { sql: `${table.alias}.${name}`, type };
}

function tableOf(name: string, alias: string, views: Views, place: string, faults: Fault[]): Table | null {
  const view = views(name);
  if (view === null) {
    faults.push({
      expression: place,
      text: `Không có bảng “${name}” trong content/views.`,
      textEn: `there is no view "${name}" in content/views`,
    });
    return null;
  }
  const days = new Set(view.select.flatMap(daysOf));
  const columns = [...KEY_COLUMNS, ...tableColumns(view)].flatMap(({ name: column, sqlType }) => {
    // A list of values cannot be compared with one.
    if (sqlType === 'jsonb') return [];
    return [[column, days.has(column) ? ('partial' as const) : (TYPES[sqlType] ?? 'text')] as const];
  });
  return { view, alias, columns: new Map(columns) };
}

function daysOf(select: ViewSelect): string[] {
  return [
    ...(select.column ?? [])
      .filter(({ type, collection }) => type === 'date' && collection !== true)
      .map(({ name }) => name),
    ...(select.select ?? []).flatMap(daysOf),
    ...(select.unionAll ?? []).flatMap(daysOf),
  ];
}

/** A date with less than a day is text to the database. */
const isAlike = (a: ValueType, b: ValueType): boolean =>
  a === b || [a, b].every((type) => type === 'text' || type === 'partial');

function notAlike({ key, by }: Join, a: ValueType, b: ValueType, place: string): Fault {
  return {
    expression: place,
    text: `“${key}” (${a}) và “${by}” (${b}) không bao giờ bằng nhau.`,
    textEn: `"${key}" (${a}) and "${by}" (${b}) are never equal`,
  };
}

function sameName(name: string, place: string): Fault {
  return {
    expression: place,
    text: `Đã có phần nối tên “${name}” (không kể chữ hoa).`,
    textEn: `there is a join called "${name}" already (in small letters)`,
  };
}

function noColumn(column: string, view: string, place: string): Fault {
  return {
    expression: place,
    text: `Bảng “${view}” không có cột “${column}”.`,
    textEn: `view "${view}" has no column "${column}"`,
  };
}

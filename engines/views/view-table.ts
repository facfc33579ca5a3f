/** From a ViewDefinition (SQL on FHIR v2) to the table that holds its rows. Pure. */
import type { ResourceType } from '../../kernel/fhir/types.ts';

export interface ViewColumn {
  name: string;
  path: string;
  /** FHIR primitive type; decides the SQL type. string when absent (SQL on FHIR v2, "column.type"). */
  type?: string;
  collection?: boolean;
}

export interface ViewSelect {
  column?: ViewColumn[];
  select?: ViewSelect[];
  forEach?: string;
  forEachOrNull?: string;
  /** Paths that are gone again and again from where they lead. */
  repeat?: string[];
  unionAll?: ViewSelect[];
}

export interface ViewDefinition {
  resourceType: 'ViewDefinition';
  name: string;
  title?: string;
  resource: ResourceType;
  status: string;
  select: ViewSelect[];
  where?: { path: string }[];
  constant?: Record<string, unknown>[];
  /** Y Bạ: lists of columns that get a B-tree, in key order. Ignored by other runners. */
  index?: string[][];
}

export interface TableColumn {
  name: string;
  sqlType: 'text' | 'boolean' | 'integer' | 'numeric' | 'timestamptz' | 'jsonb';
}

/** Every view table begins with these: the resource the row came from, the person it is about, and its labels (column `sec` of the record). */
export const KEY_COLUMNS: TableColumn[] = [
  { name: 'resource_key', sqlType: 'text' },
  { name: 'person', sqlType: 'text' },
  { name: 'sec', sqlType: 'integer' },
];

/** Partial dates stay text: `1985` has no instant. */
const SQL_TYPES: Record<string, TableColumn['sqlType']> = {
  boolean: 'boolean',
  integer: 'integer',
  positiveInt: 'integer',
  unsignedInt: 'integer',
  decimal: 'numeric',
  dateTime: 'timestamptz',
  instant: 'timestamptz',
};

const NAME = /^[a-z][a-z0-9_]{0,40}$/;

/** Name of the table, `views.visit`. Fails on a name that is no plain SQL identifier. */
export function tableName(view: ViewDefinition): string {
  if (!NAME.test(view.name)) throw new Error(`view name "${view.name}" is not a plain identifier`);
  return `views.${view.name}`;
}

/** Columns in the order of the definition; of a unionAll the first branch decides (all branches agree by the spec). */
export function tableColumns(view: ViewDefinition): TableColumn[] {
  const columns = view.select.flatMap(selectColumns);
  for (const column of columns) {
    if (!NAME.test(column.name))
      throw new Error(`${view.name}: column "${column.name}" is not a plain identifier`);
    if (KEY_COLUMNS.some(({ name }) => name === column.name))
      throw new Error(`${view.name}: every table has a column "${column.name}" of its own`);
  }
  return columns;
}

function selectColumns(select: ViewSelect): TableColumn[] {
  return [
    ...(select.column ?? []).map((column) => ({
      name: column.name,
      sqlType: column.collection ? ('jsonb' as const) : (SQL_TYPES[column.type ?? 'string'] ?? 'text'),
    })),
    ...(select.select ?? []).flatMap(selectColumns),
    ...(select.unionAll?.[0] ? selectColumns(select.unionAll[0]) : []),
  ];
}

export interface TableDdl {
  table: string;
  /** Who may read which rows. */
  policy: string;
  /** Its indexes: made when the rows are there. */
  indexes: string;
}

/**
 * The DDL of the table. Its owner, the program, sees every row; others see what the policy of kernel/access gives them of the
 * view's type (kernel/store/schema/0027-views.sql, 0040-view-sight.sql): the unit's own rows by the column `unit`, else by
 * `encounter`, else persons in the care of the unit; of these what no category hides, and no person denies.
 *
 * @param name table within the schema `views`; the view's own by default
 */
export function createTableSql(
  view: ViewDefinition,
  name = tableName(view).slice('views.'.length),
): TableDdl {
  const table = `views."${name}"`;
  const columns = [...KEY_COLUMNS, ...tableColumns(view)].map((column) => `${column.name} ${column.sqlType}`);
  const indexes = [['resource_key'], ['person'], ...(view.index ?? [])];
  return {
    table: `create table ${table} (${columns.join(', ')})`,
    policy: `drop policy if exists analysts on ${table};
alter table ${table} enable row level security;
create policy analysts on ${table} for select using (${readersOf(view)});
select public.view_grant('${view.name}')`,
    indexes: indexes
      .map((keys) => `create index on ${table} (${keys.map(plainName).join(', ')})`)
      .join(';\n'),
  };
}

function readersOf(view: ViewDefinition): string {
  const names = new Set(tableColumns(view).map(({ name }) => name));
  const reach = `(select public.view_reach_of('${view.name}'))`;
  const own = names.has('unit')
    ? 'unit = (select public.view_unit())'
    : names.has('encounter')
      ? 'encounter in (select public.view_encounters())'
      : null;
  const inCare = 'person in (select public.view_persons())';
  const reached = `${reach} = 'province' or (${reach} in ('unit', 'care') and ${own ?? inCare}) or (${reach} = 'care' and ${inCare})`;
  return `(${reached}) and ${unmasked(view, own)} and ${permitted(view, names.has('unit') ? own : null)}`;
}

/** No category of the row is hidden from the reader. What is the own unit's is known by its columns alone. */
function unmasked({ name }: ViewDefinition, own: string | null): string {
  const mine = own ?? 'false';
  return `case when sec = 0 or (sec & (select public.view_hidden('${name}'))) = 0 then true
    else (sec & (select public.view_hidden_own('${name}'))) = 0 and coalesce(${mine}, false) end`;
}

/** The person does not deny it to the reader; what the own unit is answerable for stays open to it, as it does in the record. */
function permitted({ name }: ViewDefinition, own: string | null): string {
  const denials = `public.view_denials('${name}')`;
  return `(person is null or coalesce(${own ?? 'false'}, false)
    or (person not in (select d.patient from ${denials} d where d.bits = 0)
      and case when sec = 0 then true
        else not exists (select from ${denials} d where d.patient = person and d.bits <> 0 and (sec & d.bits) = d.bits) end))`;
}

export const dropTableSql = (name: string) => `drop table if exists views."${name}"`;

/** Puts a table that was made beside it in the place of the view's own. */
export function putTableSql(view: ViewDefinition, name: string): string {
  const own = tableName(view).slice('views.'.length);
  return `${dropTableSql(own)};
alter table views."${name}" rename to ${own};
${createTableSql(view).policy}`;
}

function plainName(name: string): string {
  if (!NAME.test(name)) throw new Error(`index column "${name}" is not a plain identifier`);
  return name;
}

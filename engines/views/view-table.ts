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

/** Every view table begins with these: the resource the row came from and the person it is about. */
export const KEY_COLUMNS: TableColumn[] = [
  { name: 'resource_key', sqlType: 'text' },
  { name: 'person', sqlType: 'text' },
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

/** Name of the table, `view_visit`. Fails on a name that is no plain SQL identifier. */
export function tableName(view: ViewDefinition): string {
  if (!NAME.test(view.name)) throw new Error(`ViewDefinition name "${view.name}" is not a plain identifier`);
  return `view_${view.name}`;
}

/** Columns in the order of the definition; of a unionAll the first branch decides (all branches agree by the spec). */
export function tableColumns(view: ViewDefinition): TableColumn[] {
  const columns = view.select.flatMap(selectColumns);
  for (const column of columns) {
    if (!NAME.test(column.name))
      throw new Error(`${view.name}: column "${column.name}" is not a plain identifier`);
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

/** The DDL of the table with its indexes; the text is also its fingerprint: a changed text means a rebuild. */
export function createTableSql(view: ViewDefinition): string {
  const table = tableName(view);
  const columns = [...KEY_COLUMNS, ...tableColumns(view)].map((column) => `${column.name} ${column.sqlType}`);
  const indexes = [['resource_key'], ['person'], ...(view.index ?? [])];
  return [
    `create table ${table} (${columns.join(', ')});`,
    ...indexes.map((keys) => `create index on ${table} (${keys.map(plainName).join(', ')});`),
  ].join('\n');
}

function plainName(name: string): string {
  if (!NAME.test(name)) throw new Error(`index column "${name}" is not a plain identifier`);
  return name;
}

/** Evaluates a ViewDefinition over one resource into the cells of its table. */
import type { Resource } from '../../kernel/fhir/types.ts';
import { compileView } from './compile.ts';
import { type TableColumn, tableColumns, type ViewDefinition } from './view-table.ts';

export type Cell = string | number | boolean | null;

const layouts = new WeakMap<ViewDefinition, TableColumn[]>();

/**
 * Rows of one resource, each with cells in the order of `tableColumns(view)`; a resource of another type or one that
 * the `where` refuses gives none. Instants come out as ISO with offset: a time without zone is +07:00.
 */
export function evaluateView(view: ViewDefinition, resource: Resource): Cell[][] {
  if (resource.resourceType !== view.resource) return [];
  let columns = layouts.get(view);
  if (!columns) {
    columns = tableColumns(view);
    layouts.set(view, columns);
  }
  const layout = columns;
  return compileView(view)
    .rows(resource)
    .map((row) => layout.map((column, at) => toCell(column, row[at])));
}

function toCell(column: TableColumn, value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (column.sqlType === 'jsonb') return JSON.stringify(value);
  if (column.sqlType === 'timestamptz') return toInstant(String(value));
  if (typeof value === 'object') return JSON.stringify(value);
  return value as Cell;
}

/** FHIR dateTime of any precision to the instant it begins at; without zone it is Vietnam's time. */
export function toInstant(value: string): string {
  const [, date = '', time = '', zone = ''] = /^([\d-]+)(?:T([\d:.]+))?(Z|[+-]\d\d:\d\d)?$/.exec(value) ?? [];
  const full = date.length === 4 ? `${date}-01-01` : date.length === 7 ? `${date}-01` : date;
  return `${full}T${time || '00:00:00'}${zone || '+07:00'}`;
}

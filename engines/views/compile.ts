/** Views made of plain columns, compiled once: a twentieth of the general evaluator's time (bench/views.ts). */
import type { Resource } from '../../kernel/fhir/types.ts';
import { compilePath, type Step } from './compile-path.ts';
import type { ViewColumn, ViewDefinition, ViewSelect } from './view-table.ts';

/** Rows of one resource, values in the order of `tableColumns(view)`; undefined when the general evaluator must judge. */
export type Compiled = (resource: Resource) => unknown[][] | undefined;

const compiled = new WeakMap<ViewDefinition, Compiled | null>();

/** Null for a view with `forEach`, `unionAll`, constants, collections or a path that is not compiled. */
export function compileView(view: ViewDefinition): Compiled | null {
  const known = compiled.get(view);
  if (known !== undefined) return known;
  const made = compile(view);
  compiled.set(view, made);
  return made;
}

function compile(view: ViewDefinition): Compiled | null {
  const columns = plainColumns(view.select);
  if (!columns || view.constant?.length) return null;
  const tests = (view.where ?? []).map(({ path }) => compilePath(path, view.resource));
  const steps = columns.map(({ path }) => compilePath(path, view.resource));
  if (!tests.every((step) => step !== null) || !steps.every((step) => step !== null)) return null;
  return (resource) => rowsOf(resource, tests, steps);
}

/** Columns of selects that multiply no rows; null when one does. */
function plainColumns(selects: readonly ViewSelect[]): ViewColumn[] | null {
  const columns: ViewColumn[] = [];
  for (const select of selects) {
    if (select.forEach !== undefined || select.forEachOrNull !== undefined || select.unionAll) return null;
    const nested = plainColumns(select.select ?? []);
    if (!nested || select.column?.some((column) => column.collection)) return null;
    columns.push(...(select.column ?? []), ...nested);
  }
  return columns;
}

function rowsOf(resource: Resource, tests: Step[], steps: Step[]): unknown[][] | undefined {
  const root = [resource];
  for (const test of tests) {
    const answer = test(root);
    if (answer === undefined || (answer.length > 0 && typeof answer[0] !== 'boolean')) return undefined;
    if (answer[0] !== true) return [];
  }
  const row: unknown[] = [];
  for (const step of steps) {
    const values = step(root);
    // More than one value in a column is a fault that the general evaluator names.
    if (values === undefined || values.length > 1) return undefined;
    row.push(values[0] ?? null);
  }
  return [row];
}

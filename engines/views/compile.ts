/**
 * A ViewDefinition of SQL on FHIR v2 compiled once: checked whole before the first resource, then rows of each resource
 * by the processing algorithm of the specification (columns, selects, unions; forEach, forEachOrNull, repeat; where).
 */

import { Failure } from '../../kernel/failure.ts';
import { isResourceName } from '../../kernel/fhir/definitions/index.ts';
import {
  type Constant,
  compilePath,
  kindOf,
  type Path,
  type Step,
  singleOf,
  type Within,
  Work,
} from '../../kernel/fhir/path/index.ts';
import type { Resource } from '../../kernel/fhir/types.ts';
import { offeredToViews } from './offered.ts';
import type { ViewColumn, ViewDefinition, ViewSelect } from './view-table.ts';

export interface CompiledColumn {
  name: string;
  /** As the definition says, else what the path gives; null when only the data know it. */
  type: string | null;
  collection: boolean;
}

export interface CompiledView {
  columns: readonly CompiledColumn[];
  /**
   * Rows of one resource, values in the order of the columns, null for none, arrays in collection columns. Another type,
   * or one that `where` refuses, gives none. @throws Failure `business-rule`, `too-large`
   */
  rows(resource: Resource): unknown[][];
}

const compiled = new WeakMap<object, CompiledView>();
/** Columns of a view, and rows of one resource, at most. */
const MOST_COLUMNS = 1_000;
const MOST_ROWS = 100_000;
const DEEPEST = 20;

/** @throws Failure `invalid-resource` that names the place in the definition */
export function compileView(view: ViewDefinition): CompiledView {
  const known = compiled.get(view);
  if (known) return known;
  const made = compileWhole(view);
  compiled.set(view, made);
  return made;
}

function compileWhole(view: ViewDefinition): CompiledView {
  if (typeof view.resource !== 'string' || !isResourceName(view.resource))
    throw wrong(
      'ViewDefinition.resource',
      'phải là tên một loại tài nguyên R4',
      'must name a resource type of R4',
    );
  const scope: Within = {
    type: view.resource,
    constants: constantsOf(view.constant),
    offers: offeredToViews,
  };
  const tests = listOf<{ path?: unknown }>(view.where, 'ViewDefinition.where').map((one, at) =>
    compileTest(textOf(one?.path, `ViewDefinition.where[${at}].path`), scope),
  );
  const select = compileSelects(view.select, 'ViewDefinition.select', scope, 0);
  const { columns } = select;
  if (columns.length > MOST_COLUMNS)
    throw wrong(
      'ViewDefinition.select',
      `có quá ${MOST_COLUMNS} cột`,
      `has more than ${MOST_COLUMNS} columns`,
    );
  refuseTwice(columns);
  return {
    columns,
    rows(resource) {
      if (resource.resourceType !== view.resource) return [];
      const work = new Work();
      const root = [resource];
      for (const test of tests) if (!test(root, work)) return [];
      return select.rows(resource, work);
    },
  };
}

interface Part {
  columns: CompiledColumn[];
  rows(node: unknown, work: Work): unknown[][];
}

function compileSelects(selects: unknown, place: string, scope: Within, depth: number): Part {
  const list = listOf<ViewSelect>(selects, place);
  if (list.length === 0) throw wrong(place, 'phải có ít nhất một mục', 'needs at least one entry');
  return together(list.map((one, at) => compileSelect(one, `${place}[${at}]`, scope, depth)));
}

function compileSelect(select: ViewSelect, place: string, scope: Within, depth: number): Part {
  if (typeof select !== 'object' || select === null)
    throw wrong(place, 'phải là một đối tượng', 'must be an object');
  if (depth > DEEPEST) throw wrong(place, 'lồng quá sâu', `is nested more than ${DEEPEST} deep`);
  const focus = compileFocus(select, place, scope);
  const inner = { ...scope, type: focus.type };
  const parts: Part[] = [];
  const columns = listOf<ViewColumn>(select.column, `${place}.column`);
  if (columns.length > 0)
    parts.push(columnsPart(columns.map((one, at) => compileColumn(one, `${place}.column[${at}]`, inner))));
  if (select.select !== undefined)
    parts.push(compileSelects(select.select, `${place}.select`, inner, depth + 1));
  if (select.unionAll !== undefined)
    parts.push(compileUnion(select.unionAll, `${place}.unionAll`, inner, depth + 1));
  if (parts.length === 0) throw wrong(place, 'không có cột nào', 'has no column, select or unionAll');
  return focused(together(parts), focus);
}

interface Focus {
  type: string | null;
  /** Null: the node itself. */
  step: Step | null;
  orNull: boolean;
}

function compileFocus(select: ViewSelect, place: string, scope: Within): Focus {
  const ways = (['forEach', 'forEachOrNull', 'repeat'] as const).filter((way) => select[way] !== undefined);
  if (ways.length > 1)
    throw wrong(place, `chỉ được một trong ${ways.join(', ')}`, `takes one of ${ways.join(', ')} only`);
  const [way] = ways;
  if (way === undefined) return { type: scope.type, step: null, orNull: false };
  if (way === 'repeat') return compileRepeat(select.repeat, `${place}.repeat`, scope);
  const { nodes, type } = compilePath(textOf(select[way], `${place}.${way}`), scope);
  return { type, step: nodes, orNull: way === 'forEachOrNull' };
}

/** `repeat`: what the paths reach, and what they reach from there, parents before their children. */
function compileRepeat(paths: unknown, place: string, scope: Within): Focus {
  const steps = listOf<unknown>(paths, place).map((one, at) =>
    compilePath(textOf(one, `${place}[${at}]`), { ...scope, type: null }),
  );
  if (steps.length === 0) throw wrong(place, 'phải có ít nhất một đường dẫn', 'needs at least one path');
  const walk = (node: unknown, work: Work, found: unknown[], depth: number): void => {
    work.spend(depth > 500 ? Number.POSITIVE_INFINITY : 1);
    for (const { nodes } of steps) {
      for (const child of nodes([node], work)) {
        found.push(child);
        walk(child, work, found, depth + 1);
      }
    }
  };
  return {
    type: null,
    orNull: false,
    step: (nodes, work) => {
      const found: unknown[] = [];
      for (const node of nodes) walk(node, work, found, 0);
      return found;
    },
  };
}

function focused(part: Part, { step, orNull }: Focus): Part {
  if (step === null) return part;
  const empty = part.columns.map(() => null);
  return {
    columns: part.columns,
    rows(node, work) {
      const foci = step([node], work);
      if (foci.length === 0 && orNull) return [[...empty]];
      const rows: unknown[][] = [];
      for (const focus of foci) {
        for (const row of part.rows(focus, work)) rows.push(row);
        if (rows.length > MOST_ROWS) throw tooManyRows();
      }
      return rows;
    },
  };
}

function columnsPart(steps: { column: CompiledColumn; step: Step }[]): Part {
  const reads = steps.map(({ column, step }) => readerOf(column, step));
  return {
    columns: steps.map(({ column }) => column),
    rows(node, work) {
      const root = [node];
      const row = new Array<unknown>(reads.length);
      for (let at = 0; at < reads.length; at++) row[at] = reads[at]!(root, work);
      return [row];
    },
  };
}

function readerOf(
  { name, collection }: CompiledColumn,
  step: Step,
): (nodes: readonly unknown[], work: Work) => unknown {
  if (collection) return (nodes, work) => [...step(nodes, work)];
  return (nodes, work) => {
    const values = step(nodes, work);
    return values.length === 0 ? null : values.length === 1 ? values[0] : singleOf(values, name);
  };
}

/** Every row of one with every row of the next: the columns stand side by side. */
function together(parts: Part[]): Part {
  const [only] = parts;
  if (parts.length === 1) return only!;
  return {
    columns: parts.flatMap(({ columns }) => columns),
    rows(node, work) {
      let rows: unknown[][] = [[]];
      for (const part of parts) {
        const more = part.rows(node, work);
        if (rows.length * more.length > MOST_ROWS) throw tooManyRows();
        work.spend(rows.length * more.length);
        rows =
          rows.length === 1 && rows[0]!.length === 0
            ? more
            : rows.flatMap((row) => more.map((one) => [...row, ...one]));
        if (rows.length === 0) return [];
      }
      return rows;
    },
  };
}

function compileUnion(branches: unknown, place: string, scope: Within, depth: number): Part {
  const parts = listOf<ViewSelect>(branches, place).map((one, at) =>
    compileSelect(one, `${place}[${at}]`, scope, depth),
  );
  const [first] = parts;
  if (!first) throw wrong(place, 'phải có ít nhất một nhánh', 'needs at least one branch');
  for (const [at, { columns }] of parts.entries()) {
    const same =
      columns.length === first.columns.length &&
      columns.every(
        ({ name, collection }, n) =>
          name === first.columns[n]!.name && collection === first.columns[n]!.collection,
      );
    if (!same)
      throw wrong(
        `${place}[${at}]`,
        'phải có cùng các cột, cùng thứ tự với nhánh đầu',
        'must have the columns of the first branch, in the same order',
      );
  }
  return { columns: first.columns, rows: (node, work) => parts.flatMap((part) => part.rows(node, work)) };
}

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

function compileColumn(
  column: ViewColumn,
  place: string,
  scope: Within,
): { column: CompiledColumn; step: Step } {
  const name = textOf(column?.name, `${place}.name`);
  if (!NAME.test(name))
    throw wrong(
      `${place}.name`,
      `"${name}" không phải tên cột (chữ cái, số, _)`,
      `"${name}" is no column name (letters, digits, _)`,
    );
  const { step, type } = compilePath(textOf(column.path, `${place}.path`), scope);
  const collection = column.collection === true;
  if (!collection) refuseOtherKind(column, type, place);
  return { column: { name, type: column.type ?? type, collection }, step };
}

/** A declared type that the path can never give. */
function refuseOtherKind({ name, type }: ViewColumn, given: string | null, place: string): void {
  const [declared, found] = [kindOf(type ?? null), kindOf(given)];
  if (
    declared === 'unknown' ||
    found === 'unknown' ||
    declared === found ||
    declared === 'text' ||
    declared === 'complex'
  )
    return;
  const dates = ['date', 'dateTime'];
  if (dates.includes(declared) && dates.includes(found)) return;
  throw wrong(
    `${place}.type`,
    `của cột "${name}" là ${type}, nhưng biểu thức cho ${given}`,
    `of column "${name}" is ${type}, but the path gives ${given}`,
  );
}

function refuseTwice(columns: readonly CompiledColumn[]): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name))
      throw wrong('ViewDefinition.select', `có hai cột tên "${name}"`, `has two columns named "${name}"`);
    seen.add(name);
  }
}

function compileTest(text: string, scope: Within): (nodes: readonly unknown[], work: Work) => boolean {
  const { step, type }: Path = compilePath(text, scope);
  if (type !== null && type !== 'boolean') throw notBoolean(text, type);
  return (nodes, work) => {
    const value = singleOf(step(nodes, work), text);
    if (value !== null && typeof value !== 'boolean') throw notBoolean(text, typeof value);
    return value === true;
  };
}

function constantsOf(given: unknown): Map<string, Constant> {
  const constants = new Map<string, Constant>();
  for (const [at, one] of listOf<Record<string, unknown>>(given, 'ViewDefinition.constant').entries()) {
    const place = `ViewDefinition.constant[${at}]`;
    const name = textOf(one?.name, `${place}.name`);
    const values = Object.entries(one).filter(([key]) => /^value[A-Z]/.test(key));
    const [key, value] = values[0] ?? [];
    if (values.length !== 1 || key === undefined || typeof value === 'object')
      throw wrong(
        place,
        `("${name}") phải có đúng một value[x] đơn giản`,
        `("${name}") needs exactly one primitive value[x]`,
      );
    const type = key.slice('value'.length);
    constants.set(name, { type: type.charAt(0).toLowerCase() + type.slice(1), value });
  }
  return constants;
}

function listOf<T>(value: unknown, place: string): T[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value as T[];
  throw wrong(place, 'phải là một danh sách', 'must be a list');
}

function textOf(value: unknown, place: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw wrong(place, 'phải là một chuỗi không rỗng', 'must be a text that is not empty');
}

function wrong(place: string, why: string, whyEn: string): Failure {
  return new Failure('invalid-resource', `${place} ${why}.`, {
    textEn: `${place} ${whyEn}.`,
    expression: place,
  });
}

function notBoolean(text: string, type: string): Failure {
  return new Failure('invalid-resource', `Điều kiện "${text}" phải cho true hoặc false, nhưng cho ${type}.`, {
    textEn: `The where "${text}" must give true or false, but gives ${type}.`,
    expression: text,
  });
}

function tooManyRows(): Failure {
  return new Failure(
    'too-large',
    `Một tài nguyên cho quá ${MOST_ROWS} dòng. Hãy thu hẹp forEach của khung nhìn.`,
    {
      textEn: `One resource gives more than ${MOST_ROWS} rows: narrow the view's forEach.`,
    },
  );
}

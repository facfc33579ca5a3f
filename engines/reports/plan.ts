/** A report form as its cells: which are counted, typed or made of others, in the order in which they can be made. Pure. */

import type { CellRule, ReportColumn, ReportDefinition, ReportRow } from './definition.ts';
import type { Fault, Node } from './expression/node.ts';
import { parsedFor, tried } from './expression/parsed.ts';
import { cellName, cellsOf } from './formula.ts';
import { needKind } from './formula-kind.ts';
import { checksOf, type PlannedCheck } from './plan-checks.ts';
import { contradictions } from './plan-contradictions.ts';
import { type Cell, noCell, type PlannedColumn, type PlannedRow, usedCode } from './planned.ts';
import { numberOf, truthOf } from './query/compile.ts';
import { ANY_PERIOD, contextOf, type ReadySource, readySource } from './query/from.ts';
import type { Views } from './query/scope.ts';

export type { PlannedCheck } from './plan-checks.ts';
export type { Cell, CountedCell, PlannedColumn, PlannedRow } from './planned.ts';

export interface Plan {
  definition: ReportDefinition;
  columns: readonly PlannedColumn[];
  rows: readonly PlannedRow[];
  cells: ReadonlyMap<string, Cell>;
  /** Formulas after what they are made of. */
  order: readonly string[];
  sources: ReadonlyMap<string, ReadySource>;
  checks: readonly PlannedCheck[];
  /** Other forms and earlier periods that formulas and checks name, each once; form null = this one. */
  outside: readonly { form: string | null; shift: number }[];
}

/** Cells of which nobody knows what they are called are none. */
const NO_CELLS = { cells: new Map(), order: [], checks: [], outside: [] };

const CODE = /^[a-z0-9][a-z0-9-]*$/;

/** The plan of a form, and everything that is wrong with it. A plan with faults is not carried out. */
export function planReport(definition: ReportDefinition, views: Views): { plan: Plan; faults: Fault[] } {
  const faults: Fault[] = [];
  const sources = new Map<string, ReadySource>();
  for (const [name, source] of Object.entries(definition.sources ?? {})) {
    const ready = readySource(source, views, `sources.${name}`, faults);
    if (ready) sources.set(name, ready);
  }
  const wrongCodes: Fault[] = [];
  const columns = leavesOf(definition.columns ?? [], 'columns', [], wrongCodes);
  const rows = rowsOf(definition.rows ?? [], 'rows', 0, wrongCodes);
  if (wrongCodes.length > 0)
    return { plan: { ...NO_CELLS, definition, columns, rows, sources }, faults: [...faults, ...wrongCodes] };
  const places = { columns: placesOf(columns), rows: placesOf(rows) };
  const maker = new Maker(definition, sources, places, faults);
  const cells = new Map<string, Cell>();
  for (const row of rows) {
    for (const column of columns) {
      const cell = maker.cell(row, column);
      cells.set(cell.cell, cell);
    }
  }
  for (const cell of Object.keys(definition.cells ?? {}))
    if (!cells.has(cell)) faults.push(noCell(cell, `cells['${cell}']`));
  faults.push(...contradictions(definition, rows, places.rows));
  const order = orderOf(cells, maker.placeOf, faults);
  const checks = checksOf({ definition, rows, columns, cells }, faults);
  const outside = outsideOf(cells, checks);
  return { plan: { definition, columns, rows, cells, order, sources, checks, outside }, faults };
}

const placesOf = (parts: readonly { code: string; place: string }[]) =>
  new Map(parts.map(({ code, place }) => [code, place]));

type Placed<T> = T & { place: string };

function leavesOf(
  columns: readonly ReportColumn[],
  place: string,
  above: readonly string[],
  faults: Fault[],
  seen = new Set<string>(),
): Placed<PlannedColumn>[] {
  return columns.flatMap((column, at) => {
    const here = `${place}[${at}]`;
    checkCode(column.code, `${here}.code`, seen, faults);
    if (!column.columns) return [{ ...column, above, place: here }];
    return leavesOf(column.columns, `${here}.columns`, [...above, column.title], faults, seen);
  });
}

function rowsOf(
  rows: readonly ReportRow[],
  place: string,
  depth: number,
  faults: Fault[],
  seen = new Set<string>(),
): Placed<PlannedRow>[] {
  return rows.flatMap((row, at) => {
    const here = `${place}[${at}]`;
    checkCode(row.code, `${here}.code`, seen, faults);
    return [
      { ...row, depth, place: here },
      ...rowsOf(row.rows ?? [], `${here}.rows`, depth + 1, faults, seen),
    ];
  });
}

function checkCode(code: unknown, place: string, seen: Set<string>, faults: Fault[]): void {
  if (typeof code !== 'string' || !CODE.test(code)) {
    faults.push({
      expression: place,
      text: `Thiếu mã, hoặc mã “${code ?? ''}” không chỉ gồm chữ thường, số và gạch nối.`,
      textEn: `the code is missing or "${code ?? ''}" is not made of small letters, digits and dashes`,
    });
    return;
  }
  if (seen.has(code)) faults.push(usedCode(code, place));
  seen.add(code);
}

/** What is said of a row or column once is parsed once. */
class Maker {
  private readonly definition: ReportDefinition;
  private readonly sources: ReadonlyMap<string, ReadySource>;
  private readonly places: { columns: ReadonlyMap<string, string>; rows: ReadonlyMap<string, string> };
  private readonly faults: Fault[];
  private readonly trees = new Map<string, Node | null>();
  private readonly from = new Map<string, string>();

  constructor(
    definition: ReportDefinition,
    sources: ReadonlyMap<string, ReadySource>,
    places: { columns: ReadonlyMap<string, string>; rows: ReadonlyMap<string, string> },
    faults: Fault[],
  ) {
    this.definition = definition;
    this.sources = sources;
    this.places = places;
    this.faults = faults;
  }

  /** Where the formula of a cell is written. */
  readonly placeOf = (cell: string): string => this.from.get(cell) ?? `cells['${cell}']`;

  cell(row: PlannedRow, column: PlannedColumn): Cell {
    const cell = `${row.code}.${column.code}`;
    const rule = this.definition.cells?.[cell] ?? {};
    const own = `cells['${cell}']`;
    const [rowPlace, columnPlace] = [this.places.rows.get(row.code)!, this.places.columns.get(column.code)!];
    if (rule.none || row.heading) return { kind: 'none', cell };
    if (rule.formula !== undefined) return this.formula(cell, rule.formula, `${own}.formula`, (one) => one);
    if (row.formula !== undefined)
      return this.formula(cell, row.formula, `${rowPlace}.formula`, (one) => `${one}.${column.code}`);
    if (column.formula !== undefined)
      return this.formula(cell, column.formula, `${columnPlace}.formula`, (one) => `${row.code}.${one}`);
    const source = rule.source ?? row.source;
    if (rule.typed || source === undefined)
      return { kind: 'typed', cell, min: rule.min ?? null, max: rule.max ?? null };
    return this.counted(cell, source, row, rule, [
      [row.where, `${rowPlace}.where`],
      [column.where, `${columnPlace}.where`],
      [rule.where, `${own}.where`],
    ]);
  }

  private formula(cell: string, text: string, place: string, named: (one: string) => string): Cell {
    this.from.set(cell, place);
    const tree = this.tree(text, place);
    const node = tree && tried(place, this.faults, () => renamed(tree, named));
    return node ? { kind: 'formula', cell, node } : { kind: 'none', cell };
  }

  private counted(
    cell: string,
    name: string,
    row: PlannedRow,
    rule: CellRule,
    tests: readonly (readonly [string | undefined, string])[],
  ): Cell {
    const place =
      rule.source === undefined ? `${this.places.rows.get(row.code)!}.source` : `cells['${cell}'].source`;
    const source = this.sources.get(name);
    if (!source) {
      if (!Object.hasOwn(this.definition.sources ?? {}, name)) this.once(place, noSource(name, place));
      return { kind: 'none', cell };
    }
    const where = tests.flatMap(([text, at]) => {
      const node = text === undefined ? null : this.tested(text, at, name, source);
      return node ? [node] : [];
    });
    const of = row.sum ?? row.average;
    const measured =
      of === undefined
        ? null
        : this.measured(
            of,
            `${this.places.rows.get(row.code)!}.${row.sum ? 'sum' : 'average'}`,
            name,
            source,
          );
    const measure = row.sum ? 'sum' : row.average ? 'average' : (rule.count ?? row.count ?? 'rows');
    return { kind: 'counted', cell, source: name, measure, of: measured, where };
  }

  /** A condition over one source: the same text may be right over one and wrong over another. */
  private tested(text: string, place: string, name: string, source: ReadySource): Node | null {
    return this.kept(`${place} ${name}`, () =>
      parsedFor(text, place, this.faults, (node) => truthOf(node, contextOf(source, ANY_PERIOD))),
    );
  }

  private measured(text: string, place: string, name: string, source: ReadySource): Node | null {
    return this.kept(`${place} of ${name}`, () =>
      parsedFor(text, place, this.faults, (node) => numberOf(node, contextOf(source, ANY_PERIOD))),
    );
  }

  private tree(text: string, place: string): Node | null {
    return this.kept(place, () => parsedFor(text, place, this.faults, (node) => needKind(node, 'number')));
  }

  private kept(key: string, make: () => Node | null): Node | null {
    if (!this.trees.has(key)) this.trees.set(key, make());
    return this.trees.get(key)!;
  }

  private once(place: string, fault: Fault): void {
    if (!this.faults.some(({ expression }) => expression === place)) this.faults.push(fault);
  }
}

/** The same formula with whole names of cells: `[total]` of a row becomes `[total.<column>]`. */
function renamed(node: Node, named: (one: string) => string): Node {
  switch (node.kind) {
    case 'cell': {
      const { form, cell } = cellName(node.text, node.at);
      return form === null && !cell.includes('.')
        ? { ...node, text: node.text.replace(cell, named(cell)) }
        : node;
    }
    case 'not':
    case 'minus':
    case 'isNothing':
      return { ...node, of: renamed(node.of, named) };
    case 'binary':
      return { ...node, left: renamed(node.left, named), right: renamed(node.right, named) };
    case 'call':
      return { ...node, inputs: node.inputs.map((one) => renamed(one, named)) };
    case 'in':
      return {
        ...node,
        of: renamed(node.of, named),
        choices: node.choices.map((one) => renamed(one, named)),
      };
    default:
      return node;
  }
}

/** Formulas in the order in which they can be made; loops and cells that do not exist are faults. */
function orderOf(
  cells: ReadonlyMap<string, Cell>,
  placeOf: (cell: string) => string,
  faults: Fault[],
): string[] {
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (name: string, path: readonly string[]): void => {
    const cell = cells.get(name);
    if (cell?.kind !== 'formula' || state.get(name) === 'done') return;
    if (state.get(name) === 'open') {
      const loop = [...path.slice(path.indexOf(name)), name].join(' → ');
      faults.push({
        expression: placeOf(name),
        text: `Ô quay vòng: ${loop}.`,
        textEn: `cells depend on each other in a loop: ${loop}`,
      });
      return;
    }
    state.set(name, 'open');
    for (const other of cellsOf(cell.node)) {
      if (other.form !== null || other.shift !== 0) continue;
      if (cells.has(other.cell)) visit(other.cell, [...path, name]);
      else faults.push(noCell(other.cell, placeOf(name)));
    }
    state.set(name, 'done');
    order.push(name);
  };
  for (const name of cells.keys()) visit(name, []);
  return order;
}

function outsideOf(cells: ReadonlyMap<string, Cell>, checks: readonly PlannedCheck[]): Plan['outside'] {
  const nodes = [...cells.values()].flatMap((cell) => (cell.kind === 'formula' ? [cell.node] : []));
  const named = [...nodes, ...checks.map(({ node }) => node)].flatMap(cellsOf);
  const outside = named.filter(({ form, shift }) => form !== null || shift !== 0);
  return [...new Map(outside.map(({ form, shift }) => [`${form} ${shift}`, { form, shift }])).values()];
}

function noSource(name: string, place: string): Fault {
  return {
    expression: place,
    text: `Biểu không khai nguồn “${name}”.`,
    textEn: `the form declares no source "${name}"`,
  };
}

/**
 * Counts the cells of a form from the view tables: one statement for each of its sources, for all units and periods at once. What is
 * asked of a row is asked once, however many cells ask it.
 */
import type { Pool } from 'pg';
import type { Node } from './expression/node.ts';
import type { CountedCell, Plan } from './plan.ts';
import { type Context, compileNode, numberOf, truthOf } from './query/compile.ts';
import {
  contextOf,
  fromSql,
  type NamedPeriod,
  periodsSql,
  type ReadySource,
  textColumn,
} from './query/from.ts';

/** First and last day, ISO, both of the period. */
export interface Days {
  start: string;
  end: string;
}

/** Numbers of counted cells by `unit period`. A unit without rows in a period is absent: its counts are 0. */
export type Counts = Map<string, Map<string, number | null>>;

/** More columns than this are asked for in several statements: PostgreSQL takes 1,664 in one. */
const MOST_COLUMNS = 500;

/** @param units Organization ids; null = all */
export async function countCells(
  pool: Pick<Pool, 'query'>,
  plan: Plan,
  periods: readonly NamedPeriod[],
  units: readonly string[] | null,
): Promise<Counts> {
  const counts: Counts = new Map();
  if (periods.length === 0) return counts;
  for (const [name, source] of plan.sources) {
    const cells = countedCells(plan).filter((cell) => cell.source === name);
    const persons = cells.filter(({ measure }) => measure === 'persons');
    const rows = cells.filter(({ measure }) => measure !== 'persons');
    for (const part of [...partsOf(rows), ...partsOf(persons)])
      for (const together of slicesOf(periods, units))
        await countPart(pool, source, part, { periods: together, units, counts });
  }
  return counts;
}

/** The cells that are counted, in the order in which the form has them. */
export function countedCells(plan: Plan): CountedCell[] {
  return [...plan.cells.values()].filter((cell): cell is CountedCell => cell.kind === 'counted');
}

/** Up to so many units are counted in all periods by one statement. */
const FEW_UNITS = 8;

/**
 * A province is counted a period at a time: the planner then knows the days, reads the table in the order in which it lies, and the
 * persons of one month fit into memory, where those of a year are written to disk and read again.
 */
const slicesOf = (periods: readonly NamedPeriod[], units: readonly string[] | null): NamedPeriod[][] =>
  units !== null && units.length <= FEW_UNITS ? [[...periods]] : periods.map((period) => [period]);

function partsOf(cells: readonly CountedCell[]): CountedCell[][] {
  const parts = Math.ceil(cells.length / MOST_COLUMNS);
  return Array.from({ length: parts }, (_, at) => cells.slice(at * MOST_COLUMNS, (at + 1) * MOST_COLUMNS));
}

/** @param cells all of them counts of persons, or none */
async function countPart(
  pool: Pick<Pool, 'query'>,
  source: ReadySource,
  cells: readonly CountedCell[],
  ask: { periods: readonly NamedPeriod[]; units: readonly string[] | null; counts: Counts },
): Promise<void> {
  const [only] = ask.periods;
  const context = contextOf(source, ask.periods.length === 1 ? only! : 'rows');
  const sql = countSql(source, cells, ask, context);
  const { rows } = await pool.query<Record<string, string | null>>(sql, context.parameters.values);
  for (const row of rows) {
    if (row.unit === null || row.unit === undefined) continue;
    const place = `${row.unit} ${row.period}`;
    const numbers = ask.counts.get(place) ?? new Map<string, number | null>();
    ask.counts.set(place, numbers);
    for (const [at, cell] of cells.entries()) {
      const value = row[`c${at}`];
      numbers.set(cell.cell, value === null || value === undefined ? null : Number(value));
    }
  }
}

/** `offset 0` keeps the planner from asking a condition again for every cell that names it. */
function countSql(
  source: ReadySource,
  cells: readonly CountedCell[],
  ask: { periods: readonly NamedPeriod[]; units: readonly string[] | null },
  context: Context,
): string {
  const asked = new Asked(context);
  const measures = cells.map((cell) => ({ ...cell, tests: cell.where.map((node) => asked.test(node)) }));
  const values = measures.map(({ of }) => (of === null ? null : asked.value(of)));
  const alone = ask.periods.length === 1;
  const periods = alone ? '' : periodsSql(ask.periods, context);
  const period = alone ? context.parameters.add(ask.periods[0]!.name, 'text') : 'p.name';
  const unit = textColumn(source.unit, context);
  const person = compileNode(source.person, context).sql;
  const inner = [`${unit} as unit`, `${period} as period`, `${person} as person`, ...asked.columns];
  const rows = `select ${inner.join(', ')} ${fromSql(source, context, ask.units)} offset 0`;
  if (cells[0]?.measure === 'persons') {
    const each = measures.map(({ tests }, at) => `bool_or(${tests.join(' and ') || 'true'}) as c${at}`);
    const one = `select unit, period, ${each.join(', ')} from (${rows}) s where person is not null group by unit, period, person`;
    const columns = measures.map((_, at) => `(count(*) filter (where c${at}))::text as c${at}`);
    return `${periods} select unit, period, ${columns.join(', ')} from (${one}) o group by unit, period`;
  }
  const columns = measures.map(({ measure, tests }, at) => {
    const filter = tests.length > 0 ? ` filter (where ${tests.join(' and ')})` : '';
    return `(${measureSql(measure, values[at] ?? null, filter)})::text as c${at}`;
  });
  return `${periods} select unit, period, ${columns.join(', ')} from (${rows}) s group by unit, period`;
}

function measureSql(measure: CountedCell['measure'], value: string | null, filter: string): string {
  if (measure === 'sum') return `coalesce(sum(${value})${filter}, 0)`;
  return measure === 'average' ? `avg(${value})${filter}` : `count(*)${filter}`;
}

/** Conditions and values that several cells ask of a row: each of them one column. */
class Asked {
  readonly columns: string[] = [];
  private readonly known = new Map<Node, string>();
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  test(node: Node): string {
    return this.named(node, () => truthOf(node, this.context));
  }

  value(node: Node): string {
    return this.named(node, () => numberOf(node, this.context));
  }

  private named(node: Node, make: () => string): string {
    const name = this.known.get(node) ?? `b${this.known.size}`;
    if (!this.known.has(node)) {
      this.known.set(node, name);
      this.columns.push(`${make()} as ${name}`);
    }
    return name;
  }
}

/** What a counted cell shows when no row answered: an average of nothing is nothing. */
export function emptyOf(cell: CountedCell): number | null {
  return cell.measure === 'average' ? null : 0;
}

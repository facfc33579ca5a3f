/** Counts the cells of a form from the view tables: one statement for each of its sources, for all units at once. */
import type { Pool } from 'pg';
import type { CountedCell, Plan } from './plan.ts';
import { type Context, compileNode, numberOf, truthOf } from './query/compile.ts';
import { contextOf, fromSql, type ReadySource, textColumn } from './query/from.ts';

/** First and last day, ISO, both of the period. */
export interface Days {
  start: string;
  end: string;
}

/** Numbers of counted cells by unit. A unit without rows is absent: its counts are 0. */
export type Counts = Map<string, Map<string, number | null>>;

/** More columns than this are asked for in several statements: PostgreSQL takes 1,664 in one. */
const MOST_COLUMNS = 500;

/** @param units Organization ids; null = all */
export async function countCells(
  pool: Pick<Pool, 'query'>,
  plan: Plan,
  days: Days,
  units: readonly string[] | null,
): Promise<Counts> {
  const counts: Counts = new Map();
  for (const [name, source] of plan.sources) {
    const cells = [...plan.cells.values()].filter(
      (cell): cell is CountedCell => cell.kind === 'counted' && cell.source === name,
    );
    for (let at = 0; at < cells.length; at += MOST_COLUMNS)
      await countSource(pool, source, cells.slice(at, at + MOST_COLUMNS), { days, units, counts });
  }
  return counts;
}

async function countSource(
  pool: Pick<Pool, 'query'>,
  source: ReadySource,
  cells: readonly CountedCell[],
  { days, units, counts }: { days: Days; units: readonly string[] | null; counts: Counts },
): Promise<void> {
  const context = contextOf(source, days);
  const columns = cells.map((cell, at) => `${measureSql(cell, source, context)} as c${at}`);
  const unit = textColumn(source.unit, context);
  const sql = `select ${unit} as unit, ${columns.join(', ')} ${fromSql(source, context, units)} group by 1`;
  const { rows } = await pool.query<Record<string, string | null>>(sql, context.parameters.values);
  for (const row of rows) {
    if (row.unit === null || row.unit === undefined) continue;
    const numbers = counts.get(row.unit) ?? new Map<string, number | null>();
    counts.set(row.unit, numbers);
    for (const [at, cell] of cells.entries()) {
      const value = row[`c${at}`];
      numbers.set(cell.cell, value === null || value === undefined ? null : Number(value));
    }
  }
}

function measureSql(cell: CountedCell, source: ReadySource, context: Context): string {
  const tests = cell.where.map((node) => truthOf(node, context));
  const filter = tests.length > 0 ? ` filter (where ${tests.join(' and ')})` : '';
  switch (cell.measure) {
    case 'rows':
      return `(count(*)${filter})::text`;
    case 'persons':
      return `(count(distinct ${compileNode(source.person, context).sql})${filter})::text`;
    case 'sum':
      return `(coalesce(sum(${numberOf(cell.of!, context)})${filter}, 0))::text`;
    case 'average':
      return `(avg(${numberOf(cell.of!, context)})${filter})::text`;
  }
}

/** What a counted cell shows when no row answered: an average of nothing is nothing. */
export function emptyOf(cell: CountedCell): number | null {
  return cell.measure === 'average' ? null : 0;
}

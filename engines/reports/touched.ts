/** Where the persons whose record changes stand in a form's sources: the units, and the months of those that are counted by a day. */
import type { Pool } from 'pg';
import type { Plan } from './plan.ts';
import { type Context, compileNode } from './query/compile.ts';
import { contextOf, fromSql, type ReadySource, textColumn } from './query/from.ts';

export interface TouchedPlace {
  unit: string;
  /** First day of the month; null = every period, of a source without a day. */
  day: string | null;
}

/** A way from rows to units and days that sources of one or several forms share: their conditions are not asked. */
export interface Way {
  /** Equal for ways that lead to the same places. */
  key: string;
  /** Types of the resources that its rows are made of. */
  types: ReadonlySet<string>;
  source: ReadySource;
}

export function waysOf({ definition, sources }: Plan): Way[] {
  return [...sources].map(([name, source]) => {
    const { view, at, unit, person, joins } = definition.sources[name]!;
    const { main, joins: joined } = source.scope;
    const tables = [main, ...joined.values()];
    return {
      key: JSON.stringify([view, at, unit, person, joins]),
      types: new Set(tables.map((table): string => table.view.resource)),
      source,
    };
  });
}

/** The conditions of the source are not asked: a row that comes or goes by them touches its place too. */
export async function placesOfPersons(
  db: Pick<Pool, 'query'>,
  { source }: Way,
  persons: readonly string[],
): Promise<TouchedPlace[]> {
  const whole = { ...source, at: null, where: null };
  const context = contextOf(source, { start: '1800-01-01', end: '2999-12-31' });
  const unit = textColumn(source.unit, context);
  const who = `${compileNode(source.person, context).sql} = any(${context.parameters.add(persons, 'text[]')})`;
  const sql = `select distinct ${unit} as unit, ${monthSql(source.at, context)} as day ${fromSql(whole, context, null, [who])}`;
  const { rows } = await db.query<{ unit: string | null; day: string | null }>(
    sql,
    context.parameters.values,
  );
  return rows.flatMap(({ unit: of, day }) => (of === null ? [] : [{ unit: of, day }]));
}

function monthSql(at: Parameters<typeof compileNode>[0] | null, context: Context): string {
  if (at === null) return 'null';
  const { sql, type } = compileNode(at, context);
  if (type === 'partial') return `(case when length(${sql}) >= 7 then left(${sql}, 7) || '-01' end)`;
  const day = type === 'instant' ? `(${sql} at time zone 'Asia/Ho_Chi_Minh')` : sql;
  return `to_char(${day}, 'YYYY-MM-01')`;
}

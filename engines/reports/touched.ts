/** Where the persons whose record changes stand in a form's sources: the units, and the months of those that are counted by a day. */
import type { Pool } from 'pg';
import type { Plan } from './plan.ts';
import { type Context, compileNode } from './query/compile.ts';
import { contextOf, fromSql, textColumn } from './query/from.ts';

export interface TouchedPlace {
  unit: string;
  /** First day of the month; null = every period, of a source without a day. */
  day: string | null;
}

/** The conditions of the source are not asked: a row that comes or goes by them touches its place too. */
export async function placesOfPersons(
  db: Pick<Pool, 'query'>,
  plan: Plan,
  persons: readonly string[],
): Promise<TouchedPlace[]> {
  const places = new Map<string, TouchedPlace>();
  for (const source of plan.sources.values()) {
    const whole = { ...source, at: null, where: null };
    const context = contextOf(source, { start: '1800-01-01', end: '2999-12-31' });
    const unit = textColumn(source.unit, context);
    const who = `${compileNode(source.person, context).sql} = any(${context.parameters.add(persons, 'text[]')})`;
    const sql = `select distinct ${unit} as unit, ${monthSql(source.at, context)} as day ${fromSql(whole, context, null, [who])}`;
    const { rows } = await db.query<{ unit: string | null; day: string | null }>(
      sql,
      context.parameters.values,
    );
    for (const { unit: of, day } of rows) if (of !== null) places.set(`${of} ${day}`, { unit: of, day });
  }
  return [...places.values()];
}

function monthSql(at: Parameters<typeof compileNode>[0] | null, context: Context): string {
  if (at === null) return 'null';
  const { sql, type } = compileNode(at, context);
  if (type === 'partial') return `(case when length(${sql}) >= 7 then left(${sql}, 7) || '-01' end)`;
  const day = type === 'instant' ? `(${sql} at time zone 'Asia/Ho_Chi_Minh')` : sql;
  return `to_char(${day}, 'YYYY-MM-01')`;
}

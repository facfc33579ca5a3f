/** Up to which moment the record is settled: whoever reads now sees everything that was written then or before. */
import type { Queryable } from './rows.ts';

/**
 * Epoch milliseconds before the oldest transaction that still runs: a commit carries the moment at which its transaction
 * began, so what is not to be seen yet is younger.
 */
export async function settledUntil(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ at: number }>(
    `select extract(epoch from least(now(), min(xact_start)))::float8 * 1000 as at from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend'`,
  );
  return Math.floor(rows[0]!.at) - 1;
}

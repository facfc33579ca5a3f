/** Up to which moment the record is settled: whoever reads now sees everything that was written then or before. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Queryable } from './rows.ts';

/** As long as the database lets a transaction stand idle (pool.ts). */
const PATIENCE_MS = 60_000;
const BETWEEN_MS = 100;

export interface SettledOptions {
  /** Told between two looks; what it throws ends the wait. */
  waiting?: () => Promise<void>;
  /** Milliseconds. */
  patience?: number;
}

/**
 * Epoch milliseconds before the oldest transaction that still runs: a commit carries the moment at which its transaction
 * began, so what is not to be seen yet is younger. Transactions that began before the question are waited for, so that whoever
 * asks finds what was written before; one that outlasts the patience keeps the answer before its beginning.
 */
export async function settledUntil(
  db: Queryable,
  { waiting, patience = PATIENCE_MS }: SettledOptions = {},
): Promise<number> {
  const asked = await readMoments(db);
  const end = performance.now() + patience;
  let { oldest } = asked;
  while (oldest < asked.now && performance.now() < end) {
    await waiting?.();
    await pause(BETWEEN_MS);
    ({ oldest } = await readMoments(db));
  }
  return Math.floor(oldest) - 1;
}

/** Now, and when the oldest transaction began: now when there is no other. */
async function readMoments(db: Queryable): Promise<{ now: number; oldest: number }> {
  const { rows } = await db.query<{ now: number; oldest: number }>(
    `select extract(epoch from now())::float8 * 1000 as now,
            extract(epoch from least(now(), min(xact_start)))::float8 * 1000 as oldest
     from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend'`,
  );
  return rows[0]!;
}

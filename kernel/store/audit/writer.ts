/** Writing of the audit: lines of reads in groups, and partitions ahead of time. */
import type { Pool } from 'pg';
import { appendLines, placeLines } from '../audit-lines.ts';
import type { AuditLine } from '../contract.ts';
import { Gathering } from '../gathering.ts';
import { inTransaction } from '../transaction.ts';

/**
 * One write at a time: those that come while it waits for the disk share the next wait. The wait costs what thirty lines
 * cost, so that under load lines gather a moment longer.
 */
const LIMITS = {
  onTheWay: 1,
  largest: 1_000,
  mostWaiting: Number.POSITIVE_INFINITY,
  rest: { enough: 32, mostMs: 8 },
};

/** Appends lines; calls that come together, or while others are on their way, share one round trip. */
export class AuditWriter {
  readonly #gathering: Gathering<AuditLine[], undefined>;

  constructor(pool: Pool, era: number) {
    this.#gathering = new Gathering(LIMITS, async (calls) => {
      await appendLines(pool, era, placeLines(calls.flat()));
      return calls.map(() => undefined);
    });
  }

  /** Resolves when the lines are on disk. */
  async append(lines: AuditLine[]): Promise<void> {
    if (lines.length > 0) await this.#gathering.ask(lines);
  }
}

/** Makes the partitions of last month to a year ahead, Vietnamese months. */
export async function makeMonths(pool: Pool): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtext('yba audit months'))`);
    await client.query(`select audit_month(month::date)
      from generate_series(date_trunc('month', (now() at time zone '+07')) - interval '1 month',
        date_trunc('month', (now() at time zone '+07')) + interval '12 months', interval '1 month') as month`);
    await client.query('select audit_summarize()');
  });
}

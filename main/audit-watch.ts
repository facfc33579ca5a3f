/** Each night the newest part of the audit is verified; what is wrong is told by /healthz, /metrics and the log until it is right. */
import type { Pool } from 'pg';
import type { OpenStore } from '../kernel/store/index.ts';
import { type Facts, readFact, writeFact } from './facts.ts';

export type AuditCheck = Facts['audit-check'];

export interface AuditWatch {
  /** `audit` while the last verification found something. */
  troubles(): string[];
  /** Verifies when it is due. For the clock, and for tests. */
  look(): Promise<void>;
  close(): void;
}

const LOOK_MS = 600_000;
const DAY_MS = 86_400_000;
const VIETNAM_MS = 7 * 3_600_000;
/** Hours of the night in Viet Nam, the last one exclusive. */
const [FIRST_HOUR, LAST_HOUR] = [1, 5];
const MOST_FAULTS = 20;
const FACT = 'audit-check';

/** At night, when the last one is not of this night; at any hour when there was none for two days. */
export function isDue(now: Date, last: AuditCheck | null): boolean {
  const age = last === null ? Number.POSITIVE_INFINITY : now.getTime() - Date.parse(last.at);
  const hour = new Date(now.getTime() + VIETNAM_MS).getUTCHours();
  const night = hour >= FIRST_HOUR && hour < LAST_HOUR;
  return (night && age > DAY_MS / 2) || (last !== null && age > 2 * DAY_MS);
}

/** Begins two days before the last good one, so that what was changed behind its back is seen, too. */
export function sinceWhen(last: AuditCheck | null): Date | undefined {
  return last?.ok ? new Date(Date.parse(last.at) - 2 * DAY_MS) : undefined;
}

export function watchAudit(
  store: OpenStore,
  pool: Pool,
  now: () => Date,
  log: (sentence: string) => void,
): AuditWatch {
  let last: AuditCheck | null = null;
  async function look(): Promise<void> {
    last = await readFact(pool, FACT);
    if (!isDue(now(), last)) return;
    const client = await pool.connect();
    try {
      const name = `hashtext('yba audit check')`;
      const { rows } = await client.query<{ got: boolean }>(`select pg_try_advisory_lock(${name}) as got`);
      if (!rows[0]!.got) return;
      try {
        last = await check(last);
      } finally {
        await client.query(`select pg_advisory_unlock(${name})`);
      }
    } finally {
      client.release();
    }
  }

  async function check(before: AuditCheck | null): Promise<AuditCheck> {
    const since = sinceWhen(before);
    const report = await store.verifyAudit(since === undefined ? {} : { since });
    const faults = report.faults.slice(0, MOST_FAULTS).map(({ text }) => text);
    for (const fault of faults) log(`audit: ${fault}`);
    const checked = { at: now().toISOString(), ok: report.ok, lines: report.lines, faults };
    await writeFact(pool, FACT, checked);
    return checked;
  }

  let closed = false;
  const quietly = () =>
    void look().catch(() => {
      if (!closed) log('audit: the nightly verification did not run');
    });
  const clock = setInterval(quietly, LOOK_MS);
  clock.unref();
  quietly();
  return {
    troubles: () => (last?.ok === false ? ['audit'] : []),
    look,
    close: () => {
      closed = true;
      clearInterval(clock);
    },
  };
}

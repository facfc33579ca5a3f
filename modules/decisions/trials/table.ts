/** Runs over the past: table `decisions.trial`. Its SQL is here and nowhere else. */
import type { Pool } from 'pg';
import type { TrialResult } from './tally.ts';

export type TrialState = 'running' | 'stopped' | 'done' | 'failed';

export interface Trial {
  id: string;
  rule: string;
  version: string;
  state: TrialState;
  account: string;
  name: string;
  from: string;
  to: string;
  beganAt: Date;
  beatAt: Date;
  done: number;
  result: TrialResult;
}

const COLUMNS = `id, rule, version, state, account, name, to_char(from_day, 'YYYY-MM-DD') as "from",
  to_char(to_day, 'YYYY-MM-DD') as "to", began_at as "beganAt", beat_at as "beatAt", done, result`;

/** A run that has not beaten for so long has ended with its program. */
const SILENT = `interval '2 minutes'`;

async function endSilent(pool: Pool, now: Date): Promise<void> {
  await pool.query(
    `update decisions.trial set state = 'failed' where state = 'running' and beat_at < $1::timestamptz - ${SILENT}`,
    [now],
  );
}

/** @returns false when another one runs */
export async function beginTrial(
  pool: Pool,
  trial: Omit<Trial, 'state' | 'beatAt' | 'done'>,
): Promise<boolean> {
  await endSilent(pool, trial.beganAt);
  const { rowCount } = await pool.query(
    `insert into decisions.trial (id, rule, version, state, account, name, from_day, to_day, began_at, beat_at, done, result)
     select $1, $2, $3, 'running', $4, $5, $6, $7, $8, $8, 0, $9
     where not exists (select from decisions.trial where state = 'running')`,
    [
      trial.id,
      trial.rule,
      trial.version,
      trial.account,
      trial.name,
      trial.from,
      trial.to,
      trial.beganAt,
      JSON.stringify(trial.result),
    ],
  );
  return rowCount === 1;
}

/**
 * Progress. @param before acts that this run has written last: a second run of the same trial finds another number, and ends
 * @returns false when somebody has stopped it
 */
export async function beat(
  pool: Pool,
  id: string,
  { result, before, at, state }: { result: TrialResult; before: number; at: Date; state: TrialState },
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update decisions.trial set done = $2, result = $3, beat_at = $4, state = $5
     where id = $1 and state = 'running' and done = $6`,
    [id, result.acts, JSON.stringify(result), at, state, before],
  );
  return rowCount === 1;
}

export async function stopTrial(pool: Pool, id: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update decisions.trial set state = 'stopped' where id = $1 and state = 'running'`,
    [id],
  );
  return rowCount === 1;
}

/** A run that was stopped, or ended with its program, goes on. @returns false when another one runs, or this one is whole */
export async function resumeTrial(pool: Pool, id: string, at: Date): Promise<boolean> {
  await endSilent(pool, at);
  const { rowCount } = await pool.query(
    `update decisions.trial set state = 'running', beat_at = $2
     where id = $1 and state in ('stopped', 'failed') and not exists (select from decisions.trial where state = 'running')`,
    [id, at],
  );
  return rowCount === 1;
}

export async function readTrial(pool: Pool, id: string): Promise<Trial | null> {
  return (
    (await pool.query<Trial>(`select ${COLUMNS} from decisions.trial where id = $1`, [id])).rows[0] ?? null
  );
}

/** The newest of a version; null when it never ran. @param state only those */
export async function lastTrial(
  pool: Pool,
  rule: string,
  version: string,
  state?: TrialState,
): Promise<Trial | null> {
  const { rows } = await pool.query<Trial>(
    `select ${COLUMNS} from decisions.trial where rule = $1 and version = $2 and ($3::text is null or state = $3) order by began_at desc limit 1`,
    [rule, version, state ?? null],
  );
  return rows[0] ?? null;
}

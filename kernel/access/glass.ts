/** Break-glass: one person's record opened for one account, for a stated reason and a limited time. */
import type { Pool } from 'pg';
import { Failure } from '../failure.ts';
import type { Actor } from './contract.ts';

export interface Opening {
  account: string;
  name: string;
  unit: string | null;
  patient: string;
  reason: string;
  openedAt: string;
  until: string;
}

export interface BreakGlass {
  /** Persons open to an account now. */
  opened(account: string): string[];
  /**
   * Opens a person's record to the actor until the time is over. The caller writes the audit line.
   * Fails with `invalid-parameter` when the reason is shorter than ten characters.
   */
  open(actor: Actor, patient: string, reason: string): Promise<Opening>;
  /** Openings since an instant, newest first: for the unit's head and the administrator to review. */
  list(since: string): Promise<Opening[]>;
}

const COLUMNS = `account, name, unit, patient, reason,
  to_char(opened_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "openedAt",
  to_char(until at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as until`;

/** @param minutes how long an opening lasts (content `access/limits`) */
export async function openBreakGlass(pool: Pool, minutes: number, now: () => Date): Promise<BreakGlass> {
  const running = new Map<string, Map<string, number>>();
  const remember = (opening: Opening) => {
    const ofAccount = running.get(opening.account) ?? new Map<string, number>();
    ofAccount.set(opening.patient, Date.parse(opening.until));
    running.set(opening.account, ofAccount);
  };
  const { rows } = await pool.query<Opening>(`select ${COLUMNS} from access.opening where until > $1`, [
    now(),
  ]);
  for (const row of rows) remember(row);

  return {
    opened(account) {
      const at = now().getTime();
      return [...(running.get(account) ?? [])].filter(([, until]) => until > at).map(([patient]) => patient);
    },
    async open(actor, patient, reason) {
      const stated = reason.trim();
      if (stated.length < 10 || stated.length > 500) {
        throw new Failure('invalid-parameter', 'Hãy ghi rõ lý do mở hồ sơ (từ 10 đến 500 ký tự).', {
          textEn: 'State the reason for opening the record (10 to 500 characters).',
        });
      }
      const until = new Date(now().getTime() + minutes * 60_000);
      const answer = await pool.query<Opening>(
        `insert into access.opening (account, name, unit, patient, reason, opened_at, until)
         values ($1, $2, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
        [actor.id, actor.name, actor.unit, patient, stated, now(), until],
      );
      remember(answer.rows[0]!);
      return answer.rows[0]!;
    },
    async list(since) {
      const answer = await pool.query<Opening>(
        `select ${COLUMNS} from access.opening where opened_at >= $1 order by opened_at desc limit 500`,
        [since],
      );
      return answer.rows;
    },
  };
}

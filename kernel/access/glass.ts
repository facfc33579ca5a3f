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
  /** Those of the persons that are open to an account now. */
  among(account: string, patients: readonly string[]): Promise<string[]>;
  /** Persons open to an account now. */
  all(account: string): Promise<string[]>;
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

const ALL = 'select distinct patient from access.opening where account = $1 and until > $2';
const AMONG = `${ALL} and patient = any($3)`;

/**
 * Nothing is kept in the process: an opening counts at once in every program on the database, and after `kill -9`.
 * @param minutes how long an opening lasts (content `access/limits`)
 */
export function openBreakGlass(pool: Pool, minutes: number, now: () => Date): BreakGlass {
  return {
    async among(account, patients) {
      if (patients.length === 0) return [];
      const { rows } = await pool.query<{ patient: string }>(AMONG, [account, now(), patients]);
      return rows.map(({ patient }) => patient);
    },
    async all(account) {
      const { rows } = await pool.query<{ patient: string }>(ALL, [account, now()]);
      return rows.map(({ patient }) => patient);
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

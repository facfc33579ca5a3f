/** Break-glass: one person's record opened for one account, for a stated reason and a limited time. */
import type { Pool, PoolClient } from 'pg';
import { Failure } from '../failure.ts';
import { inTransaction } from '../store/index.ts';
import type { Actor } from './contract.ts';
import type { EmergencyRules } from './emergency/rules.ts';

export interface Opening {
  id: string;
  account: string;
  name: string;
  unit: string | null;
  patient: string;
  /** Kind of reason: content `access/emergency-reasons`. */
  code: string;
  reason: string;
  openedAt: string;
  until: string;
  /** One too many within the hour: nothing was opened. */
  refused: boolean;
}

export interface BreakGlass {
  /** Those of the persons that are open to an account now. */
  among(account: string, patients: readonly string[]): Promise<string[]>;
  /** Persons open to an account now. */
  all(account: string): Promise<string[]>;
  /**
   * Opens a person's record to the actor until the time is over; an opening that the actor already has for the same reason
   * counts on. The caller writes the audit line. Fails with `invalid-parameter` for a reason shorter than ten characters
   * or of a kind that is not in the list, `too-many-requests` after too many persons within an hour.
   */
  open(actor: Actor, patient: string, reason: string, code?: string): Promise<Opening>;
  /** Called after every opening, and after every one that was refused. */
  onOpening(listener: (opening: Opening) => void): void;
}

export const OPENING_COLUMNS = `id::text, account, name, unit, patient, code, reason, refused,
  to_char(opened_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "openedAt",
  to_char(until at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as until`;

const HOUR_MS = 3_600_000;
const ALL = 'select distinct patient from access.opening where account = $1 and until > $2 and not refused';
const AMONG = `${ALL} and patient = any($3)`;

/** Nothing is kept in the process: an opening counts at once in every program on the database, and after `kill -9`. */
export function openBreakGlass(pool: Pool, rules: EmergencyRules, now: () => Date): BreakGlass {
  const listeners: ((opening: Opening) => void)[] = [];
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
    async open(actor, patient, reason, code = 'other') {
      const stated = statedReason(reason, code, rules);
      const opening = await inTransaction(pool, (client) =>
        openOnce(client, rules, now(), actor, { patient, reason: stated, code }),
      );
      if (opening.fresh) for (const listener of listeners) listener(opening);
      if (opening.refused) throw tooMany(rules);
      return opening;
    },
    onOpening: (listener) => void listeners.push(listener),
  };
}

function statedReason(reason: string, code: string, { reasons }: EmergencyRules): string {
  const stated = reason.trim();
  if (stated.length < 10 || stated.length > 500) {
    throw new Failure('invalid-parameter', 'Hãy ghi rõ lý do mở hồ sơ (từ 10 đến 500 ký tự).', {
      textEn: 'State the reason for opening the record (10 to 500 characters).',
      expression: 'reason',
    });
  }
  if (!reasons.some((one) => one.code === code)) {
    const codes = reasons.map((one) => one.code).join(', ');
    throw new Failure(
      'invalid-parameter',
      `Loại lý do "${code.slice(0, 40)}" không có; hãy dùng: ${codes}.`,
      {
        textEn: `No kind of reason "${code.slice(0, 40)}"; there are ${codes}.`,
        expression: 'code',
      },
    );
  }
  return stated;
}

/** Requests of one account wait for each other, so that none slips past the count. */
async function openOnce(
  client: PoolClient,
  { minutes, openingsAnHour }: EmergencyRules,
  at: Date,
  actor: Actor,
  asked: { patient: string; reason: string; code: string },
): Promise<Opening & { fresh: boolean }> {
  const { patient, reason, code } = asked;
  await client.query(`select pg_advisory_xact_lock(hashtextextended('opening ' || $1, 0))`, [actor.id]);
  const known = await client.query<Opening>(
    `select ${OPENING_COLUMNS} from access.opening
     where account = $1 and patient = $2 and reason = $3 and code = $4 and until > $5 and not refused limit 1`,
    [actor.id, patient, reason, code, at],
  );
  if (known.rows[0]) return { ...known.rows[0], fresh: false };
  const others = await client.query(
    `select distinct patient from access.opening
     where account = $1 and patient <> $2 and opened_at > $3 and not refused`,
    [actor.id, patient, new Date(at.getTime() - HOUR_MS)],
  );
  const refused = others.rowCount! >= openingsAnHour;
  const until = refused ? at : new Date(at.getTime() + minutes * 60_000);
  const answer = await client.query<Opening>(
    `insert into access.opening (account, name, unit, patient, code, reason, opened_at, until, refused)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${OPENING_COLUMNS}`,
    [actor.id, actor.name, actor.unit, patient, code, reason, at, until, refused],
  );
  return { ...answer.rows[0]!, fresh: true };
}

function tooMany({ openingsAnHour }: EmergencyRules): Failure {
  return new Failure(
    'too-many-requests',
    `Trong một giờ chỉ được mở khẩn cấp hồ sơ của ${openingsAnHour} người. Người phụ trách bảo vệ dữ liệu đã được báo; nếu đang cấp cứu hàng loạt, hãy gọi người đó.`,
    {
      textEn: `An account may open the records of ${openingsAnHour} persons within an hour. The data protection officer has been told.`,
    },
  );
}

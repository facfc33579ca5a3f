/** Reading of the audit, for the screen and as AuditEvents. The only reader of table `audit` outside the store. */
import type { Pool } from 'pg';
import { Failure } from '../failure.ts';
import { shardKey } from '../store/compartment.ts';

export interface AuditRow {
  /** `<era>-<transaction>-<number>`, unique for ever. */
  id: string;
  /** ISO instant. */
  at: string;
  who: string;
  whoDisplay: string;
  patient: string | null;
  action: string;
  what: string;
  why: string;
  outcome: 'ok' | 'refused' | 'failed';
  ip: string;
  unit: string | null;
}

export interface AuditQuery {
  patient?: string;
  who?: string;
  action?: string;
  /** Any of these actions; empty = all. */
  actions?: readonly string[];
  outcome?: string;
  /** ISO instants or dates; `from` inclusive, `to` exclusive. */
  from?: string;
  to?: string;
  /** 1 to 1000, default 50. */
  count?: number;
  /** `next` of the page before. */
  before?: string;
}

const COLUMNS = `era || '-' || xid || '-' || n as id,
  to_char(ts at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
  who, who_display as "whoDisplay", patient, action, what, why, outcome, ip, unit`;

/** Without a person and without a beginning the last day is read: a month of a province is no page. */
const DEFAULT_SPAN_MS = 86_400_000;

/** Newest first. Fails with `invalid-parameter` on an instant or a page mark that is none. */
export async function readAuditRows(
  pool: Pool,
  query: AuditQuery,
  now: Date,
): Promise<{ rows: AuditRow[]; next?: string }> {
  const count = Math.min(Math.max(query.count ?? 50, 1), 1000);
  const where: string[] = [];
  const values: unknown[] = [];
  const add = (condition: (place: string) => string, value: unknown) => {
    values.push(value);
    where.push(condition(`$${values.length}`));
  };
  if (query.patient !== undefined) {
    add((place) => `pt = ${place}`, shardKey(query.patient).toString());
    add((place) => `patient = ${place}`, query.patient);
  }
  if (query.who !== undefined) add((place) => `who = ${place}`, query.who);
  if (query.action !== undefined) add((place) => `action = ${place}`, query.action);
  if (query.actions !== undefined && query.actions.length > 0)
    add((place) => `action = any(${place})`, query.actions);
  if (query.outcome !== undefined) add((place) => `outcome = ${place}`, query.outcome);
  const from =
    query.from ??
    (query.patient === undefined ? new Date(now.getTime() - DEFAULT_SPAN_MS).toISOString() : undefined);
  if (from !== undefined) add((place) => `ts >= ${place}::timestamptz`, instant('from', from));
  if (query.to !== undefined) add((place) => `ts < ${place}::timestamptz`, instant('to', query.to));
  if (query.before !== undefined) {
    const [at, xid, n] = pageMark(query.before);
    const first = values.push(at, xid, n) - 2;
    where.push(`(ts, xid, n) < ($${first}::timestamptz, $${first + 1}::int8, $${first + 2}::int4)`);
  }
  const sql = `select ${COLUMNS} from audit where ${where.length === 0 ? 'true' : where.join(' and ')}
    order by ts desc, xid desc, n desc limit ${count + 1}`;
  const { rows } = await pool.query<AuditRow>(sql, values);
  if (rows.length <= count) return { rows };
  const page = rows.slice(0, count);
  const last = page.at(-1)!;
  return { rows: page, next: `${last.at}_${last.id.split('-').slice(1).join('_')}` };
}

/** One line by its id; null when there is none. */
export async function readAuditRow(pool: Pool, id: string): Promise<AuditRow | null> {
  const match = /^(\d{1,4})-(\d{1,18})-(\d{1,9})$/.exec(id);
  if (!match) return null;
  const sql = `select ${COLUMNS} from audit where xid = $2 and era = $1 and n = $3`;
  return (await pool.query<AuditRow>(sql, match.slice(1))).rows[0] ?? null;
}

function instant(name: string, text: string): string {
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && Number.isFinite(Date.parse(text))) {
    return text.length === 10 ? `${text}T00:00:00+07:00` : text;
  }
  throw new Failure('invalid-parameter', `"${text}" không phải ngày giờ.`, {
    textEn: `${name} "${text}" is no instant.`,
    expression: name,
  });
}

function pageMark(text: string): [string, string, string] {
  const match = /^([\d\-:TZ.]{20,30})_(\d{1,18})_(\d{1,9})$/.exec(text);
  if (match) return [match[1]!, match[2]!, match[3]!];
  throw new Failure('invalid-parameter', 'Dấu trang không hợp lệ.', {
    textEn: 'The page mark is not valid.',
    expression: 'before',
  });
}

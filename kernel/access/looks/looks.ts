/**
 * Who looked at a person's record, as the person reads it: looks of one reader at one place on one day together, with the
 * lines of the audit behind each.
 */
import type { Pool } from 'pg';
import { Failure } from '../../failure.ts';
import { shardKey } from '../../store/compartment.ts';
import { isDay, vietnamDayBounds } from '../../text/vietnam-time.ts';
import { type AuditRow, readAuditRows } from '../audit-reading.ts';

/** Looks of one reader on one day (Vietnam). */
export interface LookGroup {
  day: string;
  /** Account or client id. */
  who: string;
  /** `Practitioner/x`, `Client/x` or a name. */
  whoDisplay: string;
  /** Organization id. */
  unit: string | null;
  lines: number;
  /** ISO instants. */
  first: string;
  last: string;
  /** Some of what was done: pairs of action and what was touched. */
  acts: { action: string; what: string }[];
  /** Purposes as they stand in the audit. */
  why: string[];
  emergency: boolean;
  /** Lines that were refused. */
  refused: number;
}

export interface LookQuery {
  patient: string;
  /** ISO days, both inclusive. */
  from?: string;
  to?: string;
  /** Organization id. */
  unit?: string;
  /** `next` of the page before. */
  before?: string;
  /** Groups of a page, 1 to 200. */
  count: number;
}

const ZONE = 'Asia/Ho_Chi_Minh';
const GROUPS = `select (ts at time zone '${ZONE}')::date::text as day, who, min(who_display) as "whoDisplay", unit,
    count(*)::int as lines,
    to_char(min(ts) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as first,
    to_char(max(ts) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as last,
    (array_agg(distinct action || ' ' || left(split_part(what, '?', 1), 200)))[1:12] as did,
    (array_agg(distinct why))[1:6] as why,
    bool_or(why like 'BTG%' or action = 'break-glass') as emergency,
    (count(*) filter (where outcome = 'refused'))::int as refused
  from audit`;

/** Newest first. Fails with `invalid-parameter` on a day or a page mark that is none. */
export async function readLooks(
  pool: Pool,
  query: LookQuery,
): Promise<{ groups: LookGroup[]; next?: string }> {
  const values: unknown[] = [shardKey(query.patient).toString(), query.patient];
  const where = ['pt = $1', 'patient = $2'];
  const add = (condition: (place: string) => string, value: unknown) => {
    values.push(value);
    where.push(condition(`$${values.length}`));
  };
  if (query.from !== undefined)
    add((place) => `ts >= ${place}::timestamptz`, bounds('from', query.from).from);
  if (query.to !== undefined) add((place) => `ts < ${place}::timestamptz`, bounds('to', query.to).to);
  if (query.unit !== undefined) add((place) => `unit = ${place}`, query.unit);
  let having = 'true';
  if (query.before !== undefined) {
    const mark = /^([\d\-:TZ.]{20,30})_(.{1,128})$/.exec(query.before);
    if (!mark) throw badMark();
    // A group begins on one day: nothing younger than the mark's can be in an older group.
    values.push(mark[1], mark[2]);
    having = `(max(ts), who || '|' || coalesce(unit, '')) < ($${values.length - 1}::timestamptz, $${values.length})`;
  }
  const { rows } = await pool.query<Omit<LookGroup, 'acts'> & { did: string[] }>(
    `${GROUPS} where ${where.join(' and ')} group by 1, who, unit having ${having}
     order by max(ts) desc, who || '|' || coalesce(unit, '') desc limit ${query.count + 1}`,
    values,
  );
  const groups = rows.slice(0, query.count).map(({ did, ...group }) => ({ ...group, acts: did.map(actOf) }));
  const last = groups.at(-1);
  return rows.length > query.count && last
    ? { groups, next: `${last.last}_${last.who}|${last.unit ?? ''}` }
    : { groups };
}

/** The lines behind a group, newest first. */
export function readLookLines(
  pool: Pool,
  now: Date,
  asked: { patient: string; day: string; who: string; before?: string; count: number },
): Promise<{ rows: AuditRow[]; next?: string }> {
  const { from, to } = bounds('day', asked.day);
  const { patient, who, before, count } = asked;
  return readAuditRows(
    pool,
    { patients: [patient], accounts: [who], from, to, count, ...(before && { before }) },
    now,
  );
}

/** Names and roles of accounts, as they are now; of those that there are. */
export async function accountNames(
  pool: Pool,
  ids: readonly string[],
): Promise<Map<string, { name: string; roles: string[] }>> {
  const { rows } = await pool.query<{ id: string; name: string; roles: string[] }>(
    'select id, name, roles from access.account where id = any($1)',
    [ids],
  );
  return new Map(rows.map(({ id, ...rest }) => [id, rest]));
}

function actOf(did: string): { action: string; what: string } {
  const [action = '', ...what] = did.split(' ');
  return { action, what: what.join(' ') };
}

function bounds(name: string, day: string): { from: string; to: string } {
  if (isDay(day)) return vietnamDayBounds(day);
  throw new Failure('invalid-parameter', `Ngày "${day.slice(0, 20)}" không có thật. Hãy chọn lại ngày.`, {
    textEn: `${name} "${day.slice(0, 20)}" is no day (yyyy-mm-dd).`,
    expression: name,
  });
}

function badMark(): Failure {
  return new Failure('invalid-parameter', 'Dấu trang không hợp lệ.', {
    textEn: 'The page mark is not valid.',
    expression: 'cursor',
  });
}

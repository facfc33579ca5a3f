/** Reading of the audit, for the screen and as AuditEvents. The only reader of table `audit` outside the store. */
import type { Pool } from 'pg';
import { Failure } from '../failure.ts';
import { shardKey } from '../store/compartment.ts';
import type { Queryable } from '../store/rows.ts';
import { knownActions } from './audit-log/acts.ts';

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
  /** OAuth client, id of the HTTP request and of the token, as far as they are known. */
  client: string | null;
  request: string | null;
  token: string | null;
}

/** Lists: any of the values; an empty list matches nothing. */
export interface AuditQuery {
  ids?: readonly string[];
  patients?: readonly string[];
  /** Ids of accounts or clients. */
  accounts?: readonly string[];
  /** `Practitioner/x`, `Client/x`. */
  agents?: readonly string[];
  /** Beginnings of names. */
  agentNames?: readonly string[];
  actions?: readonly string[];
  /** Beside `actions`, also acts that have no codes of their own (audit-log/acts.ts). */
  otherActions?: boolean;
  outcomes?: readonly string[];
  addresses?: readonly string[];
  /** `Type/id`. */
  entities?: readonly string[];
  /** Beginnings of what was touched. */
  entityNames?: readonly string[];
  /** Organization ids. */
  units?: readonly string[];
  /** Ids of tokens. */
  tokens?: readonly string[];
  /** Decides what SQL cannot. */
  accepts?: (row: AuditRow) => boolean;
  /** ISO instants or dates; `from` inclusive, `to` exclusive. */
  from?: string;
  to?: string;
  oldestFirst?: boolean;
  /** 0 to 1000, default 50. */
  count?: number;
  /** `next` of the page before. */
  before?: string;
  /** Whether all that match are to be counted. */
  total?: boolean;
}

export interface AuditPage {
  rows: AuditRow[];
  next?: string;
  total?: number;
}

/** Column `ip` holds the address and behind it, where they are known, client, request and token (store/audit-lines.ts). */
const COLUMNS = `era || '-' || xid || '-' || n as id,
  to_char(ts at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
  who, who_display as "whoDisplay", patient, action, what, why, outcome, split_part(ip, ' ', 1) as ip, unit,
  nullif(nullif(split_part(ip, ' ', 2), ''), '-') as client, nullif(nullif(split_part(ip, ' ', 3), ''), '-') as request,
  nullif(nullif(split_part(ip, ' ', 4), ''), '-') as token`;

const DAY_MS = 86_400_000;
/** Days of the first window of a search that names no person; each further one is four times as long. */
const FIRST_WINDOW = 1;
const PATIENCE_MS = 15_000;
const PIECE = 500;

interface Window {
  from: Date;
  to: Date;
}

interface Place {
  at: string;
  xid: string;
  n: string;
}

/**
 * Newest first, or oldest first. A person's lines come by the index; others window by window, until the page is full.
 * Fails with `invalid-parameter` on an instant or a page mark that is none, with `too-costly` when it takes too long.
 */
export async function readAuditRows(pool: Pool, query: AuditQuery, now: Date): Promise<AuditPage> {
  const count = Math.min(query.count ?? 50, 1000);
  const conditions = conditionsOf(query);
  const rows: AuditRow[] = [];
  let place = query.before === undefined ? undefined : pageMark(query.before);
  const ends = Date.now() + PATIENCE_MS;
  for await (const window of windowsOf(pool, query, now, place)) {
    for (;;) {
      if (Date.now() > ends) throw tooCostly();
      const piece = await readPiece(pool, conditions, query, window, place);
      rows.push(...piece.filter((row) => query.accepts?.(row) ?? true));
      if (piece.length > 0) place = placeOf(piece.at(-1)!);
      if (piece.length < PIECE || rows.length > count) break;
    }
    if (rows.length > count) break;
  }
  const total = await totalOf(pool, conditions, query, now);
  const page = rows.slice(0, count);
  const last = page.at(-1);
  const next = rows.length > count && last ? { next: markOf(placeOf(last)) } : {};
  return { rows: page, ...next, ...(total === undefined ? {} : { total }) };
}

/** One line by its id; null when there is none. */
export async function readAuditRow(pool: Pool, id: string): Promise<AuditRow | null> {
  const match = idParts(id);
  if (!match) return null;
  const sql = `select ${COLUMNS} from audit where xid = $2 and era = $1 and n = $3`;
  return (await pool.query<AuditRow>(sql, match)).rows[0] ?? null;
}

const LAST_XID = '9223372036854775807';

/** A position among all lines. */
export interface AuditPlace {
  era: number;
  xid: string;
  n: number;
}

/**
 * Lines behind a position in the order of positions, none before which another can still appear; for followers.
 * @returns `next`: where to go on
 */
export async function readAuditAfter(
  db: Queryable,
  after: AuditPlace,
  limit: number,
): Promise<{ rows: AuditRow[]; next: AuditPlace }> {
  const { rows } = await db.query<AuditRow>(
    // What is asked once stands in parentheses of its own, and only the rows that are answered are put into words.
    `select ${COLUMNS} from (
       select * from audit where era = $1 and xid >= $2 and (xid, n) > ($2, $3)
         and xid < (select case when $1 < max(e.n) then ${LAST_XID} else pg_snapshot_xmin(pg_current_snapshot())::text::int8 end
           from era e)
       order by xid, n limit ${limit}) as audit order by xid, n`,
    [after.era, after.xid, after.n],
  );
  const last = rows.at(-1);
  if (last) {
    const [era, xid, n] = idParts(last.id)!;
    return { rows, next: { era: Number(era), xid, n: Number(n) } };
  }
  const newer = await db.query<{ era: number | null }>('select min(n) as era from era where n > $1', [
    after.era,
  ]);
  const era = newer.rows[0]!.era;
  return { rows, next: era === null ? after : { era, xid: '0', n: 0 } };
}

interface Conditions {
  where: string[];
  values: unknown[];
  /** A person's lines lie together. */
  indexed: boolean;
}

function conditionsOf(query: AuditQuery): Conditions {
  const where: string[] = [];
  const values: unknown[] = [];
  const add = (condition: (place: string) => string, value: unknown) => {
    values.push(value);
    where.push(condition(`$${values.length}`));
  };
  const among = (column: string, wanted: readonly string[] | undefined) => {
    if (wanted) add((place) => `${column} = any(${place}::text[])`, wanted);
  };
  const begins = (column: string, wanted: readonly string[] | undefined) => {
    if (wanted)
      add(
        (place) => `${column} ilike any(${place}::text[])`,
        wanted.map((one) => `${escaped(one)}%`),
      );
  };
  if (query.patients) {
    add(
      (place) => `pt = any(${place}::int8[])`,
      query.patients.map((patient) => shardKey(patient).toString()),
    );
    among('patient', query.patients);
  }
  if (query.ids) {
    const parts = query.ids.map(idParts).filter((one) => one !== null);
    add(
      (place) => `xid = any(${place}::int8[])`,
      parts.map(([, xid]) => xid),
    );
    among(`era || '-' || xid || '-' || n`, query.ids);
  }
  among('who', query.accounts);
  among('who_display', query.agents);
  begins('who_display', query.agentNames);
  if (query.actions && query.otherActions) {
    add((place) => `(action = any(${place}::text[]) or action <> all(`, query.actions);
    where.push(`${where.pop()}$${values.push(knownActions)}::text[]))`);
  } else among('action', query.actions);
  among('outcome', query.outcomes);
  among(`split_part(ip, ' ', 1)`, query.addresses);
  among(`nullif(split_part(ip, ' ', 4), '')`, query.tokens);
  among('unit', query.units);
  begins('what', query.entityNames);
  if (query.entities)
    add(
      (place) => `(string_to_array(regexp_replace(what, '/_history[^ ]*', '', 'g'), ' ') && ${place}::text[]
        or 'Patient/' || patient = any(${place}::text[]))`,
      query.entities,
    );
  return { where, values, indexed: query.patients !== undefined || query.ids !== undefined };
}

/** The stretches of time that are read one after the other. */
async function* windowsOf(
  pool: Pool,
  query: AuditQuery,
  now: Date,
  place: Place | undefined,
): AsyncGenerator<Window> {
  const beginning = query.from === undefined ? await firstMonth(pool) : instant('from', query.from);
  const end = query.to === undefined ? new Date(now.getTime() + DAY_MS) : instant('to', query.to);
  if (query.patients || query.ids) {
    yield { from: query.from === undefined ? new Date(0) : beginning, to: end };
    return;
  }
  const mark = place ? new Date(place.at) : undefined;
  let days = FIRST_WINDOW;
  if (query.oldestFirst) {
    for (let from = mark && mark > beginning ? mark : beginning; from < end; days *= 4) {
      const to = new Date(Math.min(from.getTime() + days * DAY_MS, end.getTime()));
      yield { from, to };
      from = to;
    }
    return;
  }
  // A page mark is the last line that was shown: its own instant belongs to what is read.
  for (let to = mark && mark < end ? new Date(mark.getTime() + 1) : end; to > beginning; days *= 4) {
    const from = new Date(Math.max(to.getTime() - days * DAY_MS, beginning.getTime()));
    yield { from, to };
    to = from;
  }
}

/** Where the oldest partition that holds lines begins. */
async function firstMonth(pool: Pool): Promise<Date> {
  const { rows } = await pool.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits
     where inhparent = 'audit'::regclass order by name`,
  );
  for (const { name } of rows) {
    const held = await pool.query(`select from ${name} limit 1`);
    if (held.rowCount === 0) continue;
    const month = /_(\d{4})_(\d\d)$/.exec(name);
    return month ? new Date(`${month[1]}-${month[2]}-01T00:00:00+07:00`) : new Date(0);
  }
  return new Date(0);
}

async function readPiece(
  pool: Pool,
  { where, values }: Conditions,
  query: AuditQuery,
  window: Window,
  place: Place | undefined,
): Promise<AuditRow[]> {
  const all = [...values, window.from, window.to];
  const parts = [...where, `ts >= $${all.length - 1}::timestamptz`, `ts < $${all.length}::timestamptz`];
  const [sign, order] = query.oldestFirst ? ['>', 'asc'] : ['<', 'desc'];
  if (place) {
    const first = all.push(place.at, place.xid, place.n) - 2;
    parts.push(`(ts, xid, n) ${sign} ($${first}::timestamptz, $${first + 1}::int8, $${first + 2}::int4)`);
  }
  const sql = `select ${COLUMNS} from audit where ${parts.join(' and ')}
    order by ts ${order}, xid ${order}, n ${order} limit ${PIECE}`;
  return (await pool.query<AuditRow>(sql, all)).rows;
}

/** Fails with `invalid-parameter` where counting would read the whole audit; undefined where it cannot be counted exactly. */
async function totalOf(
  pool: Pool,
  { where, values, indexed }: Conditions,
  query: AuditQuery,
  now: Date,
): Promise<number | undefined> {
  if (!query.total) return undefined;
  if (!indexed && query.from === undefined) {
    throw new Failure('invalid-parameter', 'Muốn đếm dòng nhật ký, hãy nêu người bệnh hoặc ngày bắt đầu.', {
      textEn: '_total counts only with patient or with a beginning, date=ge…',
      expression: '_total',
    });
  }
  if (query.accepts) return undefined;
  const all = [
    ...values,
    query.from === undefined ? new Date(0) : instant('from', query.from),
    query.to === undefined ? new Date(now.getTime() + DAY_MS) : instant('to', query.to),
  ];
  const parts = [...where, `ts >= $${all.length - 1}::timestamptz`, `ts < $${all.length}::timestamptz`];
  const sql = `select count(*) as total from audit where ${parts.join(' and ')}`;
  return Number((await pool.query<{ total: string }>(sql, all)).rows[0]!.total);
}

function idParts(id: string): [era: string, xid: string, n: string] | null {
  const match = /^(\d{1,4})-(\d{1,18})-(\d{1,9})$/.exec(id);
  return match ? (match.slice(1) as [string, string, string]) : null;
}

const escaped = (text: string) => text.replace(/[\\%_]/g, '\\$&');

function instant(name: string, text: string): Date {
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && Number.isFinite(Date.parse(text))) {
    return new Date(text.length === 10 ? `${text}T00:00:00+07:00` : text);
  }
  throw new Failure('invalid-parameter', `"${text}" không phải ngày giờ.`, {
    textEn: `${name} "${text}" is no instant.`,
    expression: name,
  });
}

function placeOf({ at, id }: AuditRow): Place {
  const [, xid, n] = id.split('-') as [string, string, string];
  return { at, xid, n };
}

const markOf = ({ at, xid, n }: Place) => `${at}_${xid}_${n}`;

function pageMark(text: string): Place {
  const match = /^([\d\-:TZ.]{20,30})_(\d{1,18})_(\d{1,9})$/.exec(text);
  if (match && Number.isFinite(Date.parse(match[1]!))) return { at: match[1]!, xid: match[2]!, n: match[3]! };
  throw new Failure('invalid-parameter', 'Dấu trang không hợp lệ.', {
    textEn: 'The page mark is not valid.',
    expression: 'before',
  });
}

function tooCostly(): Failure {
  return new Failure('too-costly', 'Tìm trong nhật ký quá lâu. Hãy thêm khoảng ngày hoặc người bệnh.', {
    textEn: 'The search of the audit takes too long: add a range of dates (date=ge…&date=lt…) or a patient.',
    expression: 'date',
  });
}

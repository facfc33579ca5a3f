/** A piece of a pass: rows read, compared with what their resources give now, and those that differ given new entries. */

import type { Resource } from '../../fhir/types.ts';
import { instantOf, wholeBody } from '../body.ts';
import type { Codecs } from '../codecs.ts';
import type { IndexRow } from '../index-row.ts';
import type { Memory } from '../memory.ts';
import { type StoredType, typeNumber } from '../resource-types.ts';
import type { Queryable } from '../rows.ts';
import { extractIndexes } from '../search/extract.ts';
import { float8s, instants, int4s, int8s, texts } from '../wire.ts';
import { type Difference, differenceOf, type StoredEntries } from './row.ts';

export type Table = 'res' | 'shared';

/** The row after which a pass goes on. Undated rows come first (d0 null), then the newest. */
export interface Place {
  table: Table;
  d0: string | null;
  idh: string;
}

/** Below every key. */
const LOWEST = '-9223372036854775808';

/** Where a pass over a table begins. */
export const startOf = (table: Table): Place => ({ table, d0: null, idh: LOWEST });

/** Where it goes on when there are no more rows; null at the end of the table. */
export const behind = ({ table, d0 }: Place): Place | null =>
  d0 === null ? { table, d0: 'infinity', idh: LOWEST } : null;

interface BatchRow extends StoredEntries {
  pt: string;
  idh: string;
  id: string;
  ver: number;
  /** Epoch milliseconds. */
  ts: number;
  codec: number;
  body: Buffer;
  /** `d0` as PostgreSQL writes it. */
  at: string | null;
}

export interface Batch {
  table: Table;
  type: StoredType;
  /** Rows looked at. */
  seen: number;
  /** Where the next batch begins. */
  end: Place;
  stale: StaleRow[];
}

export interface StaleRow {
  pt: bigint;
  idh: bigint;
  ver: number;
  made: IndexRow;
  difference: Difference;
}

/** Bodies of a batch, packed: documents and pictures come in smaller batches. */
const MOST_BYTES = 4_000_000;

/** In the order of the indexes `res_type` and `shared_type` (t, d0 desc, idh). */
function batchSql({ table, d0 }: Place): string {
  const after =
    d0 === null
      ? 'r.d0 is null and r.idh > $3::int8'
      : 'r.d0 <= $4::timestamptz and (r.d0 < $4::timestamptz or r.idh > $3::int8)';
  const order = d0 === null ? 'r.idh' : 'r.d0 desc, r.idh';
  return `with piece as (select * from ${table} r where r.t = $1 and ${after} order by ${order} limit $2),
    sized as (select *, sum(octet_length(body)) over (order by ${order}) - octet_length(body) as before from piece r)
    select r.pt, r.idh, r.id, r.ver, extract(epoch from r.ts)::float8 * 1000 as ts, r.codec, r.body, r.c0,
    extract(epoch from r.d0)::float8 * 1000 as d0, extract(epoch from r.d1)::float8 * 1000 as d1, r.d0::text as at,
    r.has, r.org, r.sec, r.tok::text as tok,
    (select json_agg(json_build_array(o.p::text, o.lo, o.hi)) from ord o where o.pt = r.pt and o.idh = r.idh) as ord,
    (select json_agg(json_build_array(s.p::text, s.s)) from str s where s.pt = r.pt and s.idh = r.idh) as str
    from sized r where r.before < ${MOST_BYTES} order by ${order}`;
}

/** Rows after a place; null when there are none. */
export async function readBatch(
  db: Queryable,
  codecs: Codecs,
  type: StoredType,
  from: Place,
  size: number,
): Promise<Batch | null> {
  const values = [typeNumber(type), size, from.idh, ...(from.d0 === null ? [] : [from.d0])];
  const { rows } = await db.query<BatchRow>(batchSql(from), values);
  const last = rows.at(-1);
  if (!last) return null;
  const stale: StaleRow[] = [];
  for (const row of rows) {
    const made = extractIndexes(await resourceOf(type, row, codecs));
    const difference = differenceOf(row, made);
    if (difference) stale.push({ pt: BigInt(row.pt), idh: BigInt(row.idh), ver: row.ver, made, difference });
  }
  const { table } = from;
  return { table, type, seen: rows.length, end: { table, d0: last.at, idh: last.idh }, stale };
}

async function resourceOf(type: StoredType, row: BatchRow, codecs: Codecs): Promise<Resource> {
  const unpacked = codecs.unpack(row.codec, row.body);
  const tail = unpacked instanceof Promise ? await unpacked : unpacked;
  const body = wholeBody(type, row.id, row.ver, instantOf(row.ts), tail);
  return JSON.parse(body.toString('utf8')) as Resource;
}

/**
 * Writes what differs, each row in the order of its lock. Words of the dictionary first, as a commit does.
 * @param perPerson true where the tables are distributed: a statement must concern one person there
 * @returns rows that were changed; one that has another version by now was written by definitions of now
 */
export async function applyBatch(
  db: Queryable,
  memory: Memory,
  { table, type, stale }: Batch,
  perPerson: boolean,
): Promise<number> {
  if (stale.length === 0) return 0;
  await memory.writeWords(
    stale.map(({ made }) => ({ row: made })),
    db,
  );
  const sorted = stale.toSorted((a, b) => (a.idh < b.idh ? -1 : 1));
  if (table === 'shared') return apply(db, 'reindex_shared', type, sorted);
  if (!perPerson) return apply(db, 'reindex_rows', type, sorted);
  let changed = 0;
  for (const rows of Map.groupBy(sorted, ({ pt }) => pt).values())
    changed += await apply(db, 'reindex_person', type, rows);
  return changed;
}

async function apply(db: Queryable, name: string, type: StoredType, rows: StaleRow[]): Promise<number> {
  const answer = await db.query<{ changed: number }>({
    name,
    text: `select ${name}(${Array.from({ length: 23 }, (_, i) => `$${i + 1}`).join(', ')}) as changed`,
    values: [rows[0]!.pt.toString(), typeNumber(type), ...rowColumns(rows), ...sideColumns(rows)],
  });
  return answer.rows[0]!.changed;
}

function rowColumns(rows: StaleRow[]): unknown[] {
  const tok: bigint[] = [];
  const from: number[] = [];
  const to: number[] = [];
  for (const { made } of rows) {
    from.push(tok.length + 1);
    for (const token of made.tok) tok.push(token);
    to.push(tok.length);
  }
  return [
    int8s(rows.map(({ pt }) => pt)),
    int8s(rows.map(({ idh }) => idh)),
    int4s(rows.map(({ ver }) => ver)),
    rows.map(({ difference }) => difference.row),
    rows.map(({ difference }) => difference.clear),
    int8s(rows.map(({ made }) => made.c0)),
    instants(rows.map(({ made }) => made.d0)),
    instants(rows.map(({ made }) => made.d1)),
    int8s(rows.map(({ made }) => made.has)),
    int4s(rows.map(({ made }) => made.org)),
    int4s(rows.map(({ made }) => made.sec)),
    int8s(tok),
    int4s(from),
    int4s(to),
  ];
}

function sideColumns(rows: StaleRow[]): unknown[] {
  const ordAt: number[] = [];
  const ord: IndexRow['ord'] = [];
  const strAt: number[] = [];
  const str: IndexRow['str'] = [];
  rows.forEach(({ difference }, i) => {
    for (const item of difference.ord) {
      ordAt.push(i + 1);
      ord.push(item);
    }
    for (const item of difference.str) {
      strAt.push(i + 1);
      str.push(item);
    }
  });
  return [
    int4s(ordAt),
    int8s(ord.map((item) => item.p)),
    float8s(ord.map((item) => item.lo)),
    float8s(ord.map((item) => item.hi)),
    int4s(strAt),
    int8s(str.map((item) => item.p)),
    texts(str.map((item) => item.s)),
  ];
}

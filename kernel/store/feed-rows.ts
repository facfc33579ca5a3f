/**
 * The rows of the feed as they lie in table `log` (schema/0022-feed.sql): all changes of one person's resources in one
 * transaction. They are read in the order of their transactions, a few at a time and no transaction by halves, and taken
 * apart here.
 */
import type { FeedPlace } from './feed-ids.ts';
import { comparePositions, type Position } from './position.ts';
import type { Queryable } from './rows.ts';
import { int8s } from './wire.ts';

/** One change. `t`, `ver`, `op`: columns of `feed()`. */
export interface FeedChange extends Position, FeedPlace {
  ver: number;
  op: number;
  ts: Date;
  patient: string | null;
}

interface LogRow {
  era: number;
  xid: string;
  ts: Date;
  pt: string;
  /** `{1,2}` */
  what: string;
  patient: string | null;
}

/**
 * `$1`, `$2`: era and transaction behind which the rows begin. How many is in the text: the database then plans once, and not
 * for each reading.
 */
const rowsSql = (name: string, beyond: '>' | '<', tests: string) => (size: number) => {
  const way = beyond === '>' ? 'asc' : 'desc';
  const text = `select l.era, l.xid, l.ts, l.pt, l.what::text as what, person.id as patient from (
      select era, xid, ts, pt, what from log where (era, xid) ${beyond} ($1::int2, $2::int8) and ${tests}
      order by era ${way}, xid ${way} fetch first ${size} rows with ties
    ) as l left join person using (pt) order by l.era ${way}, l.xid ${way}`;
  return { name: `${name}_${size}`, text };
};
type Statement = ReturnType<typeof rowsSql>;

/** What is committed and behind which nothing can appear any more: below the oldest transaction still running. `$3` the era of this server. */
const LEVEL = rowsSql(
  'feed_level',
  '>',
  '(era < $3::int2 or xid < pg_snapshot_xmin(pg_current_snapshot())::text::int8)',
);
/** `$3` since, `$4` until, `$5` type or null, `$6` keys or null: rows that have such a change, or nearly such a one. */
const TOLD = `ts >= $3::timestamptz and ts < $4::timestamptz and ($6::int8[] is null or what && $6::int8[])
  and ($5::int2 is null or exists (select from unnest(what[cardinality(what) / 2 + 1:]) as w where (w >> 3) & 511 = $5::int2))`;
const OLDER = rowsSql('feed_older', '<', TOLD);
const NEWER = rowsSql('feed_newer', '>', TOLD);

/** A row holds a dozen changes where visits are written; what was read too little is read on. */
const CHANGES_A_ROW = 8;
const FEWEST_ROWS = 4;
const MOST_ROWS = 128;
const LARGEST_XID = 2n ** 63n - 1n;

/** At most so many changes behind a position that can have no predecessors any more; fewer only when there are no more. */
export function levelChanges(
  db: Queryable,
  after: Position,
  limit: number,
  era: number,
): Promise<FeedChange[]> {
  return gather(db, { statement: LEVEL, values: [era], back: false }, after, limit, () => true);
}

export interface ToldAsk {
  /** Where the page before ended. */
  from: Position;
  /** Newest first. */
  back: boolean;
  /** Instants as PostgreSQL reads them. */
  since: string;
  until: string;
  /** A type alone; null = all. */
  t: number | null;
  /** Resources alone, by idh; null = all. */
  keys: readonly bigint[] | null;
  limit: number;
}

/** Changes for a history, whether or not others may still appear between them. */
export function toldChanges(db: Queryable, ask: ToldAsk): Promise<FeedChange[]> {
  const { from, back, since, until, t, keys, limit } = ask;
  const wanted = keys && new Set(keys.map(String));
  const fits = (change: FeedChange) => (t === null || change.t === t) && (wanted?.has(change.idh) ?? true);
  const walk = { statement: back ? OLDER : NEWER, values: [since, until, t, keys && int8s(keys)], back };
  return gather(db, walk, from, limit, fits);
}

interface Walk {
  statement: Statement;
  /** From `$3` on. */
  values: unknown[];
  back: boolean;
}

async function gather(
  db: Queryable,
  { statement, values, back }: Walk,
  from: Position,
  limit: number,
  fits: (change: FeedChange) => boolean,
): Promise<FeedChange[]> {
  const way = back ? -1 : 1;
  const found: FeedChange[] = [];
  // The transaction of the position may go on behind it.
  let at = { era: from.era, xid: nextTo(from.xid, -way) };
  let size = FEWEST_ROWS;
  while (size < limit / CHANGES_A_ROW && size < MOST_ROWS) size *= 2;
  for (; ; size = Math.min(size * 2, MOST_ROWS)) {
    const { rows } = await db.query<LogRow>({ ...statement(size), values: [at.era, at.xid, ...values] });
    for (const change of apart(rows, way))
      if (comparePositions(change, from) * way > 0 && fits(change)) found.push(change);
    if (found.length >= limit || rows.length < size) return found.slice(0, limit);
    at = rows.at(-1)!;
  }
}

function nextTo(xid: string, step: number): string {
  const next = BigInt(xid) + BigInt(step);
  return String(next > LARGEST_XID ? LARGEST_XID : next);
}

/** The changes of rows, in the order of the walk. */
function apart(rows: readonly LogRow[], way: number): FeedChange[] {
  const changes: FeedChange[] = [];
  for (let i = 0; i < rows.length; ) {
    const first = rows[i]!;
    const together: FeedChange[] = [];
    for (; rows[i]?.xid === first.xid && rows[i]!.era === first.era; i++)
      together.push(...changesIn(rows[i]!));
    changes.push(...together.sort((a, b) => (a.n - b.n) * way));
  }
  return changes;
}

function changesIn({ what, ...row }: LogRow): FeedChange[] {
  const items = what.slice(1, -1).split(',');
  const count = items.length / 2;
  return items.slice(0, count).map((idh, i) => {
    const packed = BigInt(items[count + i]!);
    const low = Number(packed & 0xff_ffff_ffffn);
    const t = (low >>> 3) & 511;
    return { ...row, idh, n: Number(packed >> 40n), ver: Math.floor(low / 4096), t, op: low & 7 };
  });
}

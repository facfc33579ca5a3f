/**
 * Seals: behind the oldest transaction that still runs no line can appear any more, so the lines up to there are appended
 * to the tree and its head is signed. In the background, piece by piece; the commit of a line knows nothing of it.
 */
import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { Queryable } from '../rows.ts';
import { inTransaction } from '../transaction.ts';
import { type Keeper, signingKey } from './keys.ts';
import { digestOf, type Range, readLines } from './lines.ts';
import type { Digest } from './merkle.ts';
import { type Head, headText, signHead } from './note.ts';
import { extendTiles } from './tiles.ts';

export interface Seal {
  n: string;
  era: number;
  from_xid: string;
  to_xid: string;
  lines: string;
  hash: Buffer;
  /** Of the tree; null in seals that were made before there was one. */
  size: string | null;
  root: Buffer | null;
  key: number | null;
  signature: Buffer | null;
  made: Date;
}

export const SEAL_COLUMNS = 'n, era, from_xid, to_xid, lines, hash, size, root, key, signature, made';

/** Lines of a seal at most, where no single transaction has more. */
const MOST_LINES = 50_000;
const FIRST_WIDTH = 65_536n;
const ALL = 9_223_372_036_854_775_807n;

/** The seal's link: SHA-256 over the link before, the checkpoint's text and its signature. */
export function linkOf(before: Buffer, head: Head, signature: Buffer): Buffer {
  return createHash('sha256').update(before).update(headText(head)).update(signature).digest();
}

/**
 * Seals every line behind which, at the call, none can appear any more; what comes meanwhile is for the next time, else a
 * busy program would sign heads without end. Programs on one database take turns.
 * @returns the seals made: none when there was nothing new, several when there was much or the database has moved
 */
export async function sealAudit(pool: Pool, keeper: Keeper | undefined): Promise<Seal[]> {
  const made: Seal[] = [];
  const settled = await settledXid(pool);
  for (;;) {
    const seal = await inTransaction(pool, (client) => sealPiece(client, keeper, settled));
    if (!seal) return made;
    made.push(seal);
  }
}

async function sealPiece(
  client: PoolClient,
  keeper: Keeper | undefined,
  settled: bigint,
): Promise<Seal | null> {
  await client.query(`select pg_advisory_xact_lock(hashtext('yba audit seal'))`);
  const last = (await client.query<Seal>(`select ${SEAL_COLUMNS} from seal order by n desc limit 1`)).rows[0];
  const range = await nextRange(client, last?.size == null ? undefined : last, settled);
  if (!range) return null;
  await client.query(`set local work_mem = '32MB'`);
  const leaves: Digest[] = [];
  await readLines(client, range, (row) => leaves.push(digestOf(row)));
  const size = Number(last?.size ?? 0);
  const root = Buffer.from(await extendTiles(client, size, leaves), 'latin1');
  const key = await signingKey(client, keeper);
  const head = { origin: key.origin, size: size + leaves.length, root };
  const signature = signHead(head, key.seed);
  const link = linkOf(last?.hash ?? Buffer.alloc(0), head, signature);
  const n = (BigInt(last?.n ?? 0) + 1n).toString();
  const answer = await client.query<Seal>(
    `insert into seal (n, era, from_xid, to_xid, lines, hash, size, root, key, signature)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning ${SEAL_COLUMNS}`,
    [n, range.era, range.from, range.to, leaves.length, link, head.size, root, key.n, signature],
  );
  return answer.rows[0]!;
}

/** The next range with lines, behind the last seal with a tree; null when nothing is settled that is not sealed. */
async function nextRange(client: PoolClient, last: Seal | undefined, settled: bigint): Promise<Range | null> {
  const eras = await client.query<{ n: number; newest: boolean }>(
    'select n, n = max(n) over () as newest from era where n >= $1 order by n',
    [last?.era ?? 0],
  );
  for (const { n, newest } of eras.rows) {
    const from = last?.era === n ? BigInt(last.to_xid) : 0n;
    const end = newest ? settled : ALL;
    const to = await endOfPiece(client, n, {
      from,
      end,
      width: last?.era === n ? widthAfter(last) : FIRST_WIDTH,
    });
    if (to !== null) return { era: n, from: from.toString(), to: to.toString() };
  }
  return null;
}

async function settledXid(db: Queryable): Promise<bigint> {
  const text = 'select pg_snapshot_xmin(pg_current_snapshot())::text as xid';
  return BigInt((await db.query<{ xid: string }>(text)).rows[0]!.xid);
}

/** While there is much behind, the next piece is as wide as the one before. */
function widthAfter(last: Seal): bigint {
  return Number(last.lines) > MOST_LINES / 4 ? BigInt(last.to_xid) - BigInt(last.from_xid) : FIRST_WIDTH;
}

interface Stretch {
  from: bigint;
  end: bigint;
  /** How many transaction numbers are tried first. */
  width: bigint;
}

/** The end of a range from `from` with some lines, but not too many; null when there are none up to `end`. */
async function endOfPiece(
  client: PoolClient,
  era: number,
  { from, end, width: first }: Stretch,
): Promise<bigint | null> {
  let width = first;
  for (let at = from; at < end; ) {
    const to = at + width < end ? at + width : end;
    const lines = await countLines(client, era, at, to);
    if (lines > MOST_LINES && to - at > 1n) width = (to - at + 3n) / 4n;
    else if (lines > 0) return to;
    else {
      at = to;
      width *= 4n;
    }
  }
  return null;
}

async function countLines(client: PoolClient, era: number, from: bigint, to: bigint): Promise<number> {
  const { rows } = await client.query<{ lines: string }>(
    'select count(*) as lines from audit where era = $1 and xid >= $2 and xid < $3',
    [era, from.toString(), to.toString()],
  );
  return Number(rows[0]!.lines);
}

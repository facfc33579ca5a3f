/**
 * Lines of the audit as leaves. A leaf's data are the line's columns as PostgreSQL sends them (COPY, binary format): the
 * number of columns, then for each its length (4 bytes, −1 for null) and its bytes. The number of columns has two bytes of
 * which the first is 0: the prefix of a leaf of RFC 6962. So a row of COPY is hashed as it comes.
 */
import { hash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Digest } from './merkle.ts';

/** Columns of a leaf, in order; what is added later comes with a number of columns of its own. */
const COLUMNS = 14;
export const LEAF_COLUMNS =
  'era, xid, n, ts, pt, who, who_display, patient, action, what, why, outcome, ip, unit';

/** Lines of an era with positions in [from, to). */
export interface Range {
  era: number;
  from: string;
  to: string;
}

/** One line: its leaf and where it stands. */
export interface Leaf {
  digest: Digest;
  xid: number;
  n: number;
  /** Epoch milliseconds. */
  at: number;
}

/** Signature, flags and length of the extension, which is empty. */
const HEADER = 19;
/** Where the first columns stand in a row, behind the lengths of all before them. */
const [XID_AT, N_AT, TS_AT] = [12, 24, 32];
const EPOCH_2000 = 946_684_800_000;

/**
 * Reads a range in the order of positions.
 * @param visit told each line; the buffer holds it only until it returns
 * @param table the whole audit, or one of its partitions
 * @returns how many there were
 */
export async function readLines(
  client: PoolClient,
  range: Range,
  visit: (row: Buffer) => void,
  table = 'audit',
): Promise<number> {
  const stream = client.query(copyTo(`copy (${selection(range, table)}) to stdout (format binary)`));
  let rest: Buffer = Buffer.alloc(0);
  let begun = false;
  let lines = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let at = 0;
    if (!begun && bytes.length >= HEADER) {
      begun = true;
      at = HEADER;
    }
    for (let end = begun ? endOfRow(bytes, at) : 0; end > at; end = endOfRow(bytes, at)) {
      visit(bytes.subarray(at, end));
      lines += 1;
      at = end;
    }
    rest = bytes.subarray(at);
  }
  return lines;
}

/** Numbers only: COPY takes no parameters. */
function selection({ era, from, to }: Range, table: string): string {
  return `select ${LEAF_COLUMNS} from ${table} where era = ${Number(era)} and xid >= ${BigInt(from)} and xid < ${BigInt(to)}
    order by xid, n, ts, pt, what collate "C", who collate "C"`;
}

/** Where the row ends; the beginning itself when it is not all there, or at the end of the rows. */
function endOfRow(bytes: Buffer, begin: number): number {
  if (begin + 2 > bytes.length || bytes.readInt16BE(begin) !== COLUMNS) return begin;
  let at = begin + 2;
  for (let column = 0; column < COLUMNS; column++) {
    if (at + 4 > bytes.length) return begin;
    const length = bytes.readInt32BE(at);
    at += length < 0 ? 4 : 4 + length;
  }
  return at > bytes.length ? begin : at;
}

export const digestOf = (row: Buffer): Digest => hash('sha256', row, 'binary');

export const xidOf = (row: Buffer) => row.readUInt32BE(XID_AT) * 2 ** 32 + row.readUInt32BE(XID_AT + 4);

export function leafOf(row: Buffer): Leaf {
  return {
    digest: digestOf(row),
    xid: xidOf(row),
    n: row.readInt32BE(N_AT),
    at: Number(row.readBigInt64BE(TS_AT) / 1000n) + EPOCH_2000,
  };
}

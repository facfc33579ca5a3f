/** New resources as COPY messages, one for each table. */
import { CREATE, type PreparedWrite } from '../writes.ts';
import { CopyRows } from './copy.ts';

export interface Moment {
  era: number;
  xid: bigint;
  /** Epoch milliseconds. */
  at: number;
}

export interface TableRows {
  text: string;
  rows: CopyRows;
}

const RESOURCE = 'pt, idh, c0, ts, d0, d1, has, ver, org, sec, t, codec, id, tok, body';
const copyOf = (table: string, columns: string): TableRows => ({
  text: `copy ${table} (${columns}) from stdin (format binary)`,
  rows: new CopyRows(columns.split(',').length),
});

/** The rows of resources that are new: version 1, and in the feed at their places in the transaction. */
export function newRows(writes: readonly PreparedWrite[], moment: Moment): TableRows[] {
  const res = copyOf('res', RESOURCE);
  const shared = copyOf('shared', RESOURCE);
  const ord = copyOf('ord', 'p, lo, hi, pt, idh');
  const str = copyOf('str', 'p, pt, idh, s');
  const log = copyOf('log', 'xid, ts, pt, era, what');
  for (const write of writes) {
    resourceRow(write.pt === 0n ? shared.rows : res.rows, write, moment.at);
    const { pt, idh, row } = write;
    for (const { p, lo, hi } of row!.ord) ord.rows.row().int8(p).float8(lo).float8(hi).int8(pt).int8(idh);
    for (const { p, s } of row!.str) str.rows.row().int8(p).int8(pt).int8(idh).text(s);
  }
  for (const [pt, those] of Map.groupBy(writes, (write) => write.pt))
    log.rows.row().int8(moment.xid).instant(moment.at).int8(pt).int2(moment.era).int8s(changesOf(those));
  return [res, shared, ord, str, log].filter(({ rows }) => rows.rows > 0);
}

/** Column `what` of the feed (schema/0022-feed.sql) for creates under their first version. */
function changesOf(writes: readonly PreparedWrite[]): bigint[] {
  const ordered = writes.toSorted((a, b) => a.n - b.n);
  const packed = ordered.map(
    ({ n, t }) => (BigInt(n) << 40n) | (1n << 12n) | (BigInt(t) << 3n) | BigInt(CREATE),
  );
  return [...ordered.map(({ idh }) => idh), ...packed];
}

function resourceRow(to: CopyRows, write: PreparedWrite, at: number): void {
  const row = write.row!;
  to.row().int8(write.pt).int8(write.idh).int8(row.c0).instant(at).instant(row.d0).instant(row.d1);
  to.int8(row.has).int4(1).int4(row.org).int4(row.sec).int2(write.t).int2(write.packed!.codec).text(write.id);
  to.int8s(row.tok).bytea(write.packed!.body);
}

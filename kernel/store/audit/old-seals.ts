/** Seals from before there was a tree: the hash of a range over the hash before (schema/0003-audit.sql), computed anew. */
import type { Pool } from 'pg';
import type { Finding } from './faults.ts';
import type { Seal } from './seal.ts';

/** In words of our own: a function of the database could have been changed with the lines. */
const HASH = `select count(*) as lines, sha256($4::bytea || coalesce(string_agg(sha256(convert_to(jsonb_build_array(
    a.xid, a.n, (extract(epoch from a.ts) * 1000000)::int8, a.pt, a.who, a.who_display, a.patient, a.action,
    a.what, a.why, a.outcome, a.ip, a.unit)::text, 'UTF8')), ''::bytea order by a.xid, a.n), ''::bytea)) as hash
  from audit a where a.era = $1 and a.xid >= $2 and a.xid < $3`;

/** @param before hash of the seal before, empty for the first */
export async function checkOldSeal(pool: Pool, before: Buffer, seal: Seal): Promise<Finding[]> {
  const answer = await pool.query<{ lines: string; hash: Buffer }>(HASH, [
    seal.era,
    seal.from_xid,
    seal.to_xid,
    before,
  ]);
  const now = answer.rows[0]!;
  const difference = Number(now.lines) - Number(seal.lines);
  const at = seal.made.getTime();
  if (difference !== 0) {
    const kind = difference < 0 ? 'lines-removed' : 'lines-inserted';
    return [{ seal: seal.n, kind, count: Math.abs(difference), before: at }];
  }
  return now.hash.equals(seal.hash) ? [] : [{ seal: seal.n, kind: 'lines-changed', before: at }];
}

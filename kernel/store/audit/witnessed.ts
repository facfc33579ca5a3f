/** What is compared beyond the seals: checkpoints that others kept, and lines that lie under no seal. */
import type { Pool } from 'pg';
import type { Finding } from './faults.ts';
import { type LogKey, logVerifierKey } from './keys.ts';
import { cosignedAt, openedCheckpoint, parseCheckpoint, parseVerifierKey } from './note.ts';
import { subtreesOf, TreeBroken } from './tiles.ts';

/** A checkpoint kept outside, and the verifier keys of those who must have signed it beside the log. */
export interface Saved {
  text: string;
  witnesses: readonly string[];
}

/** Each must be signed by a key of this log and its witnesses, and be the head of the tree at its size. */
export async function checkSaved(
  pool: Pool,
  saved: readonly Saved[],
  keys: readonly LogKey[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const one of saved) findings.push(...(await checkOne(pool, one, keys)));
  return findings;
}

async function checkOne(pool: Pool, { text, witnesses }: Saved, keys: readonly LogKey[]): Promise<Finding[]> {
  const note = parseCheckpoint(text);
  if (!note) return [{ seal: '', kind: 'signature-wrong' }];
  const { head, lines } = note;
  const findings: Finding[] = [];
  const signed = openedCheckpoint(text, keys.map(logVerifierKey));
  if (!signed) findings.push({ seal: '', kind: 'signature-wrong', index: head.size });
  for (const witness of witnesses) {
    const key = parseVerifierKey(witness);
    const holds = key && lines.some((line) => cosignedAt(note.text, line, key.name, key.publicKey) !== null);
    if (!holds) findings.push({ seal: '', kind: 'witness-wrong' });
  }
  const size = Number((await pool.query('select max(size) as size from seal')).rows[0].size ?? 0);
  if (head.size > size)
    return [...findings, { seal: '', kind: 'cut-off', index: size, count: head.size - size }];
  const root = await rootAt(pool, head.size);
  if (root !== head.root.toString('latin1')) findings.push({ seal: '', kind: 'tree-changed', index: 0 });
  return findings;
}

async function rootAt(pool: Pool, size: number): Promise<string | null> {
  try {
    return await subtreesOf(pool)(0, size);
  } catch (error) {
    if (error instanceof TreeBroken) return null;
    throw error;
  }
}

/** Ends of what is sealed, era by era: the last seal of each. */
const ENDS = `select distinct on (era) era, to_xid from seal where size is not null order by era, n desc`;

/** Lines behind the last seal are not sealed yet; lines anywhere else outside the seals were put there. */
export async function checkOutside(pool: Pool): Promise<{ unsealed: number; findings: Finding[] }> {
  const { rows } = await pool.query<{ unsealed: string; outside: string; first: Date | null }>(
    `with ends as (${ENDS}), newest as (select max(n) as era from era),
     outside as (
       select a.ts, a.era = (select era from newest) and a.xid >= 0
           and a.xid < pg_snapshot_xmax(pg_current_snapshot())::text::int8 as waiting
       from audit a left join ends e on e.era = a.era
       where e.era is null or a.xid >= e.to_xid or a.xid < 0)
     select count(*) filter (where waiting) as unsealed, count(*) filter (where not waiting) as outside,
       min(ts) filter (where not waiting) as first from outside`,
  );
  const { unsealed, outside, first } = rows[0]!;
  const count = Number(outside);
  const findings: Finding[] =
    count === 0
      ? []
      : [{ seal: '', kind: 'lines-outside', count, ...(first ? { at: first.getTime() } : {}) }];
  return { unsealed: Number(unsealed), findings: [...findings, ...(await checkEnd(pool))] };
}

/** Leaves are kept in the transaction of their seal, so there are as many as the last seal says. */
async function checkEnd(pool: Pool): Promise<Finding[]> {
  const { rows } = await pool.query<{ leaves: string | null; size: string | null }>(
    `select (select i * 256 + length(hashes) / 32 from audit_tile where level = 0 order by i desc limit 1) as leaves,
       (select max(size) from seal) as size`,
  );
  const [leaves, size] = [Number(rows[0]!.leaves ?? 0), Number(rows[0]!.size ?? 0)];
  if (leaves === size) return [];
  const kind = leaves > size ? 'cut-off' : 'tree-changed';
  return [{ seal: '', kind, index: Math.min(leaves, size), count: Math.abs(leaves - size) }];
}

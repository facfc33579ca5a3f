/** The audit: lines of reads in groups, partitions ahead of time, and the chain of seals over everything. */
import type { Pool, PoolClient } from 'pg';
import { appendLines, placeLines } from './audit-lines.ts';
import type { AuditLine } from './contract.ts';
import { Gathering } from './gathering.ts';
import { inTransaction } from './transaction.ts';

/** One write at a time: those that come while it waits for the disk share the next wait. */
const LIMITS = { onTheWay: 1, largest: 1_000, mostWaiting: Number.POSITIVE_INFINITY };

/** Appends lines; calls that come together, or while others are on their way, share one round trip. */
export class AuditWriter {
  readonly #gathering: Gathering<AuditLine[], undefined>;

  constructor(pool: Pool, era: number) {
    this.#gathering = new Gathering(LIMITS, async (calls) => {
      await appendLines(pool, era, placeLines(calls.flat()));
      return calls.map(() => undefined);
    });
  }

  /** Resolves when the lines are on disk. */
  async append(lines: AuditLine[]): Promise<void> {
    if (lines.length > 0) await this.#gathering.ask(lines);
  }
}

/** Makes the partitions of last month to a year ahead, Vietnamese months. */
export async function makeMonths(pool: Pool): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtext('yba audit months'))`);
    await client.query(`select audit_month(month::date)
      from generate_series(date_trunc('month', (now() at time zone '+07')) - interval '1 month',
        date_trunc('month', (now() at time zone '+07')) + interval '12 months', interval '1 month') as month`);
  });
}

export interface Seal {
  n: string;
  era: number;
  from_xid: string;
  to_xid: string;
  lines: string;
  hash: Buffer;
}

const LAST_SEAL = 'select n, era, from_xid, to_xid, lines, hash from seal order by n desc limit 1';
const NO_HASH = Buffer.alloc(0);

/**
 * Seals every line behind which none can appear any more. Programs on one database take turns.
 * @returns the seals made: none when there was nothing new, two when the database has moved to another server
 */
export function sealAudit(pool: Pool, era: number): Promise<Seal[]> {
  return inTransaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtext('yba audit seal'))`);
    const made: Seal[] = [];
    const last = (await client.query<Seal>(LAST_SEAL)).rows[0];
    const eras = (
      await client.query<{ n: number }>('select n from era where n >= $1 order by n', [last?.era ?? 0])
    ).rows;
    for (const { n } of eras) {
      const before = made.at(-1) ?? last;
      const from = before?.era === n ? before.to_xid : '0';
      const seal = await sealRange(client, n, from, n < era, before);
      if (seal) made.push(seal);
    }
    return made;
  });
}

async function sealRange(
  client: PoolClient,
  era: number,
  from: string,
  past: boolean,
  before: Seal | undefined,
): Promise<Seal | undefined> {
  const to = past
    ? '9223372036854775807'
    : (await client.query<{ to: string }>('select pg_snapshot_xmin(pg_current_snapshot())::text as to'))
        .rows[0]!.to;
  const made = await client.query<Seal>(
    `insert into seal (n, era, from_xid, to_xid, lines, hash)
     select $1, $2, $3, $4, h.lines, h.hash from audit_hash($2, $3, $4, $5) as h where h.lines > 0
     returning n, era, from_xid, to_xid, lines, hash`,
    [(BigInt(before?.n ?? 0) + 1n).toString(), era, from, to, before?.hash ?? NO_HASH],
  );
  return made.rows[0];
}

/** A place where the audit is not what was sealed. */
export interface AuditFault {
  seal: string;
  /** lines-removed, lines-inserted, lines-changed, seal-missing, seal-changed */
  kind: string;
  text: string;
}

export interface AuditReport {
  ok: boolean;
  seals: number;
  /** Lines under a seal. */
  lines: number;
  faults: AuditFault[];
  /** Hash of the last seal; written down elsewhere, it also proves that nothing was cut off at the end. */
  head: string | null;
}

const BATCH = 500;

/**
 * Recomputes the chain from its beginning.
 * @param anchors seals noted outside the database: number → hash in hex; each must still be there
 */
export async function verifyAudit(
  pool: Pool,
  anchors: ReadonlyMap<string, string> = new Map(),
): Promise<AuditReport> {
  const report: AuditReport = { ok: true, seals: 0, lines: 0, faults: [], head: null };
  const open = new Map(anchors);
  let before: Seal | undefined;
  for (;;) {
    const batch = (
      await pool.query<Seal>(
        'select n, era, from_xid, to_xid, lines, hash from seal where n > $1 order by n limit $2',
        [before?.n ?? 0, BATCH],
      )
    ).rows;
    if (batch.length === 0) break;
    for (const seal of batch) {
      const noted = open.get(seal.n);
      if (noted !== undefined && noted !== seal.hash.toString('hex'))
        report.faults.push(fault(seal, 'seal-changed'));
      open.delete(seal.n);
      if (!follows(before, seal)) report.faults.push(fault(seal, 'seal-missing'));
      report.faults.push(...(await checkSeal(pool, before, seal)));
      report.seals += 1;
      report.lines += Number(seal.lines);
      report.head = seal.hash.toString('hex');
      before = seal;
    }
  }
  for (const n of open.keys())
    report.faults.push({ seal: n, kind: 'seal-missing', text: `Dấu niêm phong số ${n} đã bị cắt bỏ.` });
  const strays = await pool.query<{ count: number }>(
    'select count(*)::int4 as count from audit where era <> all (array(select n from era))',
  );
  if (strays.rows[0]!.count > 0)
    report.faults.push({
      seal: '',
      kind: 'lines-inserted',
      text: `Có ${strays.rows[0]!.count} dòng nhật ký nằm ngoài mọi niêm phong.`,
    });
  report.ok = report.faults.length === 0;
  return report;
}

function follows(before: Seal | undefined, seal: Seal): boolean {
  if (!before) return seal.n === '1';
  if (BigInt(seal.n) !== BigInt(before.n) + 1n) return false;
  return seal.era === before.era
    ? seal.from_xid === before.to_xid
    : seal.from_xid === '0' && seal.era > before.era;
}

async function checkSeal(pool: Pool, before: Seal | undefined, seal: Seal): Promise<AuditFault[]> {
  const now = (
    await pool.query<{ lines: string; hash: Buffer }>('select lines, hash from audit_hash($1, $2, $3, $4)', [
      seal.era,
      seal.from_xid,
      seal.to_xid,
      before?.hash ?? NO_HASH,
    ])
  ).rows[0]!;
  const difference = Number(now.lines) - Number(seal.lines);
  if (difference !== 0)
    return [fault(seal, difference < 0 ? 'lines-removed' : 'lines-inserted', Math.abs(difference))];
  return now.hash.equals(seal.hash) ? [] : [fault(seal, 'lines-changed')];
}

const SENTENCES: Record<string, string> = {
  'lines-removed': 'có dòng nhật ký bị xóa',
  'lines-inserted': 'có dòng nhật ký bị chèn thêm',
  'lines-changed': 'có dòng nhật ký bị sửa',
  'seal-missing': 'thiếu dấu niêm phong phía trước',
  'seal-changed': 'dấu niêm phong khác với bản ghi bên ngoài',
};

function fault(seal: Seal, kind: string, count?: number): AuditFault {
  const text = `Niêm phong số ${seal.n}: ${SENTENCES[kind]}${count === undefined ? '' : ` (${count})`}.`;
  return { seal: seal.n, kind, text };
}

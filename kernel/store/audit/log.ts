/** What the log shows to others: checkpoints, proofs that a line is in it, and that it only grew; and what witnesses said. */
import type { Pool } from 'pg';
import { Failure } from '../../failure.ts';
import type { Queryable } from '../rows.ts';
import { inTransaction } from '../transaction.ts';
import { fingerprint, type LogKey, logVerifierKey, readLogKeys } from './keys.ts';
import { LEAF_COLUMNS, leafOf, readLines } from './lines.ts';
import { consistencyPath, type Digest, inclusionPath } from './merkle.ts';
import {
  cosignedAt,
  headText,
  keyId,
  LOG_KEY,
  noteLine,
  parseCheckpoint,
  parseVerifierKey,
  WITNESS_KEY,
} from './note.ts';
import { SEAL_COLUMNS, type Seal } from './seal.ts';
import { subtreesOf } from './tiles.ts';

/** Base64 of 32 bytes. */
type Hash = string;

export interface InclusionProof {
  /** `era-transaction-number` of the line. */
  id: string;
  /** Place among all lines, from 0. */
  index: number;
  size: number;
  leaf: Hash;
  /** RFC 6962 2.1.1: from the leaf upwards. */
  path: Hash[];
  /** What the leaf is the hash of, behind the byte 0 (base64): the columns as docs/audit.md says. */
  data: string;
  columns: string;
  checkpoint: string;
}

export interface ConsistencyProof {
  from: number;
  to: number;
  /** RFC 6962 2.1.2. */
  path: Hash[];
}

export interface LogFace {
  /** C2SP verifier keys, oldest first; the last one signs. */
  keys: { key: string; fingerprint: string; made: string }[];
  origin: string;
  size: number;
}

const base64 = (digest: Digest) => Buffer.from(digest, 'latin1').toString('base64');

/**
 * The signed head as a C2SP checkpoint, with the lines of its witnesses.
 * @param which a size that has a head, `newest`, or `witnessed`: the newest that a witness signed
 * @throws Failure `not-found`
 */
export async function checkpoint(
  db: Queryable,
  which: number | 'newest' | 'witnessed' = 'newest',
): Promise<string> {
  const seal = await sealOf(db, which);
  const keys = await readLogKeys(db);
  const key = keys.find(({ n }) => n === seal?.key);
  if (!seal?.root || !seal.signature || !key) throw noCheckpoint(which);
  const text = headText({ origin: key.origin, size: Number(seal.size), root: seal.root });
  const { rows } = await db.query<{ line: string }>(
    'select line from audit_witness where size = $1 order by witness',
    [seal.size],
  );
  const own = noteLine(key.origin, keyId(key.origin, LOG_KEY, key.public), seal.signature);
  return `${text}\n${own}${rows.map(({ line }) => line).join('')}`;
}

async function sealOf(db: Queryable, which: number | 'newest' | 'witnessed'): Promise<Seal | undefined> {
  const select = `select ${SEAL_COLUMNS} from seal where`;
  const values = typeof which === 'number' ? [which] : [];
  const condition = {
    newest: 'size is not null order by size desc limit 1',
    witnessed: 'size = (select max(size) from audit_witness)',
    size: 'size = $1',
  }[typeof which === 'number' ? 'size' : which];
  return (await db.query<Seal>(`${select} ${condition}`, values)).rows[0];
}

/** Name, keys and size of the log. @throws Failure `not-found` before the first checkpoint */
export async function logFace(db: Queryable): Promise<LogFace> {
  const keys = (
    await db.query<LogKey & { made: Date }>('select n, origin, public, made from audit_key order by n')
  ).rows;
  const seal = await sealOf(db, 'newest');
  if (!keys[0] || !seal) throw noCheckpoint('newest');
  return {
    origin: keys[0].origin,
    size: Number(seal.size),
    keys: keys.map((key) => ({
      key: logVerifierKey(key),
      fingerprint: fingerprint(key),
      made: key.made.toISOString(),
    })),
  };
}

/**
 * That a line is in the log.
 * @param id `era-transaction-number`
 * @throws Failure `not-found` for a line that is none, or not sealed yet
 */
export async function inclusionProof(pool: Pool, id: string): Promise<InclusionProof> {
  const match = /^(\d{1,4})-(\d{1,18})-(\d{1,9})$/.exec(id);
  if (!match) throw noLine(id);
  const [era, xid, n] = match.slice(1) as [string, string, string];
  return inTransaction(pool, async (client) => {
    const found = await client.query<Seal>(
      `select ${SEAL_COLUMNS} from seal where size is not null and era = $1 and to_xid > $2 and from_xid <= $2
       order by era, to_xid limit 1`,
      [era, xid],
    );
    const seal = found.rows[0];
    if (!seal) throw noLine(id);
    const before = await client.query<{ lines: string }>(
      'select count(*) as lines from audit where era = $1 and xid >= $2 and xid <= $3 and (xid, n) < ($3, $4)',
      [era, seal.from_xid, xid, n],
    );
    let data: Buffer | undefined;
    await readLines(client, { era: Number(era), from: xid, to: String(BigInt(xid) + 1n) }, (row) => {
      if (leafOf(row).n === Number(n)) data = Buffer.from(row);
    });
    if (!data) throw noLine(id);
    const newest = (await sealOf(client, 'newest'))!;
    const [index, size] = [
      Number(seal.size) - Number(seal.lines) + Number(before.rows[0]!.lines),
      Number(newest.size),
    ];
    const subtree = subtreesOf(client);
    return {
      id,
      index,
      size,
      leaf: base64(await subtree(index, index + 1)),
      path: (await inclusionPath(subtree, index, size)).map(base64),
      data: data.subarray(1).toString('base64'),
      columns: LEAF_COLUMNS,
      checkpoint: await checkpoint(client, size),
    };
  });
}

/** That the log of size `to` begins with the log of size `from`. @throws Failure `invalid-parameter` */
export async function consistencyProof(db: Queryable, from: number, to: number): Promise<ConsistencyProof> {
  const size = Number((await sealOf(db, 'newest'))?.size ?? 0);
  if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to) && from > 0 && from <= to && to <= size)) {
    throw new Failure(
      'invalid-parameter',
      `Không có bằng chứng từ ${from} đến ${to}: nhật ký có ${size} dòng.`,
      {
        textEn: `from must be 1 or more, to not below it and not above the size of the log, ${size}.`,
        expression: from > 0 ? 'to' : 'from',
      },
    );
  }
  return { from, to, path: (await consistencyPath(subtreesOf(db), from, to)).map(base64) };
}

/**
 * Keeps a witness's line under the head that it signed.
 * @param text a checkpoint of this log with the witness's line @param witness its C2SP verifier key
 * @throws Failure `invalid-request` when the line does not hold or the head is not this log's
 */
export async function addWitness(
  db: Queryable,
  text: string,
  witness: string,
): Promise<{ size: number; at: number }> {
  const note = parseCheckpoint(text);
  const key = parseVerifierKey(witness);
  if (!note || key?.kind !== WITNESS_KEY)
    throw notWitnessed('no checkpoint, or no key of a witness (kind 4)');
  const own = await checkpoint(db, note.head.size);
  if (!own.startsWith(`${note.text}\n`)) throw notWitnessed('it is not a checkpoint of this log');
  for (const line of note.lines) {
    const at = cosignedAt(note.text, line, key.name, key.publicKey);
    if (at === null) continue;
    await db.query(
      'insert into audit_witness (size, witness, line) values ($1, $2, $3) on conflict (size, witness) do nothing',
      [note.head.size, witness, noteLine(line.name, line.id, line.rest)],
    );
    return { size: note.head.size, at };
  }
  throw notWitnessed('no line of this witness holds');
}

function notWitnessed(why: string): Failure {
  return new Failure('invalid-request', 'Bản ghi chứng kiến không dùng được cho nhật ký này.', {
    textEn: `The witnessed checkpoint is of no use here: ${why}.`,
  });
}

function noLine(id: string): Failure {
  return new Failure('not-found', `Dòng nhật ký ${id} không có, hoặc chưa được niêm phong.`, {
    textEn: `There is no sealed audit line ${id}; a line is sealed within a minute of its writing.`,
    expression: 'id',
  });
}

function noCheckpoint(which: number | string): Failure {
  return new Failure('not-found', 'Nhật ký không có dấu niêm phong này.', {
    textEn: `The audit has no checkpoint "${which}": heads exist for the sizes at which it was sealed.`,
  });
}

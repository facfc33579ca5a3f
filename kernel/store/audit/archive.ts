/**
 * Old months leave the database: the lines go into a file, each with its place in the log, the leaves stay in the tree, and what
 * was done is signed by the log's key. The file can be checked against the tree for ever.
 *
 * The file (gzip): for each line 8 bytes of its place, 4 bytes of length, and the row as it was hashed (lines.ts).
 */
import { createHash, sign, verify } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Pool, PoolClient } from 'pg';
import { Failure } from '../../failure.ts';
import type { Queryable } from '../rows.ts';
import { inTransaction } from '../transaction.ts';
import type { Finding } from './faults.ts';
import { type Keeper, type LogKey, signingKey } from './keys.ts';
import { digestOf, readLines, xidOf } from './lines.ts';
import { publicKeyOf } from './note.ts';
import { digestsOf, TILE } from './tiles.ts';

/** Places [first, end). */
export type PlaceRange = [first: number, end: number];

export interface Archive {
  month: string;
  lines: number;
  ranges: PlaceRange[];
  /** SHA-256 of the unpacked file. */
  sha256: Buffer;
  key: number;
  signature: Buffer;
  made: Date;
}

const text = (
  { month, lines, ranges, sha256 }: Omit<Archive, 'key' | 'signature' | 'made'>,
  origin: string,
) =>
  Buffer.from(
    `yba audit archive\n${origin}\n${month}\n${lines}\n${sha256.toString('hex')}\n${JSON.stringify(ranges)}\n`,
  );

export async function readArchives(db: Queryable): Promise<Archive[]> {
  const { rows } = await db.query<Archive>('select * from audit_archive order by month');
  return rows.map((row) => ({ ...row, lines: Number(row.lines) }));
}

/** Whether a key of the log signed the record. */
export function isOfLog(archive: Archive, keys: readonly LogKey[]): boolean {
  const key = keys.find(({ n }) => n === archive.key);
  return (
    key !== undefined && verify(null, text(archive, key.origin), publicKeyOf(key.public), archive.signature)
  );
}

/**
 * Writes a month into a file, proves the file against the tree, and drops the month.
 * @param month `2024-01` @param path of the file; it must not be there
 * @throws Failure `invalid-request` when there is no such month or not all of it is sealed
 */
export async function archiveMonth(
  pool: Pool,
  keeper: Keeper | undefined,
  month: string,
  path: string,
): Promise<Archive> {
  const partition = `audit_${month.replace('-', '_')}`;
  return inTransaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtext('yba audit seal'))`);
    await mustBeSealed(client, month, partition);
    const { lines, ranges, sha256 } = await writeFile(client, partition, `${path}.new`);
    const key = await signingKey(client, keeper);
    const made = { month, lines, ranges, sha256 };
    const signature = sign(null, text(made, key.origin), key.seed);
    await client.query(
      'insert into audit_archive (month, lines, ranges, sha256, key, signature) values ($1, $2, $3, $4, $5, $6)',
      [month, lines, JSON.stringify(ranges), sha256, key.n, signature],
    );
    await client.query(`alter table audit detach partition ${partition}`);
    await client.query(`drop table ${partition}`);
    await rename(`${path}.new`, path);
    return { ...made, key: key.n, signature, made: new Date() };
  });
}

async function mustBeSealed(client: PoolClient, month: string, partition: string): Promise<void> {
  const there = /^\d{4}-\d\d$/.test(month)
    ? (await client.query('select to_regclass($1) is not null as there', [partition])).rows[0].there
    : false;
  if (!there)
    throw refused(`Không có tháng ${month} trong nhật ký.`, `There is no month ${month} in the audit.`);
  await client.query(`lock table ${partition} in share row exclusive mode`);
  const { rows } = await client.query<{ open: string }>(
    `select count(*) as open from ${partition} a where not exists (
       select from seal s where s.size is not null and s.era = a.era and s.to_xid > a.xid and s.from_xid <= a.xid)`,
  );
  if (Number(rows[0]!.open) > 0)
    throw refused(
      `Tháng ${month} còn ${rows[0]!.open} dòng chưa được niêm phong.`,
      `The month ${month} has ${rows[0]!.open} lines that are not sealed yet.`,
    );
}

function refused(sentence: string, textEn: string): Failure {
  return new Failure('invalid-request', sentence, { textEn, expression: 'month' });
}

/** Seals that hold lines of the partition are read whole, because places are counted over all lines of a seal. */
async function writeFile(client: PoolClient, partition: string, path: string) {
  const seals = await client.query<{ era: number; from_xid: string; to_xid: string; start: string }>(
    `select s.era, s.from_xid, s.to_xid, s.size - s.lines as start from seal s
     where s.size is not null and exists (select from ${partition} a
       where a.era = s.era and a.xid >= s.from_xid and a.xid < s.to_xid)
     order by s.n`,
  );
  const hash = createHash('sha256');
  const ranges: PlaceRange[] = [];
  let lines = 0;
  async function* entries() {
    for (const { era, from_xid: from, to_xid: to, start } of seals.rows) {
      const own = await rowsOf(client, partition, era, from, to);
      const entriesOfSeal: Buffer[] = [];
      let place = Number(start);
      await readLines(client, { era, from, to }, (row) => {
        if (own.has(digestOf(row))) {
          entriesOfSeal.push(entryOf(place, row));
          extend(ranges, place);
        }
        place += 1;
      });
      for (const entry of entriesOfSeal) {
        hash.update(entry);
        lines += 1;
        yield entry;
      }
    }
  }
  await pipeline(entries, createGzip(), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  return { lines, ranges, sha256: hash.digest() };
}

/** Digests of the lines of one seal that lie in the partition. */
async function rowsOf(
  client: PoolClient,
  partition: string,
  era: number,
  from: string,
  to: string,
): Promise<Set<string>> {
  const own = new Set<string>();
  await readLines(client, { era, from, to }, (row) => own.add(digestOf(row)), partition);
  return own;
}

function entryOf(place: number, row: Buffer): Buffer {
  const entry = Buffer.alloc(12 + row.length);
  entry.writeBigInt64BE(BigInt(place), 0);
  entry.writeInt32BE(row.length, 8);
  row.copy(entry, 12);
  return entry;
}

function extend(ranges: PlaceRange[], place: number): void {
  const last = ranges.at(-1);
  if (last?.[1] === place) last[1] = place + 1;
  else ranges.push([place, place + 1]);
}

/** Whether a file is the one that was archived, and each of its lines the leaf at its place. */
export async function checkArchiveFile(db: Queryable, archive: Archive, path: string): Promise<Finding[]> {
  const hash = createHash('sha256');
  const findings: Finding[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let lines = 0;
  let tile: { i: number; leaves: string[] } = { i: -1, leaves: [] };
  for await (const piece of createReadStream(path).pipe(createGunzip()) as AsyncIterable<Buffer>) {
    hash.update(piece);
    let bytes = Buffer.concat([rest, piece]);
    while (bytes.length >= 12 && bytes.length >= 12 + bytes.readInt32BE(8)) {
      const place = Number(bytes.readBigInt64BE(0));
      const row = bytes.subarray(12, 12 + bytes.readInt32BE(8));
      const i = Math.floor(place / TILE);
      if (tile.i !== i) tile = { i, leaves: await leavesOf(db, i) };
      if (tile.leaves[place % TILE] !== digestOf(row))
        findings.push({ seal: '', kind: 'archive-wrong', index: place, id: `${xidOf(row)}` });
      lines += 1;
      bytes = bytes.subarray(12 + row.length);
    }
    rest = bytes;
  }
  if (lines !== archive.lines || !hash.digest().equals(archive.sha256))
    findings.push({ seal: '', kind: 'archive-wrong', at: archive.made.getTime() });
  return findings;
}

async function leavesOf(db: Queryable, i: number): Promise<string[]> {
  const { rows } = await db.query<{ hashes: Buffer }>(
    'select hashes from audit_tile where level = 0 and i = $1',
    [i],
  );
  return rows[0] ? digestsOf(rows[0].hashes) : [];
}

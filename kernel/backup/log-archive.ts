/**
 * The database's log, kept segment by segment while the program works: with a whole backup it leads to any later moment. A replication
 * slot holds back what was not archived yet, so that a folder that is away for a while loses nothing.
 */
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool, PoolClient } from 'pg';
import { BackupFault, ioFault } from './fault.ts';
import { writeSealed } from './sealed-file.ts';
import {
  formatPosition,
  HISTORY_NAME,
  parsePosition,
  SEGMENT_BYTES,
  segmentName,
  segmentOf,
} from './segment.ts';
import { type Shelf, syncFolder } from './shelf.ts';

const SLOT = 'yba_backup';

export interface LogSource {
  pool: Pool;
  /** PGDATA. */
  folder: string;
  recipients: readonly string[];
}

/**
 * Brings every segment that is complete into the first of the folders, and into the others what they lack.
 * @param closing ends the segment that is being written first, when anything stands in it
 * @returns segments archived; null when another process is at it
 */
export async function archiveLog(
  source: LogSource,
  shelves: readonly Shelf[],
  closing: boolean,
): Promise<number | null> {
  const client = await source.pool.connect();
  try {
    const lock = await client.query<{ mine: boolean }>(
      `select pg_try_advisory_lock(hashtext('yba backup log')) as mine`,
    );
    if (!lock.rows[0]!.mine) return null;
    try {
      return await archiveUnder(client, source, shelves, closing);
    } finally {
      await client.query(`select pg_advisory_unlock(hashtext('yba backup log'))`);
    }
  } finally {
    client.release();
  }
}

/** Ends holding back: nobody archives any more. */
export async function dropSlot(pool: Pool): Promise<void> {
  await pool.query(
    'select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1 and not active',
    [SLOT],
  );
}

async function archiveUnder(
  client: PoolClient,
  source: LogSource,
  shelves: readonly Shelf[],
  closing: boolean,
): Promise<number> {
  const [first] = shelves as [Shelf];
  for (const shelf of shelves) await shelf.open();
  const from = await heldFrom(client);
  if (closing) await client.query('select pg_switch_wal()');
  const { timeline, flushed } = await positionOf(client);
  const archived = await archiveRange(source, first, timeline, segmentOf(from), segmentOf(flushed));
  await archiveHistory(source, first);
  const done = segmentOf(flushed) * SEGMENT_BYTES;
  if (done > from)
    await client.query('select pg_replication_slot_advance($1, $2)', [SLOT, formatPosition(done)]);
  for (const other of shelves.slice(1)) await other.fillFrom(first);
  return archived;
}

/** Segments from `from` to before `until`, those that the folder has already left out. */
export async function archiveRange(
  { folder, recipients }: Omit<LogSource, 'pool'>,
  shelf: Shelf,
  timeline: number,
  from: bigint,
  until: bigint,
): Promise<number> {
  const known = new Set(shelf.logFiles().map(({ name }) => name));
  let archived = 0;
  for (let segment = from; segment < until; segment += 1n) {
    const name = segmentName(timeline, segment);
    if (known.has(name)) continue;
    await archiveFile(join(folder, 'pg_wal', name), name, shelf, recipients);
    archived += 1;
  }
  if (archived > 0) await syncFolder(shelf.logFolder);
  return archived;
}

export async function positionOf(client: PoolClient): Promise<{ timeline: number; flushed: bigint }> {
  const { rows } = await client.query<{ timeline: number; flushed: string }>(
    `select timeline_id as timeline, pg_current_wal_flush_lsn()::text as flushed from pg_control_checkpoint()`,
  );
  return { timeline: rows[0]!.timeline, flushed: parsePosition(rows[0]!.flushed) };
}

async function archiveHistory(source: LogSource, shelf: Shelf): Promise<void> {
  const known = new Set(shelf.logFiles().map(({ name }) => name));
  for (const name of readdirSync(join(source.folder, 'pg_wal')))
    if (HISTORY_NAME.test(name) && !known.has(name))
      await archiveFile(join(source.folder, 'pg_wal', name), name, shelf, source.recipients);
}

async function archiveFile(
  path: string,
  name: string,
  shelf: Shelf,
  recipients: readonly string[],
): Promise<void> {
  if (!existsSync(path))
    throw new BackupFault(
      `The piece ${name} of the log is gone before it was kept: take a whole backup now (yba backup).`,
    );
  const half = join(shelf.logFolder, `${name}.part`);
  await rm(half, { force: true });
  try {
    const { sha256 } = await writeSealed(
      half,
      createReadStream(path, { highWaterMark: 256 * 1024 }),
      recipients,
    );
    await rename(half, join(shelf.logFolder, `${name}-${sha256}.age`));
  } catch (error) {
    throw ioFault(`The log cannot be kept in ${shelf.logFolder}`, error);
  }
}

/** Where the slot stands; it is made when it is not there. */
async function heldFrom(client: PoolClient): Promise<bigint> {
  const read = `select restart_lsn::text as at, wal_status as status from pg_replication_slots where slot_name = $1`;
  const { rows } = await client.query<{ at: string | null; status: string | null }>(read, [SLOT]);
  const [slot] = rows;
  if (slot?.at && slot.status !== 'lost') return parsePosition(slot.at);
  if (slot) await client.query('select pg_drop_replication_slot($1)', [SLOT]);
  await client.query('select pg_create_physical_replication_slot($1, true)', [SLOT]);
  return parsePosition((await client.query<{ at: string }>(read, [SLOT])).rows[0]!.at);
}

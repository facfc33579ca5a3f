/** A whole backup of a running database and of the files beside it: `pg_backup_start`, the files, `pg_backup_stop`, the log in between. */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { pack as newPack, type Pack } from 'tar-stream';
import { BackupFault, ioFault } from './fault.ts';
import { CONTENTS, type Contents, clusterFiles, otherFiles, packBuffer, packFiles } from './folder-tar.ts';
import { archiveRange } from './log-archive.ts';
import { type Written, writeSealed } from './sealed-file.ts';
import { parsePosition, segmentName, segmentOf } from './segment.ts';
import { type Base, type Counted, Shelf, syncFolder } from './shelf.ts';

export interface BaseOptions {
  /** Of the embedded database. */
  databaseUrl: string;
  /** PGDATA. */
  clusterFolder: string;
  dataFolder: string;
  /** Absolute paths below the data folder that are no part of it. */
  leftOut: readonly string[];
  /** Folders of backups; the first gets it, the others a copy. */
  folders: readonly string[];
  recipients: readonly string[];
  version: string;
  now(): Date;
  /** Bytes read so far, and of how many. */
  onProgress?(done: number, of: number): void;
  signal?: AbortSignal;
}

/** @throws BackupFault; what was broken off is removed by the next one */
export async function takeBase(options: BaseOptions): Promise<Base> {
  const { folders, recipients } = options;
  if (folders.length === 0) throw new BackupFault('No folder of backups: set YBA_BACKUP.');
  if (recipients.length === 0)
    throw new BackupFault(
      'No key to encrypt to: make one with "yba backup key" and set YBA_BACKUP_RECIPIENTS.',
    );
  const client = new pg.Client({ connectionString: options.databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const cluster = await oneText(client, 'select system_identifier::text as value from pg_control_system()');
    const shelves = folders.map((folder) => new Shelf(folder, cluster));
    for (const shelf of shelves) await shelf.open();
    await lockBackup(client);
    for (const shelf of shelves) shelf.sweep();
    const base = await takeInto(client, shelves[0]!, cluster, options);
    for (const other of shelves.slice(1)) await other.fillFrom(shelves[0]!);
    return base;
  } catch (error) {
    if (options.signal?.aborted) throw new BackupFault('The backup was broken off; nothing of it is kept.');
    throw ioFault('The backup failed', error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function lockBackup(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ mine: boolean }>(
    `select pg_try_advisory_lock(hashtext('yba backup base')) as mine`,
  );
  if (!rows[0]!.mine)
    throw new BackupFault('Another backup of this database is being made: wait for its end.');
}

async function takeInto(
  client: pg.Client,
  shelf: Shelf,
  cluster: string,
  options: BaseOptions,
): Promise<Base> {
  const began = options.now();
  const label = `${began.toISOString().replace(/[-:]|\.\d+/g, '')}-${randomBytes(3).toString('hex')}`;
  const half = `${shelf.baseFolder(label)}.part`;
  await mkdir(half, { mode: 0o700 });
  try {
    // The session's own slot: the log since now stays until it is kept, whoever else archives.
    await client.query('select pg_create_physical_replication_slot($1, true, true)', [
      `yba_base_${process.pid}`,
    ]);
    const start = await oneText(client, 'select pg_backup_start($1, true)::text as value', [label]);
    const packed = await packCluster(client, half, options);
    const { timeline } = (
      await client.query<{ timeline: number }>('select timeline_id as timeline from pg_control_checkpoint()')
    ).rows[0]!;
    const stop = packed.stop;
    await client.query('select pg_switch_wal()');
    const last = segmentOf(stop - 1n);
    await client.query(`select pg_advisory_lock(hashtext('yba backup log'))`);
    const source = { folder: options.clusterFolder, recipients: options.recipients };
    await archiveRange(source, shelf, timeline, segmentOf(parsePosition(start)), last + 1n);
    await client.query(`select pg_advisory_unlock(hashtext('yba backup log'))`);
    const base: Base = {
      label,
      cluster,
      version: options.version,
      postgres: await oneText(client, 'show server_version'),
      began: began.toISOString(),
      ended: options.now().toISOString(),
      firstSegment: segmentName(timeline, segmentOf(parsePosition(start))),
      lastSegment: segmentName(timeline, last),
      data: packed.data,
      plainBytes: packed.plainBytes,
      recipients: [...options.recipients],
      counted: packed.counted,
    };
    await writeFile(join(half, 'base.json'), `${JSON.stringify(base, null, 2)}\n`, {
      mode: 0o600,
      flush: true,
    });
    await syncFolder(half);
    await rename(half, shelf.baseFolder(label));
    await syncFolder(join(half, '..'));
    return base;
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    throw error;
  }
}

interface Packed {
  data: Written;
  plainBytes: number;
  stop: bigint;
  counted: Counted;
}

async function packCluster(client: pg.Client, half: string, options: BaseOptions): Promise<Packed> {
  const files = [...otherFiles(options.dataFolder, options.leftOut), ...clusterFiles(options.clusterFolder)];
  const of = files.reduce((sum, { size }) => sum + size, 0);
  const signal = options.signal ?? new AbortController().signal;
  const pack: Pack = newPack();
  let plainBytes = 0;
  let stop = 0n;
  let counted: Counted | undefined;
  const fill = async () => {
    const contents: Contents = {};
    await packFiles(
      pack,
      files,
      contents,
      (bytes) => {
        plainBytes += bytes;
        options.onProgress?.(plainBytes, Math.max(of, plainBytes));
      },
      signal,
    );
    counted = await countUnderSnapshot(client);
    const stopped = await client.query<{ lsn: string; labelfile: string; spcmapfile: string }>(
      'select lsn::text, labelfile, spcmapfile from pg_backup_stop(false)',
    );
    stop = parsePosition(stopped.rows[0]!.lsn);
    packBuffer(pack, 'cluster/backup_label', Buffer.from(stopped.rows[0]!.labelfile), contents);
    packBuffer(pack, CONTENTS, Buffer.from(JSON.stringify(contents)));
    pack.finalize();
  };
  const filled = fill().catch((error) => {
    pack.destroy(error);
    throw error;
  });
  const [data] = await Promise.all([
    writeSealed(join(half, 'data.age'), pack, options.recipients, signal),
    filled,
  ]);
  return { data, plainBytes, stop, counted: counted! };
}

/** Feed and audit only grow, and each row says its transaction: the same can be counted again at any later moment. */
async function countUnderSnapshot(client: pg.Client): Promise<Counted> {
  const snapshot = await oneText(client, 'select pg_current_snapshot()::text as value');
  return { snapshot, ...(await countIn(client, snapshot)) };
}

/** Rows that a snapshot sees. @param asker a connection or a pool */
export async function countIn(
  asker: Pick<pg.Client, 'query'>,
  snapshot: string,
): Promise<{ changes: number; auditLines: number }> {
  const { rows } = await asker.query<{ changes: number; auditLines: number }>(
    `select (select count(*) from log where pg_visible_in_snapshot(xid::text::xid8, $1::pg_snapshot))::float8 as changes,
       (select count(*) from audit where pg_visible_in_snapshot(xid::text::xid8, $1::pg_snapshot))::float8 as "auditLines"`,
    [snapshot],
  );
  return rows[0]!;
}

async function oneText(client: pg.Client, sql: string, values: unknown[] = []): Promise<string> {
  const [row] = (await client.query<Record<string, string>>(sql, values)).rows;
  return String(Object.values(row!)[0]);
}

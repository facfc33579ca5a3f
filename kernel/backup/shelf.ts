/**
 * A folder of backups, on a disk or machine other than the data's:
 *
 *     <folder>/<cluster>/base/<label>/base.json    a whole backup, complete when this folder has its name
 *     <folder>/<cluster>/base/<label>/data.age     tar of cluster/ and files/, zstd, age
 *     <folder>/<cluster>/log/<segment>-<sha256>.age    the database's log since the oldest of them
 *
 * Names carry the hash of what stands in the file, so that a damaged one shows without any key.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BackupFault } from './fault.ts';
import { hashFile, type Written } from './sealed-file.ts';
import { HISTORY_NAME, parseSegmentName, SEGMENT_NAME } from './segment.ts';

/** `base.json`: nothing of any person. */
export interface Base {
  label: string;
  /** `system_identifier` of the cluster. */
  cluster: string;
  /** Version of the program and of PostgreSQL. */
  version: string;
  postgres: string;
  /** ISO instants. */
  began: string;
  ended: string;
  /** First and last segment of the log without which it does not open. */
  firstSegment: string;
  lastSegment: string;
  data: Written;
  /** Bytes before they were packed. */
  plainBytes: number;
  recipients: string[];
  /** What must be found in it again. */
  counted: Counted;
}

/** Counts under one snapshot: whatever was committed later is told apart by it. */
export interface Counted {
  /** `pg_current_snapshot()`. */
  snapshot: string;
  /** Transactions of the change feed, and lines of the audit. */
  changes: number;
  auditLines: number;
}

export interface LogFile {
  /** Segment or history file. */
  name: string;
  sha256: string;
  path: string;
}

const LOG_FILE = /^([0-9A-F]{24}|[0-9A-F]{8}\.history)-([0-9a-f]{64})\.age$/;
const LABEL = /^\d{8}T\d{6}Z-[0-9a-f]{6}$/;

export class Shelf {
  readonly folder: string;
  readonly cluster: string;

  constructor(folder: string, cluster: string) {
    this.folder = folder;
    this.cluster = cluster;
  }

  get logFolder(): string {
    return join(this.folder, this.cluster, 'log');
  }

  baseFolder(label: string): string {
    return join(this.folder, this.cluster, 'base', label);
  }

  /** Fails with BackupFault when the folder itself is not there: a disk that is not mounted must not be written beside. */
  async open(): Promise<void> {
    if (!existsSync(this.folder))
      throw new BackupFault(`The folder of backups ${this.folder} is not there: mount its disk, or make it.`);
    await mkdir(this.logFolder, { recursive: true, mode: 0o700 });
    await mkdir(dirname(this.baseFolder('x')), { recursive: true, mode: 0o700 });
  }

  /** Newest first; those that were broken off are not seen. */
  bases(): Base[] {
    const folder = dirname(this.baseFolder('x'));
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => LABEL.test(name))
      .sort()
      .reverse()
      .map((label) => JSON.parse(readFileSync(join(folder, label, 'base.json'), 'utf8')) as Base);
  }

  /** In the order of their names. */
  logFiles(): LogFile[] {
    if (!existsSync(this.logFolder)) return [];
    return readdirSync(this.logFolder)
      .sort()
      .flatMap((file) => {
        const found = LOG_FILE.exec(file);
        return found ? [{ name: found[1]!, sha256: found[2]!, path: join(this.logFolder, file) }] : [];
      });
  }

  /** Removes whole backups that were broken off; only while no other is being made. */
  sweep(): void {
    const folder = dirname(this.baseFolder('x'));
    for (const name of readdirSync(folder))
      if (name.endsWith('.part')) rmSync(join(folder, name), { recursive: true, force: true });
  }

  /** Removes the whole backups beyond the newest `keep`, and the log that none of the others needs. @returns labels */
  async retain(keep: number): Promise<string[]> {
    const bases = this.bases();
    const gone = bases.slice(keep);
    for (const { label } of gone) {
      // First it loses its name, so that half a backup is never seen.
      await rename(this.baseFolder(label), `${this.baseFolder(label)}.part`);
      await rm(`${this.baseFolder(label)}.part`, { recursive: true, force: true });
    }
    const firsts = bases.slice(0, keep).map(({ firstSegment }) => parseSegmentName(firstSegment).segment);
    if (firsts.length === 0) return [];
    const oldest = firsts.reduce((a, b) => (a < b ? a : b));
    for (const { name, path } of this.logFiles())
      if (SEGMENT_NAME.test(name) && parseSegmentName(name).segment < oldest) await rm(path, { force: true });
    return gone.map(({ label }) => label);
  }

  /** When the newest piece of the log was kept; null = none. */
  newestLog(): Date | null {
    const times = this.logFiles().map(({ path }) => statSync(path).mtimeMs);
    return times.length === 0 ? null : new Date(Math.max(...times));
  }

  /** Brings what another folder has and this one has not; each copy is checked. @returns files copied */
  async fillFrom(other: Shelf): Promise<number> {
    const mine = new Set(this.logFiles().map(({ name }) => name));
    let copied = 0;
    for (const { name, sha256, path } of other.logFiles()) {
      if (mine.has(name)) continue;
      await copyChecked(path, join(this.logFolder, `${name}-${sha256}.age`), sha256);
      copied += 1;
    }
    const labels = new Set(this.bases().map(({ label }) => label));
    for (const base of other.bases()) {
      if (labels.has(base.label)) continue;
      const half = `${this.baseFolder(base.label)}.part`;
      await rm(half, { recursive: true, force: true });
      await mkdir(half, { mode: 0o700 });
      const from = other.baseFolder(base.label);
      await copyChecked(join(from, 'data.age'), join(half, 'data.age'), base.data.sha256);
      await copyFile(join(from, 'base.json'), join(half, 'base.json'));
      await rename(half, this.baseFolder(base.label));
      copied += 2;
    }
    await syncFolder(this.logFolder);
    return copied;
  }
}

/** The clusters that have backups in a folder. */
export function clustersIn(folder: string): string[] {
  if (!existsSync(folder)) throw new BackupFault(`The folder of backups ${folder} is not there.`);
  return readdirSync(folder).filter((name) => /^\d+$/.test(name) && existsSync(join(folder, name, 'base')));
}

export const isHistory = ({ name }: LogFile): boolean => HISTORY_NAME.test(name);

/** Names in a folder are on disk after this. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function copyChecked(from: string, to: string, sha256: string): Promise<void> {
  const half = to.endsWith('.part') ? to : `${to}.part`;
  await copyFile(from, half);
  if ((await hashFile(half)).sha256 !== sha256) {
    await rm(half, { force: true });
    throw new BackupFault(`${from} is damaged: its hash is another one.`);
  }
  await rename(half, to);
}

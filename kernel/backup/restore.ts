/** From a folder of backups to a data folder, whole or not at all: everything is checked before anything is written. */
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, readdirSync } from 'node:fs';
import { mkdir, open, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { recoverCluster } from '../store/postgres/index.ts';
import { BackupFault } from './fault.ts';
import { CONTENTS, type Contents } from './folder-tar.ts';
import { hashFile, readSealed } from './sealed-file.ts';
import { gapsIn, parseSegmentName } from './segment.ts';
import { type Base, isHistory, type LogFile, type Shelf, syncFolder } from './shelf.ts';

export interface RestoreOptions {
  shelf: Shelf;
  /** Must not be there, or be empty. */
  target: string;
  /** The moment to restore; null = the newest that was kept. */
  until: Date | null;
  identities: readonly string[];
  /** Where root's copy of the PostgreSQL binaries goes; default inside the target. */
  binariesFolder?: string;
  told?(sentence: string): void;
  /** Works on the restored folder before it gets its name: what fails here leaves nothing behind. */
  prove(dataFolder: string, base: Base): Promise<void>;
}

export interface Plan {
  base: Base;
  log: LogFile[];
}

/** The newest whole backup before the moment, and all of the log since. */
export function planRestore(shelf: Shelf, until: Date | null): Plan {
  const bases = shelf.bases();
  if (bases.length === 0) throw new BackupFault(`There is no whole backup in ${shelf.folder}.`);
  const base = bases.find(({ ended }) => until === null || new Date(ended) <= until);
  if (!base)
    throw new BackupFault(
      `The oldest backup in ${shelf.folder} ended ${bases.at(-1)!.ended}: a moment before it cannot be restored.`,
    );
  const from = parseSegmentName(base.firstSegment).segment;
  const log = shelf
    .logFiles()
    .filter((file) => isHistory(file) || parseSegmentName(file.name).segment >= from);
  const names = log.filter((file) => !isHistory(file)).map(({ name }) => name);
  for (const needed of [base.firstSegment, base.lastSegment])
    if (!names.includes(needed)) throw missing(needed);
  const inside = gapsIn(names).filter((name) => until === null || name <= base.lastSegment);
  if (inside[0] !== undefined) throw missing(inside[0]);
  return { base, log };
}

/** Every hash, before any key is used. @throws BackupFault that names the file */
export async function verifyPlan({ base, log }: Plan, shelf: Shelf): Promise<void> {
  const path = join(shelf.baseFolder(base.label), 'data.age');
  if ((await hashFile(path)).sha256 !== base.data.sha256) throw damaged(path);
  for (const file of log) if ((await hashFile(file.path)).sha256 !== file.sha256) throw damaged(file.path);
}

/** @returns what was restored, and to which moment; null when no commit came after the whole backup */
export async function restore(options: RestoreOptions): Promise<{ base: Base; reached: Date | null }> {
  const { shelf, target, until, told = () => undefined } = options;
  refuseFilled(target);
  const plan = planRestore(shelf, until);
  told(`Bản sao ${plan.base.label} và ${plan.log.length} đoạn nhật ký: kiểm tra mã băm …`);
  await verifyPlan(plan, shelf);
  const half = `${target}.restoring`;
  await rm(half, { recursive: true, force: true });
  await mkdir(dirname(target), { recursive: true });
  await mkdir(half, { mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  try {
    const reached = await fill(half, plan, options, told);
    if (existsSync(target)) await rmdir(target);
    await rename(half, target);
    await syncFolder(dirname(target));
    return { base: plan.base, reached };
  } catch (error) {
    // Nothing that was decrypted stays behind.
    await rm(half, { recursive: true, force: true });
    throw error;
  }
}

async function fill(
  half: string,
  plan: Plan,
  { shelf, until, identities, binariesFolder, prove }: RestoreOptions,
  told: (sentence: string) => void,
): Promise<Date | null> {
  told('Giải mã và chép …');
  await unpack(join(shelf.baseFolder(plan.base.label), 'data.age'), identities, half);
  const segments = new Map(plan.log.map((file) => [file.name, file]));
  told('Chạy lại nhật ký …');
  const reached = await recoverCluster({
    folder: join(half, 'postgres'),
    ...(binariesFolder === undefined ? {} : { binariesFolder }),
    until,
    supply: (name, path) => supply(segments.get(name), path, identities),
  }).catch((error: Error) => {
    throw /recovery ended before configured recovery target/.test(error.message)
      ? new BackupFault(
          `No commit at or after ${until!.toISOString()} can be reached: the log of the backup ends earlier, or a piece of it is missing. Restore an earlier moment, or without --until.`,
        )
      : error;
  });
  told('Đối chiếu số dòng và chuỗi niêm phong …');
  await prove(half, plan.base);
  return reached;
}

function refuseFilled(target: string): void {
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new BackupFault(
      `${target} is not empty: restore into a new folder, then start with YBA_DATA set to it.`,
    );
}

/** True when the segment stands in the backup and now at `path`. */
async function supply(
  file: LogFile | undefined,
  path: string,
  identities: readonly string[],
): Promise<boolean> {
  if (!file) return false;
  await pipeline(await readSealed(file.path, identities), createWriteStream(path, { mode: 0o600 }));
  return true;
}

async function unpack(path: string, identities: readonly string[], target: string): Promise<void> {
  const plain = await readSealed(path, identities);
  const entries = extract();
  const flowing = pipeline(plain, entries).catch((error) => {
    throw error instanceof BackupFault
      ? error
      : new BackupFault(`${path} is damaged: ${(error as Error).message}.`, { cause: error });
  });
  flowing.catch(() => undefined);
  const found: Contents = {};
  let listed: Contents | undefined;
  try {
    for await (const entry of entries) {
      const { name, type } = entry.header;
      if (name === CONTENTS) listed = JSON.parse(await textOf(entry)) as Contents;
      else if (type === 'directory') {
        await mkdir(placeOf(target, name), { recursive: true, mode: 0o700 });
        entry.resume();
      } else found[name] = await writeEntry(entry, placeOf(target, name));
    }
  } catch (error) {
    await flowing;
    throw error;
  }
  await flowing;
  if (!listed) throw new BackupFault(`${path} ends before its list of contents.`);
  for (const [name, { sha256 }] of Object.entries(listed))
    if (found[name]?.sha256 !== sha256) throw new BackupFault(`${path}: ${name} is not what was put in.`);
}

/** `cluster/…` and `files/…`; nothing leads out of the target. */
function placeOf(target: string, name: string): string {
  const clean = normalize(name).replace(/\/$/, '');
  if (clean.startsWith('cluster/')) return join(target, 'postgres', clean);
  if (clean === 'cluster') return join(target, 'postgres', 'cluster');
  if (clean.startsWith('files/')) return join(target, clean.slice('files/'.length));
  throw new BackupFault(`The backup holds "${name}", which is none of its places.`);
}

async function writeEntry(
  entry: AsyncIterable<Buffer>,
  path: string,
): Promise<{ bytes: number; sha256: string }> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of entry) {
      hash.update(chunk);
      bytes += chunk.length;
      await handle.write(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function textOf(entry: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of entry) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

const missing = (segment: string) =>
  new BackupFault(
    `The piece ${segment} of the log is missing from the backup: restore an earlier moment with --until, or another folder of backups.`,
  );
const damaged = (path: string) =>
  new BackupFault(
    `${path} is damaged: its hash is another one. Nothing was restored; use another folder of backups.`,
  );

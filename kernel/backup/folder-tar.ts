/** The files of a running cluster and of the data folder as one tar, with the hash of each. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { lstatSync, readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pack } from 'tar-stream';
import { BackupFault } from './fault.ts';

export interface TarFile {
  /** In the tar. */
  name: string;
  path: string;
  size: number;
  isFolder: boolean;
}

/** What a tar holds, by name: its last entry, `contents.json`. */
export type Contents = Record<string, { bytes: number; sha256: string }>;

export const CONTENTS = 'contents.json';
const PIECE_BYTES = 256 * 1024;

/** Folders of which only the folder is kept: the server makes their content anew. (PostgreSQL, "Making a Base Backup") */
const EMPTIED = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
const LEFT_OUT =
  /^(postmaster\.(pid|opts)|.*\/?pgsql_tmp.*|.*pg_internal\.init|backup_label(\.old)?|tablespace_map(\.old)?|recovery\.signal|standby\.signal)$/;

/** The files of a cluster; pg_control comes last, as the manual asks. */
export function clusterFiles(folder: string): TarFile[] {
  const files = walk(
    folder,
    '',
    (name) => !LEFT_OUT.test(name),
    (name) => EMPTIED.has(name),
  ).map((file) => ({
    ...file,
    name: `cluster/${file.name}`,
  }));
  const isControl = ({ name }: TarFile) => name === 'cluster/global/pg_control';
  return [...files.filter((file) => !isControl(file)), ...files.filter(isControl)];
}

/** Everything else in the data folder: keys, certificates, exports. */
export function otherFiles(folder: string, leftOut: readonly string[]): TarFile[] {
  return walk(
    folder,
    '',
    (_name, path) => !leftOut.includes(path),
    () => false,
  ).map((file) => ({
    ...file,
    name: `files/${file.name}`,
  }));
}

function walk(
  root: string,
  below: string,
  isKept: (name: string, path: string) => boolean,
  isEmptied: (name: string) => boolean,
): TarFile[] {
  return readdirSync(join(root, below))
    .sort()
    .flatMap((entry): TarFile[] => {
      const name = below === '' ? entry : `${below}/${entry}`;
      const path = join(root, name);
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (!found || !isKept(name, path)) return [];
      if (found.isDirectory()) {
        const folder = { name, path, size: 0, isFolder: true };
        return isEmptied(name) ? [folder] : [folder, ...walk(root, name, isKept, isEmptied)];
      }
      if (found.isFile()) return [{ name, path, size: found.size, isFolder: false }];
      if (found.isSymbolicLink())
        throw new BackupFault(`${path} is a link; what it leads to would not be in the backup.`);
      return [];
    });
}

/** Puts files into a tar. What the server removes meanwhile is left out, what grows is cut: the log brings it level. */
export async function packFiles(
  pack: Pack,
  files: readonly TarFile[],
  contents: Contents,
  told: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const file of files) {
    signal.throwIfAborted();
    if (file.isFolder)
      pack.entry({ name: file.name, type: 'directory', mode: 0o700, size: 0 }, Buffer.alloc(0));
    else await packFile(pack, file, contents, told);
  }
}

export function packBuffer(pack: Pack, name: string, content: Buffer, contents?: Contents): void {
  pack.entry({ name, size: content.length, mode: 0o600 }, content);
  if (contents)
    contents[name] = { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

async function packFile(
  pack: Pack,
  { name, path }: TarFile,
  contents: Contents,
  told: (bytes: number) => void,
): Promise<void> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return;
  try {
    const { size } = await handle.stat();
    const hash = createHash('sha256');
    const entry = pack.entry({ name, size, mode: 0o600 });
    for (let at = 0; at < size; ) {
      const piece = Buffer.alloc(Math.min(PIECE_BYTES, size - at));
      // A file that was cut meanwhile ends in zeros; the log says what belongs there.
      for (let read = 0; read < piece.length; ) {
        const { bytesRead } = await handle.read(piece, read, piece.length - read, at + read);
        if (bytesRead === 0) break;
        read += bytesRead;
      }
      hash.update(piece);
      at += piece.length;
      if (!entry.write(piece)) await once(entry, 'drain');
      told(piece.length);
    }
    const ended = once(entry, 'finish');
    entry.end();
    await ended;
    contents[name] = { bytes: size, sha256: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}

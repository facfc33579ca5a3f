/**
 * The master keys: a file beside the database, never in it. Each line is `<id> <key in base64url>`; the first one wraps data keys,
 * the others only unwrap what they wrapped. Readable by its owner alone.
 */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { KEY_BYTES } from './envelope.ts';

export interface MasterKey {
  id: string;
  key: Buffer;
}

/** The file cannot be used; the sentence says what to do. */
export class KeyFileFault extends Error {}

/** @returns newest first @throws KeyFileFault */
export function readMasterKeys(path: string): MasterKey[] {
  let text: string;
  try {
    if ((statSync(path).mode & 0o077) !== 0)
      throw new KeyFileFault(`The key file ${path} is open to other users: chmod 600 ${path}`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof KeyFileFault) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new KeyFileFault(`The key file ${path} cannot be read (${code}): set YBA_KEY_FILE to it.`);
  }
  const keys = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [id = '', key = ''] = line.trim().split(/\s+/);
      return { id, key: Buffer.from(key, 'base64url') };
    });
  const isWhole = ({ id, key }: MasterKey) => /^[A-Za-z0-9-]{1,40}$/.test(id) && key.length === KEY_BYTES;
  if (keys.length > 0 && keys.every(isWhole)) return keys;
  throw new KeyFileFault(`The key file ${path} is damaged: put back the copy that was kept of it.`);
}

/** Makes the file when it is missing; of two programs that do so at once both get the same key. */
export function ensureMasterKeys(path: string, makeFolder: (path: string) => void): MasterKey[] {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    makeFolder(dirname(path));
    const half = `${path}.${process.pid}`;
    writeWhole(half, [newMasterKey()]);
    try {
      linkSync(half, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(half, { force: true });
    }
  }
  return readMasterKeys(path);
}

/** Puts the keys in place of those that stood there, whole or not at all. */
export function writeMasterKeys(path: string, keys: readonly MasterKey[]): void {
  const half = `${path}.${process.pid}`;
  writeWhole(half, keys);
  renameSync(half, path);
}

export function newMasterKey(): MasterKey {
  return { id: `m${randomBytes(4).toString('hex')}`, key: randomBytes(KEY_BYTES) };
}

function writeWhole(path: string, keys: readonly MasterKey[]): void {
  const lines = keys.map(({ id, key }) => `${id} ${key.toString('base64url')}`);
  const handle = openSync(path, 'w', 0o600);
  try {
    chmodSync(path, 0o600);
    writeSync(
      handle,
      `# Y Ba: master keys, newest first. Who has this file and the database reads everything.\n${lines.join('\n')}\n`,
    );
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Folders, made with their parents. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Like `mkdirSync(path, {recursive: true})`, which in Node 24 never returns where the system answers ENOENT under a parent
 * that exists (`/proc/x`).
 * @throws the error of the system when the folder cannot be made
 */
export function makeFolder(path: string, mode = 0o755): void {
  if (made(path, mode)) return;
  makeFolder(dirname(path), mode);
  mkdirSync(path, { mode });
}

/** False when the parent is missing. */
function made(path: string, mode: number): boolean {
  try {
    mkdirSync(path, { mode });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return true;
    if (code === 'ENOENT' && dirname(path) !== path && !exists(dirname(path))) return false;
    throw error;
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

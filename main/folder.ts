/** The data folder, told in one sentence when it cannot be used. */
import { accessSync, chmodSync, constants, statSync } from 'node:fs';
import { makeFolder } from '../kernel/store/postgres/index.ts';
import { SettingError } from './settings.ts';

/** Makes the folder with its parents. @throws SettingError when it cannot be made or written */
export function openDataFolder(path: string): void {
  try {
    makeFolder(path);
    accessSync(path, constants.W_OK | constants.X_OK);
    closeToOthers(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SettingError(`The folder ${path} cannot be written (${code}): set YBA_DATA to one that can.`);
  }
}

/**
 * Nobody else of this machine lists or reads the folder. Root's stays open to be entered, because the database then runs under another
 * account and lies below; what lies there is closed by itself.
 */
function closeToOthers(path: string): void {
  const isRoot = process.getuid?.() === 0;
  const { mode, uid } = statSync(path);
  if (uid !== process.getuid?.()) return;
  const wanted = mode & (isRoot ? 0o711 : 0o700);
  if (wanted !== (mode & 0o777)) chmodSync(path, wanted);
}

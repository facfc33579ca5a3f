/** The data folder, told in one sentence when it cannot be used. */
import { accessSync, constants } from 'node:fs';
import { makeFolder } from '../kernel/store/postgres/index.ts';
import { SettingError } from './settings.ts';

/** Makes the folder with its parents. @throws SettingError when it cannot be made or written */
export function openDataFolder(path: string): void {
  try {
    makeFolder(path);
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SettingError(`The folder ${path} cannot be written (${code}): set YBA_DATA to one that can.`);
  }
}

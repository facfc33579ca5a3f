/** The data folder: made step by step, because `mkdir` with `recursive` never ends below /proc (nodejs/node#31481). */
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { SettingError } from './settings.ts';

/** Makes the folder and its parents. @throws SettingError when it cannot be made or written */
export function makeFolder(path: string): void {
  try {
    makeStep(path);
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof SettingError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new SettingError(`The folder ${path} cannot be written (${code}): set YBA_DATA to one that can.`);
  }
}

function makeStep(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeStep(parent);
  mkdirSync(path);
}

/**
 * The province's folders as they are at the start, copied into the data folder. Every process and thread of the start reads the copy,
 * also one that begins days later, and so does a command beside it: what somebody changes in a folder meanwhile holds from the next
 * start on, for all of them at once. Otherwise a thread would label the record by other rules than the program, each anew in turn.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isNote } from '../kernel/content/file-faults.ts';
import { publishedBefore } from '../kernel/content/layers.ts';
import { entriesBelow } from '../kernel/content/walk.ts';
import { openDataFolder } from './folder.ts';
import { SettingError } from './settings.ts';

export interface KeptContent {
  /** Absolute paths of the copies, in the order of the folders. */
  folders: string[];
  /** The start is over. */
  forget(): void;
}

const KEPT = 'content-in-use';

/**
 * Copies of starts that are over are removed.
 * @param folders absolute paths of the province's folders; without one nothing is kept
 * @throws Failure `business-rule` when a folder is missing, SettingError when the data folder takes no copy
 */
export function keepContent(folders: readonly string[], dataFolder: string): KeptContent {
  if (folders.length === 0) return { folders: [], forget: () => undefined };
  for (const folder of folders) publishedBefore(folder, []);
  openDataFolder(dataFolder);
  const kept = join(dataFolder, KEPT, String(process.pid));
  const forget = () => rmSync(kept, { recursive: true, force: true });
  try {
    for (const start of startsIn(dataFolder))
      if (!isRunning(start)) rmSync(join(dataFolder, KEPT, start), { recursive: true, force: true });
    forget();
    mkdirSync(kept, { recursive: true, mode: 0o700 });
    return { folders: folders.map((folder, at) => copyOf(folder, join(kept, String(at)))), forget };
  } catch (error) {
    const { message } = error as Error;
    throw new SettingError(`The content of YBA_CONTENT cannot be copied into ${dataFolder}: ${message}`);
  }
}

/** Of a start on the data folder that is running, for a command beside it; null when there is none. */
export function contentInUse(dataFolder: string): string[] | null {
  const start = startsIn(dataFolder).findLast(isRunning);
  if (start === undefined) return null;
  const kept = join(dataFolder, KEPT, start);
  const copies = readdirSync(kept).filter((name) => /^\d+$/.test(name));
  return copies.sort((a, b) => Number(a) - Number(b)).map((name) => join(kept, name));
}

/** What is said of a copy, said of the folder that an officer knows. @param folders copies, or folders that are none */
export function namedAsGiven(text: string, folders: readonly string[]): string {
  return folders.reduce((said, folder) => {
    const given = existsSync(noteOf(folder)) ? readFileSync(noteOf(folder), 'utf8') : folder;
    return said.replaceAll(folder, given);
  }, text);
}

/** Beside the copy: the path of the folder that it is of. */
const noteOf = (copy: string) => `${copy}.txt`;

function copyOf(folder: string, copy: string): string {
  mkdirSync(copy);
  for (const { name, isFile } of entriesBelow(folder)) {
    if (isNote(name)) continue;
    const [from, to] = [join(folder, name), join(copy, name)];
    mkdirSync(dirname(to), { recursive: true });
    // Nobody follows a link (kernel/content/walk.ts); as one it is told of at the start.
    if (isFile) copyFileSync(from, to);
    else symlinkSync(from, to);
  }
  writeFileSync(noteOf(copy), folder);
  return copy;
}

/** Process ids of starts whose copies are there. */
function startsIn(dataFolder: string): string[] {
  const folder = join(dataFolder, KEPT);
  return existsSync(folder) ? readdirSync(folder).filter((name) => /^\d+$/.test(name)) : [];
}

/** Its id may have come to this process: then it is over. */
function isRunning(start: string): boolean {
  if (Number(start) === process.pid) return false;
  try {
    process.kill(Number(start), 0);
    return true;
  } catch (error) {
    // Somebody else's process is one, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The note that a program with an embedded database leaves in its data folder, so that commands can join it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAME = 'running.json';

interface Running {
  pid: number;
  databaseUrl: string;
}

export function noteRunning(dataFolder: string, databaseUrl: string): void {
  const note: Running = { pid: process.pid, databaseUrl };
  writeFileSync(join(dataFolder, NAME), JSON.stringify(note), { mode: 0o600 });
}

export function forgetRunning(dataFolder: string): void {
  rmSync(join(dataFolder, NAME), { force: true });
}

/** Address of the embedded database of a program that is running on the folder; null when there is none. */
export function runningDatabase(dataFolder: string): string | null {
  try {
    const { pid, databaseUrl } = JSON.parse(readFileSync(join(dataFolder, NAME), 'utf8')) as Running;
    process.kill(pid, 0);
    return databaseUrl;
  } catch {
    return null;
  }
}

/**
 * Backups of a running program: the database's log every minute, a whole backup every `backupEvery` hours, as many as `backupKeep`. The
 * whole backup runs in a process of its own, so that nobody waits for it.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { archiveLog, dropSlot, Shelf } from '../kernel/backup/index.ts';
import { databaseFolder } from './embedded.ts';
import type { House } from './house.ts';
import { type ProgramSettings, SettingError } from './settings.ts';

export interface Backups {
  /** A name when the newest try failed. */
  troubles(): string[];
  close(): Promise<void>;
}

const EVERY_MS = 60_000;
const NONE: Backups = { troubles: () => [], close: async () => undefined };

/** @throws SettingError when folders are set without a key to encrypt to */
export async function startBackups(
  { kernel }: House,
  settings: ProgramSettings,
  embedded: boolean,
  log: (sentence: string) => void,
): Promise<Backups> {
  const { backup, backupRecipients, dataFolder } = settings;
  if (!embedded) return NONE;
  if (backup.length === 0) {
    // Nobody fetches what a slot of before would hold back.
    await dropSlot(kernel.pool);
    return NONE;
  }
  if (backupRecipients.length === 0)
    throw new SettingError(
      'YBA_BACKUP is set without YBA_BACKUP_RECIPIENTS: make a key with "yba backup key".',
    );
  const { rows } = await kernel.pool.query<{ id: string }>(
    'select system_identifier::text as id from pg_control_system()',
  );
  const shelves = backup.map((folder) => new Shelf(folder, rows[0]!.id));
  const source = {
    pool: kernel.pool,
    folder: join(databaseFolder(dataFolder), 'cluster'),
    recipients: backupRecipients,
  };
  let trouble = false;
  const turn = async () => {
    try {
      await archiveLog(source, shelves, true);
      if (isDue(shelves[0]!, settings.backupEvery, kernel.settings.now())) await wholeBackup();
      trouble = false;
    } catch (error) {
      if (!trouble) log(`Sao lưu không thực hiện được: ${(error as Error).message}`);
      trouble = true;
    }
  };
  let working = turn();
  const timer = setInterval(() => {
    working = working.then(turn);
  }, EVERY_MS).unref();
  return {
    troubles: () => (trouble ? ['backup'] : []),
    close: async () => {
      clearInterval(timer);
      await working;
      await archiveLog(source, shelves, true).catch(() => undefined);
    },
  };
}

/** Pure but for the folder that it reads. */
export function isDue(shelf: Pick<Shelf, 'bases'>, everyHours: number, now: Date): boolean {
  const [newest] = shelf.bases();
  return newest === undefined || now.getTime() - new Date(newest.ended).getTime() >= everyHours * 3_600_000;
}

/** `yba backup`, with the settings of this process. */
function wholeBackup(): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'yba.ts'), 'backup'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr!.on('data', (chunk) => {
    said = (said + chunk).slice(-1000);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => (status === 0 ? resolve() : reject(new Error(said.trim()))));
  });
}

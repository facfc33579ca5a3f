/** `yba backup`: whole backups, their list, their keys, and the drill of a restore. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BackupFault,
  clustersIn,
  newIdentity,
  planRestore,
  readIdentities,
  restore,
  Shelf,
  takeBase,
  verifyPlan,
} from '../../kernel/backup/index.ts';
import { openPool } from '../../kernel/store/index.ts';
import { databaseFolder, startEmbedded } from '../embedded.ts';
import { type Facts, writeFact } from '../facts.ts';
import { proveRestored } from '../prove.ts';
import { runningDatabase } from '../running.ts';
import { type ProgramSettings, readSettings } from '../settings.ts';
import { VERSION } from '../version.ts';
import { type Command, print, required, tellOperator, UsageError } from './command.ts';

export const backup: Command = {
  name: 'backup',
  summary: 'backs up the database and the files, and drills a restore',
  options: {
    out: { type: 'string' },
    identity: { type: 'string' },
    'passphrase-file': { type: 'string' },
  },
  help: `yba backup                 a whole backup now, into every folder of YBA_BACKUP; the program goes on
yba backup list            the backups, and how far back any moment can be restored
yba backup verify          the hash of everything in the folders
yba backup key --out <file> [--passphrase-file <file>]
                           a new key pair: the identity into a file that is kept offline, its public key for YBA_BACKUP_RECIPIENTS
yba backup drill --identity <file> [--passphrase-file <file>]
                           restores the newest backup into a scratch folder, proves it, notes how long it took, removes it

A program with YBA_BACKUP set does the first by itself every YBA_BACKUP_EVERY hours and keeps the log of the database every minute.
Ctrl-C breaks a backup off; nothing half remains. docs/backup.md tells more; yba restore is the way back.
`,
  async run(values, [verb = 'now', ...more]) {
    if (more.length > 0) throw new UsageError('See "yba backup --help".');
    if (verb === 'key') return makeKey(values);
    const { settings } = readSettings(process.env, process.cwd());
    if (settings.backup.length === 0) throw new BackupFault('No folder of backups: set YBA_BACKUP.');
    if (verb === 'list') return list(settings);
    if (verb === 'verify') return verify(settings);
    if (verb === 'drill') return drill(settings, await identitiesOf(values));
    if (verb === 'now') return withDatabase(settings, (url) => takeNow(settings, url));
    throw new UsageError('See "yba backup --help".');
  },
};

/** The identities of `--identity`. */
export async function identitiesOf(values: Record<string, unknown>): Promise<string[]> {
  return readIdentities(required(values.identity, 'identity'), passphraseOf(values));
}

/** The only cluster with backups in a folder, or the one that is named. */
export function shelfIn(folder: string, cluster?: string): Shelf {
  const clusters = clustersIn(folder);
  const [only] = cluster === undefined ? clusters : clusters.filter((one) => one === cluster);
  if (only === undefined) throw new BackupFault(`There is no backup in ${folder}.`);
  if (cluster === undefined && clusters.length > 1)
    throw new BackupFault(
      `${folder} holds backups of several databases: give --cluster ${clusters.join(' or ')}.`,
    );
  return new Shelf(folder, only);
}

async function takeNow(settings: ProgramSettings, databaseUrl: string): Promise<number> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  let shown = 0;
  const base = await takeBase({
    databaseUrl,
    clusterFolder: join(databaseFolder(settings.dataFolder), 'cluster'),
    dataFolder: settings.dataFolder,
    leftOut: [
      databaseFolder(settings.dataFolder),
      join(settings.dataFolder, 'running.json'),
      ...settings.backup,
    ],
    folders: settings.backup,
    recipients: settings.backupRecipients,
    version: VERSION,
    now: () => new Date(),
    signal: stopping.signal,
    onProgress: (done, of) => {
      const percent = Math.floor((100 * done) / of);
      if (percent < shown + 10) return;
      shown = percent;
      print(`${percent} %`);
    },
  });
  for (const folder of settings.backup) await new Shelf(folder, base.cluster).retain(settings.backupKeep);
  await withPool(databaseUrl, (pool) =>
    writeFact(pool, 'backup', { label: base.label, ended: base.ended, bytes: base.data.bytes }),
  );
  print(
    `${base.label}: ${megabytes(base.plainBytes)} MB, mã hóa còn ${megabytes(base.data.bytes)} MB, ở ${settings.backup.join(', ')}`,
  );
  return 0;
}

function list(settings: ProgramSettings): number {
  for (const folder of settings.backup) {
    const shelf = shelfIn(folder);
    print(folder);
    for (const { label, began, ended, data } of shelf.bases())
      print(`  ${label}  ${began} – ${ended}  ${megabytes(data.bytes)} MB`);
    print(`  nhật ký giữ đến ${shelf.newestLog()?.toISOString() ?? '–'}`);
  }
  return 0;
}

async function verify(settings: ProgramSettings): Promise<number> {
  let ok = true;
  for (const folder of settings.backup) {
    const shelf = shelfIn(folder);
    for (const base of shelf.bases()) {
      try {
        await verifyPlan(planRestore(shelf, new Date(base.ended)), shelf);
        print(`${folder} ${base.label}: nguyên vẹn`);
      } catch (error) {
        if (!(error instanceof BackupFault)) throw error;
        ok = false;
        print(`${folder} ${base.label}: HỎNG. ${error.message}`);
      }
    }
  }
  return ok ? 0 : 1;
}

async function drill(settings: ProgramSettings, identities: string[]): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), 'yba-drill-'));
  const shelf = shelfIn(settings.backup[0]!);
  const began = Date.now();
  const lostSeconds = Math.max(0, (began - (shelf.newestLog()?.getTime() ?? 0)) / 1000);
  let label = '';
  let fault: string | null = null;
  try {
    const { base } = await restore({
      shelf,
      // Beside the scratch folder, whose parents others may enter.
      target: `${scratch}.data`,
      until: null,
      identities,
      told: print,
      prove: async (folder, { label: _label, ...rest }) => {
        label = _label;
        const { changes, auditLines, head } = await proveRestored(
          settings,
          folder,
          { label: _label, ...rest },
          null,
        );
        print(
          `${changes} thay đổi, ${auditLines} dòng nhật ký truy cập, niêm phong cuối ${head ?? '–'}: khớp.`,
        );
      },
    });
    label = base.label;
  } catch (error) {
    fault = (error as Error).message;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    rmSync(`${scratch}.data`, { recursive: true, force: true });
  }
  const seconds = (Date.now() - began) / 1000;
  const result: Facts['drill'] = {
    at: new Date(began).toISOString(),
    ok: fault === null,
    label,
    seconds,
    lostSeconds,
    fault,
  };
  await noteDrill(settings, result);
  if (fault !== null) throw new BackupFault(fault);
  print(
    `Diễn tập khôi phục đạt: ${seconds.toFixed(0)} giây để khôi phục (RTO), dữ liệu mất nhiều nhất ${lostSeconds.toFixed(0)} giây (RPO).`,
  );
  return 0;
}

/** Written where `/metrics` reads it, when the program runs. */
async function noteDrill({ dataFolder }: ProgramSettings, result: Facts['drill']): Promise<void> {
  const url = runningDatabase(dataFolder);
  if (url === null) return print('Chương trình không chạy: kết quả diễn tập không được ghi vào /metrics.');
  await withPool(url, (pool) => writeFact(pool, 'drill', result));
}

async function makeKey(values: Record<string, unknown>): Promise<number> {
  const out = required(values.out, 'out');
  const { file, recipient } = await newIdentity(passphraseOf(values));
  try {
    writeFileSync(out, file, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new UsageError(
      `${out} cannot be written (${(error as NodeJS.ErrnoException).code}); a key is never written over.`,
    );
  }
  print(`YBA_BACKUP_RECIPIENTS=${recipient}`);
  print(`${out}: cất ở nơi khác, không để trên máy này. Mất nó là mất mọi bản sao lưu.`);
  return 0;
}

/** Joins the database of a running program, or starts it for the command. */
async function withDatabase(
  settings: ProgramSettings,
  work: (url: string) => Promise<number>,
): Promise<number> {
  if (settings.databaseUrl !== null)
    throw new BackupFault(
      'DATABASE_URL names a server of others, whose files are not here: back it up with the tool of that server (pg_basebackup, pgBackRest); docs/backup.md says what belongs to it.',
    );
  const running = runningDatabase(settings.dataFolder);
  if (running !== null) return work(running);
  const server = await startEmbedded(settings.dataFolder, 1, tellOperator);
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}

async function withPool<T>(url: string, work: (pool: ReturnType<typeof openPool>) => Promise<T>): Promise<T> {
  const pool = openPool(url);
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

function passphraseOf(values: Record<string, unknown>): string | null {
  const path = values['passphrase-file'];
  return typeof path === 'string' ? readFileSync(path, 'utf8').trim() : null;
}

const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1);

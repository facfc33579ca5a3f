/** A cluster restored from a backup runs through the log that follows, up to a moment, and is then one like any other. */
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type Cluster, DATABASE, prepareCluster, SUPERUSER, spawnAs } from './cluster.ts';
import { isReady } from './processes.ts';
import { spawnWatcher } from './server.ts';
import { settingArguments } from './settings.ts';

export interface RecoverOptions {
  /** Folder of the server; `cluster` in it holds the files, with their backup_label. */
  folder: string;
  binariesFolder?: string;
  /** Commits until then are carried out, later ones not; null = all that there are. */
  until: Date | null;
  /** Puts a file of the log at a path. @returns false when there is none of this name */
  supply(name: string, path: string): Promise<boolean>;
}

/**
 * The server asks for a file by its name and waits for the answer: this program has the keys to the backup, the server has not.
 * Paths are those seen from the cluster.
 */
const ASK = `name="$1"; target="$2"; feed=../feed
: > "$feed/want/$name"
while [ ! -e "$feed/have/$name" ] && [ ! -e "$feed/none/$name" ]; do sleep 0.02; done
rm -f "$feed/want/$name"
if [ -e "$feed/none/$name" ]; then rm -f "$feed/none/$name"; exit 1; fi
mv "$feed/have/$name" "$target"
`;
const LAST_LINES = 12;

/** @returns time of the last commit that was carried out; null when none came after the backup. Fails with the server's last words. */
export async function recoverCluster(options: RecoverOptions): Promise<Date | null> {
  const data = join(options.folder, 'cluster');
  const settings = join(data, 'postgresql.auto.conf');
  const before = existsSync(settings) ? readFileSync(settings, 'utf8') : '';
  writeFileSync(join(data, 'recovery.signal'), '', { mode: 0o600 });
  writeFileSync(settings, `${before}\n${recoverySettings(options.until)}`, { mode: 0o600 });
  const cluster = await prepareCluster(options.folder, options.binariesFolder);
  const feed = await openFeed(cluster, options.folder);
  const log = openSync(cluster.logFile, 'a', 0o600);
  const args = [
    '-D',
    cluster.folder,
    ...settingArguments({ socketFolder: cluster.socketFolder, connections: 60 }),
  ];
  const server = spawnAs(cluster.account, cluster.binaries.postgres, args, ['ignore', log, log]);
  closeSync(log);
  const watcher = server.pid === undefined ? undefined : spawnWatcher(server.pid);
  let fault: unknown;
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => resolve());
    server.once('error', (error) => {
      fault = error;
      resolve();
    });
  });
  const isOver = () => server.exitCode !== null || server.signalCode !== null || server.pid === undefined;
  try {
    while (!isOver() && !isReady(cluster.folder, server.pid!)) {
      for (const name of readdirSync(join(feed, 'want'))) await answer(feed, name, cluster, options.supply);
      await pause(20);
    }
    if (isOver()) throw new Error(lastWords(cluster), { cause: fault });
    return await lastCommit(cluster);
  } finally {
    if (!isOver()) server.kill('SIGINT');
    await ended;
    watcher?.kill('SIGKILL');
    writeFileSync(settings, before);
    rmSync(feed, { recursive: true, force: true });
  }
}

function recoverySettings(until: Date | null): string {
  const target =
    until === null
      ? ''
      : `recovery_target_time = '${until.toISOString().replace('T', ' ').replace('Z', '+00')}'\n`;
  return `restore_command = 'sh ../feed/ask.sh "%f" "%p"'\n${target}recovery_target_action = 'promote'\nhot_standby = off\n`;
}

async function openFeed({ account }: Cluster, folder: string): Promise<string> {
  const feed = join(folder, 'feed');
  rmSync(feed, { recursive: true, force: true });
  for (const path of [feed, join(feed, 'want'), join(feed, 'have'), join(feed, 'none')]) {
    await mkdir(path, { mode: 0o700 });
    if (account.foreign) await chown(path, account.uid!, account.gid!);
  }
  writeFileSync(join(feed, 'ask.sh'), ASK, { mode: 0o644 });
  return feed;
}

async function answer(
  feed: string,
  name: string,
  { account }: Cluster,
  supply: RecoverOptions['supply'],
): Promise<void> {
  const half = join(feed, 'half');
  const isThere = existsSync(join(feed, 'have', name)) || existsSync(join(feed, 'none', name));
  if (isThere) return;
  const found = await supply(name, half);
  if (!found) return writeFileSync(join(feed, 'none', name), '');
  if (account.foreign) await chown(half, account.uid!, account.gid!);
  renameSync(half, join(feed, 'have', name));
}

async function lastCommit({ socketFolder }: Cluster): Promise<Date | null> {
  const client = new pg.Client({ host: socketFolder, user: SUPERUSER, database: DATABASE });
  await client.connect();
  try {
    const { rows } = await client.query<{ at: Date | null }>('select pg_last_xact_replay_timestamp() as at');
    return rows[0]!.at;
  } finally {
    await client.end();
  }
}

function lastWords({ logFile }: Cluster): string {
  const said = readFileSync(logFile, 'utf8').trim().split('\n').slice(-LAST_LINES);
  return `The database did not come through its log:\n${said.join('\n')}`;
}

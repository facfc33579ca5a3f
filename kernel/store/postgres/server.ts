/**
 * The embedded PostgreSQL server as a child of this program: started, kept alive, stopped cleanly. One program a folder;
 * a server left over from a killed program is stopped first; a server that dies is started again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, rmSync, statfsSync, statSync, truncateSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../../failure.ts';
import { type Cluster, DATABASE, prepareCluster, SUPERUSER, spawnAs } from './cluster.ts';
import { makeFolder } from './folder.ts';
import { isReady, lockedBy, processesIn } from './processes.ts';
import { settingArguments } from './settings.ts';

export interface EmbeddedOptions {
  /** Folder of the server: cluster, socket, log, and for root a copy of the binaries. */
  folder: string;
  /** Where root's copy of the binaries goes; default `folder`. Tests share one. */
  binariesFolder?: string;
  /** Connections that may be open at once; default 60. */
  connections?: number;
  /** Told in one sentence when the server died and when it is back. */
  log?: (sentence: string) => void;
}

export interface EmbeddedServer {
  /** Connection string of the database. */
  readonly url: string;
  /** Process id of the postmaster at this moment; undefined while it is down. */
  pid(): number | undefined;
  /** True when the disk of the folder has no room for the next piece of the log; PostgreSQL stops then. */
  diskFull(): boolean;
  /** Waits for the connections to end their transactions at most as PostgreSQL's fast shutdown does, then stops. */
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;
const LOCK_LIMIT_MS = 2_000;
const STOP_LIMIT_MS = 20_000;
/** The log grows by whole segments. */
const WAL_SEGMENT_BYTES = 16 * 1024 * 1024;
const LOG_LIMIT_BYTES = 10_000_000;

/**
 * Starts the server on its folder; makes the cluster when it is new.
 * @throws Failure `database-unavailable` with a sentence that says what to do: the folder cannot be written, is of
 * another version, or is in use by another running program
 */
export async function startPostgres(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const lock = await lockFolder(options.folder);
  try {
    const cluster = await prepareCluster(options.folder, options.binariesFolder);
    await stopLeftOver(cluster);
    const keeper = new Keeper(cluster, options);
    await keeper.start();
    const url = `postgres://${SUPERUSER}@localhost/${DATABASE}?host=${encodeURIComponent(cluster.socketFolder)}`;
    return {
      url,
      pid: () => keeper.pid(),
      diskFull: () => hasNoRoom(options.folder),
      stop: async () => {
        await keeper.stop();
        lock?.close();
      },
    };
  } catch (error) {
    lock?.close();
    throw error;
  }
}

/** Keeps one postmaster running until it is told to stop. */
class Keeper {
  readonly #cluster: Cluster;
  readonly #options: EmbeddedOptions;
  #server: ChildProcess | undefined;
  #watcher: ChildProcess | undefined;
  #stopping = false;

  constructor(cluster: Cluster, options: EmbeddedOptions) {
    this.#cluster = cluster;
    this.#options = options;
  }

  pid(): number | undefined {
    return this.#server?.pid;
  }

  /** Tries until the server is ready: after a kill -9 a dead postmaster may linger as a zombie for some seconds. */
  async start(): Promise<void> {
    const giveUp = Date.now() + START_LIMIT_MS;
    for (let attempt = 0; ; attempt++) {
      if (await this.#try(giveUp)) return;
      if (this.#stopping) return;
      if (Date.now() > giveUp) throw notStarted(this.#cluster);
      if (attempt > 3) dropDeadLock(this.#cluster.folder);
      await pause(Math.min(100 * 2 ** attempt, 2_000));
    }
  }

  async #try(giveUp: number): Promise<boolean> {
    const server = spawnServer(this.#cluster, this.#options.connections ?? 60);
    const ended = new Promise<'ended'>((resolve) => {
      server.once('exit', () => resolve('ended'));
      server.once('error', () => resolve('ended'));
    });
    this.#server = server;
    while (server.pid !== undefined && Date.now() < giveUp) {
      if (isReady(this.#cluster.folder, server.pid)) {
        this.#watcher = spawnWatcher(server.pid);
        server.once('exit', () => this.#server === server && void this.#died());
        // The exit may have come before the line above; then nobody would notice.
        if (server.exitCode === null && server.signalCode === null) return true;
      }
      if ((await Promise.race([ended, pause(10)])) === 'ended') break;
    }
    this.#server = undefined;
    return false;
  }

  /** Starts the server again however long it takes: a full disk is emptied some day. */
  async #died(): Promise<void> {
    this.#server = undefined;
    this.#watcher?.kill('SIGKILL');
    if (this.#stopping) return;
    this.#options.log?.('Máy chủ cơ sở dữ liệu dừng bất ngờ, đang khởi động lại.');
    while (!this.#stopping) {
      try {
        await this.start();
        this.#options.log?.('Máy chủ cơ sở dữ liệu đã chạy lại.');
        return;
      } catch (error) {
        this.#options.log?.(`Chưa khởi động lại được cơ sở dữ liệu: ${(error as Error).message}`);
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const server = this.#server;
    this.#watcher?.kill('SIGKILL');
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.ref();
    server.kill('SIGINT');
    const timer = setTimeout(() => server.kill('SIGQUIT'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(timer);
  }
}

function spawnServer(cluster: Cluster, connections: number): ChildProcess {
  const log = openLog(cluster.logFile);
  try {
    const args = [
      '-D',
      cluster.folder,
      ...settingArguments({ socketFolder: cluster.socketFolder, connections }),
    ];
    const server = spawnAs(cluster.account, cluster.binaries.postgres, args, ['ignore', log, log]);
    // The program ends when its own work ends; the watcher then stops the server.
    server.unref();
    return server;
  } finally {
    closeSync(log);
  }
}

function openLog(path: string): number {
  try {
    if (statSync(path).size > LOG_LIMIT_BYTES) truncateSync(path);
  } catch {
    // No log yet.
  }
  return openSync(path, 'a', 0o600);
}

/** A shell that waits for the end of its input, which comes when this program ends however it ends, and stops the server. */
export function spawnWatcher(pid: number): ChildProcess {
  const watcher = spawn('/bin/sh', ['-c', 'read -r line; kill -INT "$0"', String(pid)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.on('error', () => undefined);
  watcher.stdin?.on('error', () => undefined);
  watcher.unref();
  (watcher.stdin as import('node:net').Socket | null)?.unref?.();
  return watcher;
}

/** The program that held the folder is gone (we hold its lock), its server may not be. */
async function stopLeftOver(cluster: Cluster): Promise<void> {
  const pid = lockedBy(cluster.folder);
  if (pid === null || !processesIn(cluster.folder).includes(pid)) return;
  process.kill(pid, 'SIGINT');
  const giveUp = Date.now() + STOP_LIMIT_MS;
  while (processesIn(cluster.folder).includes(pid)) {
    if (Date.now() > giveUp) throw inUse(cluster.folder);
    await pause(20);
  }
}

/** A lock file of a zombie or of a pid given to another program since; safe only when nobody works in the folder. */
function dropDeadLock(folder: string): void {
  if (lockedBy(folder) !== null && processesIn(folder).length === 0)
    rmSync(`${folder}/postmaster.pid`, { force: true });
}

/** An abstract socket named after the folder: the kernel frees it when the program ends, however it ends. */
async function lockFolder(folder: string): Promise<Server | null> {
  try {
    makeFolder(folder);
  } catch {
    return null; // prepareCluster says what is wrong with the folder
  }
  const { dev, ino } = statSync(folder);
  // A program that was just killed may need a moment to be gone.
  const giveUp = Date.now() + LOCK_LIMIT_MS;
  for (;;) {
    const server = await listenOn(`\0yba-database-${dev}-${ino}`);
    if (server) return server;
    if (Date.now() > giveUp) throw inUse(folder);
    await pause(100);
  }
}

/** Null when somebody listens there already. */
function listenOn(name: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(name, () => resolve(server.unref()));
  });
}

/** True when the disk has no room for the next piece of the log. */
export function hasNoRoom(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < WAL_SEGMENT_BYTES;
}

function inUse(folder: string): Failure {
  return new Failure(
    'database-unavailable',
    `Thư mục dữ liệu ${folder} đang được một chương trình Y Bạ khác sử dụng. Hãy dừng chương trình đó, hoặc đặt YBA_DATA tới thư mục khác.`,
    {
      textEn: `The data folder ${folder} is in use by another running Y Bạ. Stop that program, or set YBA_DATA to another folder.`,
    },
  );
}

function notStarted(cluster: Cluster): Failure {
  return new Failure(
    'database-unavailable',
    `Cơ sở dữ liệu không khởi động được. Hãy xem ${cluster.logFile}.`,
    { textEn: `The database did not start. See ${cluster.logFile}.` },
  );
}

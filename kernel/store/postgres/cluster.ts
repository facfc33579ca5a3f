/** The folder of a database cluster: made once, whole or not at all, and checked before it is opened. */
import { spawn } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../failure.ts';
import { hash64 } from '../hash.ts';
import { type Account, accountFor } from './account.ts';
import { type Binaries, copiedBinaries, installedBinaries } from './binaries.ts';
import { makeFolder } from './folder.ts';

/** Major version of the binaries; a cluster opens only with its own. */
const MAJOR = '18';
/** Longest path of a unix socket on Linux (sun_path, 108 bytes with its end). */
const SOCKET_PATH_LIMIT = 107;

export const DATABASE = 'yba';
export const SUPERUSER = 'yba';

export interface Cluster {
  /** PGDATA. */
  folder: string;
  socketFolder: string;
  logFile: string;
  account: Account;
  binaries: Binaries;
}

/**
 * Makes the folder ready: rights, owner, binaries, and the cluster itself when it is new.
 * @param folder absolute path; everything of the server lies inside
 * @param binariesFolder where root's copy of the binaries goes; default inside `folder`
 * @throws Failure `database-unavailable` with a sentence that says what to do
 */
export async function prepareCluster(folder: string, binariesFolder = folder): Promise<Cluster> {
  makeWritable(folder);
  const real = realpathSync(folder);
  const account = accountFor(real);
  if (!account) throw closedToOthers(real);
  const binaries = account.foreign ? copiedBinaries(binariesFolder) : installedBinaries();
  const cluster: Cluster = {
    folder: join(real, 'cluster'),
    socketFolder: socketFolder(real),
    logFile: join(real, 'postgres.log'),
    account,
    binaries,
  };
  makeFolder(cluster.socketFolder, 0o700);
  handOver(cluster.socketFolder, account);
  handOver(real, account);
  if (!existsSync(cluster.folder)) await create(cluster);
  checkVersion(cluster.folder);
  if (statSync(cluster.folder).uid !== (account.uid ?? process.getuid?.()))
    handOverAll(cluster.folder, account);
  return cluster;
}

function makeWritable(folder: string): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new Failure(
      'database-unavailable',
      `Không ghi được vào thư mục dữ liệu ${folder}. Hãy cấp quyền ghi cho người dùng đang chạy Y Bạ, hoặc đặt YBA_DATA tới một thư mục ghi được.`,
      {
        textEn: `The data folder ${folder} cannot be written. Give write permission to the user that runs Y Bạ, or set YBA_DATA to a folder that can be written.`,
        cause,
      },
    );
  }
}

function closedToOthers(folder: string): Failure {
  return new Failure(
    'database-unavailable',
    `PostgreSQL không chạy được bằng quyền root và thư mục ${folder} nằm trong nơi chỉ root vào được. Hãy chạy Y Bạ bằng người dùng thường, hoặc đặt YBA_DATA tới thư mục như /var/lib/yba.`,
    {
      textEn: `PostgreSQL does not run as root and ${folder} lies where only root may enter. Run Y Bạ as an ordinary user, or set YBA_DATA to a folder such as /var/lib/yba.`,
    },
  );
}

function checkVersion(folder: string): void {
  let version = '';
  try {
    version = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  } catch (cause) {
    throw new Failure(
      'database-unavailable',
      `Thư mục ${folder} không phải là cơ sở dữ liệu của Y Bạ. Hãy đặt YBA_DATA tới thư mục khác hoặc khôi phục từ bản sao lưu.`,
      {
        textEn: `${folder} holds no database of Y Bạ. Set YBA_DATA to another folder or restore a backup.`,
        cause,
      },
    );
  }
  if (version === MAJOR) return;
  throw new Failure(
    'database-unavailable',
    `Cơ sở dữ liệu trong ${folder} thuộc PostgreSQL ${version}, chương trình này dùng PostgreSQL ${MAJOR}. Hãy chạy đúng phiên bản Y Bạ đã tạo ra nó, hoặc đặt YBA_DATA tới thư mục khác.`,
    {
      textEn: `The database in ${folder} is of PostgreSQL ${version}, this program brings PostgreSQL ${MAJOR}. Run the version of Y Bạ that made it, or set YBA_DATA to another folder.`,
    },
  );
}

/** A cluster half made by an interrupted start is never seen: it is renamed into place when it is whole and on disk. */
async function create(cluster: Cluster): Promise<void> {
  const half = `${cluster.folder}.new`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { mode: 0o700 });
  handOver(half, cluster.account);
  // prettier-ignore
  await runToEnd(cluster, cluster.binaries.initdb, [
    '-D',
    half,
    '-U',
    SUPERUSER,
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--no-instructions',
  ]);
  await runToEnd(
    cluster,
    cluster.binaries.postgres,
    ['--single', '-D', half, 'postgres'],
    `create database ${DATABASE};\n`,
  );
  renameSync(half, cluster.folder);
}

async function runToEnd(cluster: Cluster, command: string, args: string[], input = ''): Promise<void> {
  const child = spawnAs(cluster.account, command, args, ['pipe', 'pipe', 'pipe']);
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (status === 0) return;
  const last = output.trim().split('\n').slice(-3).join(' ');
  throw new Failure('database-unavailable', `Không tạo được cơ sở dữ liệu: ${last}`, {
    textEn: `The database could not be made: ${last}`,
  });
}

/** Starts a program of PostgreSQL under the account, in a session of its own: Ctrl-C of the terminal is not for it. */
export function spawnAs(
  account: Account,
  command: string,
  args: string[],
  stdio: import('node:child_process').StdioOptions,
) {
  const [program, ...rest] = [...account.prefix, command, ...args];
  return spawn(program!, rest, {
    cwd: '/',
    detached: true,
    stdio,
    // Only what PostgreSQL needs: settings such as PGPORT or LD_LIBRARY_PATH of the caller must not reach it.
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', TZ: 'UTC', LC_ALL: 'C' },
    ...(account.uid === undefined ? {} : { uid: account.uid, gid: account.gid }),
  });
}

function socketFolder(folder: string): string {
  const inside = join(folder, 'run');
  if (Buffer.byteLength(join(inside, '.s.PGSQL.5432')) <= SOCKET_PATH_LIMIT) return inside;
  return join(tmpdir(), `yba-${BigInt.asUintN(64, hash64(folder)).toString(36)}`);
}

function handOver(path: string, account: Account): void {
  if (account.foreign) lchownSync(path, account.uid!, account.gid!);
  chmodSync(path, 0o700);
}

function handOverAll(folder: string, account: Account): void {
  if (!account.foreign) return;
  lchownSync(folder, account.uid!, account.gid!);
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    lchownSync(join(folder, name), account.uid!, account.gid!);
  }
}

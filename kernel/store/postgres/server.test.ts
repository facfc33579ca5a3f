import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'pg';
import type { Failure } from '../../failure.ts';
import { sharedBinaries } from '../testing.ts';
import { installedBinaries } from './binaries.ts';
import { startPostgres } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'yba-server-'));
chmodSync(root, 0o755);
after(() => rmSync(root, { recursive: true, force: true }));

const start = (name: string) => startPostgres({ folder: join(root, name), binariesFolder: sharedBinaries() });

async function ask(url: string, sql: string): Promise<Record<string, string>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  const failure = (await promise.then(
    () => undefined,
    (error) => error,
  )) as Failure;
  assert.equal(failure?.code, 'database-unavailable', String(failure));
  return failure.issues[0]!.text;
}

test('the server is durable, folds Vietnamese letters, listens on no network, and keeps its data over a restart', async () => {
  let server = await start('keeps');
  const settings = await ask(
    server.url,
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('full_page_writes') as pages,
      current_setting('listen_addresses') as network, current_setting('data_checksums') as sums, lower('ĐẶNG THỊ Ằ') as folded`,
  );
  assert.deepEqual(settings, [
    { fsync: 'on', commit: 'on', pages: 'on', network: '', sums: 'on', folded: 'đặng thị ằ' },
  ]);
  await ask(server.url, 'create table kept as select 42 as n');
  await server.stop();
  server = await start('keeps');
  assert.deepEqual(await ask(server.url, 'select n from kept'), [{ n: 42 }]);
  await server.stop();
  assert.equal(server.pid(), undefined);
});

test('the server never runs as root', async () => {
  const server = await start('keeps');
  const status = readFileSync(`/proc/${server.pid()}/status`, 'utf8');
  await server.stop();
  assert.notEqual(/^Uid:\s+(\d+)/m.exec(status)![1], '0');
});

test('library links that npm did not make are made at the start', () => {
  const { folder } = installedBinaries();
  const link = join(folder, 'lib/libicui18n.so.60');
  rmSync(link);
  installedBinaries();
  assert.equal(existsSync(link), true);
});

test('a second program on one folder is told to go elsewhere', async () => {
  const server = await start('twice');
  assert.match(await refusal(start('twice')), /đang được một chương trình Y Bạ khác sử dụng.*YBA_DATA/);
  await server.stop();
  await (await start('twice')).stop();
});

test('a folder that cannot be written or made is named', async () => {
  assert.match(
    await refusal(startPostgres({ folder: '/proc/nowhere/postgres' })),
    /Không ghi được vào thư mục dữ liệu \/proc\/nowhere/,
  );
  assert.match(await refusal(startPostgres({ folder: '/dev/null/postgres' })), /Không ghi được/);
});

test('a cluster of another version, or something that is no cluster, is refused and left as it is', async () => {
  const cluster = join(root, 'other/cluster');
  mkdirSync(cluster, { recursive: true });
  writeFileSync(join(cluster, 'PG_VERSION'), '19\n');
  assert.match(await refusal(start('other')), /thuộc PostgreSQL 19.*YBA_DATA/);
  rmSync(join(cluster, 'PG_VERSION'));
  assert.match(await refusal(start('other')), /không phải là cơ sở dữ liệu của Y Bạ/);
});

test('an initialisation that was cut off is begun anew', async () => {
  mkdirSync(join(root, 'half/cluster.new/base'), { recursive: true });
  const server = await start('half');
  assert.deepEqual(await ask(server.url, 'select 1 as n'), [{ n: 1 }]);
  await server.stop();
});

test('a lock file that names a living process of another kind does not stop the start', async () => {
  await (await start('lock')).stop();
  const stranger = spawn('sleep', ['60']);
  writeFileSync(
    join(root, 'lock/cluster/postmaster.pid'),
    `${stranger.pid}\n${root}/lock/cluster\n1\n5432\n\n\n0 0\n`,
  );
  const server = await start('lock');
  stranger.kill();
  assert.deepEqual(await ask(server.url, 'select 1 as n'), [{ n: 1 }]);
  await server.stop();
});

test('a server whose program was killed is stopped by its watcher, and the folder opens again', async () => {
  const program = spawn(
    process.execPath,
    [
      '--input-type=module-typescript',
      '-e',
      `import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
       const server = await startPostgres(${JSON.stringify({ folder: join(root, 'orphan'), binariesFolder: sharedBinaries() })});
       console.log(server.pid()); setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const pid = Number(
    await new Promise<string>((resolve) => program.stdout.once('data', (chunk) => resolve(String(chunk)))),
  );
  program.kill('SIGKILL');
  const server = await start('orphan');
  assert.notEqual(server.pid(), pid);
  assert.equal(existsSync(`/proc/${pid}/exe`), false);
  await server.stop();
});

test('a server that dies is started again on the same folder', async () => {
  const server = await start('again');
  const first = server.pid()!;
  process.kill(first, 'SIGKILL');
  while (server.pid() === first || server.pid() === undefined)
    await new Promise((resolve) => setTimeout(resolve, 10));
  for (;;) {
    const rows = await ask(server.url, 'select 1 as n').catch(() => null);
    if (rows) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await server.stop();
  const left = execFileSync('sh', [
    '-c',
    `ls -l /proc/[0-9]*/cwd 2>/dev/null | grep -c '${root}/again/cluster' || true`,
  ]);
  assert.equal(String(left).trim(), '0');
});

/**
 * Databases for tests: always a real PostgreSQL. `YBA_TEST_DATABASE_URL` names a server on which each caller gets a
 * database of its own; without it one embedded server in a temporary folder serves the test process. With
 * `YBA_TEST_PARTITIONS` its tables are cut by person (partitions.testing.ts).
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { partitionByPerson } from './partitions.testing.ts';
import { startPostgres } from './postgres/index.ts';

export interface TestServer {
  url: string;
  stop(): Promise<void>;
}

export interface TestDatabase {
  pool: pg.Pool;
  url: string;
  /** Ends the pool, drops the database, and stops the server when this process started it and nobody else uses it. */
  stop(): Promise<void>;
}

/** An embedded server in a temporary folder that is removed by `stop`. */
export async function startTestServer(
  options: { connections?: number } = {},
): Promise<TestServer & { pid(): number | undefined; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'yba-test-'));
  chmodSync(folder, 0o755);
  const server = await startPostgres({
    folder: join(folder, 'postgres'),
    binariesFolder: sharedBinaries(),
    connections: options.connections ?? 100,
  });
  return {
    url: server.url,
    folder,
    pid: () => server.pid(),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let shared: Promise<TestServer> | undefined;
let users = 0;

/** Connections that were ended take a moment to leave; one that is cut off instead would be an error of its pool. */
async function drop(url: string, name: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      return await once(url, `drop database if exists ${name}`);
    } catch (error) {
      if ((error as { code?: string }).code !== IN_USE) throw error;
      await pause(20);
    }
  }
  await once(url, `drop database if exists ${name} with (force)`);
}

const IN_USE = '55006';

/** An empty database of the caller's own. Call `stop` in `after`. */
export async function withDatabase(): Promise<TestDatabase> {
  users += 1;
  const given = process.env.YBA_TEST_DATABASE_URL;
  shared ??= given ? Promise.resolve({ url: given, stop: async () => undefined }) : startTestServer();
  const server = await shared;
  const name = `test_${process.pid}_${Date.now().toString(36)}_${Math.random().toString(36).slice(2, 8)}`;
  await once(server.url, `create database ${name}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 16, allowExitOnIdle: true });
  pool.on('error', () => undefined);
  const parts = Number(process.env.YBA_TEST_PARTITIONS ?? 0);
  if (parts > 0) await partitionByPerson(pool, parts);
  return {
    pool,
    url: url.href,
    stop: async () => {
      if (!pool.ended) await pool.end();
      await drop(server.url, name);
      users -= 1;
      if (users > 0) return;
      shared = undefined;
      await server.stop();
    },
  };
}

async function once(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** One copy of the binaries for all test processes of this user (only root needs one). */
export function sharedBinaries(): string {
  const folder = join(tmpdir(), `yba-postgresql-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  if (statSync(folder).uid !== process.getuid?.()) throw new Error(`${folder} belongs to another user`);
  return folder;
}

/** A database to back up: an embedded server in a folder of its own, with the record's schema and a table of the test. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openStore } from '../store/index.ts';
import { startPostgres } from '../store/postgres/index.ts';
import { sharedBinaries } from '../store/testing.ts';
import {
  type BaseOptions,
  newIdentity,
  type RestoreOptions,
  readIdentities,
  Shelf,
  takeBase,
} from './index.ts';

export async function openWorld() {
  const root = mkdtempSync(join(tmpdir(), 'yba-backup-'));
  chmodSync(root, 0o755);
  const dataFolder = join(root, 'data');
  const folders = [join(root, 'first'), join(root, 'second')];
  for (const folder of [dataFolder, ...folders]) mkdirSync(folder, { mode: 0o755 });
  const server = await startPostgres({
    folder: join(dataFolder, 'postgres'),
    binariesFolder: sharedBinaries(),
  });
  const pool = new pg.Pool({ connectionString: server.url, max: 4 });
  pool.on('error', () => undefined);
  const store = await openStore({ pool });
  await store.close();
  await pool.query(
    'create table note (n int primary key, at timestamptz not null default clock_timestamp())',
  );
  mkdirSync(join(dataFolder, 'exports'));
  writeFileSync(join(dataFolder, 'exports', 'one.ndjson'), '{"resourceType":"Patient"}\n');
  const { file, recipient } = await newIdentity(null);
  writeFileSync(join(root, 'identity'), file, { mode: 0o600 });
  const options: BaseOptions = {
    databaseUrl: server.url,
    clusterFolder: join(dataFolder, 'postgres', 'cluster'),
    dataFolder,
    leftOut: [join(dataFolder, 'postgres')],
    folders,
    recipients: [recipient],
    version: '0',
    now: () => new Date(),
  };
  const { rows } = await pool.query<{ id: string }>(
    'select system_identifier::text as id from pg_control_system()',
  );
  const cluster = rows[0]!.id;
  const shelves = folders.map((folder) => new Shelf(folder, cluster));
  return {
    root,
    pool,
    options,
    shelves,
    shelf: shelves[0]!,
    source: { pool, folder: options.clusterFolder, recipients: [recipient] },
    identities: await readIdentities(join(root, 'identity'), null),
    backup: (more: Partial<BaseOptions> = {}) => takeBase({ ...options, ...more }),
    note: (n: number) => pool.query('insert into note (n) values ($1)', [n]),
    /** Of the database, a moment that lies after all that was committed and before all that will be. */
    async moment(): Promise<Date> {
      const between = (await pool.query<{ at: Date }>('select clock_timestamp() as at, pg_sleep(0.01)'))
        .rows[0]!.at;
      return new Date(between.getTime() + 2);
    },
    restoreOptions: (target: string, until: Date | null = null): RestoreOptions => ({
      shelf: shelves[0]!,
      target: join(root, target),
      until,
      identities: [],
      binariesFolder: sharedBinaries(),
      prove: async () => undefined,
    }),
    async stop() {
      await pool.end();
      await server.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Notes of a restored data folder. */
export async function notesIn(dataFolder: string): Promise<number[]> {
  if (!existsSync(dataFolder)) throw new Error(`${dataFolder} is not there`);
  const server = await startPostgres({
    folder: join(dataFolder, 'postgres'),
    binariesFolder: sharedBinaries(),
  });
  const client = new pg.Client({ connectionString: server.url });
  try {
    await client.connect();
    return (await client.query<{ n: number }>('select n from note order by n')).rows.map(({ n }) => n);
  } finally {
    await client.end();
    await server.stop();
  }
}

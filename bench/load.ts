/**
 * `yba load`: the generated province as NDJSON into an empty record, then the same file again (everything is there), then a
 * tenth of it changed. Validation, feed, audit and all indexes included.
 *
 * `node bench/load.ts [people, default 14000] [threads]`
 */
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type LoadOptions, loadSources, openPool, openStore } from '../kernel/store/index.ts';
import { withDatabase } from '../kernel/store/testing.ts';
import { type Figure, report } from './bench.ts';
import { databaseSeconds } from './processes.ts';
import { writeProvince } from './province.ts';

const PEOPLE = Number(process.argv[2] ?? 14_000);
const THREADS = process.argv[3] === undefined ? {} : { threads: Number(process.argv[3]) };

const folder = mkdtempSync(join(tmpdir(), 'yba-bench-load-'));
const file = join(folder, 'province.ndjson');
const changed = join(folder, 'changed.ndjson');
const database = await withDatabase();
const pool = openPool(database.url);
const store = await openStore({ pool, sealEvery: 0 });
try {
  const { resources, bytes } = await writeProvince(file, PEOPLE);
  await changeSome(file, changed);
  const figures: Figure[] = [
    { name: 'JSON a resource', value: bytes / resources, unit: 'B' },
    ...(await measured('first load', file, { indexes: 'deferred' }, 10_000)),
    ...(await measured('the same again, all unchanged', file, { again: true })),
    ...(await measured('a tenth as new versions', changed, {})),
  ];
  report({ bench: 'load', what: `${resources} resources of ${PEOPLE} people as NDJSON, validated`, figures });
} finally {
  await store.close();
  await pool.end();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measured(
  name: string,
  source: string,
  options: Partial<LoadOptions>,
  bar?: number,
): Promise<Figure[]> {
  const act = { who: 'bench', whoDisplay: 'bench', why: 'HOPERAT' };
  const [cpu, server] = [process.cpuUsage(), await databaseSeconds(pool)];
  const summary = await loadSources(store, { sources: [source], ...act, ...THREADS, ...options });
  const used = process.cpuUsage(cpu);
  const inServer = (await databaseSeconds(pool)) - server;
  const all = summary.created + summary.updated + summary.unchanged;
  const seconds = summary.seconds.rows + summary.seconds.indexes;
  return [
    {
      name: `${name}: resources`,
      value: all / seconds,
      unit: '/s',
      ...(bar === undefined ? {} : { bar: { atLeast: bar } }),
    },
    { name: `${name}: JSON`, value: summary.bytes / 1e6 / seconds, unit: 'MB/s' },
    {
      name: `${name}: of the time for indexes and statistics`,
      value: (summary.seconds.indexes / seconds) * 100,
      unit: '%',
    },
    { name: `${name}: CPU of the program`, value: (used.user + used.system) / all, unit: 'µs a resource' },
    { name: `${name}: CPU of the database`, value: (inServer * 1e6) / all, unit: 'µs a resource' },
  ];
}

/** Every tenth line, with another language. */
async function changeSome(from: string, to: string): Promise<void> {
  const out = createWriteStream(to);
  let n = 0;
  for await (const line of createInterface({ input: createReadStream(from) })) {
    if (n++ % 10 !== 0) continue;
    if (!out.write(`${JSON.stringify({ ...JSON.parse(line), language: 'vi' })}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

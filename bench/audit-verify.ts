/**
 * `yba audit verify` over many lines: each is read and hashed anew, compared with its leaf, the tree with its signed heads. The
 * lines are generated in the database, sealed by the program, and lie on disk; two threads, PostgreSQL on the same cores.
 *
 * `node bench/audit-verify.ts [lines]`
 */
import { openPool, openStore } from '../kernel/store/index.ts';
import { startTestServer } from '../kernel/store/testing.ts';
import { type Figure, report } from './bench.ts';
import { databaseSeconds } from './processes.ts';

const LINES = Number(process.argv[2] ?? 10_000_000);
const THREADS = 2;
/** Transaction numbers of the past, three lines each; a new server has not given out as many itself. */
const BATCH = 500_000;

const server = await startTestServer();
const pool = openPool(server.url);
try {
  const prepared = await openStore({ pool, sealEvery: 0 });
  await prepared.close();
  // The lines lie in an era of the past, as after a move of the database: their numbers are then all settled.
  await pool.query('insert into era (n, cluster) select n + 1, cluster from era');
  for (let from = 0; from < LINES; from += BATCH) await generate(from, Math.min(from + BATCH, LINES));
  await pool.query('vacuum analyze audit');
  const store = await openStore({ pool, sealEvery: 0 });
  const sealed = await seconds(() => store.sealAudit());
  await pool.query('checkpoint');
  const before = await cpu();
  const verified = await seconds(async () => {
    const found = await store.verifyAudit({ threads: THREADS });
    if (!found.ok || found.lines !== LINES)
      throw new Error(`verification is wrong: ${JSON.stringify(found)}`);
  });
  const used = (await cpu()) - before;
  const { rows } = await pool.query<{ tiles: number; lines: number }>(
    `select pg_total_relation_size('audit_tile')::float8 as tiles,
       (select sum(pg_total_relation_size(inhrelid))::float8 from pg_inherits where inhparent = 'audit'::regclass) as lines`,
  );
  const figures: Figure[] = [
    {
      name: `verify ${LINES.toLocaleString('en')} lines`,
      value: verified,
      unit: 's',
      bar: { atMost: (60 * LINES) / 10_000_000 },
    },
    { name: 'verified a second', value: LINES / verified, unit: 'lines/s' },
    { name: 'CPU of program and database a line', value: (used / LINES) * 1e6, unit: 'µs' },
    { name: 'sealed a second (appending to the tree)', value: LINES / sealed, unit: 'lines/s' },
    { name: 'a line with its indexes', value: rows[0]!.lines / LINES, unit: 'B' },
    { name: 'its place in the tree', value: rows[0]!.tiles / LINES, unit: 'B' },
  ];
  await store.close();
  report({
    bench: 'audit-verify',
    what: `verification of ${LINES.toLocaleString('en')} audit lines by ${THREADS} threads`,
    figures,
  });
} finally {
  await pool.end();
  await server.stop();
}

async function cpu(): Promise<number> {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + (await databaseSeconds(pool));
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

/** Lines as reads make them: a person of 1.2 million, one of 5,444 staff, a resource. */
async function generate(from: number, to: number): Promise<void> {
  await pool.query(
    `insert into audit (ts, pt, xid, n, era, who, who_display, patient, action, what, why, outcome, ip, unit)
     select now() - interval '20 days' + i * interval '0.1 second', hashint8extended(i % 1200000, 1), 1000 + i / 3, i % 3 + 1, 1,
       'bs-' || i % 5444, 'Practitioner/bs-' || i % 5444, 'p' || md5((i % 1200000)::text), 'read',
       'Observation/' || md5(i::text), 'TREAT', 'ok', '10.1.2.' || i % 250, 'cs-25D' || i % 150
     from generate_series($1::int8, $2::int8 - 1) as i`,
    [from, to],
  );
}

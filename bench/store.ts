/**
 * Quick profile of the store: commits of 12-resource bundles, 16 at once, against bare PostgreSQL that writes the same
 * rows, in slices that take turns in one run; bytes a resource; CPU a bundle.
 *
 * `node bench/store.ts [seconds a slice] [rounds]`
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { AuditLine } from '../kernel/store/contract.ts';
import { type OpenStore, openPool, openStore } from '../kernel/store/index.ts';
import { startTestServer } from '../kernel/store/testing.ts';
import { bareYardsticks } from './bare.ts';
import { inParallel, quantile, report } from './bench.ts';
import { visitBundle } from './visit-bundle.ts';

const SECONDS = Number(process.argv[2] ?? 4);
const ROUNDS = Number(process.argv[3] ?? 3);
const AT_ONCE = 16;
const SIZES = `select
  (select sum(pg_total_relation_size(name::regclass)) from unnest(array['res', 'ord', 'str', 'log', 'person']) as name)
    / greatest((select count(*) from res), 1) as disk,
  (select avg(length(body)) from res) as body`;

const server = await startTestServer();
const pool = openPool(server.url);
const store = await openStore({ pool, sealEvery: 0 });
try {
  const slices = {
    store: () => commitBundle(store),
    ...(await bareYardsticks(pool)),
  };
  const rates: Record<keyof typeof slices, number[]> = { store: [], sameRows: [], indexed: [], keyed: [] };
  const cpu = { program: 0, database: 0, bundles: 0 };
  for (const slice of Object.values(slices)) await rateOf(slice, 2);
  for (let round = 0; round < ROUNDS; round++) {
    const before = { program: process.cpuUsage(), database: databaseTicks(server.pid()!) };
    rates.store.push(await rateOf(slices.store, SECONDS));
    const used = process.cpuUsage(before.program);
    cpu.program += used.user + used.system;
    cpu.database += databaseTicks(server.pid()!) - before.database;
    cpu.bundles += rates.store.at(-1)! * SECONDS;
    for (const name of ['sameRows', 'indexed', 'keyed'] as const)
      rates[name].push(await rateOf(slices[name], SECONDS));
  }
  const rate = (name: keyof typeof slices) => quantile(rates[name], 0.5);
  const size = (await pool.query(SIZES)).rows[0]!;
  report({
    bench: 'store',
    what: `commits of 12 resources against bare PostgreSQL (${ROUNDS} × ${SECONDS} s each); ${AT_ONCE} at once`,
    figures: [
      { name: 'store.commit', value: rate('store'), unit: 'bundles/s' },
      { name: 'bare PostgreSQL, the same rows', value: rate('sameRows'), unit: 'bundles/s' },
      { name: 'bare PostgreSQL, resource rows alone', value: rate('indexed'), unit: 'bundles/s' },
      { name: 'bare PostgreSQL, resource rows, primary key alone', value: rate('keyed'), unit: 'bundles/s' },
      { name: 'store ÷ bare, the same rows', value: rate('store') / rate('sameRows'), unit: '×' },
      { name: 'store ÷ bare, resource rows alone', value: rate('store') / rate('indexed'), unit: '×' },
      { name: 'CPU of the program a bundle', value: cpu.program / cpu.bundles, unit: 'µs' },
      { name: 'CPU of the database a bundle', value: (cpu.database * 10_000) / cpu.bundles, unit: 'µs' },
      { name: 'disk a resource, all tables and indexes', value: Number(size.disk), unit: 'B' },
      { name: 'body on disk', value: Number(size.body), unit: 'B' },
    ],
  });
} finally {
  await store.close();
  await pool.end();
  await server.stop();
}

async function commitBundle(store: OpenStore): Promise<void> {
  const patient = store.newId('Patient');
  const resources = visitBundle(patient, (type) => store.newId(type, patient));
  await store.commit(
    resources.map((resource) => ({ op: 'create' as const, resource })),
    [auditLine(patient)],
  );
}

function auditLine(patient: string): AuditLine {
  const who = { who: 'bs-1', whoDisplay: 'Practitioner/bs-1', ip: '127.0.0.1', unit: 'cs-25D01' };
  return { ...who, patient, action: 'create', what: 'Bundle', why: 'TREAT', outcome: 'ok' };
}

async function rateOf(run: () => Promise<void>, seconds: number): Promise<number> {
  const from = performance.now();
  let done = 0;
  await inParallel(AT_ONCE, AT_ONCE, async () => {
    while (performance.now() - from < seconds * 1000) {
      await run();
      done += 1;
    }
  });
  return (done * 1000) / (performance.now() - from);
}

/** CPU time of all processes of the server in clock ticks of 10 ms (proc(5), fields 14 and 15). */
function databaseTicks(postmaster: number): number {
  const children = execFileSync('ps', ['--ppid', String(postmaster), '-o', 'pid='])
    .toString()
    .trim()
    .split(/\s+/);
  return [String(postmaster), ...children]
    .map((pid) => statOf(pid))
    .reduce((sum, fields) => sum + Number(fields[11] ?? 0) + Number(fields[12] ?? 0), 0);
}

function statOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  } catch {
    return [];
  }
}

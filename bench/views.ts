/**
 * Evaluating the content's views over the resources of visits: compiled against the library's evaluator.
 *
 * Then a table made anew from a record of Observations in a database of its own (engines/views/build.ts), filled as `yba load`
 * does: one program and PostgreSQL on the same cores. With a million it takes some minutes, most of them for the loading.
 *
 * `node bench/views.ts [Observations in the database, default 100000]`
 */
import { randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evalSqlOnFhir } from '@medplum/core';
import { buildTable } from '../engines/views/build.ts';
import { evaluateView } from '../engines/views/evaluate.ts';
import type { ViewDefinition } from '../engines/views/view-table.ts';
import type { Resource } from '../kernel/fhir/types.ts';
import { loadSources, type OpenStore, openPool, openStore } from '../kernel/store/index.ts';
import type { MadeSource } from '../kernel/store/load/contract.ts';
import { startTestServer } from '../kernel/store/testing.ts';
import { type Figure, report } from './bench.ts';
import { databaseSeconds } from './processes.ts';
import { visitBundle } from './visit-bundle.ts';

const OBSERVATIONS = Number(process.argv[2] ?? 100_000);
/** Of one person. */
const EACH = 25;
const VISITS = 200;
const BENCH = { who: 'bench', whoDisplay: 'bench', why: 'HOPERAT' };
const ROUNDS = 15;
const FOLDER = join(import.meta.dirname, '../content/views');
const views = globSync('*.json', { cwd: FOLDER }).map(
  (name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as ViewDefinition,
);
const resources = Array.from({ length: VISITS }, () => visitBundle(randomUUID(), () => randomUUID())).flat();
const pairs = views.flatMap((view) =>
  resources
    .filter(({ resourceType }) => resourceType === view.resource)
    .map((resource) => ({ view, resource })),
);

/** What of SQL on FHIR the library knows. */
const evaluateGenerally = (view: ViewDefinition, resource: Resource) =>
  evalSqlOnFhir(view as never, [resource]);

type Evaluate = (view: ViewDefinition, resource: Resource) => unknown;

function run(evaluate: Evaluate): number {
  const started = performance.now();
  for (const { view, resource } of pairs) evaluate(view, resource);
  return performance.now() - started;
}

let compiled = 0;
let general = 0;
for (let round = 0; round < ROUNDS + 2; round++) {
  const times = [run(evaluateView), run(evaluateGenerally)];
  if (round < 2) continue;
  compiled += times[0]!;
  general += times[1]!;
}
const each = (ms: number) => (ms * 1000) / (ROUNDS * pairs.length);
report({
  bench: 'views',
  what: `${views.length} views over ${VISITS} visits: ${pairs.length} evaluations × ${ROUNDS}, in turns`,
  figures: [
    { name: 'compiled, a resource', value: each(compiled), unit: 'µs' },
    { name: "the library's evaluator, a resource", value: each(general), unit: 'µs' },
    { name: 'library ÷ compiled', value: general / compiled, unit: '×' },
    { name: 'resources a second, compiled', value: 1e6 / each(compiled), unit: '/s' },
    ...(await buildFigures()),
  ],
});

async function buildFigures(): Promise<Figure[]> {
  const view: ViewDefinition = {
    resourceType: 'ViewDefinition',
    name: 'measured',
    resource: 'Observation',
    status: 'active',
    select: [
      {
        column: [
          { name: 'code', path: 'code.coding.code.first()', type: 'code' },
          { name: 'encounter', path: 'encounter.getReferenceKey(Encounter)' },
          { name: 'effective', path: 'effective.ofType(dateTime)', type: 'dateTime' },
          { name: 'value', path: 'value.ofType(Quantity).value', type: 'decimal' },
          { name: 'unit_code', path: 'value.ofType(Quantity).code' },
        ],
      },
    ],
  };
  const server = await startTestServer();
  const pool = openPool(server.url);
  const store = await openStore({ pool, sealEvery: 0 });
  try {
    await loadSources(store, { sources: [observations(store)], indexes: 'deferred', ...BENCH });
    await pool.query('vacuum analyze');
    const memory = watchMemory();
    const before = { program: process.cpuUsage(), database: await databaseSeconds(pool) };
    const from = performance.now();
    let total = 0;
    await buildTable(store, pool, view, (progress) => {
      total = progress.seen;
    });
    const seconds = (performance.now() - from) / 1000;
    const { user, system } = process.cpuUsage(before.program);
    const database = (await databaseSeconds(pool)) - before.database;
    const most = memory.stop();
    const name = `table of ${total.toLocaleString('en')} Observations made anew`;
    return [
      { name, value: total / seconds, unit: 'resources/s', bar: { atLeast: 30_000 } },
      { name: `${name}, CPU of the program`, value: (user + system) / total, unit: 'µs a resource' },
      { name: `${name}, CPU of the database`, value: (database * 1e6) / total, unit: 'µs a resource' },
      { name: `${name}, memory that the program took for it`, value: most / 2 ** 20, unit: 'MiB' },
    ];
  } finally {
    await store.close();
    await pool.end();
    await server.stop();
  }
}

/** People with their measurements, made while they are loaded. */
function observations({ newId }: OpenStore): MadeSource {
  const people = Math.ceil(OBSERVATIONS / EACH);
  async function* bytes(): AsyncGenerator<Buffer> {
    for (let n = 0; n < people; n++) {
      const patient = newId('Patient');
      const lines: string[] = [];
      while (lines.length < EACH + 1) {
        for (const resource of visitBundle(patient, (type) => newId(type, patient))) {
          const isWanted = resource.resourceType === (lines.length === 0 ? 'Patient' : 'Observation');
          if (isWanted && lines.length < EACH + 1) lines.push(JSON.stringify(resource));
        }
      }
      yield Buffer.from(`${lines.join('\n')}\n`);
    }
  }
  return { name: 'observations', about: OBSERVATIONS * 700, bytes };
}

/** The most that the program holds beyond what it held before. */
function watchMemory(): { stop(): number } {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 50);
  return {
    stop: () => {
      clearInterval(timer);
      return most - before;
    },
  };
}

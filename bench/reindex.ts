/**
 * Passes over older rows (kernel/store/reindex): a parameter that every row has, one that half of them have beside the
 * row, one that none has, and a pass over rows that agree. One program, PostgreSQL on the same cores, fsync on.
 *
 * `node bench/reindex.ts [bundles of 12]`
 */
import type { Resource } from '../kernel/fhir/types.ts';
import { type OpenStore, openPool, openStore } from '../kernel/store/index.ts';
import { startTestServer } from '../kernel/store/testing.ts';
import { type Figure, inParallel, report } from './bench.ts';
import { databaseSeconds } from './processes.ts';
import { visitBundle } from './visit-bundle.ts';

const BUNDLES = Number(process.argv[2] ?? 10_000);

const PARAMETERS = [
  { id: 'ma', type: 'token', expression: 'Observation.code', what: 'a token of every row' },
  {
    id: 'so',
    type: 'quantity',
    expression: 'Observation.value.ofType(Quantity)',
    what: 'a quantity beside the row',
  },
  {
    id: 'khong',
    type: 'string',
    expression: "Observation.extension.where(url='http://x').value",
    what: 'in no row',
  },
  {
    id: 'may',
    type: 'string',
    expression: 'Observation.code.text.first()',
    what: 'FHIRPath beyond the grammar',
  },
];

const server = await startTestServer();
const pool = openPool(server.url);
const store = await openStore({ pool, sealEvery: 0 });
try {
  await inParallel(16, BUNDLES, () => commitBundle(store));
  await pool.query('vacuum analyze');
  const figures: Figure[] = [];
  for (const { what, ...more } of PARAMETERS) {
    // As long after the pass before as autovacuum takes.
    await pool.query('vacuum res, ord, str');
    await store.commit([{ op: 'update', resource: definition(more) }], []);
    figures.push(...(await passFigures(what)));
  }
  await store.reindexing.ask({ type: 'Observation' });
  figures.push(...(await passFigures('rows that agree')));
  report({
    bench: 'reindex',
    what: `passes over ${(await observations()).toLocaleString('en')} Observations`,
    figures,
  });
} finally {
  await store.close();
  await pool.end();
  await server.stop();
}

async function commitBundle({ newId, commit }: OpenStore): Promise<void> {
  const patient = newId('Patient');
  const resources = visitBundle(patient, (type) => newId(type, patient));
  await commit(
    resources.map((resource) => ({ op: 'create' as const, resource })),
    [],
  );
}

function definition({ id, ...more }: { id: string; type: string; expression: string }): Resource {
  const url = `http://example.org/SearchParameter/${id}`;
  const base = { resourceType: 'SearchParameter', id, url, name: id, status: 'active', description: id };
  return { ...base, code: id, base: ['Observation'], ...more } as unknown as Resource;
}

async function passFigures(what: string): Promise<Figure[]> {
  const before = { program: process.cpuUsage(), database: await databaseSeconds(pool) };
  const from = performance.now();
  await store.reindexing.runNow(new AbortController().signal, () => undefined);
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(before.program);
  const database = (await databaseSeconds(pool)) - before.database;
  const state = (await store.reindexing.states(true)).find(({ type }) => type === 'Observation')!;
  const name = `${what} (${Math.round((100 * state.changed) / state.seen)} % changed)`;
  return [
    { name, value: state.seen / seconds, unit: 'resources/s', bar: { atLeast: 10_000 } },
    { name: `${name}, CPU of the program`, value: (user + system) / state.seen, unit: 'µs a resource' },
    { name: `${name}, CPU of the database`, value: (database * 1e6) / state.seen, unit: 'µs a resource' },
  ];
}

async function observations(): Promise<number> {
  return (await store.reindexing.states(true)).find(({ type }) => type === 'Observation')!.seen;
}

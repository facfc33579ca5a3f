/**
 * Quick profile of the store: commits of 12-resource bundles, 16 at once, against bare PostgreSQL that writes the same
 * rows (one INSERT … SELECT unnest a bundle, primary key only, and once more with the store's indexes), interleaved in
 * one run.
 *
 *     node bench/store.ts [seconds a slice] [rounds]
 */
import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import type { Resource } from '../kernel/fhir/types.ts';
import type { AuditLine } from '../kernel/store/contract.ts';
import { hash64 } from '../kernel/store/hash.ts';
import { type OpenStore, openPool, openStore } from '../kernel/store/index.ts';
import { extractIndexes } from '../kernel/store/search/extract.ts';
import { startTestServer } from '../kernel/store/testing.ts';
import { byteas, int2s, int4s, int8s, texts } from '../kernel/store/wire.ts';
import { visitBundle } from './visit-bundle.ts';

const SECONDS = Number(process.argv[2] ?? 3);
const ROUNDS = Number(process.argv[3] ?? 3);
const AT_ONCE = 16;

type Slice = { name: string; run: (pool: pg.Pool) => Promise<void> };

const auditOf = (patient: string): AuditLine[] => [
  {
    who: 'bs-1',
    whoDisplay: 'Practitioner/bs-1',
    patient,
    action: 'create',
    what: 'Bundle',
    why: 'TREAT',
    outcome: 'ok',
    ip: '127.0.0.1',
    unit: 'cs-25D01',
  },
];

async function commitBundle(store: OpenStore): Promise<void> {
  const patient = store.newId('Patient');
  const writes = visitBundle(patient, (type) => store.newId(type, patient)).map((resource) => ({
    op: 'create' as const,
    resource,
  }));
  await store.commit(writes, auditOf(patient));
}

/** The same rows without the store: bodies as plain JSON, tokens prepared outside the measured time. */
function bareInsert(table: string): (pool: pg.Pool) => Promise<void> {
  const samples = Array.from({ length: 64 }, (_, i) => visitBundle(`bench-${i}`, (type) => `${type}-${i}`));
  const prepared = samples.map((bundle) => ({
    bodies: byteas(bundle.map((resource) => Buffer.from(JSON.stringify(resource)))),
    tok: bundle.map((resource) => extractIndexes(resource).tok),
    c0: bundle.map((resource) => extractIndexes(resource).c0),
    types: int2s(bundle.map((_, i) => i)),
  }));
  let serial = 0;
  const text = `insert into ${table} (pt, idh, c0, ts, d0, d1, has, ver, org, sec, t, codec, id, tok, body)
    select $1::int8, u.idh, u.c0, now(), now(), now(), 0, 1, null, 0, u.t, 0, u.id, ($5::int8[])[u.a:u.b], u.body
    from unnest($2::int8[], $3::text[], $4::bytea[], $6::int2[], $7::int4[], $8::int4[], $9::int8[]) as u(idh, id, body, t, a, b, c0)`;
  return async (pool) => {
    const sample = prepared[serial % prepared.length]!;
    const number = serial++;
    const ids = sample.tok.map((_, i) => `b${number}-${i}`);
    const ends: number[] = [];
    let end = 0;
    for (const tok of sample.tok) ends.push((end += tok.length));
    await pool.query({
      name: `bare_${table}`,
      text,
      values: [
        hash64(`Patient/${number}`).toString(),
        int8s(ids.map(hash64)),
        texts(ids),
        sample.bodies,
        int8s(sample.tok.flat()),
        sample.types,
        int4s(ends.map((value, i) => value - sample.tok[i]!.length + 1)),
        int4s(ends),
        int8s(sample.c0),
      ],
    });
  };
}

async function measure(pool: pg.Pool, slice: Slice): Promise<number> {
  const stop = performance.now() + SECONDS * 1000;
  let done = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (performance.now() < stop) {
        await slice.run(pool);
        done += 1;
      }
    }),
  );
  return done / ((performance.now() - started) / 1000);
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const server = await startTestServer();
try {
  const pool = openPool(server.url);
  const store = await openStore({ pool, sealEvery: 0 });
  await pool.query('create table bare (like res); alter table bare add primary key (pt, t, idh)');
  await pool.query('create table bare_indexed (like res including indexes)');
  const slices: Slice[] = [
    { name: 'bare, primary key', run: bareInsert('bare') },
    { name: 'bare, all indexes', run: bareInsert('bare_indexed') },
    { name: 'store.commit', run: () => commitBundle(store) },
  ];
  for (const slice of slices) await measure(pool, { ...slice });
  const rates = new Map<string, number[]>(slices.map((slice) => [slice.name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const slice of slices) rates.get(slice.name)!.push(await measure(pool, slice));
  }
  const base = median(rates.get('bare, primary key')!);
  for (const [name, values] of rates) {
    const rate = median(values);
    console.log(
      `${name.padEnd(20)} ${rate.toFixed(0).padStart(6)} bundles/s  ${(rate * 12).toFixed(0).padStart(7)} resources/s  ratio ${(rate / base).toFixed(2)}  (${values.map((value) => value.toFixed(0)).join(', ')})`,
    );
  }
  const size =
    await pool.query(`select (pg_total_relation_size('res') + pg_total_relation_size('ord') + pg_total_relation_size('str') + pg_total_relation_size('log')) / greatest((select count(*) from res), 1) as bytes,
    (select avg(length(body))::int from res) as body, (select avg(octet_length(body))::int from bare) as plain`);
  console.log(
    'bytes a resource with indexes, side rows and feed:',
    size.rows[0].bytes,
    '· body packed:',
    size.rows[0].body,
    '· plain:',
    size.rows[0].plain,
  );
  await cpuOfExtraction();
  await store.close();
  await pool.end();
} finally {
  await server.stop();
}

/** Share of the program's own work in a commit. */
async function cpuOfExtraction(): Promise<void> {
  const bundle: Resource[] = visitBundle('p', (type) => `${type}-x`);
  const times = 2000;
  const started = performance.now();
  for (let i = 0; i < times; i++) for (const resource of bundle) extractIndexes(resource);
  console.log(
    `extractIndexes: ${(((performance.now() - started) * 1000) / times / bundle.length).toFixed(1)} µs a resource`,
  );
}

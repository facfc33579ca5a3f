/**
 * Searches of the store itself: people by name among 200,000, clinical questions about one person, and the speed of
 * extraction. Run: `node bench/search.ts [people, default 200000]`. Rows are written by COPY-like inserts, not by commits.
 */

import { openContent } from '../kernel/content/content.ts';
import type { Resource } from '../kernel/fhir/types.ts';
import { tailOf } from '../kernel/store/body.ts';
import { openCodecs } from '../kernel/store/codecs.ts';
import { patientOf, shardKey } from '../kernel/store/compartment.ts';
import { hash64 } from '../kernel/store/hash.ts';
import { openPool, openStore } from '../kernel/store/index.ts';
import type { IndexRow } from '../kernel/store/index-row.ts';
import { typeNumber } from '../kernel/store/resource-types.ts';
import { extractIndexes, runSearch } from '../kernel/store/search/index.ts';
import { withDatabase } from '../kernel/store/testing.ts';
import { byteas, float8s, instants, int2s, int8s, texts } from '../kernel/store/wire.ts';
import { foldText } from '../kernel/text/fold.ts';
import { type Figure, inParallel, quantile, report } from './bench.ts';

const PEOPLE = Number(process.argv[2] ?? 200_000);
const WITH_LIFE = 5_000;
const OBSERVATIONS = 40;
const BATCH = 4_000;
const CALLS = 300;

const content = openContent(new URL('../content', import.meta.url).pathname);
let state = 20261122;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 4294967296;
};

/** Draws from a table by its weights. */
function drawer(table: string, column: string): () => string {
  const rows = content.table(table);
  let sum = 0;
  const steps = rows.map((row) => {
    sum += Number(row.weight);
    return { upTo: sum, text: row[column]! };
  });
  return () => {
    const at = random() * sum;
    return steps.find((step) => step.upTo >= at)!.text;
  };
}

const surname = drawer('demo/surnames', 'surname');
const middle = drawer('demo/middle-names', 'middle');
const given = drawer('demo/given-words', 'word');

function person(n: number): Resource {
  const words = [surname(), middle(), given()];
  if (random() < 0.4) words.splice(2, 0, given());
  const day = new Date(Date.UTC(1940, 0, 1) + Math.floor(random() * 31_000) * 86_400_000)
    .toISOString()
    .slice(0, 10);
  return {
    resourceType: 'Patient',
    id: `p${n}`,
    name: [{ text: words.join(' '), family: words[0]!, given: words.slice(1) }],
    gender: random() < 0.5 ? 'male' : 'female',
    birthDate: day,
    identifier: [{ system: 'http://yba.vn/fhir/sid/cccd', value: `099${String(n).padStart(9, '0')}` }],
    address: [{ text: 'Xã Tam Đảo, tỉnh Phú Thọ', city: 'Xã Tam Đảo', state: 'Tỉnh Phú Thọ', country: 'VN' }],
  } as Resource;
}

const CODES = ['8867-4', '8310-5', '2339-0', '2160-0', '9279-1', '59408-5', '29463-7', '8302-2'];

function observation(n: number, i: number): Resource {
  const at = new Date(
    Date.UTC(2024, 0, 1) + Math.floor(random() * 900) * 86_400_000 + i * 60_000,
  ).toISOString();
  return {
    resourceType: 'Observation',
    id: `o${n}-${i}`,
    status: 'final',
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' },
        ],
      },
    ],
    code: { coding: [{ system: 'http://loinc.org', code: CODES[i % CODES.length] }] },
    subject: { reference: `Patient/p${n}` },
    encounter: { reference: `Encounter/e${n}-${i >> 3}` },
    effectiveDateTime: at,
    valueQuantity: {
      value: Math.round(random() * 2000) / 10,
      unit: 'x',
      system: 'http://unitsofmeasure.org',
      code: 'x',
    },
  } as Resource;
}

const database = await withDatabase();
try {
  const pool = openPool(database.url);
  const store = await openStore({ pool, sealEvery: 0 });
  const codecs = await openCodecs(pool);
  const names: string[] = [];
  const extractMs = await fill(names);
  await database.pool.query('vacuum analyze res, str, ord, code');
  const tools = { db: pool, codecs };
  const ask = (type: Resource['resourceType'], params: [string, string][]) =>
    runSearch(tools, { type, params });
  const some = () => names[Math.floor(random() * names.length)]!;
  const one = () => `p${Math.floor(random() * WITH_LIFE)}`;
  const questions: [name: string, run: () => Promise<unknown>, bar?: Figure['bar']][] = [
    [
      'three letters of a family name',
      () => ask('Patient', [['name', foldText(some()).slice(0, 3)]]),
      { atMost: 50 },
    ],
    ['whole name with marks', () => ask('Patient', [['name', some()]]), { atMost: 50 }],
    [
      'two words, reversed',
      () => ask('Patient', [['name', foldText(some()).split(' ').reverse().slice(0, 2).join(' ')]]),
      { atMost: 50 },
    ],
    [
      'given word only',
      () => ask('Patient', [['name', foldText(some()).split(' ').at(-1)!]]),
      { atMost: 50 },
    ],
    [
      'family and middle word',
      () => ask('Patient', [['name', foldText(some()).split(' ').slice(0, 2).reverse().join(' ')]]),
      { atMost: 50 },
    ],
    ['no such name', () => ask('Patient', [['name', 'nguyen qzx']]), { atMost: 50 }],
    [
      'identifier',
      () => ask('Patient', [['identifier', `099${String(Math.floor(random() * PEOPLE)).padStart(9, '0')}`]]),
    ],
    [
      'birth date and sex',
      () =>
        ask('Patient', [
          ['birthdate', '1985-02-07'],
          ['gender', 'female'],
        ]),
    ],
    [
      'Observation?patient&code&_sort=-date',
      () =>
        ask('Observation', [
          ['patient', one()],
          ['code', 'http://loinc.org|2160-0'],
          ['_sort', '-date'],
        ]),
    ],
    [
      'Observation?patient&_include',
      () =>
        ask('Observation', [
          ['patient', one()],
          ['_include', 'Observation:subject'],
        ]),
    ],
    [
      'Observation?code&date of a day',
      () =>
        ask('Observation', [
          ['code', '2160-0'],
          ['date', '2025-03-03'],
        ]),
    ],
    [
      'Observation?code-value-quantity, chained to sex',
      () =>
        ask('Observation', [
          ['code-value-quantity', '2160-0$gt199'],
          ['patient.gender', 'male'],
        ]),
    ],
    ['newest of a type', () => ask('Observation', [['_sort', '-date']])],
  ];
  const figures: Figure[] = [
    { name: 'extractIndexes, mean', value: extractMs * 1000, unit: 'µs a resource', bar: { atMost: 30 } },
  ];
  for (const [name, run, bar] of questions) {
    await inParallel(1, 30, run);
    const { each } = await inParallel(1, CALLS, run);
    figures.push({ name: `${name}, p50`, value: quantile(each, 0.5), unit: 'ms' });
    figures.push({ name: `${name}, p95`, value: quantile(each, 0.95), unit: 'ms', ...(bar ? { bar } : {}) });
  }
  const bytes = await database.pool.query<{ table: string; bytes: number; rows: number }>(
    `select relname as table, pg_total_relation_size(oid)::float8 as bytes, reltuples::float8 as rows from pg_class
     where relname in ('res', 'str', 'ord', 'code') and relkind = 'r' order by 1`,
  );
  const resources = PEOPLE + WITH_LIFE * OBSERVATIONS;
  for (const row of bytes.rows)
    figures.push({
      name: `table ${row.table} with its indexes`,
      value: row.bytes / resources,
      unit: 'bytes a resource',
    });
  report({
    bench: 'search',
    what: `${PEOPLE} people and ${WITH_LIFE * OBSERVATIONS} observations, one caller`,
    figures,
  });
  await store.close();
  await pool.end();
} finally {
  await database.stop();
}

/** Writes everything; mean milliseconds of one extraction. */
async function fill(names: string[]): Promise<number> {
  let batch: Resource[] = [];
  let spent = 0;
  let count = 0;
  const flush = async () => {
    const started = performance.now();
    const rows = batch.map((resource) => extractIndexes(resource));
    spent += performance.now() - started;
    count += batch.length;
    await insert(batch, rows);
    batch = [];
  };
  for (let n = 0; n < PEOPLE; n++) {
    const patient = person(n);
    if (n % 50 === 0) names.push((patient as { name: { text: string }[] }).name[0]!.text);
    batch.push(patient);
    if (n < WITH_LIFE) for (let i = 0; i < OBSERVATIONS; i++) batch.push(observation(n, i));
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  return spent / count;
}

async function insert(resources: Resource[], rows: IndexRow[]): Promise<void> {
  const keys = resources.map((resource) => ({
    pt: shardKey(patientOf(resource)),
    idh: hash64(`${resource.resourceType}/${resource.id}`),
  }));
  await database.pool.query(
    `insert into res (pt, idh, c0, ts, d0, d1, has, ver, sec, t, codec, id, tok, body)
     select u.pt, u.idh, u.c0, now(), u.d0, u.d1, u.has, 1, 0, u.t, 0, u.id, u.tok::int8[], u.body
     from unnest($1::int8[], $2::int8[], $3::int8[], $4::timestamptz[], $5::timestamptz[], $6::int8[], $7::int2[], $8::text[], $9::text[], $10::bytea[])
       as u(pt, idh, c0, d0, d1, has, t, id, tok, body)`,
    [
      int8s(keys.map((key) => key.pt)),
      int8s(keys.map((key) => key.idh)),
      int8s(rows.map((row) => row.c0)),
      instants(rows.map((row) => row.d0)),
      instants(rows.map((row) => row.d1)),
      int8s(rows.map((row) => row.has)),
      int2s(resources.map((resource) => typeNumber(resource.resourceType)!)),
      texts(resources.map((resource) => resource.id!)),
      texts(rows.map((row) => `{${row.tok.join(',')}}`)),
      byteas(resources.map((resource) => Buffer.from(tailOf(resource)))),
    ],
  );
  const side = <T>(pick: (row: IndexRow) => T[]) =>
    rows.flatMap((row, i) => pick(row).map((item) => ({ ...item, ...keys[i]! })));
  const ord = side((row) => row.ord);
  await database.pool.query(
    'insert into ord (p, lo, hi, pt, idh) select * from unnest($1::int8[], $2::float8[], $3::float8[], $4::int8[], $5::int8[])',
    [
      int8s(ord.map((o) => o.p)),
      float8s(ord.map((o) => o.lo)),
      float8s(ord.map((o) => o.hi)),
      int8s(ord.map((o) => o.pt)),
      int8s(ord.map((o) => o.idh)),
    ],
  );
  const str = side((row) => row.str);
  await database.pool.query(
    'insert into str (p, pt, idh, s) select * from unnest($1::int8[], $2::int8[], $3::int8[], $4::text[])',
    [
      int8s(str.map((s) => s.p)),
      int8s(str.map((s) => s.pt)),
      int8s(str.map((s) => s.idh)),
      texts(str.map((s) => s.s)),
    ],
  );
  const words = [...new Map(rows.flatMap((row) => row.codes).map((word) => [word.h, word])).values()];
  await database.pool.query(
    'insert into code (h, p, sys, code, display) select * from unnest($1::int8[], $2::text[], $3::text[], $4::text[], $5::text[]) on conflict do nothing',
    [
      int8s(words.map((w) => w.h)),
      texts(words.map((w) => w.p)),
      texts(words.map((w) => w.sys)),
      texts(words.map((w) => w.code)),
      texts(words.map((w) => w.display)),
    ],
  );
}

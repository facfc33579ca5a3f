/**
 * Bytes on disk a resource: the generated province by bulk load, then a year of changes by commits, month by month with
 * the vacuum that runs by itself in a real house. Every table and index.
 *
 * `node bench/disk.ts [people, default 14000]`
 */
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Resource } from '../kernel/fhir/types.ts';
import { patientOf } from '../kernel/store/compartment.ts';
import type { AuditLine, Write } from '../kernel/store/contract.ts';
import { loadSources, openPool, openStore } from '../kernel/store/index.ts';
import { withDatabase } from '../kernel/store/testing.ts';
import { type Figure, inParallel, report } from './bench.ts';
import { writeProvince } from './province.ts';

const PEOPLE = Number(process.argv[2] ?? 14_000);
const MONTHS = 12;
const SIZES = `select c.relname as name, c.relkind = 'i' as is_index,
    (pg_relation_size(c.oid) + coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0))::float8 as bytes
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'i') order by bytes desc`;
/** Below this a table is summed up with the others. */
const SMALL = 1;

/**
 * Superseded versions that a year brings, in hundredths of a version for each resource of a type: the visits of a year are
 * 12 of the 28 months that the province has; a visit is written when the person arrives, when the doctor begins and when it
 * ends; orders and prescriptions are closed; cards are renewed each year; one person in seven moves or gets a new number; a third
 * of the diagnoses end.
 */
const YEAR: Record<string, number> = {
  Encounter: 86,
  MedicationRequest: 43,
  ServiceRequest: 43,
  DiagnosticReport: 43,
  Claim: 43,
  Coverage: 100,
  Patient: 15,
  Condition: 14,
};

const folder = mkdtempSync(join(tmpdir(), 'yba-bench-disk-'));
const file = join(folder, 'province.ndjson');
const database = await withDatabase();
const pool = openPool(database.url);
const store = await openStore({ pool, sealEvery: 0 });
try {
  const { resources, bytes } = await writeProvince(file, PEOPLE);
  const act = { who: 'bench', whoDisplay: 'bench', why: 'HOPERAT' };
  await loadSources(store, { sources: [file], ...act, indexes: 'deferred' });
  const loaded = await sizes(resources);
  for (let month = 0; month < MONTHS; month++) {
    await changeMonth(month);
    await pool.query('vacuum (analyze)');
  }
  const after = await sizes(resources);
  const versions = Number((await pool.query('select count(*) as n from hist')).rows[0].n);
  const total = (table: Map<string, number>) => [...table.values()].reduce((sum, size) => sum + size, 0);
  const others = [...after].filter(([, size]) => size < SMALL).reduce((sum, [, size]) => sum + size, 0);
  const figures: Figure[] = [
    {
      name: 'all tables and indexes, with a year of history',
      value: total(after),
      unit: 'B a resource',
      bar: { atMost: 1_200 },
    },
    { name: 'after the load', value: total(loaded), unit: 'B a resource' },
    { name: 'JSON', value: bytes / resources, unit: 'B a resource' },
    { name: 'superseded versions', value: versions / resources, unit: 'a resource' },
    ...[...after].filter(([, size]) => size >= SMALL).map(([name, value]) => ({ name, value, unit: 'B' })),
    { name: 'all others', value: others, unit: 'B' },
  ];
  report({
    bench: 'disk',
    what: `${resources} resources of ${PEOPLE} people, then a year of changes`,
    figures,
  });
} finally {
  await store.close();
  await pool.end();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function sizes(resources: number): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ name: string; is_index: boolean; bytes: number }>(SIZES);
  return new Map(
    rows.map(({ name, is_index, bytes }) => [is_index ? `index ${name}` : name, bytes / resources]),
  );
}

/** The changes that fall into a month: what follows each other and is of one person is one commit with its audit line. */
async function changeMonth(month: number): Promise<void> {
  let waiting: { person: string | null; writes: Write[] }[] = [];
  const flush = async () => {
    const commits = waiting;
    waiting = [];
    await inParallel(8, commits.length, (i) =>
      store.commit(commits[i]!.writes, [lineOf(commits[i]!.person)]),
    );
  };
  let n = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    n += 1;
    const resource = JSON.parse(line) as Resource;
    if (!isChanged(n, month, YEAR[resource.resourceType] ?? 0)) continue;
    const write: Write = { op: 'update', resource: { ...resource, language: `vi-x-${month}` } as Resource };
    const person = patientOf(resource);
    const last = waiting.at(-1);
    if (last && last.person === person) last.writes.push(write);
    else {
      if (waiting.length >= 400) await flush();
      waiting.push({ person, writes: [write] });
    }
  }
  await flush();
}

function lineOf(patient: string | null): AuditLine {
  const who = { who: 'bs-1', whoDisplay: 'Practitioner/bs-1', ip: '127.0.0.1', unit: 'cs-25D01' };
  return { ...who, patient, action: 'update', what: 'Bundle', why: 'TREAT', outcome: 'ok' };
}

/** Spreads so many hundredths evenly over resources and months. */
function isChanged(n: number, month: number, hundredths: number): boolean {
  const place = (n * 7919 + month * 104729) % (100 * MONTHS);
  return place < hundredths;
}

/**
 * Forecasts of 10,000 children by the immunisation schedule: `node bench/forecast.ts [children]`. Goal: 2 s.
 * From the record in a database of its own, filled as `yba load` does, to the standing of each child: reading, FHIRPath and the
 * forecast, each by itself and together. CPU seconds of this process and of PostgreSQL, because others may be at work beside it.
 */
import { join } from 'node:path';
import {
  type Course,
  courseOf,
  type Facts,
  type OpenProgramme,
  programmesOn,
} from '../engines/programmes/index.ts';
import { openContent } from '../kernel/content/content.ts';
import { readStoredJson } from '../kernel/fhir/json/read.ts';
import type { Immunization, Patient, Resource } from '../kernel/fhir/types.ts';
import { loadSources, type OpenStore, openPool, openStore } from '../kernel/store/index.ts';
import type { MadeSource } from '../kernel/store/load/contract.ts';
import { startTestServer } from '../kernel/store/testing.ts';
import { type Figure, report } from './bench.ts';
import { databaseSeconds } from './processes.ts';

const CHILDREN = Number(process.argv[2] ?? 10_000);
const DAY_MS = 86_400_000;
const TODAY = Math.floor(Date.UTC(2026, 10, 22) / DAY_MS);
const NOW = new Date('2026-11-22T09:00:00+07:00');
const BENCH = { who: 'bench', whoDisplay: 'bench', why: 'HOPERAT' };
const SCHEDULE: [cvx: string, days: number][] = [
  ['08', 0],
  ['19', 2],
  ['102', 62],
  ['02', 62],
  ['119', 62],
  ['102', 93],
  ['02', 93],
  ['119', 93],
  ['102', 125],
  ['02', 125],
  ['10', 155],
  ['05', 276],
  ['10', 280],
  ['39', 370],
  ['39', 378],
  ['04', 552],
  ['01', 552],
  ['39', 745],
  ['09', 2560],
];

const dayText = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** A child of up to eight years with the doses of its age, some too early, some missed. */
function childOf(n: number, { newId }: OpenStore): Resource[] {
  const id = newId('Patient');
  const birth = TODAY - ((n * 7919) % 2900);
  const patient: Patient = { resourceType: 'Patient', id, birthDate: dayText(birth), gender: 'female' };
  const doses = SCHEDULE.flatMap(([cvx, days], at): Immunization[] => {
    const day = birth + days + ((n * 31 + at * 17) % 20);
    if (day > TODAY || (n + at * 7) % 11 === 0) return [];
    return [
      {
        resourceType: 'Immunization',
        id: newId('Immunization', id),
        status: 'completed',
        vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: cvx }] },
        patient: { reference: `Patient/${id}` },
        occurrenceDateTime: dayText(day),
        lotNumber: `L${at}`,
      },
    ];
  });
  return [patient, ...doses];
}

function children(store: OpenStore, ids: string[]): MadeSource {
  async function* bytes(): AsyncGenerator<Buffer> {
    for (let n = 0; n < CHILDREN; n++) {
      const resources = childOf(n, store);
      ids.push(resources[0]!.id!);
      yield Buffer.from(`${resources.map((one) => JSON.stringify(one)).join('\n')}\n`);
    }
  }
  return { name: 'children', about: CHILDREN * 4_000, bytes };
}

/** What is read of the children for a forecast, as the change feed of programmes reads it. */
async function* readChildren(
  store: OpenStore,
  patients: readonly string[],
  { asker }: OpenProgramme,
): AsyncGenerator<Resource[]> {
  for await (const piece of store.personsRows({ patients, types: ['Patient', ...asker.types] }))
    for (const { own } of piece) yield own.map(({ body }) => readStoredJson(body) as Resource);
}

const factsOf = (open: OpenProgramme, resources: readonly Resource[]): Facts =>
  open.asker.factsOf(resources.find((one) => one.resourceType === 'Patient') as Patient, resources, NOW);

/** Seconds of CPU of a piece of work. */
function cpu<T>(work: () => T): [T, number] {
  const before = process.cpuUsage();
  const answer = work();
  const { user, system } = process.cpuUsage(before);
  return [answer, (user + system) / 1e6];
}

const content = openContent(join(import.meta.dirname, '../content'));
const server = await startTestServer();
const pool = openPool(server.url);
const store = await openStore({ pool, sealEvery: 0 });
try {
  const ids: string[] = [];
  await loadSources(store, { sources: [children(store, ids)], indexes: 'deferred', ...BENCH });
  await pool.query('vacuum analyze');
  const [open] = (await programmesOn({ content, store }, '2026-11-22')).filter(
    ({ programme }) => programme.key === 'tiem-chung-mo-rong',
  );
  await wholeOf(open!, ids.slice(0, 500));
  const whole = await wholeOf(open!, ids);
  const records: Resource[][] = [];
  for await (const one of readChildren(store, ids, open!)) records.push(one);
  const [facts, asking] = cpu(() => records.map((one) => factsOf(open!, one)));
  const [courses, judging] = cpu(() => facts.map((one) => courseOf(open!, one, TODAY)));
  report({
    bench: 'forecast',
    what: `${CHILDREN} children of up to eight years with ${records.flat().length - CHILDREN} doses, ${tasksOf(courses)} open tasks`,
    figures: [
      { name: 'from the record to forecasts', value: whole.seconds, unit: 's', bar: { atMost: 2 } },
      { name: 'of it CPU of this process', value: whole.program, unit: 's' },
      { name: 'of it CPU of PostgreSQL', value: whole.database, unit: 's' },
      { name: 'FHIRPath alone, CPU', value: asking, unit: 's' },
      { name: 'the forecast alone, CPU', value: judging, unit: 's' },
    ] satisfies Figure[],
  });
} finally {
  await store.close();
  await pool.end();
  await server.stop();
}

function tasksOf(courses: readonly Course[]): number {
  return courses.reduce((all, { tasks }) => all + tasks.length, 0);
}

async function wholeOf(open: OpenProgramme, ids: readonly string[]) {
  const before = { program: process.cpuUsage(), database: await databaseSeconds(pool) };
  const from = performance.now();
  for await (const one of readChildren(store, ids, open)) courseOf(open, factsOf(open, one), TODAY);
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(before.program);
  const database = (await databaseSeconds(pool)) - before.database;
  return { seconds, program: (user + system) / 1e6, database };
}

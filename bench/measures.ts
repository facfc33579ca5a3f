/**
 * `$evaluate-measure` over a province: hypertension control of the content (two groups, strata by sex and age), asked for later.
 * Persons a second, and how much the program grows. `node bench/measures.ts [persons, default 20000]`
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bundle, MeasureReport, Resource } from '../kernel/fhir/types.ts';
import { loadSources, type OpenStore, openStore } from '../kernel/store/index.ts';
import { startTestServer } from '../kernel/store/testing.ts';
import { report } from './bench.ts';
import { databaseSeconds } from './processes.ts';
import { runProgram } from './program.ts';
import { skipViews } from './reading.ts';

const PERSONS = Number(process.argv[2] ?? 20_000);
const PATH = '/fhir/Measure/kiem-soat-tang-huyet-ap/$evaluate-measure?periodStart=2026&periodEnd=2026';
const LOINC = 'http://loinc.org';
/** Every so many has high blood pressure; of these every so many reached the target. */
const EVERY = 3;
const REACHED = 2;

/** A person, a visit, and of who is ill the diagnosis and two measurements. */
function recordOf(n: number): Resource[] {
  const subject = { reference: `Patient/ben-${n}` };
  const own: Resource[] = [
    {
      resourceType: 'Patient',
      id: `ben-${n}`,
      gender: n % 2 === 0 ? 'female' : 'male',
      birthDate: `${1930 + (n % 70)}-03-01`,
      name: [{ text: `Người ${n}` }],
    },
    {
      resourceType: 'Encounter',
      id: `ben-${n}-v`,
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      subject,
      period: { start: '2026-05-02T08:00:00+07:00' },
    },
  ];
  if (n % EVERY !== 0) return own;
  const systolic = (n / EVERY) % REACHED === 0 ? 130 : 150;
  return [
    ...own,
    {
      resourceType: 'Condition',
      id: `ben-${n}-c`,
      subject,
      recordedDate: '2024-05-01',
      code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'I10' }] },
    },
    pressureOf(n, 'a', '2026-02-01T08:00:00+07:00', 160),
    pressureOf(n, 'b', '2026-09-01T08:00:00+07:00', systolic),
  ];
}

function pressureOf(n: number, name: string, effectiveDateTime: string, systolic: number): Resource {
  const component = (code: string, value: number) => ({
    code: { coding: [{ system: LOINC, code }] },
    valueQuantity: { value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
  });
  return {
    resourceType: 'Observation',
    id: `ben-${n}-${name}`,
    status: 'final',
    subject: { reference: `Patient/ben-${n}` },
    code: { coding: [{ system: LOINC, code: '85354-9' }] },
    effectiveDateTime,
    component: [component('8480-6', systolic), component('8462-4', 80)],
  };
}

async function* lines(): AsyncGenerator<Buffer> {
  for (let from = 0; from < PERSONS; from += 500) {
    let text = '';
    for (let n = from; n < Math.min(from + 500, PERSONS); n++)
      for (const resource of recordOf(n)) text += `${JSON.stringify(resource)}\n`;
    yield Buffer.from(text);
  }
}

async function load(store: OpenStore): Promise<number> {
  const skipping = setInterval(() => void skipViews(store).catch(() => undefined), 500);
  const { created } = await loadSources(store, {
    sources: [{ name: 'measures', about: PERSONS * 1_200, bytes: lines }],
    ...{ who: 'bench', whoDisplay: 'bench', why: 'HOPERAT' },
  });
  clearInterval(skipping);
  await store.pool.query('analyze');
  await skipViews(store);
  await pause(3_000);
  return created;
}

const residentMiB = (pid: number) =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** User and system seconds of a process. */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const server = await startTestServer();
const program = await runProgram({ DATABASE_URL: server.url, YBA_DEMO: 'off' });
const store = await openStore({ url: server.url, sealEvery: 0 });
try {
  const resources = await load(store);
  const authorization = await program.token();
  const before = residentMiB(program.pid);
  const [processor, database] = [processorSeconds(program.pid), await databaseSeconds(store.pool)];
  const began = performance.now();
  const taken = await fetch(`${program.address}${PATH}`, {
    headers: { authorization, prefer: 'respond-async' },
  });
  const place = taken.headers.get('content-location')!;
  let most = before;
  let answer: Response;
  do {
    await pause(500);
    most = Math.max(most, residentMiB(program.pid));
    answer = await fetch(place, { headers: { authorization } });
  } while (answer.status === 202 || answer.status === 429);
  const seconds = (performance.now() - began) / 1000;
  const { entry } = (await answer.json()) as Bundle<MeasureReport>;
  const [reached] = entry![0]!.resource!.group!;
  const used = processorSeconds(program.pid) - processor;
  report({
    bench: 'measures',
    what: `hypertension control over ${PERSONS} persons with ${resources} resources: score ${reached!.measureScore!.value}`,
    figures: [
      { name: 'persons', value: PERSONS / seconds, unit: '/s' },
      { name: 'processor of the program, a person', value: (used / PERSONS) * 1e6, unit: 'µs' },
      {
        name: 'processor of the database, a person',
        value: (((await databaseSeconds(store.pool)) - database) / PERSONS) * 1e6,
        unit: 'µs',
      },
      { name: 'growth of resident memory at most', value: most - before, unit: 'MiB' },
    ],
  });
} finally {
  await store.close();
  await program.stop();
  await server.stop();
}

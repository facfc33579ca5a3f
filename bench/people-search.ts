/**
 * Search for a person at the desk among many: `GET /api/people/search` over HTTP with policy and audit, on the whole program.
 * Run: `node bench/people-search.ts [people, default 200000]`. Queries are drawn from the people themselves.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sid } from '../kernel/fhir/systems.ts';
import type { Patient } from '../kernel/fhir/types.ts';
import { withDatabase } from '../kernel/store/testing.ts';
import { foldText } from '../kernel/text/fold.ts';
import { type Program, startProgram } from '../main/program.ts';
import { openMaking } from '../modules/demo/generate.ts';
import { patientOf } from '../modules/demo/person-resources.ts';
import { BLOCK_SIZE, drawBlock } from '../modules/demo/population.ts';
import { facilityResources } from '../modules/places/index.ts';
import { type Figure, inParallel, quantile, report } from './bench.ts';

const PEOPLE = Number(process.argv[2] ?? 200_000);
const CALLS = 200;
/** Of an account that lives as long as this bench. */
const PASSWORD = 'demo';
const BAR = { atMost: 50 } as const;

const database = await withDatabase();
const folder = mkdtempSync(join(tmpdir(), 'yba-bench-'));
const settings = { databaseUrl: database.url, dataFolder: folder, port: 0, demo: true };
const program = await startProgram(settings, { generate: false, log: () => undefined });
try {
  const sample = await fill(program);
  await program.kernel.pool.query('vacuum analyze'); // as autovacuum leaves a store that was not filled a second ago
  const cookie = await signIn(program);
  const figures: Figure[] = [];
  for (const [name, queries] of Object.entries(queriesOf(sample))) {
    const ask = (index: number) => search(program, cookie, queries[index % queries.length]!);
    await inParallel(4, 40, ask);
    const alone = await inParallel(1, CALLS, ask);
    figures.push({ name: `${name}, p50`, value: quantile(alone.each, 0.5), unit: 'ms' });
    figures.push({ name: `${name}, p95`, value: quantile(alone.each, 0.95), unit: 'ms', bar: BAR });
    const busy = await inParallel(8, CALLS, ask);
    figures.push({ name: `${name}, 8 at once, p95`, value: quantile(busy.each, 0.95), unit: 'ms' });
  }
  report({
    bench: 'people-search',
    what: `person search over HTTP among ${PEOPLE} generated people`,
    figures,
  });
} finally {
  await program.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** People of the demo province without their lives; returns every hundredth. */
async function fill({ kernel, house }: Program): Promise<Patient[]> {
  const making = openMaking(kernel, {
    seed: 'bench',
    today: '2026-11-22',
    time: '08:00',
    people: 0,
    blocks: 0,
    target: PEOPLE,
  });
  const places = facilityResources(kernel.content, {
    facilities: kernel.content.table('demo/facilities'),
    date: making.today,
  });
  await commit(kernel, places.slice(0, 3));
  await house.access.accounts.add({
    id: 'bench',
    name: 'Bàn tiếp đón',
    roles: ['reception'],
    unit: 'cs-25D01',
    practitioner: null,
    password: PASSWORD,
    demo: true,
  });
  const sample: Patient[] = [];
  const blocks = Math.ceil(PEOPLE / BLOCK_SIZE);
  await inParallel(6, blocks, async (block) => {
    const households = drawBlock(making.seed, block, BLOCK_SIZE, block * BLOCK_SIZE, making.tables);
    const patients = households.flatMap((household) =>
      household.members.map((person) => patientOf(person, making)),
    );
    await commit(kernel, patients);
    sample.push(...patients.filter((_, index) => index % 100 === 0));
  });
  return sample;
}

async function commit(
  { store }: Program['kernel'],
  resources: { resourceType: string; id?: string }[],
): Promise<void> {
  await store.commit(
    resources.map((resource) => ({ op: 'create' as const, resource: resource as Patient })),
    [],
  );
}

async function signIn(program: Program): Promise<string> {
  const answer = await fetch(`${program.address}/api/access/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'bench', password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
}

async function search(program: Program, cookie: string, query: string): Promise<void> {
  const answer = await fetch(`${program.address}/api/people/search?q=${encodeURIComponent(query)}`, {
    headers: { cookie },
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${query}: ${answer.status} ${text}`);
}

function queriesOf(sample: Patient[]): Record<string, string[]> {
  const named = sample.filter((patient) => patient.identifier?.some((each) => each.system === sid.cccd));
  const name = (patient: Patient) => patient.name?.[0]?.text ?? '';
  const words = (patient: Patient) => foldText(name(patient)).split(' ');
  return {
    'citizen number': named.map((patient) => patient.identifier?.[0]?.value ?? ''),
    'whole name with marks': named.map(name),
    'name and birth year': named.map(
      (patient) => `${foldText(name(patient))} ${patient.birthDate?.slice(0, 4)}`,
    ),
    'two words, reversed': named.map((patient) => `${words(patient).at(-1)} ${words(patient)[0]}`),
    'three letters of a family name': named.map((patient) => words(patient)[0]!.slice(0, 3)),
    abbreviation: named.map((patient) =>
      words(patient)
        .map((word) => word.slice(0, word === words(patient)[0] ? 2 : 1))
        .join(' '),
    ),
  };
}

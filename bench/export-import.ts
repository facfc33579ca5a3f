/**
 * A whole record from one program into an empty one over HTTP: the generated province is exported by polling, its files are served
 * to a second program that is killed in the middle and asked again, and every resource and some dozens of questions are compared.
 * Ends with status 1 when anything differs.
 *
 * `node bench/export-import.ts [people, default 2500: about 60,000 resources]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadSources, openPool, openStore } from '../kernel/store/index.ts';
import { withDatabase } from '../kernel/store/testing.ts';
import {
  answersOf,
  differences,
  digestsOf,
  exportInto,
  type FetchedFile,
  folderIn,
  hostFiles,
  importAsk,
  importFiles,
  kickOff,
  type Party,
} from '../tests/conformance/exchange.ts';
import { type Figure, report } from './bench.ts';
import { type RunningProgram, runProgram } from './program.ts';
import { writeProvince } from './province.ts';

const PEOPLE = Number(process.argv[2] ?? 2_500);
/** Of what is to come, when the second program is killed. */
const KILLED_AT = 0.3;

const QUESTIONS = [
  'Patient?name=nguyen&_sort=_id&_count=200',
  'Patient?birthdate=ge2020-01-01&_count=1000',
  'Patient?gender=female&_summary=count',
  'Patient?_has:Observation:patient:code=8480-6&_summary=count',
  'Observation?code=8480-6&_sort=-date&_count=500',
  'Observation?value-quantity=gt150&_count=500',
  'Observation?category=vital-signs&_summary=count',
  'Encounter?date=ge2026-10-01&_sort=date&_count=200',
  'Encounter?status=finished&_summary=count',
  'Encounter?class=AMB&_summary=count',
  'Condition?code=I10&_include=Condition:patient&_count=200',
  'Condition?code:text=tang&_count=200',
  'MedicationRequest?status=active&_summary=count',
  'Immunization?date=ge2025&_summary=count',
  'Coverage?_summary=count',
  'Organization?_count=1000',
  'Practitioner?_count=1000',
  'Location?_count=1000',
  'Organization?name:contains=tram&_count=200',
  '?_type=Patient,Encounter,Observation&_summary=count',
];

const folder = mkdtempSync(join(tmpdir(), 'yba-bench-exchange-'));
const [one, two] = [await withDatabase(), await withDatabase()];
const host = await hostFiles(folder);
let failed = false;
const running: RunningProgram[] = [];
try {
  report({
    bench: 'export-import',
    what: `the province of ${PEOPLE} people from one program into an empty one by $export and $import, killed once`,
    figures: await exchange(),
  });
} finally {
  for (const program of running) await program.stop();
  await host.stop();
  await one.stop();
  await two.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

async function exchange(): Promise<Figure[]> {
  await fill(one.url);
  const first = await start(one.url);
  const here = await partyOf(first);
  const exported = await timed(() => exportInto(here, folderIn(folder, 'one')));
  const files = exported.value.map((file) => ({ ...file, name: `one/${file.name}` }));
  const resources = files.reduce((sum, { count }) => sum + count, 0);
  const left = await killInTheMiddle(files, resources);
  const second = await start(two.url);
  const there = await partyOf(second);
  const imported = await timed(() => importFiles(there, host.host, files));
  const { created, updated, unchanged, faults } = imported.value;
  expect(faults.length === 0, `refused: ${faults.slice(0, 5).join('; ')}`);
  expect(
    created + updated + unchanged === resources,
    `${created} + ${updated} + ${unchanged} of ${resources}`,
  );
  const back = await exportInto(there, folderIn(folder, 'two'));
  const different = differences(
    await digestsOf(join(folder, 'one'), exported.value),
    await digestsOf(join(folder, 'two'), back),
  );
  expect(different.length === 0, `other resources: ${different.slice(0, 10).join(', ')}`);
  const answers = await compareAnswers(here, there);
  return [
    { name: 'resources exported', value: resources, unit: '', bar: { atLeast: 50_000 } },
    { name: 'export, with its files fetched', value: resources / exported.seconds, unit: 'resources/s' },
    { name: 'import after the kill', value: resources / imported.seconds, unit: 'resources/s' },
    { name: 'there already when the import was asked again', value: left, unit: 'resources' },
    { name: 'resources that differ', value: different.length, unit: '', bar: { atMost: 0 } },
    { name: 'questions asked of both', value: answers.asked, unit: '' },
    { name: 'what they found', value: answers.found, unit: 'entries' },
    { name: 'questions answered otherwise', value: answers.wrong, unit: '', bar: { atMost: 0 } },
  ];
}

async function fill(url: string): Promise<void> {
  const file = join(folder, 'province.ndjson');
  await writeProvince(file, PEOPLE);
  const pool = openPool(url);
  const store = await openStore({ pool, sealEvery: 0 });
  await loadSources(store, { sources: [file], who: 'bench', whoDisplay: 'bench', why: 'HOPERAT' });
  await store.close();
  await pool.end();
}

async function start(url: string): Promise<RunningProgram> {
  const program = await runProgram({ DATABASE_URL: url, YBA_DEMO: 'off', YBA_PEERS: host.host });
  running.push(program);
  return program;
}

async function partyOf(program: RunningProgram): Promise<Party> {
  return { address: program.address, authorization: await program.token() };
}

/** The second program dies while it imports; whoever looks for its job later is told so. */
async function killInTheMiddle(files: readonly FetchedFile[], resources: number): Promise<number> {
  const doomed = await runProgram({ DATABASE_URL: two.url, YBA_DEMO: 'off', YBA_PEERS: host.host });
  const party = await partyOf(doomed);
  await kickOff(party, 'POST', '$import', importAsk(host.host, files));
  const taken = async () => Number((await two.pool.query('select count(*) as n from res')).rows[0].n);
  while ((await taken().catch(() => 0)) < resources * KILLED_AT) await pause(50);
  process.kill(doomed.pid, 'SIGKILL');
  await doomed.stop();
  const left = await taken();
  expect(left < resources, `killed in the middle: ${left} of ${resources}`);
  return left;
}

async function compareAnswers(
  here: Party,
  there: Party,
): Promise<{ asked: number; found: number; wrong: number }> {
  const people = (await answersOf(here, QUESTIONS[0]!)).filter((one) => one.startsWith('match '));
  const everything = people.slice(0, 20).map((one) => `${one.slice('match '.length)}/$everything`);
  let found = 0;
  let wrong = 0;
  for (const question of [...QUESTIONS, ...everything]) {
    const [a, b] = await Promise.all([answersOf(here, question), answersOf(there, question)]);
    found += a.length;
    const isSame = a.length === b.length && a.every((one, at) => one === b[at]);
    if (!isSame) wrong += 1;
    expect(isSame, `${question}: ${a.length} here, ${b.length} there`);
  }
  return { asked: QUESTIONS.length + everything.length, found, wrong };
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const from = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - from) / 1_000 };
}

/** Something differs: the bench goes on to show all of it, and ends with status 1. */
function expect(isSo: boolean, otherwise: string): void {
  if (isSo) return;
  failed = true;
  console.error(`export-import: ${otherwise}`);
}

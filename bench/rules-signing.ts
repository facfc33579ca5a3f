/** The route that signs a prescription, as a doctor's screen calls it: visits of people with a long record, each of somebody else, one after another. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Resource } from '../kernel/fhir/types.ts';
import { type Figure, quantile } from './bench.ts';
import type { RunningProgram } from './program.ts';
import { walkVisit } from './visit-path.ts';

/** Visits before the measured ones: their code is compiled by then. */
const WARM = 15;

type Step = 'check' | 'sign';

/** @param recordOf what is known of a person before: `Patient/p` stands for her */
export async function signingFigures(
  program: RunningProgram,
  rounds: number,
  recordOf: () => Resource[],
): Promise<Figure[]> {
  const desk = await program.signIn('letan');
  const doctor = await program.signIn('bacsi');
  const people = await walkVisit.patients(program, desk, rounds + WARM);
  const authorization = await program.token();
  for (const id of people) await fill(program, authorization, id, recordOf());
  const walls: Record<Step, number[]> = { check: [], sign: [] };
  const cpu = { program: 0, database: 0 };
  for (let round = 0; round < rounds + WARM; round++) {
    const steps: Record<string, number[]> = {};
    let before = { program: 0, database: 0 };
    await walkVisit(program, { desk, doctor }, people[round]!, steps, {
      begins: (step) => {
        if (step === 'sign') before = cpuOf(program.pid);
      },
      ends: (step) => {
        if (step !== 'sign' || round < WARM) return;
        const now = cpuOf(program.pid);
        cpu.program += now.program - before.program;
        cpu.database += now.database - before.database;
      },
    });
    if (round < WARM) continue;
    for (const step of ['check', 'sign'] as const) walls[step].push(...steps[step]!);
  }
  return [
    { name: 'signing over HTTP, p95', value: quantile(walls.sign, 0.95), unit: 'ms', bar: { atMost: 50 } },
    { name: 'signing over HTTP, median', value: quantile(walls.sign, 0.5), unit: 'ms' },
    { name: 'check over HTTP, p95', value: quantile(walls.check, 0.95), unit: 'ms' },
    { name: 'check over HTTP, median', value: quantile(walls.check, 0.5), unit: 'ms' },
    { name: 'signing, CPU of the program', value: cpu.program / rounds, unit: 'ms' },
    { name: 'signing, CPU of PostgreSQL', value: cpu.database / rounds, unit: 'ms' },
  ];
}

async function fill(
  program: RunningProgram,
  authorization: string,
  person: string,
  resources: readonly Resource[],
): Promise<void> {
  const own = JSON.parse(JSON.stringify(resources).replaceAll('"Patient/p"', `"Patient/${person}"`));
  const entry = (own as Resource[]).map(({ id: _, ...resource }) => ({
    resource,
    request: { method: 'POST', url: resource.resourceType },
  }));
  const answer = await program.send(
    'POST',
    '/fhir',
    { resourceType: 'Bundle', type: 'transaction', entry },
    { authorization, 'content-type': 'application/fhir+json' },
  );
  if (answer.status !== 200) throw new Error(answer.text.slice(0, 500));
}

/** User and system time of the program and of the processes below it (its embedded PostgreSQL) in ms; Linux counts hundredths of a second. */
export function cpuOf(pid: number): { program: number; database: number } {
  const parents = new Map<number, { parent: number; ms: number }>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ');
      parents.set(Number(name), {
        parent: Number(fields[1]),
        ms: (Number(fields[11]) + Number(fields[12])) * 10,
      });
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (one: number): boolean => {
    const parent = parents.get(one)?.parent ?? 0;
    return parent === pid || (parent > 1 && isBelow(parent));
  };
  let database = 0;
  for (const [one, { ms }] of parents) if (isBelow(one)) database += ms;
  return { program: parents.get(pid)?.ms ?? 0, database };
}

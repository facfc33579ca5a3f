/**
 * Memory of the server at rest: the program and its embedded database after it has served and been left alone, as the sum of
 * the proportional set sizes of all its processes (shared pages counted once), and what one restart costs.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { report } from './bench.ts';
import { runProgram } from './program.ts';

const REST_MS = 20_000;
const BAR = 350;

const program = await runProgram({ YBA_DEMO: 'on', YBA_PEOPLE: '2000' });
try {
  const cookie = await program.signIn('bacsi');
  for (const query of ['nguyen', 'tran thi', 'hoang'])
    await program.send('GET', `/api/people/search?q=${encodeURIComponent(query)}`, undefined, { cookie });
  await pause(REST_MS);
  const pids = family(program.pid);
  const own = residentMiB(program.pid);
  report({
    bench: 'rest',
    what: 'memory of the program with its embedded database and 2,000 people, after some searches and 20 s of rest',
    figures: [
      {
        name: 'program and database, resident',
        value: sum(pids.map(residentMiB)),
        unit: 'MiB',
        bar: { atMost: BAR },
      },
      { name: 'of which the program', value: own, unit: 'MiB' },
      { name: 'processes', value: pids.length, unit: '' },
    ],
  });
} finally {
  await program.stop();
}

/** The process and everything it started. */
function family(root: number): number[] {
  const pairs = execFileSync('ps', ['-eo', 'pid=,ppid='])
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const found = [root];
  for (const pid of found)
    found.push(...pairs.filter(([, parent]) => parent === pid).map(([child]) => child));
  return found;
}

/** Proportional set size (proc(5), smaps_rollup); 0 for a process that has ended. */
function residentMiB(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

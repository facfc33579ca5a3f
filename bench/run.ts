/**
 * `npm run bench [name …]`: runs every bench in a process of its own, one after the other, and keeps what they measured
 * in `bench/results/<name>.json` (the newest run, with the machine and the commit). `name=60,2` passes arguments on.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { type BenchResult, figureLine } from './bench.ts';
import { writePerformancePage } from './page.ts';

const NOT_A_BENCH = new Set([
  'run',
  'bench',
  'bare',
  'page',
  'page-thread',
  'peer',
  'program',
  'policy-program',
  'serialiser',
  'visit-bundle',
  'visit-path',
  'province',
  'processes',
  'lives',
  'mix',
  'questions',
  'reading',
  'wire',
]);
const folder = import.meta.dirname;
/** Arguments by the bench they are for. */
const wanted = new Map(
  process.argv.slice(2).map((given): [string, string[]] => {
    const [name = '', values = ''] = given.split('=');
    return [name, values === '' ? [] : values.split(',')];
  }),
);
const names = globSync('*.ts', { cwd: folder })
  .map((file) => basename(file, '.ts'))
  .filter(
    (name) => !NOT_A_BENCH.has(name) && !name.endsWith('.test') && (wanted.size === 0 || wanted.has(name)),
  )
  .sort();

let failed = names.length === 0 ? 1 : 0;
if (names.length === 0) console.error(`No bench is called ${[...wanted.keys()].join(', ')}.`);
for (const name of names) {
  console.log(`\n== ${name}`);
  // Of the last minute, before this bench adds its own.
  const load = Math.round(loadavg()[0]! * 10) / 10;
  const child = spawnSync(process.execPath, [join(folder, `${name}.ts`), ...(wanted.get(name) ?? [])], {
    env: { ...process.env, YBA_BENCH_JSON: '1' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  });
  const line = child.stdout.trim().split('\n').at(-1) ?? '';
  if (child.status !== 0 || !line.startsWith('{')) {
    failed += 1;
    console.error(`${name} ended with status ${child.status} and no result.`);
    continue;
  }
  keep(JSON.parse(line) as BenchResult, load, wanted.get(name) ?? []);
}
writePerformancePage(join(folder, '..'));
process.exit(failed === 0 ? 0 : 1);

function keep(result: BenchResult, load: number, given: string[]): void {
  for (const figure of result.figures) console.log(figureLine(figure));
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();
  const machine = {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? '',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    load,
  };
  mkdirSync(join(folder, 'results'), { recursive: true });
  const text = JSON.stringify({ ...result, given, at: new Date().toISOString(), commit, machine }, null, 2);
  writeFileSync(join(folder, 'results', `${result.bench}.json`), `${text}\n`);
}

/** `docs/performance.md` is made from `bench/results/`: no figure in it was typed by hand. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchResult, type Figure, reached } from './bench.ts';

interface Kept extends BenchResult {
  at: string;
  commit: string;
  /** Arguments of the command. */
  given?: string[];
  /** `load` average of the minute before. */
  machine: { cores: number; processor: string; memoryGiB: number; node: string; load?: number };
}

const HEAD = `# Performance

Made by \`npm run bench\` from \`bench/results/\`, the newest run of each bench; every number, also the bad ones. Ratios are taken within one run,
in slices that take turns, because single figures move by 2–4 × with the load of the machine. A bar is the issue's; ✗ means it was missed.
`;

/** The page as text. Pure. */
export function performancePage(results: Kept[]): string {
  const parts = results.map(
    (result) => `
## ${result.bench}

${result.what}. \`${commandOf(result)}\`, ${result.at.slice(0, 16).replace('T', ' ')} UTC, commit ${result.commit}, ${result.machine.cores} cores (${result.machine.processor}), ${result.machine.memoryGiB} GiB, Node ${result.machine.node}.${busyNote(result)}

| Figure | Value | Bar |
|---|---|---|
${result.figures.map(line).join('\n')}
`,
  );
  return `${HEAD}${parts.join('')}`;
}

function commandOf({ bench, given = [] }: Kept): string {
  return given.length === 0 ? `npm run bench ${bench}` : `npm run bench ${bench}=${given.join(',')}`;
}

/** From this share of the cores on, others were at work on the machine. */
const BUSY = 0.5;

function busyNote({ machine: { cores, load = 0 } }: Kept): string {
  return load > cores * BUSY ? ` **The machine was busy with other work: load ${load} when it began.**` : '';
}

function line(figure: Figure): string {
  const value = `${Number(figure.value.toPrecision(4))} ${figure.unit}`;
  const bar = figure.bar
    ? 'atMost' in figure.bar
      ? `≤ ${figure.bar.atMost}`
      : `≥ ${figure.bar.atLeast}`
    : '';
  const verdict = reached(figure) === null ? '' : reached(figure) ? ' ✓' : ' ✗';
  return `| ${figure.name} | ${value} | ${bar}${verdict} |`;
}

/** Reads the kept results and writes the page. @param root the checkout */
export function writePerformancePage(root: string): void {
  const folder = join(root, 'bench', 'results');
  const results = globSync('*.json', { cwd: folder })
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Kept);
  writeFileSync(join(root, 'docs', 'performance.md'), performancePage(results));
}

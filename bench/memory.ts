/**
 * Memory under mixed load: resident memory of the program, sampled while it works, and how fast it grows once it is warm.
 * `node bench/memory.ts [minutes]`; an hour is for a quiet machine.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Figure, report } from './bench.ts';
import { askMixture } from './mix.ts';
import { withReading } from './reading.ts';

const MINUTES = Number(process.argv[2] ?? 10);
const RESOURCES = 20_000;
const AT_ONCE = 16;
const SAMPLE_MS = 1_000;
const SIGN_INS = 16;
/** Minutes with one token. */
const SLICE = 20;
/** Caches fill and the heap finds its size in the first part; growth is measured in the rest. */
const WARM = 1 / 3;
/** MiB an hour: less than a restart a month is worth. */
const BAR = 30;

interface Sample {
  hours: number;
  mib: number;
}

function residentMiB(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? Number.NaN) / 1024;
}

/** Slope of the least squares line, MiB an hour. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (pick: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length;
  const [x, y] = [mean(({ hours }) => hours), mean(({ mib }) => mib)];
  const both = samples.reduce((sum, { hours, mib }) => sum + (hours - x) * (mib - y), 0);
  const alone = samples.reduce((sum, { hours }) => sum + (hours - x) ** 2, 0);
  return both / alone;
}

await withReading(RESOURCES, async (reading) => {
  // Hashing a secret takes 19 MB, which each thread that ever did it keeps: a morning's sign-ins come first.
  await Promise.all(Array.from({ length: SIGN_INS }, () => reading.renew()));
  const samples: Sample[] = [];
  const started = performance.now();
  let working = true;
  const sampling = (async () => {
    while (working) {
      samples.push({ hours: (performance.now() - started) / 3_600_000, mib: residentMiB(reading.pid) });
      await pause(SAMPLE_MS);
    }
  })();
  let requests = 0;
  try {
    for (let left = MINUTES; left > 0; left -= SLICE) {
      await reading.renew();
      requests += (await askMixture(reading, AT_ONCE, Math.min(left, SLICE) * 60)).times.length;
    }
  } finally {
    working = false;
    await sampling;
  }
  const warm = samples.slice(Math.floor(samples.length * WARM));
  const median = (of: readonly Sample[]) => of.map(({ mib }) => mib).sort((a, b) => a - b)[of.length >> 1]!;
  const figures: Figure[] = [
    { name: 'resident, median of the first minute', value: median(samples.slice(0, 60)), unit: 'MiB' },
    { name: 'resident, median of the last minute', value: median(samples.slice(-60)), unit: 'MiB' },
    { name: 'most resident', value: Math.max(...samples.map(({ mib }) => mib)), unit: 'MiB' },
    { name: 'growth once warm', value: slopeOf(warm), unit: 'MiB/h', bar: { atMost: BAR } },
    { name: 'requests', value: requests, unit: '' },
    { name: 'mixed requests', value: requests / (MINUTES * 60), unit: '/s' },
  ];
  report({ bench: 'memory', what: `${MINUTES} minutes of mixed requests, ${AT_ONCE} at once`, figures });
});

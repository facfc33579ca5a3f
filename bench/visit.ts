/**
 * The platform's main job under load, two ways, 16 at once:
 * 1. transaction bundles of 12 resources over HTTP with validation, policy and audit, against bare PostgreSQL writing the same
 *    rows, in slices that take turns in one run;
 * 2. the whole path of a visit by its screens' calls: check-in, start, consultation, order, result, signing, finish.
 *
 * `node bench/visit.ts [seconds a slice] [rounds] [visits]`
 */
import pg from 'pg';
import { startTestServer } from '../kernel/store/testing.ts';
import { bareYardsticks } from './bare.ts';
import { inParallel, quantile, report } from './bench.ts';
import { visitBytes } from './mix.ts';
import { fiveTimes } from './peer.ts';
import { type RunningProgram, runProgram } from './program.ts';
import { walkVisit } from './visit-path.ts';
import { askFor } from './wire.ts';

const SECONDS = Number(process.argv[2] ?? 4);
const ROUNDS = Number(process.argv[3] ?? 7);
const VISITS = Number(process.argv[4] ?? 160);
const AT_ONCE = 16;
const BAR = 0.35;
/** Bundles made ahead for a slice. */
const MOST_A_SECOND = 700;
/** A program that serves for months is measured once its code is compiled, which takes thousands of bundles. */
const WARM_SECONDS = 20;

const server = await startTestServer();
const pool = new pg.Pool({ connectionString: server.url, max: AT_ONCE });
// The server goes away under idle connections at the end of the run.
pool.on('error', () => {});
const program = await runProgram({ DATABASE_URL: server.url, YBA_DEMO: 'on', YBA_PEOPLE: '400' });
try {
  const bundles = await bundleFigures(program);
  const path = await pathFigures(program);
  report({
    bench: 'visit',
    what: `bundles of 12 over HTTP against bare PostgreSQL (${ROUNDS} × ${SECONDS} s each), then ${VISITS} whole visits; ${AT_ONCE} at once`,
    figures: [...bundles, ...path],
  });
} finally {
  await program.stop();
  await pool.end();
  await server.stop();
}

async function bundleFigures(program: RunningProgram) {
  const asked = { address: program.address, authorization: await program.token() };
  const times: number[] = [];
  // Like the rows of the yardstick, the bundles are made outside the measured time.
  const prepared: Buffer[] = [];
  const overHttp = async (seconds: number) => {
    while (prepared.length < MOST_A_SECOND * seconds) prepared.push(visitBytes(asked));
    const load = await askFor(asked.address, AT_ONCE, seconds, () => prepared.pop() ?? visitBytes(asked));
    times.push(...load.times);
    return load.rate;
  };
  const bare = await bareYardsticks(pool);
  const slices = {
    http: overHttp,
    sameRows: (seconds: number) => rateOf(bare.sameRows, seconds),
    indexed: (seconds: number) => rateOf(bare.indexed, seconds),
    keyed: (seconds: number) => rateOf(bare.keyed, seconds),
  };
  const rates: Record<keyof typeof slices, number[]> = { http: [], sameRows: [], indexed: [], keyed: [] };
  for (const slice of Object.values(slices)) await slice(WARM_SECONDS);
  times.length = 0;
  for (let round = 0; round < ROUNDS; round++)
    for (const name of Object.keys(slices) as (keyof typeof slices)[]) {
      // What a slice has left to be written to the disk is not written in the next one's time.
      await pool.query('checkpoint');
      rates[name].push(await slices[name](SECONDS));
    }
  const rate = (name: keyof typeof slices) => quantile(rates[name], 0.5);
  return [
    {
      name: 'bundles of 12 over HTTP',
      value: rate('http'),
      unit: 'bundles/s',
      bar: fiveTimes('visitBundles'),
    },
    { name: 'a bundle, p50', value: quantile(times, 0.5), unit: 'ms' },
    { name: 'a bundle, p95', value: quantile(times, 0.95), unit: 'ms' },
    { name: 'bare PostgreSQL, the same rows', value: rate('sameRows'), unit: 'bundles/s' },
    { name: 'bare PostgreSQL, resource rows alone', value: rate('indexed'), unit: 'bundles/s' },
    { name: 'bare PostgreSQL, resource rows, primary key alone', value: rate('keyed'), unit: 'bundles/s' },
    {
      name: 'HTTP ÷ bare, the same rows',
      value: rate('http') / rate('sameRows'),
      unit: '×',
      bar: { atLeast: BAR },
    },
    { name: 'HTTP ÷ bare, resource rows alone', value: rate('http') / rate('indexed'), unit: '×' },
    { name: 'HTTP ÷ bare, primary key alone', value: rate('http') / rate('keyed'), unit: '×' },
  ];
}

/** Calls a second, 16 at once, for so many seconds. */
async function rateOf(work: () => Promise<void>, seconds: number): Promise<number> {
  const started = performance.now();
  const until = started + seconds * 1000;
  let done = 0;
  const worker = async () => {
    while (performance.now() < until) {
      await work();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return done / ((performance.now() - started) / 1000);
}

async function pathFigures(program: RunningProgram) {
  const desk = await program.signIn('letan');
  const doctor = await program.signIn('bacsi');
  const patients = await walkVisit.patients(program, desk, VISITS);
  const steps: Record<string, number[]> = {};
  const whole = await inParallel(AT_ONCE, VISITS, (index) =>
    walkVisit(program, { desk, doctor }, patients[index % patients.length]!, steps),
  );
  return [
    { name: 'whole visits', value: VISITS / (whole.whole / 1000), unit: 'visits/s' },
    { name: 'a whole visit, p50', value: quantile(whole.each, 0.5), unit: 'ms' },
    { name: 'a whole visit, p95', value: quantile(whole.each, 0.95), unit: 'ms' },
    ...Object.entries(steps).map(([step, times]) => ({
      name: `${step}, p95`,
      value: quantile(times, 0.95),
      unit: 'ms',
    })),
  ];
}

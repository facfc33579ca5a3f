/** Mixed requests over HTTP, 16 at once. `node bench/mixed.ts [resources] [seconds]` */
import { report } from './bench.ts';
import { askMixture, SHARES } from './mix.ts';
import { fiveTimes } from './peer.ts';
import { latency } from './questions.ts';
import { withReading } from './reading.ts';

const RESOURCES = Number(process.argv[2] ?? 50_000);
const SECONDS = Number(process.argv[3] ?? 15);
const AT_ONCE = 16;

await withReading(RESOURCES, async (reading) => {
  await askMixture(reading, AT_ONCE, 4);
  const load = await askMixture(reading, AT_ONCE, SECONDS);
  const shares = Object.entries(SHARES).map(([name, share]) => `${share} % ${name}`);
  report({
    bench: 'mixed',
    what: `${shares.join(', ')} (a visit is a transaction of 12), among ${reading.lives.resources} resources, ${AT_ONCE} at once`,
    figures: [
      { name: 'mixed requests', value: load.rate, unit: '/s', bar: fiveTimes('mixed') },
      latency('a request', load, 0.5),
      latency('a request', load, 0.95),
    ],
  });
});

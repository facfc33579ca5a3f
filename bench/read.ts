/**
 * Reading over HTTP with sign-in, policy and audit: a resource by its id, and a person's last values of a code.
 * `node bench/read.ts [resources]`
 */
import { report } from './bench.ts';
import { fiveTimes } from './peer.ts';
import { ask, latency } from './questions.ts';
import { withReading } from './reading.ts';

const RESOURCES = Number(process.argv[2] ?? 50_000);
const SECONDS = 6;
/** As in bench `visit`: a program that serves for months is measured once its code is compiled, which takes tens of thousands of answers. */
const WARM_SECONDS = 15;

await withReading(RESOURCES, async (reading) => {
  for (const question of ['read', 'lastOfCode'] as const) await ask(reading, question, 16, WARM_SECONDS);
  const read = await ask(reading, 'read', 64, SECONDS);
  const few = await ask(reading, 'read', 16, SECONDS);
  const last = await ask(reading, 'lastOfCode', 16, SECONDS);
  report({
    bench: 'read',
    what: `${reading.lives.resources} resources; every answer with policy and a durable audit line`,
    figures: [
      { name: 'read by id, 64 at once', value: read.rate, unit: '/s', bar: fiveTimes('reads') },
      latency('read by id, 64 at once', read, 0.95),
      { name: 'read by id, 16 at once', value: few.rate, unit: '/s' },
      latency('read by id, 16 at once', few, 0.95),
      {
        name: 'Observation?patient&code&_sort=-date&_count=20, 16 at once',
        value: last.rate,
        unit: '/s',
        bar: fiveTimes('patientAndCode'),
      },
      latency('Observation?patient&code&_sort=-date&_count=20, 16 at once', last, 0.5),
      latency('Observation?patient&code&_sort=-date&_count=20, 16 at once', last, 0.95, 10),
    ],
  });
});

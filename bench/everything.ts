/**
 * `$everything` over HTTP: of long records, and of records as long as those of the generated province are on average, since the length of
 * the peer's is not known. `node bench/everything.ts [resources]`
 */
import { report } from './bench.ts';
import { AVERAGE_RECORD, LONG_RECORD } from './lives.ts';
import { fiveTimes } from './peer.ts';
import { ask, latency } from './questions.ts';
import { withReading } from './reading.ts';

const RESOURCES = Number(process.argv[2] ?? 50_000);
/** As in bench `read`. */
const WARM_SECONDS = 10;

await withReading(RESOURCES, async (reading) => {
  await ask(reading, 'everything', 1, WARM_SECONDS);
  const one = await ask(reading, 'everything', 1, 8);
  const four = await ask(reading, 'everything', 4, 5);
  await ask(reading, 'everythingOfAverage', 4, WARM_SECONDS);
  const average = await ask(reading, 'everythingOfAverage', 4, 5);
  const averageName = `$everything of ${AVERAGE_RECORD} resources (an average person of the generated province), 4 at once`;
  report({
    bench: 'everything',
    what: `$everything of ${LONG_RECORD} resources and what they refer to, among ${reading.lives.resources}`,
    figures: [
      latency('$everything, one at a time', one, 0.5, 10),
      latency('$everything, one at a time', one, 0.95),
      { name: '$everything, 4 at once', value: four.rate, unit: '/s', bar: fiveTimes('everything') },
      latency('$everything, 4 at once', four, 0.5),
      { name: averageName, value: average.rate, unit: '/s', bar: fiveTimes('everything') },
      latency(averageName, average, 0.5),
    ],
  });
});

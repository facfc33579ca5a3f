/**
 * The same questions of a small store and of the same store grown to a million resources, in one run; and what only a
 * million can show: a cohort under two conditions. `node bench/growth.ts [small] [large]`
 */
import { type Figure, quantile, report } from './bench.ts';
import { ask, type Question } from './questions.ts';
import { withReading } from './reading.ts';

const SMALL = Number(process.argv[2] ?? 50_000);
const LARGE = Number(process.argv[3] ?? 1_000_000);
const SECONDS = 3;
const BAR = 1.5;

const NAMES: Record<Exclude<Question, 'cohort' | 'everythingOfAverage'>, string> = {
  read: 'read by id',
  lastOfCode: 'Observation?patient&code&_sort=-date&_count=20',
  visits: 'Encounter?patient&_sort=-date&_count=20',
  everything: '$everything of 750',
  byNumber: 'Patient?identifier',
};
const QUESTIONS = Object.keys(NAMES) as (keyof typeof NAMES)[];
const COHORT = 'two-condition cohort (_has Condition I10 and E11), counted';

await withReading(SMALL, async (reading) => {
  const measure = async () => {
    const times = new Map<Question, number>();
    for (const question of [...QUESTIONS, 'cohort' as const]) {
      await ask(reading, question, 1, 1);
      times.set(question, quantile((await ask(reading, question, 1, SECONDS)).times, 0.5));
    }
    return times;
  };
  const small = await measure();
  const few = reading.lives.resources;
  const before = performance.now();
  await reading.grow(LARGE);
  const rate = (reading.lives.resources - few) / ((performance.now() - before) / 1000);
  const large = await measure();
  const figures = QUESTIONS.flatMap((question): Figure[] => [
    { name: `${NAMES[question]}, small, p50`, value: small.get(question)!, unit: 'ms' },
    { name: `${NAMES[question]}, large, p50`, value: large.get(question)!, unit: 'ms' },
    {
      name: `${NAMES[question]}, large ÷ small`,
      value: large.get(question)! / small.get(question)!,
      unit: '×',
      bar: { atMost: BAR },
    },
  ]);
  report({
    bench: 'growth',
    what: `one request at a time over HTTP, among ${few} and then ${reading.lives.resources} resources of ${reading.lives.next} people`,
    figures: [
      ...figures,
      { name: `${COHORT}, small, p50`, value: small.get('cohort')!, unit: 'ms' },
      { name: `${COHORT}, large, p50`, value: large.get('cohort')!, unit: 'ms', bar: { atMost: 50 } },
      { name: 'growing by commits', value: rate, unit: 'resources/s' },
    ],
  });
});

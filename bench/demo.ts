/** The demo province from nothing: 2,000 people generated and written into an empty embedded PostgreSQL. */
import { join } from 'node:path';
import { openContent } from '../kernel/content/content.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { openStore } from '../kernel/store/index.ts';
import { withDatabase } from '../kernel/store/testing.ts';
import { generateDemo } from '../modules/demo/index.ts';
import { report } from './bench.ts';

const PEOPLE = Number(process.argv[2] ?? 2_000);
const database = await withDatabase();
const store = await openStore({ pool: database.pool });
try {
  const settings = { dataFolder: '', demo: true, now: () => new Date('2026-11-22T09:00:00Z') };
  const content = openContent(join(import.meta.dirname, '../content'));
  let resident = 0;
  const start = performance.now();
  const summary = await generateDemo({ store, content, settings } as unknown as Kernel, {
    people: PEOPLE,
    onProgress: () => {
      resident = Math.max(resident, process.memoryUsage.rss());
    },
  });
  const seconds = (performance.now() - start) / 1000;
  report({
    bench: 'demo',
    what: `${summary.people} people with ${summary.resources} resources, one commit a person, six at once.`,
    figures: [
      {
        name: 'generation and commit',
        value: seconds,
        unit: 's',
        ...(PEOPLE === 2_000 ? { bar: { atMost: 40 } } : {}),
      },
      { name: 'resources', value: summary.resources / seconds, unit: '/s' },
      { name: 'resources a person', value: summary.resources / summary.people, unit: '' },
      { name: 'largest resident memory of the program', value: resident / 1e6, unit: 'MB' },
    ],
  });
} finally {
  await store.close();
  await database.stop();
}

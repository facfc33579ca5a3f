/** Code search as one types, over every concept of ICD-10: times, and what the lists cost in memory. */
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openContent } from '../kernel/content/content.ts';
import { openTerminology } from '../kernel/fhir/terminology/index.ts';
import { quantile, report } from './bench.ts';

const QUERIES = [
  ...[
    'ho',
    'vi',
    'be',
    'viem',
    'viem hong',
    'tang huyet',
    'dai thao duong',
    'đau đầu',
    'J0',
    'E11',
    'sot',
    'zzz',
  ],
  ...['cap viem phoi', 'acute', 'khong dac hieu', 'benh', 'gay xuong cang chan', 'u ac', 'thai', 'sỏi mật'],
];
const LISTS = ['icd-10', 'icd-9-cm', 'loinc', 'dan-toc', 'nghe-nghiep', 'quoc-gia'];
const ROUNDS = 100;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const terminology = openTerminology(openContent(join(import.meta.dirname, '../content')));

collectGarbage();
const before = process.memoryUsage().heapUsed;
const concepts = LISTS.reduce(
  (sum, list) => sum + terminology.search(list, '', { limit: 100_000 }).length,
  0,
);
const start = performance.now();
terminology.search('icd-10', 'ho');
const first = performance.now() - start;
collectGarbage();
const heap = process.memoryUsage().heapUsed - before;

const times: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  for (const query of QUERIES) {
    const from = performance.now();
    terminology.search('icd-10', query, { limit: 20, date: '2026-11-22' });
    times.push(performance.now() - from);
  }
}

report({
  bench: 'terminology',
  what: `${QUERIES.length} queries × ${ROUNDS} over ICD-10; ${concepts} concepts of ${LISTS.length} lists loaded.`,
  figures: [
    { name: 'search p50', value: quantile(times, 0.5), unit: 'ms' },
    { name: 'search p95', value: quantile(times, 0.95), unit: 'ms', bar: { atMost: 10 } },
    { name: 'slowest search', value: quantile(times, 1), unit: 'ms' },
    { name: 'first search by words (builds the index)', value: first, unit: 'ms' },
    { name: 'heap of the lists and the index', value: heap / 1e6, unit: 'MB' },
  ],
});

/** Search as one types over every concept of the house's classifications; prints times and what it costs in memory. */
import { join } from 'node:path';
import { openContent } from '../kernel/content/content.ts';
import { openTerminology } from '../kernel/fhir/terminology/index.ts';

const QUERIES = [
  'ho', 'vi', 'be', 'viem', 'viem hong', 'tang huyet', 'dai thao duong', 'đau đầu', 'J0', 'E11', 'sot', 'cap viem phoi',
  'acute', 'khong dac hieu', 'benh', 'gay xuong cang chan', 'u ac', 'thai', 'zzz', 'sỏi mật',
]; // biome-ignore format: one paragraph

const gc = globalThis.gc ?? (() => {});
const terminology = openTerminology(openContent(join(import.meta.dirname, '../content')));
const lists = ['icd-10', 'icd-9-cm', 'loinc', 'dan-toc', 'nghe-nghiep', 'quoc-gia'];

gc();
const before = process.memoryUsage();
const concepts = lists.reduce(
  (sum, list) => sum + terminology.search(list, '', { limit: 100_000 }).length,
  0,
);
const start = performance.now();
terminology.search('icd-10', 'ho');
const first = performance.now() - start;
gc();
const after = process.memoryUsage();

const times: number[] = [];
for (let round = 0; round < 50; round += 1) {
  for (const query of QUERIES) {
    const from = performance.now();
    terminology.search('icd-10', query, { limit: 20, date: '2026-11-22' });
    times.push(performance.now() - from);
  }
}
times.sort((a, b) => a - b);
const at = (share: number) => times[Math.floor(times.length * share)]!.toFixed(2);
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
process.stdout.write(
  `terminology: ${concepts} concepts, first search ${first.toFixed(0)} ms, then p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, ` +
    `max ${times.at(-1)!.toFixed(2)} ms, heap +${megabytes(after.heapUsed - before.heapUsed)} MB\n`,
);

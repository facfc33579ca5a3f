/** Code search as one types over every concept of ICD-10, and `$expand` with a filter over 15,000 concepts and more. */
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openContent } from '../kernel/content/content.ts';
import { runTerminology, terminologyOperation } from '../kernel/fhir/operations/terminology/index.ts';
import type { FhirSession } from '../kernel/fhir/session/session.ts';
import { openCodeLists, openTerminology } from '../kernel/fhir/terminology/index.ts';
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
const content = openContent(join(import.meta.dirname, '../content'));
const terminology = openTerminology(content);

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

const TODAY = '2026-11-22';
const STORED = 'http://example.org/cs/15000';
const expand = terminologyOperation('ValueSet', '$expand', false)!;
const session = sessionWith(storedSystem());
const sets = {
  'ICD-10 and technical services (21,341 concepts)': [
    { system: 'http://hl7.org/fhir/sid/icd-10' },
    { system: 'http://yba.vn/fhir/cs/dich-vu-ky-thuat-2020' },
  ],
  'a stored system of 15,000 concepts': [{ system: STORED }],
};
const expansions: { name: string; times: number[] }[] = [];
for (const [name, include] of Object.entries(sets)) {
  const ask = (filter: string) =>
    runTerminology(
      session,
      expand,
      undefined,
      [
        ['filter', filter],
        ['count', '20'],
        ['date', TODAY],
      ],
      {
        resourceType: 'ValueSet',
        status: 'active',
        compose: { include },
      },
    );
  await ask('ho');
  const took: number[] = [];
  for (let round = 0; round < ROUNDS / 4; round += 1) {
    for (const query of QUERIES) {
      const from = performance.now();
      await ask(query);
      took.push(performance.now() - from);
    }
  }
  expansions.push({ name, times: took });
}

report({
  bench: 'terminology',
  what: `${QUERIES.length} queries × ${ROUNDS} over ICD-10; ${concepts} concepts of ${LISTS.length} lists loaded.`,
  figures: [
    { name: 'search p50', value: quantile(times, 0.5), unit: 'ms' },
    { name: 'search p95', value: quantile(times, 0.95), unit: 'ms', bar: { atMost: 10 } },
    { name: 'slowest search', value: quantile(times, 1), unit: 'ms' },
    { name: 'first search by words (builds the index)', value: first, unit: 'ms' },
    ...expansions.flatMap(({ name, times: took }) => [
      { name: `$expand with a filter, p50, ${name}`, value: quantile(took, 0.5), unit: 'ms' },
      {
        name: `$expand with a filter, p95, ${name}`,
        value: quantile(took, 0.95),
        unit: 'ms',
        bar: { atMost: 10 } as const,
      },
    ]),
    { name: 'heap of the lists and the index', value: heap / 1e6, unit: 'MB' },
  ],
});

/** A partner's CodeSystem with the names of ICD-10 and others made of them. */
function storedSystem(): Buffer {
  const names = terminology.search('icd-10', '', { limit: 15_000 });
  const concept = Array.from({ length: 15_000 }, (_, at) => ({
    code: `c${at}`,
    display: `${names[at % names.length]!.display}${at < names.length ? '' : ' khác'}`,
  }));
  return Buffer.from(
    JSON.stringify({ resourceType: 'CodeSystem', url: STORED, content: 'complete', concept }),
  );
}

/** A session that has stored one system, without the database: what is measured is the operation. */
function sessionWith(body: Buffer): FhirSession {
  const lists = openCodeLists(content, () => TODAY, `${TODAY}T00:00:00Z`);
  const stored = {
    type: 'CodeSystem',
    id: 'x',
    version: 1,
    lastUpdated: '',
    deleted: false,
    patient: null,
    body,
  };
  const searchStored = async (_type: string, params: [string, string][]) => ({
    matches: params.some(([name, value]) => name === 'url' && value === STORED) ? [stored] : [],
    includes: [],
    total: params.some(([, value]) => value.startsWith('gt')) ? 0 : 1,
  });
  return { lists, searchStored } as unknown as FhirSession;
}

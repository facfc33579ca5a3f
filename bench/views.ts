/**
 * Evaluating the content's views over the resources of visits: compiled against the library's evaluator.
 *
 * `node bench/views.ts [visits]`
 */
import { randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evalSqlOnFhir } from '@medplum/core';
import { evaluateView } from '../engines/views/evaluate.ts';
import type { ViewDefinition } from '../engines/views/view-table.ts';
import type { Resource } from '../kernel/fhir/types.ts';
import { report } from './bench.ts';
import { visitBundle } from './visit-bundle.ts';

const VISITS = Number(process.argv[2] ?? 200);
const ROUNDS = 15;
const FOLDER = join(import.meta.dirname, '../content/views');
const views = globSync('*.json', { cwd: FOLDER }).map(
  (name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as ViewDefinition,
);
const resources = Array.from({ length: VISITS }, () => visitBundle(randomUUID(), () => randomUUID())).flat();
const pairs = views.flatMap((view) =>
  resources
    .filter(({ resourceType }) => resourceType === view.resource)
    .map((resource) => ({ view, resource })),
);

/** What of SQL on FHIR the library knows. */
const evaluateGenerally = (view: ViewDefinition, resource: Resource) =>
  evalSqlOnFhir(view as never, [resource]);

type Evaluate = (view: ViewDefinition, resource: Resource) => unknown;

function run(evaluate: Evaluate): number {
  const started = performance.now();
  for (const { view, resource } of pairs) evaluate(view, resource);
  return performance.now() - started;
}

let compiled = 0;
let general = 0;
for (let round = 0; round < ROUNDS + 2; round++) {
  const times = [run(evaluateView), run(evaluateGenerally)];
  if (round < 2) continue;
  compiled += times[0]!;
  general += times[1]!;
}
const each = (ms: number) => (ms * 1000) / (ROUNDS * pairs.length);
report({
  bench: 'views',
  what: `${views.length} views over ${VISITS} visits: ${pairs.length} evaluations × ${ROUNDS}, in turns`,
  figures: [
    { name: 'compiled, a resource', value: each(compiled), unit: 'µs' },
    { name: "the library's evaluator, a resource", value: each(general), unit: 'µs' },
    { name: 'library ÷ compiled', value: general / compiled, unit: '×' },
    { name: 'resources a second, compiled', value: 1e6 / each(compiled), unit: '/s' },
  ],
});

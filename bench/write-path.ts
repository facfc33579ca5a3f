/**
 * What a write costs the program before the database: a visit of 12 resources parsed, validated, extracted and serialised,
 * by what the store uses and by what it does not (docs/adr/0011-generated-code.md), in slices that take turns.
 *
 * `node bench/write-path.ts [rounds]`
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '../kernel/fhir/types.ts';
import { validateResource } from '../kernel/fhir/validation/index.ts';
import { tailOf } from '../kernel/store/body.ts';
import { looseId } from '../kernel/store/ids.ts';
import { extractIndexes } from '../kernel/store/search/index.ts';
import { baseParametersOf } from '../kernel/store/search/parameters.ts';
import { type Extractor, walkerOf } from '../kernel/store/search/walk.ts';
import { newId } from '../kernel/store/writes.ts';
import { type Figure, quantile, report } from './bench.ts';
import { serialiserOf } from './serialiser.ts';
import { visitBundle } from './visit-bundle.ts';

const ROUNDS = Number(process.argv[2] ?? 80);
const BUNDLES = 40;
/** Examples of each type of a visit, so that the code meets other shapes than those of the visit. */
const EXAMPLES = join(import.meta.dirname, '../node_modules/hl7.fhir.r4.examples');

type Work = (resource: Resource, text: string) => unknown;

const visits = Array.from({ length: BUNDLES }, () => {
  const patient = looseId();
  const made = visitBundle(patient, (type) => newId(type, patient)).map((one) => JSON.stringify(one));
  return made.map((text) => ({ text, resource: JSON.parse(text) as Resource }));
});
const types = [...new Set(visits[0]!.map(({ resource }) => resource.resourceType))];
const examples = types
  .flatMap((type) => globSync(`${type}-*.json`, { cwd: EXAMPLES }).sort().slice(0, 60))
  .map((file) => {
    const text = readFileSync(join(EXAMPLES, file), 'utf8');
    return { text, resource: JSON.parse(text) as Resource };
  });

const walkers = new Map<string, Extractor>(
  types.map((type) => [type, walkerOf(type, [...baseParametersOf(type).values()])]),
);
const serialise = serialiserOf(types);
for (const { resource } of visits[0]!) {
  if (!isDeepStrictEqual(JSON.parse(serialise(resource)), resource))
    throw new Error(`the serialiser of ${resource.resourceType} loses something`);
}

const work: Record<string, Work> = {
  'JSON.parse': (_resource, text) => JSON.parse(text),
  validateResource: (resource) => validateResource(resource),
  'extraction, generated code': (resource) => extractIndexes(resource),
  'extraction, walk of the tree': (resource) => extractIndexes(resource, walkers.get(resource.resourceType)),
  'stored text, JSON.stringify': (resource) => Buffer.from(tailOf(resource)),
  'whole text, JSON.stringify': (resource) => Buffer.from(JSON.stringify(resource)),
  'whole text, generated serialiser': (resource) => Buffer.from(serialise(resource)),
};
const names = Object.keys(work);
const times = new Map(names.map((name) => [name, [] as number[]]));
const bytes = new Map(names.map((name) => [name, [] as number[]]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, run] of Object.entries(work)) {
    for (const { resource, text } of examples) run(resource, text);
    const before = process.memoryUsage().heapUsed;
    const from = performance.now();
    for (const visit of visits) for (const { resource, text } of visit) run(resource, text);
    const spent = performance.now() - from;
    const made = process.memoryUsage().heapUsed - before;
    if (round < ROUNDS / 4) continue;
    times.get(name)!.push((spent * 1000) / BUNDLES);
    // Less than nothing: the collector came in between.
    if (made > 0) bytes.get(name)!.push(made / BUNDLES / 1024);
  }
}

const figures: Figure[] = names.flatMap((name) => [
  // Others use the machine too: the quickest tenth is the nearest to what the work itself takes.
  { name, value: quantile(times.get(name)!, 0.1), unit: 'µs a visit' },
  { name: `${name}, allocated`, value: quantile(bytes.get(name)!, 0.5), unit: 'KB a visit' },
]);
report({
  bench: 'write-path',
  what: `a visit of 12 resources before the database, among ${examples.length} examples of HL7 of the same types; ${ROUNDS} rounds in turns, the quickest tenth`,
  figures,
});

/**
 * FHIRPath over a resource: compiled (kernel/fhir/path) against the evaluator of `@medplum/core`, which is handed its parsed
 * expression, in turns of one run. The expressions are R4's own invariants and what profiles and measures ask.
 *
 * `node bench/path.ts [rounds]`
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evalFhirPathTyped, parseFhirPath, toTypedValue } from '@medplum/core';
import { compilePath, Work } from '../kernel/fhir/path/index.ts';
import type { Resource } from '../kernel/fhir/types.ts';
import { type Figure, quantile, report } from './bench.ts';

const ROUNDS = Number(process.argv[2] ?? 100);
const TIMES = 200;
const EXAMPLES = join(import.meta.dirname, '../node_modules/hl7.fhir.r4.examples');
const resourceOf = (name: string) =>
  JSON.parse(readFileSync(join(EXAMPLES, `${name}.json`), 'utf8')) as Resource;

const KINDS: Record<string, [resource: Resource, expressions: string[]]> = {
  'a path with a condition': [
    resourceOf('Patient-example'),
    [
      "name.where(use = 'official').given.first()",
      "telecom.where(system = 'phone').value",
      'contact.name.family',
    ],
  ],
  'an invariant': [
    resourceOf('Observation-example'),
    [
      'dataAbsentReason.empty() or value.empty()',
      'value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()',
      'contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()',
    ],
  ],
  'a pattern': [
    resourceOf('Patient-example'),
    [
      "identifier.value.all(matches('^[0-9]{3,12}$'))",
      "name.family.where(matches('^[A-Z][a-z]+$')).exists()",
    ],
  ],
};

function figuresOf(kind: string, [resource, expressions]: [Resource, string[]]): Figure[] {
  const type = resource.resourceType;
  const compiled = expressions.map((text) => compilePath(text, { type, constants: new Map() }));
  const parsed = expressions.map((text) => parseFhirPath(text));
  const typed = toTypedValue(resource);
  const variables = { '%resource': typed };
  const runs: (() => void)[] = [
    () => {
      for (const path of compiled) path.step([resource], new Work());
    },
    () => {
      for (const path of parsed) evalFhirPathTyped(path, [typed], variables);
    },
  ];
  const samples = runs.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, run] of runs.entries()) {
      const from = performance.now();
      for (let time = 0; time < TIMES; time++) run();
      samples[at]!.push(((performance.now() - from) * 1000) / (TIMES * expressions.length));
    }
  }
  const each = samples.map((values) => quantile(values, 0.1));
  return [
    { name: `${kind}, compiled`, value: each[0]!, unit: 'µs' },
    { name: `${kind}, the library's evaluator`, value: each[1]!, unit: 'µs' },
    { name: `${kind}, library ÷ compiled`, value: each[1]! / each[0]!, unit: '×' },
  ];
}

const compiling = Object.values(KINDS).flatMap(([{ resourceType }, texts]) =>
  texts.map((text): [string, string] => [text, resourceType]),
);
const from = performance.now();
for (let round = 0; round < 200; round++)
  for (const [text, type] of compiling) compilePath(text, { type, constants: new Map() });
const compileEach = ((performance.now() - from) * 1000) / (200 * compiling.length);

report({
  bench: 'path',
  what: `FHIRPath over HL7's examples of a Patient and an Observation, the quickest tenth of ${ROUNDS} rounds in turns`,
  figures: [
    ...Object.entries(KINDS).flatMap(([kind, what]) => figuresOf(kind, what)),
    { name: 'compiling an expression', value: compileEach, unit: 'µs' },
  ],
});

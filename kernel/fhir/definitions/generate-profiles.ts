/** R4's own profiles and extensions, without the words, and the value sets that can be told code by code. */
import type { ConceptSource, DefinitionSource } from './generate-source.ts';

type Json = Record<string, unknown>;

/** Invariants of R4's extensions that name what is not there, and could never be true: they are left out. */
const WRONG: Readonly<Record<string, readonly string[]>> = {
  'allergyintolerance-substanceExposureRisk': ['inv-1'],
};

/** What others publish beside R4 (SMART's oauth-uris) is theirs to change. */
const FHIR = 'http://hl7.org/fhir/StructureDefinition/';

/** Canonical → the definition by its differential. */
export function buildProfiles(definitions: DefinitionSource[]): Record<string, Json> {
  const constraints = definitions.filter(
    ({ resourceType, derivation, url }) =>
      resourceType === 'StructureDefinition' && derivation === 'constraint' && url.startsWith(FHIR),
  );
  return sorted(Object.fromEntries(constraints.map((one) => [one.url, profileOf(one as unknown as Json)])));
}

function profileOf(definition: Json): Json {
  const { id, name, kind, type, baseDefinition, context } = definition;
  const { element } = definition.differential as { element: Json[] };
  const wrong = WRONG[String(id)] ?? [];
  return {
    name,
    kind,
    type,
    baseDefinition,
    ...(context === undefined ? {} : { context }),
    element: element.map((one) => elementOf(one, wrong)).filter((one) => Object.keys(one).length > 1),
  };
}

const KEPT = /^(sliceName|min|max|maxLength|contentReference|(fixed|pattern|minValue|maxValue)[A-Z].*)$/;

/** What a validator reads of it. The id is kept where it names a slice. */
function elementOf(element: Json, wrong: readonly string[]): Json {
  const { id, path, type, binding, constraint, slicing, isModifier } = element;
  const kept = Object.fromEntries(Object.entries(element).filter(([name]) => KEPT.test(name)));
  const rules = ((constraint as Json[] | undefined) ?? []).filter(({ key }) => !wrong.includes(String(key)));
  return {
    ...(typeof id === 'string' && id.includes(':') ? { id } : {}),
    path,
    ...kept,
    ...(isModifier === true ? { isModifier } : {}),
    ...(type === undefined ? {} : { type: (type as Json[]).map(typeOf) }),
    ...(slicing === undefined ? {} : { slicing: only(slicing as Json, 'discriminator', 'ordered', 'rules') }),
    ...(binding === undefined ? {} : { binding: only(binding as Json, 'strength', 'valueSet') }),
    ...(rules.length === 0
      ? {}
      : { constraint: rules.map((one) => only(one, 'key', 'severity', 'human', 'expression')) }),
  };
}

function typeOf(type: Json): Json {
  return only(type, 'code', 'profile', 'targetProfile', 'aggregation');
}

function only(value: Json, ...names: string[]): Json {
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)));
}

/** Longer ones are code systems of their own. */
const MOST_CODES = 500;

/** Canonical → system → codes separated by blanks. Tables of HL7 v2 have no use here. */
export function buildValueSets(terminology: DefinitionSource[]): Record<string, Record<string, string>> {
  const systems = new Map(
    terminology.filter((one) => one.resourceType === 'CodeSystem').map((one) => [one.url, one]),
  );
  const sets: Record<string, Record<string, string>> = {};
  for (const one of terminology) {
    if (one.resourceType !== 'ValueSet' || one.url.includes('/v2-')) continue;
    const codes = membersOf(one, systems);
    if (codes) sets[one.url] = codes;
  }
  return sorted(sets);
}

/** Null for a set that draws from what is not listed here. */
function membersOf(
  { compose }: DefinitionSource,
  systems: Map<string, DefinitionSource>,
): Record<string, string> | null {
  const found: Record<string, Set<string>> = {};
  if (compose === undefined || (compose as { exclude?: unknown }).exclude !== undefined) return null;
  for (const { system = '', concept, filter, valueSet } of compose.include) {
    if (valueSet !== undefined || system === '') return null;
    const codes = concept ? concept.map(({ code }) => code) : codesOf(systems.get(system), filter);
    if (codes === null || codes.length === 0) return null;
    found[system] = new Set([...(found[system] ?? []), ...codes]);
  }
  const count = Object.values(found).reduce((sum, codes) => sum + codes.size, 0);
  if (count === 0 || count > MOST_CODES) return null;
  return Object.fromEntries(Object.entries(found).map(([system, codes]) => [system, [...codes].join(' ')]));
}

function codesOf(system: DefinitionSource | undefined, filters: unknown[] = []): string[] | null {
  if (!system?.concept || system.content !== 'complete' || filters.length > 1) return null;
  const [filter] = filters as { property: string; op: string; value: string }[];
  if (filter === undefined) return flatten(system.concept);
  if (filter.op !== 'is-a' || !['concept', 'code'].includes(filter.property)) return null;
  const top = find(system.concept, filter.value);
  return top && flatten([top]);
}

function flatten(concepts: ConceptSource[]): string[] {
  return concepts.flatMap((one) => [one.code, ...flatten(one.concept ?? [])]);
}

function find(concepts: ConceptSource[], code: string): ConceptSource | null {
  for (const one of concepts) {
    const found = one.code === code ? one : find(one.concept ?? [], code);
    if (found) return found;
  }
  return null;
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Value sets with a required binding → their codes, `system → "code code …"`. */
import type { ConceptSource, DefinitionSource } from './generate-source.ts';

/** Short name → system → codes separated by blanks. Sets that R4 does not enumerate (MIME types, UCUM) are absent. */
export type CodeSets = Record<string, Record<string, string>>;

export function buildCodeSets(urls: Record<string, string>, terminology: DefinitionSource[]): CodeSets {
  const valueSets = new Map(terminology.filter((r) => r.resourceType === 'ValueSet').map((r) => [r.url, r]));
  const codeSystems = new Map(
    terminology.filter((r) => r.resourceType === 'CodeSystem').map((r) => [r.url, r]),
  );
  const sets: CodeSets = {};
  for (const [short, url] of Object.entries(urls)) {
    const codes = expand(valueSets.get(url), codeSystems);
    if (codes) sets[short] = codes;
  }
  return sets;
}

/** Null when a part of the set is not enumerated by the definitions. */
function expand(
  set: DefinitionSource | undefined,
  systems: Map<string, DefinitionSource>,
): Record<string, string> | null {
  const result: Record<string, string> = {};
  for (const include of set?.compose?.include ?? []) {
    const system = include.system ?? '';
    const concepts = include.concept ?? systems.get(system)?.concept;
    if (!concepts || include.filter || include.valueSet) return null;
    result[system] = [result[system], ...flatten(concepts)].filter(Boolean).join(' ');
  }
  return Object.keys(result).length > 0 ? result : null;
}

function flatten(concepts: ConceptSource[]): string[] {
  return concepts.flatMap((c) => [c.code, ...flatten(c.concept ?? [])]);
}

/** System → code → its name, and the code above it when there is one. */
export type CodeSystems = Record<string, Record<string, string[]>>;

/** HL7's own, published with R4; older versions of v2 tables, which have `|2.1` in their address, cannot be named by a canonical. */
const OWN = /^http:\/\/(hl7\.org\/fhir|terminology\.hl7\.org)\/[^|]+$/;

/** The whole code systems that the sets draw from, and all that HL7 publishes with R4 (v2 and v3 too), in the order of their resources. */
export function buildCodeSystems(sets: CodeSets, terminology: DefinitionSource[]): CodeSystems {
  const used = new Set(Object.values(sets).flatMap((systems) => Object.keys(systems)));
  const systems: CodeSystems = {};
  for (const { resourceType, url, content, concept } of terminology) {
    if (resourceType !== 'CodeSystem' || content !== 'complete') continue;
    if (!used.has(url) && !(OWN.test(url) && concept)) continue;
    systems[url] = {};
    gather(concept ?? [], undefined, systems[url]);
  }
  return Object.fromEntries(Object.entries(systems).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function gather(concepts: ConceptSource[], parent: string | undefined, into: Record<string, string[]>): void {
  for (const { code, display = code, concept = [] } of concepts) {
    into[code] = parent === undefined ? [display] : [display, parent];
    gather(concept, code, into);
  }
}

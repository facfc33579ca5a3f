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

/** Codes of the value sets that R4 binds with strength `required`, and the systems they are of. */
import { readJson } from './table-file.ts';

const source = readJson<Record<string, Record<string, string>>>('codes.gen.json');
const sets = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();

/**
 * Code system → codes of a value set by its short name (`administrative-gender`). Undefined when R4 does not enumerate
 * the set (MIME types, currencies, UCUM, languages).
 */
export function requiredCodes(name: string): ReadonlyMap<string, ReadonlySet<string>> | undefined {
  const known = sets.get(name);
  if (known) return known;
  const systems = source[name];
  if (!systems) return undefined;
  const set = new Map(Object.entries(systems).map(([system, codes]) => [system, new Set(codes.split(' '))]));
  sets.set(name, set);
  return set;
}

export interface BaseConcept {
  code: string;
  display: string;
  /** The code above it. */
  parent?: string;
}

let systems: Record<string, Record<string, [string, string?]>> | undefined;

/** Code systems of R4: those that such value sets draw from, and all that HL7 publishes with R4. Sorted. */
export function baseSystemUrls(): string[] {
  return Object.keys(allSystems()).sort();
}

function allSystems(): NonNullable<typeof systems> {
  systems ??= readJson<NonNullable<typeof systems>>('code-systems.gen.json');
  return systems;
}

/** All concepts of a code system of R4; undefined for any other system. */
export function baseCodeSystem(url: string): BaseConcept[] | undefined {
  const concepts = allSystems()[url];
  return (
    concepts &&
    Object.entries(concepts).map(([code, [display, parent]]) => ({
      code,
      display,
      ...(parent === undefined ? {} : { parent }),
    }))
  );
}

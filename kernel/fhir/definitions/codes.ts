/** Codes of the value sets that R4 binds with strength `required`, read from `codes.gen.json`. */
import { readJson } from './elements.ts';

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

/** Short names of all value sets that R4 binds as required and enumerates. */
export function requiredCodeNames(): string[] {
  return Object.keys(source);
}

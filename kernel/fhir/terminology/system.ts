/** What a code system can be asked, whether it is stored by a partner, kept as dated content, or R4's own. */

export interface Designation {
  language?: string;
  use?: { system?: string; code?: string; display?: string };
  value: string;
}

/** A property of a concept as FHIR writes it: `{ code: 'status', kind: 'valueCode', value: 'retired' }`. */
export interface ConceptProperty {
  code: string;
  kind: string;
  value: unknown;
}

export interface SystemConcept {
  code: string;
  display: string;
  definition?: string;
  designations: readonly Designation[];
  /** Not to be used any more: its validity is over, or its system says so. */
  inactive: boolean;
  /** A grouping that is never chosen (R4 codesystem.html#defined-props, notSelectable). */
  abstract: boolean;
  properties: readonly ConceptProperty[];
}

export interface CodeSystemView {
  readonly url: string;
  readonly version?: string;
  readonly name: string;
  /** Of the displays, BCP 47; undefined when nobody says. */
  readonly language?: string;
  /** `fragment`: a code that is not there may exist all the same. */
  readonly content: 'complete' | 'fragment';
  /** Canonical of the value set that holds all its codes. */
  readonly valueSet?: string;
  /** Its codes are the law between dates: one that is inactive on a day may not be used on that day. */
  readonly dated?: true;
  /** Whether it says what a property is; absent when any may be asked. */
  knowsProperty?(property: string): boolean;
  /** Canonicals of the supplements that add to it. */
  readonly supplements?: readonly string[];
  readonly size: number;
  codes(): Iterable<string>;
  /** Exactly this code; by its system's own spelling when case does not count. */
  concept(code: string): SystemConcept | undefined;
  has(code: string): boolean;
  parents(code: string): readonly string[];
  children(code: string): readonly string[];
  /** Whether `inner` is `outer` or lies below it. */
  isBelow(inner: string, outer: string): boolean;
  /** Codes whose names or whose code fit what a person typed (folded), best first. */
  search(text: string): string[];
}

/** A code with everything below it (children) or above it (parents); empty when the system has no such code. */
export function reach(system: CodeSystemView, code: string, way: 'children' | 'parents'): Set<string> {
  const found = new Set<string>();
  const open = system.has(code) ? [code] : [];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (found.has(one)) continue;
    found.add(one);
    open.push(...system[way](one));
  }
  return found;
}

/** Whether `outer` is among what lies above `inner`. Circles end where they began. */
export function climbs(parents: (code: string) => readonly string[], inner: string, outer: string): boolean {
  const seen = new Set<string>();
  const open = [inner];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one === outer) return true;
    if (seen.has(one)) continue;
    seen.add(one);
    open.push(...parents(one));
  }
  return false;
}

/**
 * The values of a property as text, for filters (R4 valueset.html#filters): `code`, `display`, `parent`, `child` and the flags
 * `inactive` and `notSelectable` are properties of every concept.
 */
export function valuesOf(system: CodeSystemView, code: string, property: string): readonly string[] {
  if (property === 'code' || property === 'concept') return [code];
  if (property === 'parent') return system.parents(code);
  if (property === 'child') return system.children(code);
  const concept = system.concept(code);
  if (!concept) return [];
  if (property === 'display') return [concept.display];
  if (property === 'inactive') return [String(concept.inactive)];
  if (property === 'notSelectable') return [String(concept.abstract)];
  return concept.properties.filter((one) => one.code === property).map(textOf);
}

/** A Coding counts by its code. */
export function textOf({ value }: ConceptProperty): string {
  return typeof value === 'object' && value !== null
    ? String((value as { code?: unknown }).code ?? '')
    : String(value);
}

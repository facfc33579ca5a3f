/** A CodeSystem as its stored resource says it: codes, what lies below what, properties. Pure. */

export interface CodeSystemJson {
  url?: unknown;
  content?: unknown;
  caseSensitive?: unknown;
  concept?: unknown;
}

interface ConceptJson {
  code?: unknown;
  display?: unknown;
  property?: unknown;
  concept?: unknown;
}

export interface StoredConcept {
  code: string;
  display: string;
  parents: Set<string>;
  children: Set<string>;
  /** Code of the property → its values as text. */
  properties: Map<string, string[]>;
}

export type Concepts = ReadonlyMap<string, StoredConcept>;

/** Properties that name a parent or a child (R4 codesystem.html#defined-props). */
const PARENT = new Set(['parent', 'subsumedBy']);
const CHILD = new Set(['child', 'subsumes']);

/** The concepts of a CodeSystem by code; nesting and the properties parent and child are the same hierarchy. */
export function conceptsOf(system: CodeSystemJson): Concepts {
  const concepts = new Map<string, StoredConcept>();
  gather(system.concept, undefined, concepts, 0);
  for (const concept of [...concepts.values()]) {
    for (const [name, values] of concept.properties) {
      for (const value of values) {
        if (PARENT.has(name)) join(concepts, value, concept.code);
        if (CHILD.has(name)) join(concepts, concept.code, value);
      }
    }
  }
  return concepts;
}

const DEEPEST = 100;

function gather(
  list: unknown,
  parent: string | undefined,
  concepts: Map<string, StoredConcept>,
  depth: number,
): void {
  if (!Array.isArray(list) || depth > DEEPEST) return;
  for (const { code, display, property, concept } of list as ConceptJson[]) {
    if (typeof code !== 'string') continue;
    const known = concepts.get(code);
    concepts.set(code, {
      code,
      display: typeof display === 'string' ? display : '',
      parents: known?.parents ?? new Set(),
      children: known?.children ?? new Set(),
      properties: propertiesOf(property),
    });
    if (parent !== undefined) join(concepts, parent, code);
    gather(concept, code, concepts, depth + 1);
  }
}

function join(concepts: Map<string, StoredConcept>, parent: string, child: string): void {
  concepts.get(parent)?.children.add(child);
  concepts.get(child)?.parents.add(parent);
}

function propertiesOf(list: unknown): Map<string, string[]> {
  const properties = new Map<string, string[]>();
  for (const one of Array.isArray(list) ? (list as Record<string, unknown>[]) : []) {
    if (typeof one?.code !== 'string') continue;
    const name = Object.keys(one).find((key) => key.startsWith('value'));
    const value = name === undefined ? undefined : one[name];
    const text = typeof value === 'object' && value !== null ? (value as { code?: unknown }).code : value;
    if (text !== undefined) properties.set(one.code, [...(properties.get(one.code) ?? []), String(text)]);
  }
  return properties;
}

/**
 * ICD-10 says by the code itself what lies below a category: subcategories extend it (E11 ⊃ E11.9). A category has three
 * characters; the asked code may be shorter (`E1`), for a block.
 */
export function isBelow(inner: string, outer: string): boolean {
  const [a, b] = [inner.replace('.', ''), outer.replace('.', '')];
  return inner === outer || (a.startsWith(b) && a.length >= 3);
}

/** A code with everything below it (children) or above it (parents); empty when the system has no such code. */
export function reach(concepts: Concepts, code: string, way: 'children' | 'parents'): Set<string> {
  const found = new Set<string>();
  const open = concepts.has(code) ? [code] : [];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (found.has(one)) continue;
    found.add(one);
    open.push(...(concepts.get(one)?.[way] ?? []));
  }
  return found;
}

/**
 * Resources contained in others. R4 search.html#contained evaluates a chained condition inside them, too
 * (`MedicationRequest?medication.code=…` where the Medication lies inside), and finds them by themselves with `_contained`
 * (`holds.ts`). What a contained resource is found by lies in the row of the one that holds it: under the parameter that refers
 * to it, `MedicationRequest.medication#Medication.code`, and whatever refers to it, `#Medication.code`.
 */
import type { Condition } from './condition.ts';
import { parameterKey, tokenKey } from './keys.ts';
import {
  carriedView,
  type IndexedParameter,
  indexedParametersOf,
  writtenParametersOf,
} from './parameters.ts';
import { valuesAt } from './paths.ts';
import type { CodeEntry, Sink } from './sink.ts';
import { type InnerExtractor, innerExtractor } from './walk.ts';

type Json = Record<string, unknown>;

/** Between the parameter that leads inside and the type that lies there. */
const INSIDE = '#';

/** What a contained resource lies under: the parameter that refers to it, or with '' whatever does. */
export type HeldBy = Pick<IndexedParameter, 'q' | 'type'>;

/** A parameter of a contained resource as it is kept for the one that holds it. @param by `q` of what it lies under */
export function containedView(parameter: IndexedParameter, by: string): IndexedParameter {
  const type = `${by}${INSIDE}${parameter.type}`;
  const q = `${type}.${parameter.code}`;
  return { ...carriedView(parameter), type: type as IndexedParameter['type'], q, p: parameterKey(q) };
}

/** Another parameter of the same type, as it is kept where this one is. */
export function siblingOf({ type }: IndexedParameter, code: string): IndexedParameter | undefined {
  const at = type.lastIndexOf(INSIDE);
  if (at < 0) return indexedParametersOf(type).get(code);
  const sibling = indexedParametersOf(type.slice(at + 1)).get(code);
  return sibling && containedView(sibling, type.slice(0, at));
}

/**
 * Rows whose parameter refers to a resource of a type inside them. It is a word of the dictionary: where nobody contains
 * any, that is known before the rows are asked.
 */
export function contains(by: IndexedParameter, type: string): Condition {
  return { op: 'words', queries: [{ p: wordsOf(by), code: type }] };
}

/** Rows of a type in which a resource of another type lies. */
export function holdsAny(type: string, held: string): Condition {
  return { op: 'words', queries: [{ p: holdersParameter(held), code: type }] };
}

/** The types of rows in which a resource of a type lies are the codes of this parameter in the dictionary. */
export const holdersParameter = (held: string) => `${INSIDE}${held}`;

const wordsOf = ({ q }: HeldBy) => `${q}${INSIDE}`;

function wordOf(p: string, type: string): CodeEntry {
  return { h: tokenKey(p, '', type), p, sys: '', code: type, display: '' };
}

/** By what refers to it, the type, and the parameters: a new definition makes a new extractor. */
const extractors = new Map<string, { of: ReadonlyMap<string, IndexedParameter>; extract: InnerExtractor }>();

function extractorOf(by: HeldBy, type: string): InnerExtractor {
  const of = writtenParametersOf(type);
  const key = `${by.q}${INSIDE}${type}`;
  const known = extractors.get(key);
  if (known?.of === of) return known.extract;
  const extract = innerExtractor(type, of, (parameter) => containedView(parameter, by.q));
  extractors.set(key, { of, extract });
  return extract;
}

/** Adds what the contained resources are found by: by themselves, and under each parameter that refers to one. */
export function emitContained(resource: Json, sink: Sink): void {
  const inside = new Map<string, Json>();
  for (const one of resource.contained as unknown[]) {
    const { id, resourceType } = (one ?? {}) as Json;
    if (typeof id === 'string' && typeof resourceType === 'string') inside.set(id, one as Json);
  }
  if (inside.size === 0) return;
  const outerType = String(resource.resourceType);
  for (const held of inside.values()) {
    const type = String(held.resourceType);
    sink.entry(wordOf(holdersParameter(type), outerType));
    extractorOf({ q: '', type: outerType as HeldBy['type'] }, type)(held, sink);
  }
  const outer = withTypes(resource, inside) as Json;
  for (const by of writtenParametersOf(outerType).values()) {
    if (by.storage !== 'references') continue;
    for (const held of heldBy(by, outer, inside)) {
      const type = String(held.resourceType);
      sink.entry(wordOf(wordsOf(by), type));
      extractorOf(by, type)(held, sink);
    }
  }
}

function heldBy(by: IndexedParameter, outer: Json, inside: ReadonlyMap<string, Json>): Json[] {
  const values = by.paths.flatMap((path) => (path.type === 'Reference' ? valuesAt(outer, path) : []));
  return values.flatMap((value) => {
    const { reference } = value as Json;
    if (typeof reference !== 'string' || !reference.includes('/#')) return [];
    const held = inside.get(reference.slice(reference.indexOf('#') + 1));
    const isTarget = by.targets.length === 0 || by.targets.includes(String(held?.resourceType));
    return held && isTarget ? [held] : [];
  });
}

/** A copy without what is contained, whose references to it say the type: `Patient/#p`, so that paths can tell them apart. */
function withTypes(value: unknown, inside: ReadonlyMap<string, Json>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withTypes(item, inside));
  const copy: Json = {};
  for (const [name, member] of Object.entries(value)) {
    if (name === 'contained') continue;
    const isInner = name === 'reference' && typeof member === 'string' && member.startsWith('#');
    const held = isInner ? inside.get(member.slice(1)) : undefined;
    copy[name] = held ? `${String(held.resourceType)}/${member}` : withTypes(member, inside);
    if (held) copy.type = held.resourceType;
  }
  return copy;
}

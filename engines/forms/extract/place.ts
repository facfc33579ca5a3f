/** Values put into a resource under construction by an element's path (`Patient.name.given`), as R4's element tables have it. Pure. */
import {
  baseTypeOf,
  type Element,
  elementsOf,
  hasStructure,
  propertyName,
} from '../../../kernel/fhir/definitions/elements.ts';
import { isObject } from '../answer.ts';
import type { Value } from '../form/types.ts';

type Json = Record<string, unknown>;

export interface Found {
  /** JSON property, of a choice with its type. */
  property: string;
  /** Type of what stands in it: a data type, or a backbone path. */
  type: string;
  many: boolean;
}

/** The property of an element; of a choice the one that `fits` the value's type. Null for what R4 does not have. */
export function propertyOf(structure: string, name: string, type: string | null): Found | null {
  if (!hasStructure(structure)) return null;
  const [plain = '', slice] = name.split(':');
  const wanted = plain.replace(/\[x\]$/, '');
  for (const element of elementsOf(structure)) {
    const found = matching(element, wanted, slice, type);
    if (found) return { ...found, many: element.max > 1 };
  }
  return null;
}

function matching(
  element: Element,
  name: string,
  slice: string | undefined,
  type: string | null,
): Omit<Found, 'many'> | null {
  if (element.name === name) {
    const kind = element.choice ? chosen(element, slice, type) : element.types[0];
    return kind ? { property: propertyName(element, kind), type: baseTypeOf(kind.code) } : null;
  }
  if (!element.choice) return null;
  const exact = element.types.find((one) => propertyName(element, one) === name);
  return exact ? { property: name, type: baseTypeOf(exact.code) } : null;
}

/** `value[x]:valueQuantity` names the type; else the type of the value, or one that it can be made of. */
function chosen(element: Element, slice: string | undefined, type: string | null) {
  const named = slice && element.types.find((one) => propertyName(element, one) === slice);
  if (named) return named;
  const types = type === null ? [] : [type, ...(MADE_OF[type] ?? [])];
  for (const one of types) {
    const found = element.types.find(({ code }) => baseTypeOf(code) === one);
    if (found) return found;
  }
  return undefined;
}

/** What an answer of a type may stand for, best first. */
const MADE_OF: Readonly<Record<string, readonly string[]>> = {
  Coding: ['CodeableConcept', 'code', 'string'],
  date: ['dateTime', 'instant', 'Period'],
  dateTime: ['instant', 'date', 'Period'],
  integer: ['positiveInt', 'unsignedInt', 'decimal', 'Quantity'],
  decimal: ['Quantity', 'integer'],
  string: ['markdown', 'code', 'id', 'uri', 'CodeableConcept', 'Annotation'],
  uri: ['url', 'canonical', 'string'],
  Quantity: ['decimal', 'Age', 'Duration'],
};

/** The value as the element's type has it; undefined when it cannot be. */
export function cast(value: Value, from: string, to: string): Value | undefined {
  if (from === to) return value;
  if (isObject(value)) return castObject(value, to);
  switch (to) {
    case 'CodeableConcept':
      return { text: String(value) };
    case 'Annotation':
      return { text: String(value) };
    case 'Quantity':
      return typeof value === 'number' ? { value } : undefined;
    case 'Period':
      return { start: value };
    case 'Reference':
      return typeof value === 'string' ? { reference: value } : undefined;
    case 'Coding':
      return typeof value === 'string' ? { code: value } : undefined;
    case 'instant':
      return typeof value === 'string' && value.length === 10 ? `${value}T00:00:00+07:00` : value;
    case 'date':
      return typeof value === 'string' ? value.slice(0, 10) : undefined;
    case 'string':
    case 'markdown':
    case 'code':
    case 'id':
    case 'uri':
    case 'url':
    case 'canonical':
      return String(value);
    case 'decimal':
    case 'integer':
    case 'positiveInt':
    case 'unsignedInt':
      return typeof value === 'number' ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    default:
      return hasStructure(to) ? undefined : value;
  }
}

function castObject(value: Json, to: string): Value | undefined {
  const isCoding = 'code' in value && !('value' in value);
  if (to === 'CodeableConcept') return isCoding ? { coding: [value] } : value;
  if (to === 'code' || to === 'id') return isCoding ? value.code : undefined;
  if (to === 'string' || to === 'markdown')
    return value.display ?? value.text ?? value.code ?? value.reference;
  if (to === 'uri' || to === 'url' || to === 'canonical') return value.url ?? value.reference;
  if (to === 'decimal' || to === 'integer') return value.value;
  return hasStructure(to) ? value : undefined;
}

/** Elements of a list that a slice of a profile made, with its name: `Patient.identifier:cccd`. */
const slices = new WeakMap<object, string>();

/** Name of the slice in a step (`identifier:cccd`); undefined for an element that may be of any. */
const sliceIn = (step: string): string | undefined => step.split(':')[1];

/** Elements of a list that belong to a step: those of its slice, or those of none. */
export function ofStep(list: readonly unknown[], step: string): Json[] {
  return list.filter(isObject).filter((one) => slices.get(one) === sliceIn(step));
}

/** Says of which slice a new element of a list is. */
export function markSlice(element: unknown, step: string): void {
  const slice = sliceIn(step);
  if (slice !== undefined && isObject(element)) slices.set(element, slice);
}

/** Steps of a path behind its resource type: `Patient.name.given` → name, given. */
export const stepsOf = (path: string): string[] => path.split('.').slice(1);

/**
 * The holder that the last step of a path stands in, made where it is missing; of what repeats the last one there is (of a slice
 * the last of that slice), or a new one when it is to be `fresh`.
 * Null when R4 does not have the path.
 */
export function holderAt(
  root: Json,
  structure: string,
  steps: readonly string[],
  fresh = false,
): { holder: Json; structure: string } | null {
  let at = { holder: root, structure };
  const newAt = fresh ? lastRepeating(structure, steps) : -1;
  for (const [depth, step] of steps.entries()) {
    const found =
      propertyOf(at.structure, step, null) ?? propertyOf(at.structure, step, existingType(at, step));
    if (!found) return null;
    const standing = at.holder[found.property];
    const list = Array.isArray(standing) ? standing : standing === undefined ? [] : [standing];
    const standingHere = found.many ? ofStep(list, step) : list;
    let next = depth === newAt ? undefined : (standingHere.at(-1) as Json | undefined);
    if (!isObject(next)) {
      next = {};
      if (found.many) markSlice(next, step);
      at.holder[found.property] = found.many ? [...list, next] : next;
    }
    at = { holder: next, structure: found.type };
  }
  return at;
}

/** The deepest step that repeats; -1 for none. */
function lastRepeating(structure: string, steps: readonly string[]): number {
  let last = -1;
  let type: string | undefined = structure;
  for (const [depth, step] of steps.entries()) {
    const found: Found | null = type === undefined ? null : propertyOf(type, step, null);
    if (found?.many) last = depth;
    type = found?.type;
  }
  return last;
}

/** Of a choice the type that is there already. */
function existingType(
  { holder, structure }: { holder: Json; structure: string },
  step: string,
): string | null {
  const element = elementsOf(structure).find((one) => one.name === step && one.choice);
  return element?.types.find((one) => holder[propertyName(element, one)] !== undefined)?.code ?? null;
}

/** Several values of what stands once: each in a repeat of its own above it; where nothing repeats, the first alone. */
function putEach(
  root: Json,
  structure: string,
  path: readonly string[],
  values: readonly Value[],
  type: string,
): boolean {
  const isRepeated = lastRepeating(structure, path.slice(0, -1)) >= 0;
  const one = (value: Value) => put(root, structure, path, [value], type);
  if (isRepeated) return values.map(one).every((done) => done);
  one(values[0]);
  return false;
}

/** @returns false when R4 does not have the element, or a value cannot be of its type, or has no place beside another */
export function put(
  root: Json,
  structure: string,
  path: readonly string[],
  values: readonly Value[],
  type: string,
): boolean {
  const last = path.at(-1);
  const above = path.slice(0, -1);
  let at = last === undefined ? null : holderAt(root, structure, above);
  const found = at && propertyOf(at.structure, last!, type);
  if (!at || !found) return false;
  if (!found.many && values.length > 1) return putEach(root, structure, path, values, type);
  // What is there once is there already: the value belongs to a new repeat above it.
  if (!found.many && at.holder[found.property] !== undefined) at = holderAt(root, structure, above, true)!;
  const made = values.map((value) => cast(value, type, found.type)).filter((value) => value !== undefined);
  if (made.length === 0) return values.length === 0;
  const { property, many } = found;
  // A copy: what an answer holds may be put in two places.
  const own = many ? made.map((value) => (isObject(value) ? { ...value } : value)) : made;
  if (many) for (const value of own) markSlice(value, last!);
  const standing = at.holder[property];
  at.holder[property] = many ? [...(Array.isArray(standing) ? standing : []), ...own] : own[0];
  return true;
}

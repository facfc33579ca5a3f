/** The values of an element in JSON: one or many, of a choice the one that is chosen, a primitive with what stands beside it. */
import { baseTypeOf, type Element, isPrimitive } from '../definitions/index.ts';
import { isObject, type Json } from './definition.ts';
import { fullUrlOf } from './resolve.ts';
import type { Place, Run } from './run.ts';

export interface Item {
  /** Undefined when a primitive has only extensions. */
  value: unknown;
  /** Where its children are: itself, or the `_name` object of a primitive. */
  inside: Json | undefined;
  key: string;
  /** -1 when the element does not repeat. */
  at: number;
  /** `Quantity`, `dateTime`, `Observation.component`; of a resource its type. */
  type: string;
}

/** One JSON property under which an element may stand. */
export interface Key {
  key: string;
  type: string;
  primitive: boolean;
}

export function keysOf(element: Element): Key[] {
  return element.types.map(({ code }) => {
    const type = baseTypeOf(code);
    const key = element.choice ? element.name + type.charAt(0).toUpperCase() + type.slice(1) : element.name;
    return { key, type, primitive: isPrimitive(type) };
  });
}

const NONE: readonly Item[] = [];
/** A choice of more types is looked for among the properties that are there. */
const MOST_TRIED = 4;
const named = new WeakMap<readonly Key[], Map<string, Key>>();

export function itemsOf(parent: Json, keys: readonly Key[]): readonly Item[] {
  if (keys.length > MOST_TRIED) return chosenItems(parent, keys);
  let found: Item[] | undefined;
  for (const key of keys) found = gather(parent, key, found);
  return found ?? NONE;
}

function chosenItems(parent: Json, keys: readonly Key[]): readonly Item[] {
  let byName = named.get(keys);
  if (byName === undefined) {
    byName = new Map(keys.flatMap((one) => [[one.key, one] as const, [`_${one.key}`, one] as const]));
    named.set(keys, byName);
  }
  let found: Item[] | undefined;
  for (const name in parent) {
    const key = byName.get(name);
    // What stands beside a primitive is taken with it.
    if (key !== undefined && (name === key.key || parent[key.key] === undefined))
      found = gather(parent, key, found);
  }
  return found ?? NONE;
}

function gather(parent: Json, { key, type, primitive }: Key, before: Item[] | undefined): Item[] | undefined {
  const value = parent[key];
  const beside = primitive ? parent[`_${key}`] : undefined;
  if (value === undefined && beside === undefined) return before;
  const found = before ?? [];
  if (Array.isArray(value) || Array.isArray(beside)) addAll(found, key, type, value, beside, primitive);
  else found.push(itemOf(key, -1, type, value, primitive ? beside : value));
  return found;
}

function addAll(
  found: Item[],
  key: string,
  type: string,
  value: unknown,
  beside: unknown,
  primitive: boolean,
): void {
  const values = Array.isArray(value) ? value : [];
  const others = Array.isArray(beside) ? beside : [];
  const count = Math.max(values.length, others.length);
  for (let at = 0; at < count; at++) {
    found.push(itemOf(key, at, type, values[at] ?? undefined, primitive ? others[at] : values[at]));
  }
}

function itemOf(key: string, at: number, type: string, value: unknown, inside: unknown): Item {
  const object = isObject(inside) ? inside : undefined;
  const named = type === 'Resource' ? object?.resourceType : undefined;
  return { value, inside: object, key, at, type: typeof named === 'string' ? named : type };
}

export type ItemCheck = (item: Item, run: Run) => void;

/** Runs a check at an item; inside a resource its references are its own. */
export function enter(item: Item, run: Run, check: ItemCheck): void {
  run.path.push(item.key);
  if (item.at >= 0) run.path.push(item.at);
  const { inside } = item;
  if (inside !== undefined && typeof inside.resourceType === 'string') {
    run.at(placeOf(inside, item.key, run.place), () => check(item, run));
  } else check(item, run);
  run.path.length -= item.at >= 0 ? 2 : 1;
}

export function placeOf(resource: Json, key: string, place: Place): Place {
  if (key === 'contained') return { ...place, resource };
  const bundle = place.resource.resourceType === 'Bundle' ? place.resource : place.bundle;
  return { resource, container: resource, bundle, fullUrl: fullUrlOf(resource, bundle) };
}

/** A resource, or a value that stands alone, as an item. */
export function wholeItem(value: Json, type: string): Item {
  return { value, inside: value, key: type, at: -1, type };
}

/** Equals, equivalent and order of values. Pure but for the work that it counts. FHIRPath 2.0, "Equality" and "Comparison". */
import { isObject, isPrimitiveNode, raw, typeOf } from './nodes.ts';
import { compareMeasures, measureOf, similarMeasures, similarNumbers } from './quantities.ts';
import { compareTemporal, equalTemporal } from './temporal.ts';
import { isTemporal, kindOf, systemOf } from './types.ts';
import type { Work } from './work.ts';

/** Nodes together with the type that the compiler knows of them. */
export interface Typed {
  nodes: readonly unknown[];
  type: string | null;
}

const isQuantity = (type: string | null) => type !== null && systemOf(type) === 'System.Quantity';

/** Dates are compared as such when one side is known to be one: what is text in JSON only may stand on the other. */
function areTemporal(a: unknown, b: unknown, typeA: string | null, typeB: string | null): boolean {
  return (
    typeof a === 'string' && typeof b === 'string' && (isTemporal(kindOf(typeA)) || isTemporal(kindOf(typeB)))
  );
}

/** FHIRPath `=` of two nodes; null when the precision of times or the units leave it open. */
export function areEqual(
  a: unknown,
  b: unknown,
  knownA: string | null,
  knownB: string | null,
  work: Work,
): boolean | null {
  work.spend(1);
  const [left, right] = [raw(a), raw(b)];
  if (left === undefined || right === undefined)
    return left === right && isPrimitiveNode(a, knownA) && isSame(besideOf(a), besideOf(b), work);
  const [typeA, typeB] = [typeOf(a, knownA), typeOf(b, knownB)];
  if (areTemporal(left, right, typeA, typeB)) return equalTemporal(left as string, right as string);
  if (isQuantity(typeA) || isQuantity(typeB)) {
    const [one, other] = [measureOf(left, typeA), measureOf(right, typeB)];
    if (one && other) {
      const order = compareMeasures(one, other);
      return order === null ? null : order === 0;
    }
  }
  return isSame(left, right, work);
}

const besideOf = (node: unknown) => (node as { beside?: unknown }).beside;

/** Deep equality of JSON. */
export function isSame(a: unknown, b: unknown, work: Work): boolean {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b)) return false;
  const one = Object.keys(a);
  work.spend(one.length);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    one.length === Object.keys(b).length &&
    one.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name], work))
  );
}

/** Collections are equal when they have the same values in the same order; null when one is empty, or it is open. */
export function equalLists(left: Typed, right: Typed, work: Work): boolean | null {
  const [a, b] = [left.nodes, right.nodes];
  if (a.length === 0 || b.length === 0) return null;
  if (a.length !== b.length) return false;
  let open = false;
  for (const [at, one] of a.entries()) {
    const equal = areEqual(one, b[at], left.type, right.type, work);
    if (equal === false) return false;
    if (equal === null) open = true;
  }
  return open ? null : true;
}

/** FHIRPath `~` of two nodes: text without case and spacing, numbers by the less precise, the order of lists aside. */
export function areSimilar(
  a: unknown,
  b: unknown,
  knownA: string | null,
  knownB: string | null,
  work: Work,
): boolean {
  work.spend(1);
  const [left, right] = [raw(a), raw(b)];
  const [typeA, typeB] = [typeOf(a, knownA), typeOf(b, knownB)];
  if (areTemporal(left, right, typeA, typeB)) return equalTemporal(left as string, right as string) === true;
  if (isQuantity(typeA) && isQuantity(typeB)) {
    const [one, other] = [measureOf(left, typeA), measureOf(right, typeB)];
    if (one && other) return similarMeasures(one, other);
  }
  return similarJson(left, right, work);
}

function similarJson(a: unknown, b: unknown, work: Work): boolean {
  work.spend(1);
  if (typeof a === 'string' && typeof b === 'string') {
    work.spend((a.length + b.length) >> 3);
    return plain(a) === plain(b);
  }
  if (typeof a === 'number' && typeof b === 'number') return similarNumbers(a, b);
  if (Array.isArray(a) && Array.isArray(b))
    return pairedOff(a, b, (one, other) => similarJson(one, other, work));
  if (!isObject(a) || !isObject(b)) return a === b;
  // `id` is no part of what a value means.
  const names = Object.keys(a).filter((name) => name !== 'id');
  return (
    names.length === Object.keys(b).filter((name) => name !== 'id').length &&
    names.every((name) => Object.hasOwn(b, name) && similarJson(a[name], b[name], work))
  );
}

const plain = (text: string) => text.trim().toLowerCase().replace(/\s+/g, ' ');

/** Each of the first has its own partner in the second. */
function pairedOff(
  a: readonly unknown[],
  b: readonly unknown[],
  match: (one: unknown, other: unknown) => boolean,
): boolean {
  if (a.length !== b.length) return false;
  const left = [...b];
  return a.every((one) => {
    const at = left.findIndex((other) => match(one, other));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

export function similarLists(left: Typed, right: Typed, work: Work): boolean {
  return pairedOff(left.nodes, right.nodes, (a, b) => areSimilar(a, b, left.type, right.type, work));
}

/** Below 0, 0, above 0; null where the values have no order. */
export function order(a: unknown, b: unknown, knownA: string | null, knownB: string | null): number | null {
  const [left, right] = [raw(a), raw(b)];
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const [typeA, typeB] = [typeOf(a, knownA), typeOf(b, knownB)];
  if (areTemporal(left, right, typeA, typeB)) return compareTemporal(left as string, right as string);
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  const [one, other] = [measureOf(left, typeA), measureOf(right, typeB)];
  return one && other ? compareMeasures(one, other) : null;
}

/** Nodes of which each is kept once, by `=`. What cannot be equal lies in different drawers, so that few are compared. */
export class Bag {
  readonly nodes: unknown[] = [];
  readonly #drawers = new Map<unknown, { node: unknown; type: string | null }[]>();
  readonly #work: Work;

  constructor(work: Work) {
    this.#work = work;
  }

  has(node: unknown, known: string | null): boolean {
    const drawer = this.#drawers.get(drawerOf(node, known)) ?? [];
    return drawer.some((one) => areEqual(one.node, node, one.type, known, this.#work) === true);
  }

  /** False when an equal one was there. */
  add(node: unknown, known: string | null): boolean {
    this.#work.spend(1);
    if (this.has(node, known)) return false;
    const key = drawerOf(node, known);
    const drawer = this.#drawers.get(key);
    if (drawer) drawer.push({ node, type: known });
    else this.#drawers.set(key, [{ node, type: known }]);
    this.nodes.push(node);
    return true;
  }
}

/** Text that may be a date or time. */
const MOMENT = /^(?:\d{4}(?:-\d\d(?:-\d\d(?:T.*)?)?)?|\d\d:\d\d.*)$/;
const OPEN = Symbol('what may equal something written otherwise');

/** Equal values have the same drawer. */
function drawerOf(node: unknown, known: string | null): unknown {
  const value = raw(node);
  if (!isObject(value)) {
    // A time may equal another of other zone, and text that looks like one.
    return typeof value === 'string' && MOMENT.test(value) ? OPEN : value;
  }
  if (isQuantity(typeOf(node, known)) || typeof value.value === 'number') return OPEN;
  let telling = '';
  for (const name in value)
    if (typeof value[name] === 'string' && (telling === '' || name < telling)) telling = name;
  return telling === '' ? 'structure' : `${telling} ${value[telling]}`;
}

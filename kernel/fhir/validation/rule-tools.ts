/** Small tests that the invariants are written with. Values were found to be of the right shape before a rule runs. */
import type { Context, Json } from './context.ts';

export interface RuleTable {
  /** Key of the invariant → what it demands in Vietnamese, and its test: true = holds. */
  [key: string]: [vi: string, test: (x: Json, context: Context) => boolean, on?: string[]];
}

/** The element is there, as value or with extensions only. */
export function has(x: Json, name: string): boolean {
  return x[name] !== undefined || x[`_${name}`] !== undefined;
}

/** One of a choice element's properties is there: `value` → valueString, _valueString … */
export function hasChoice(x: Json, name: string): boolean {
  for (const key in x) {
    const at = key.charCodeAt(0) === 95 ? 1 : 0;
    if (!key.startsWith(name, at)) continue;
    const next = key.charCodeAt(at + name.length);
    if (next >= 65 && next <= 90) return true;
  }
  return false;
}

/** An array's objects; nothing when it is absent. */
export function list(x: Json, name: string): Json[] {
  const value = x[name];
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** How many of the elements are there. */
export function countOf(x: Json, ...names: string[]): number {
  return names.filter((name) => has(x, name)).length;
}

export function oneOf(value: unknown, ...allowed: string[]): boolean {
  return typeof value === 'string' && allowed.includes(value);
}

export function distinct(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}

/** A concept has one of the codes in the system. */
export function isCoded(concept: unknown, system: string, ...codes: string[]): boolean {
  return list((concept ?? {}) as Json, 'coding').some((c) => c.system === system && oneOf(c.code, ...codes));
}

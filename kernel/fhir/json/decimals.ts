/**
 * Decimals keep their precision (R4 datatypes, decimal: "implementations SHALL preserve the precision"): the number stays
 * a number in the tree, and the object that holds it remembers how it was written and writes it so again.
 */

interface ReviverContext {
  source?: string;
}

type Holder = Record<string, unknown>;
type Written = Record<string, { value: number; source: string }>;

const WRITTEN = Symbol('numbers as they were written');

/** `JSON.rawJSON` of Node 24, which the type library does not know yet. */
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/** Parses like `JSON.parse`; `{"value":1.10}` is stringified again as `{"value":1.10}`. Slower: use where needed only. */
export function parseKeepingDecimals(text: string): unknown {
  return JSON.parse(text, function (this: unknown, key: string, value: unknown, context?: ReviverContext) {
    if (typeof value === 'number' && context?.source !== undefined && context.source !== String(value)) {
      if (!Array.isArray(this)) remember(this as Holder, key, value, context.source);
    }
    return value;
  } as (key: string, value: unknown) => unknown);
}

/** A shallow copy that still writes its own decimals as they were written. */
export function copyKeepingDecimals<T extends object>(holder: T): T {
  const copy = { ...holder };
  const written = (holder as { [WRITTEN]?: Written })[WRITTEN];
  for (const [key, { value, source }] of Object.entries(written ?? {})) {
    remember(copy as unknown as Holder, key, value, source);
  }
  return copy;
}

/** A deep copy that writes its decimals as they were written. */
export function cloneKeepingDecimals<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(cloneKeepingDecimals) as T;
  const copy = copyKeepingDecimals(value) as Holder;
  for (const name in copy) {
    const member = copy[name];
    if (typeof member === 'object') copy[name] = cloneKeepingDecimals(member);
  }
  return copy as T;
}

/** Where one member of `to` was taken from `from`, it is written as it was there. */
export function carryDecimal(from: object, name: string, to: object, as: string): void {
  const written = (from as { [WRITTEN]?: Written })[WRITTEN]?.[name];
  if (written) remember(to as Holder, as, written.value, written.source);
}

/** How a number of `holder` was written, where that is not how JavaScript writes it: `1.0`, `1e2`. */
export function writtenAs(holder: object, name: string): string | undefined {
  return (holder as { [WRITTEN]?: Written })[WRITTEN]?.[name]?.source;
}

function remember(holder: Holder, key: string, value: number, source: string): void {
  const known = (holder as { [WRITTEN]?: Written })[WRITTEN];
  if (known) {
    known[key] = { value, source };
    return;
  }
  const written: Written = { [key]: { value, source } };
  Object.defineProperty(holder, WRITTEN, { value: written });
  Object.defineProperty(holder, 'toJSON', { value: () => asWritten(holder, written) });
}

/** A number that was changed since is written as it is now. */
function asWritten(holder: Holder, written: Written): Holder {
  const copy: Holder = { ...holder };
  for (const [key, { value, source }] of Object.entries(written)) {
    if (copy[key] === value) copy[key] = rawJson(source);
  }
  return copy;
}

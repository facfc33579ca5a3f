/**
 * References between the entries of a Bundle: which ones are conditional, and rewriting to the ids that were given.
 * Pure. R4 http.html#transaction ("resource identities … the server SHALL update all references").
 */

import { copyKeepingDecimals } from '../json/decimals.ts';

/** New addresses (`Patient/x`) by what the Bundle calls them (`urn:uuid:…`, absolute address, `Patient?identifier=…`). */
export type NewAddresses = ReadonlyMap<string, string>;

export interface UnresolvedReference {
  /** FHIRPath of the element below the resource, `subject.reference`. */
  path: string;
  reference: string;
}

type Node = Record<string, unknown> | unknown[];

const CONDITIONAL = /^[A-Z][A-Za-z]+\?.+/;
const NARRATIVE_LINK = /(<(?:a|img)\b[^>]*?\b(?:href|src)\s*=\s*)(["'])(.*?)\2/gi;

/** Search criteria used as references (`Patient?identifier=…`), each once. */
export function conditionalReferences(resource: unknown): string[] {
  const found = new Set<string>();
  visit(resource as Node, (holder, name, value) => {
    if (name === 'reference' && CONDITIONAL.test(value)) found.add(value);
    return holder;
  });
  return [...found];
}

/**
 * A copy of the resource with references rewritten; the same object when nothing changed.
 * @param base base address of the entry's fullUrl, against which its relative references are read first
 */
export function rewriteReferences<T>(resource: T, addresses: NewAddresses, base: string | null): T {
  if (addresses.size === 0) return resource;
  return visit(resource as Node, (_holder, name, value) => {
    if (name === 'div') return rewriteNarrative(value, addresses);
    if (name === 'value' || name === 'fullUrl') return undefined;
    return newAddress(value, addresses, name === 'reference' ? base : null);
  }) as T;
}

/** References to our own address become relative: a copy, or the same object when there was none. */
export function localReferences<T>(resource: T, base: string): T {
  const start = `${base}/`;
  return visit(resource as Node, (_holder, name, value) =>
    name === 'reference' && value.startsWith(start) ? value.slice(start.length) : undefined,
  ) as T;
}

/** References that still point at something only the Bundle knew. */
export function unresolvedReferences(resource: unknown): UnresolvedReference[] {
  const found: UnresolvedReference[] = [];
  visit(resource as Node, (_holder, name, value, path) => {
    if (name === 'reference' && /^urn:(uuid|oid):/.test(value))
      found.push({ path: `${path}.reference`, reference: value });
    return undefined;
  });
  return found;
}

/** `http://a/fhir/Patient/1` → `http://a/fhir`; null for urn: and anything that is no RESTful address. */
export function baseOfFullUrl(fullUrl: string | undefined): string | null {
  const match = /^(https?:\/\/.+)\/[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.exec(fullUrl ?? '');
  return match ? match[1]! : null;
}

function newAddress(value: string, addresses: NewAddresses, base: string | null): string | undefined {
  const hash = value.indexOf('#');
  const whole = hash > 0 ? value.slice(0, hash) : value;
  const known = addresses.get(whole) ?? (base === null ? undefined : addresses.get(`${base}/${whole}`));
  if (known === undefined) return undefined;
  return hash > 0 ? known + value.slice(hash) : known;
}

function rewriteNarrative(div: string, addresses: NewAddresses): string | undefined {
  const rewritten = div.replace(NARRATIVE_LINK, (whole, start: string, quote: string, link: string) => {
    const known = newAddress(link, addresses, null);
    return known === undefined ? whole : `${start}${quote}${known}${quote}`;
  });
  return rewritten === div ? undefined : rewritten;
}

type Visitor = (holder: Node, name: string, value: string, path: string) => unknown;

/** Calls `change` for every string member; a string it returns replaces the value, copying only what changes. */
function visit(node: Node, change: Visitor, path = ''): Node {
  if (Array.isArray(node)) {
    let copy: unknown[] | undefined;
    for (const [at, item] of node.entries()) {
      const next = visitValue(node, '', item, change, `${path}[${at}]`);
      if (next !== item) {
        copy ??= [...node];
        copy[at] = next;
      }
    }
    return copy ?? node;
  }
  let copy: Record<string, unknown> | undefined;
  for (const name in node) {
    const value = node[name];
    const next = visitValue(node, name, value, change, path === '' ? name : `${path}.${name}`);
    if (next !== value) {
      copy ??= copyKeepingDecimals(node);
      copy[name] = next;
    }
  }
  return copy ?? node;
}

function visitValue(holder: Node, name: string, value: unknown, change: Visitor, path: string): unknown {
  if (typeof value === 'string') {
    const next = change(holder, name, value, path.replace(/\.reference$/, ''));
    return typeof next === 'string' ? next : value;
  }
  return typeof value === 'object' && value !== null ? visit(value as Node, change, path) : value;
}

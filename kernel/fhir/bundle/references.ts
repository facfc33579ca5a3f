/**
 * References between the entries of a Bundle: which ones are conditional, and rewriting to the ids that were given.
 * Pure. R4 http.html#transaction ("resource identities … the server SHALL update all references").
 */

import { copyKeepingDecimals } from '../json/decimals.ts';
import { localCriteria } from '../local.ts';
import { isResourceType } from '../names.ts';
import { rewriteLinks } from './links.ts';

/** New addresses (`Patient/x`) by what the Bundle calls them (`urn:uuid:…`, absolute address, `Patient?identifier=…`). */
export type NewAddresses = ReadonlyMap<string, string>;

export interface UnresolvedReference {
  /** FHIRPath of the element below the resource, `subject.reference`. */
  path: string;
  reference: string;
}

type Node = Record<string, unknown> | unknown[];

/** The new value of a string member, undefined to leave it. The name is '' for items of a list. */
type Change = (name: string, value: string) => string | undefined;

const CONDITIONAL = /^[A-Z][A-Za-z]+\?.+/;
/** Of an Attachment: an address below the base of the entry. */
const RELATIVE = /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/;
const VERSION = /\/_history\/[A-Za-z0-9\-.]{1,64}$/;
const NARRATIVE_LINK = /(<(?:a|img)\b[^>]*?\b(?:href|src)\s*=\s*)(["'])(.*?)\2/gi;

/** Search criteria used as references (`Patient?identifier=…`), each once. */
export function conditionalReferences(resource: unknown): string[] {
  const found = new Set<string>();
  change(resource as Node, (name, value) => {
    if (name === 'reference' && value.includes('?') && CONDITIONAL.test(value)) found.add(value);
    return undefined;
  });
  return [...found];
}

/**
 * A copy of the resource with references and links rewritten; the same object when nothing changed.
 * @param base base address of the entry's fullUrl, against which its relative references are read first
 * @param definitions fullUrls that are the canonical URL of their resource: an element of type uri that holds one
 * (`ValueSet.url`, `Coding.system`) names the definition and not where it is kept
 */
export function rewriteReferences<T>(
  resource: T,
  addresses: NewAddresses,
  base: string | null,
  definitions: ReadonlySet<string> = new Set(),
): T {
  if (addresses.size === 0) return resource;
  let mayHaveLinks = false;
  const referred = change(resource as Node, (name, value) => {
    if (name === 'reference') return newAddress(value, addresses, base);
    if (name === 'div') return rewriteNarrative(value, addresses, base);
    if (!mayHaveLinks && (mayBeAddress(value) || (name === 'url' && RELATIVE.test(value))))
      mayHaveLinks = newAddress(value, addresses, base) !== undefined;
    return undefined;
  }) as T;
  if (!mayHaveLinks) return referred;
  return rewriteLinks(referred as object, (type, value) => {
    if (type === 'url' && RELATIVE.test(value)) return newAddress(value, addresses, base);
    if (!mayBeAddress(value) || (type === 'uri' && definitions.has(value))) return undefined;
    return newAddress(value, addresses, null);
  }) as T;
}

/** The first letter spares nearly all strings the look at four. */
function mayBeAddress(text: string): boolean {
  const first = text.charCodeAt(0) | 0x20;
  return (first === 0x75 || first === 0x68) && /^(urn:|http)/i.test(text);
}

/** References to our own address become relative, also within criteria: a copy, or the same object when there was none. */
export function localReferences<T>(resource: T, base: string): T {
  const start = `${base}/`;
  return change(resource as Node, (name, value) => {
    if (name !== 'reference') return undefined;
    const local = value.startsWith(start) ? value.slice(start.length) : value;
    if (!local.includes('?') || !CONDITIONAL.test(local)) return local;
    const at = local.indexOf('?');
    const type = local.slice(0, at);
    return isResourceType(type) ? `${type}?${localCriteria(type, local.slice(at + 1), base)}` : local;
  }) as T;
}

/** RFC 4122 section 3: the letters of a UUID are one in both cases; every other name stands as it is. */
export function bundleName(name: string): string {
  return /^urn:uuid:/i.test(name) ? name.toLowerCase() : name;
}

/**
 * The first reference that still points at something only the Bundle knew; null when all are resolved. A Bundle within the resource
 * (a template that a form contains) carries the names of its own entries.
 */
export function unresolvedReference(resource: unknown): UnresolvedReference | null {
  let found = false;
  change(resource as Node, (name, value) => {
    if (name === 'reference' && isBundleOnly(value)) found = true;
    return undefined;
  });
  return found ? locate(resource as Node, '') : null;
}

/** `http://a/fhir/Patient/1` → `http://a/fhir`; null for urn: and anything that is no RESTful address. */
export function baseOfFullUrl(fullUrl: string | undefined): string | null {
  const match = /^(https?:\/\/.+)\/[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.exec(fullUrl ?? '');
  return match ? match[1]! : null;
}

function isBundleOnly(reference: string): boolean {
  return /^urn:(uuid|oid):/i.test(reference);
}

function newAddress(value: string, addresses: NewAddresses, base: string | null): string | undefined {
  const hash = value.indexOf('#');
  const whole = hash > 0 ? value.slice(0, hash) : value;
  const find = (name: string) =>
    addresses.get(bundleName(name)) ?? (base === null ? undefined : addresses.get(`${base}/${name}`));
  const bare = whole.includes('/_history/') ? whole.replace(VERSION, '') : whole;
  const known = find(whole) ?? (bare === whole ? undefined : find(bare));
  // A version of what keeps its address stays; what gets a new address has none of its old versions.
  if (known === undefined || (bare !== whole && known === bare)) return undefined;
  return hash > 0 ? known + value.slice(hash) : known;
}

function rewriteNarrative(div: string, addresses: NewAddresses, base: string | null): string | undefined {
  const rewritten = div.replace(NARRATIVE_LINK, (whole, start: string, quote: string, link: string) => {
    const known = newAddress(link, addresses, base);
    return known === undefined ? whole : `${start}${quote}${known}${quote}`;
  });
  return rewritten === div ? undefined : rewritten;
}

/** Walks every string member; copies only what changes. The hot loop of a transaction: no paths, no allocation. */
function change(node: Node, to: Change): Node {
  if (Array.isArray(node)) return changeList(node, to);
  let copy: Record<string, unknown> | undefined;
  for (const name in node) {
    const value = node[name];
    const next = typeof value === 'string' ? to(name, value) : changeInner(value, to);
    if (next === undefined || next === value) continue;
    copy ??= copyKeepingDecimals(node);
    copy[name] = next;
  }
  return copy ?? node;
}

function changeList(list: unknown[], to: Change): unknown[] {
  let copy: unknown[] | undefined;
  for (let at = 0; at < list.length; at += 1) {
    const value = list[at];
    const next = typeof value === 'string' ? to('', value) : changeInner(value, to);
    if (next === undefined || next === value) continue;
    copy ??= [...list];
    copy[at] = next;
  }
  return copy ?? list;
}

function changeInner(value: unknown, to: Change): unknown {
  return typeof value === 'object' && value !== null ? change(value as Node, to) : undefined;
}

function locate(node: Node, path: string): UnresolvedReference | null {
  if (path !== '' && !Array.isArray(node) && node.resourceType === 'Bundle') return null;
  for (const [name, value] of Object.entries(node)) {
    const below = Array.isArray(node) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`;
    if (name === 'reference' && typeof value === 'string' && isBundleOnly(value))
      return { path: below, reference: value };
    const found = typeof value === 'object' && value !== null ? locate(value as Node, below) : null;
    if (found) return found;
  }
  return null;
}

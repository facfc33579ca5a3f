/**
 * Links between the entries of a Bundle that are no references: elements of type uri and url. Pure. R4 http.html#trules:
 * "elements of type uri, url … Elements of type canonical are not replaced". A string that looks like a link is none.
 */
import { baseTypeOf, hasStructure, propertiesOf } from '../definitions/elements.ts';
import { copyKeepingDecimals } from '../json/decimals.ts';

/** The new value of a link, undefined to leave it. Types uuid and oid stay: an address would be no value of theirs. */
export type NewLink = (type: 'uri' | 'url', value: string) => string | undefined;

/** A copy of the resource with its links rewritten; the same object when nothing changed. */
export function rewriteLinks<T extends object>(resource: T, to: NewLink): T {
  const structure = (resource as { resourceType?: unknown }).resourceType;
  if (typeof structure !== 'string' || !hasStructure(structure)) return resource;
  return inStructure(resource as Record<string, unknown>, structure, to) as T;
}

function inStructure(node: Record<string, unknown>, structure: string, to: NewLink): object {
  const properties = propertiesOf(structure);
  let copy: Record<string, unknown> | undefined;
  for (const name in node) {
    const type = extensionsOf(name) ? 'Element' : properties.get(name)?.type.code;
    if (type === undefined) continue;
    const value = node[name];
    const next = Array.isArray(value) ? inList(value, type, to) : inValue(value, type, to);
    if (next === value) continue;
    copy ??= copyKeepingDecimals(node);
    copy[name] = next;
  }
  return copy ?? node;
}

/** `_birthDate` holds the extensions of `birthDate`. */
function extensionsOf(name: string): boolean {
  return name.charCodeAt(0) === 0x5f;
}

function inList(list: readonly unknown[], type: string, to: NewLink): unknown {
  let copy: unknown[] | undefined;
  for (const [at, value] of list.entries()) {
    const next = inValue(value, type, to);
    if (next === value) continue;
    copy ??= [...list];
    copy[at] = next;
  }
  return copy ?? list;
}

function inValue(value: unknown, type: string, to: NewLink): unknown {
  if (typeof value === 'string') return type === 'uri' || type === 'url' ? (to(type, value) ?? value) : value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (type === 'Resource') return rewriteLinks(value, to);
  const structure = baseTypeOf(type);
  return hasStructure(structure) ? inStructure(value as Record<string, unknown>, structure, to) : value;
}

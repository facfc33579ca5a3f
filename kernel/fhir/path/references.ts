/** Where a reference leads: the contained resources, the Bundle, and what the caller hands in. */
import { isObject, type Json } from './nodes.ts';
import type { Work } from './work.ts';

/** `%resource` */
export function resourceOf({ environment, context }: Work): object | null {
  if (environment.resource) return environment.resource;
  const [node] = context;
  return isObject(node) && typeof node.resourceType === 'string' ? node : null;
}

/** `%rootResource` */
export function rootOf(work: Work): object | null {
  return work.environment.rootResource ?? resourceOf(work);
}

/** The resource that a Reference, uri or canonical leads to; null when it is not at hand. */
export function resolvedBy(value: unknown, work: Work): object | null {
  const text = isObject(value) ? value.reference : value;
  if (typeof text !== 'string' || text === '') return null;
  if (text.startsWith('#'))
    return contained(rootOf(work), text.slice(1), work) ?? contained(resourceOf(work), text.slice(1), work);
  const [bare = ''] = text.split('/_history/');
  return inBundle(bare, work) ?? work.environment.resolve?.(text) ?? null;
}

/** `#` is the container itself. */
function contained(root: object | null, id: string, work: Work): object | null {
  if (root === null || id === '') return root;
  const all = (root as Json).contained;
  if (!Array.isArray(all)) return null;
  work.spend(all.length);
  return all.find((one) => isObject(one) && one.id === id) ?? null;
}

const entries = new WeakMap<object, ReadonlyMap<string, object>>();

function inBundle(reference: string, work: Work): object | null {
  const root = rootOf(work);
  const bundle = work.environment.bundle ?? ((root as Json | null)?.resourceType === 'Bundle' ? root : null);
  if (!bundle) return null;
  let known = entries.get(bundle);
  if (!known) {
    known = entriesOf(bundle as Json, work);
    entries.set(bundle, known);
  }
  return known.get(reference) ?? null;
}

/** By `fullUrl`, and by type and id where that does not say it already. */
function entriesOf(bundle: Json, work: Work): ReadonlyMap<string, object> {
  const found = new Map<string, object>();
  const all = Array.isArray(bundle.entry) ? bundle.entry : [];
  work.spend(all.length);
  for (const one of all) {
    const { fullUrl, resource } = (one ?? {}) as { fullUrl?: unknown; resource?: unknown };
    if (!isObject(resource)) continue;
    if (typeof fullUrl === 'string' && !found.has(fullUrl)) found.set(fullUrl, resource);
    const local = `${resource.resourceType}/${resource.id}`;
    if (resource.id !== undefined && !found.has(local)) found.set(local, resource);
  }
  return found;
}

/** Where a reference leads without leaving the resource: contained, or another entry of the same Bundle. R4 bundle.html#references. */
import { isObject, type Json } from './definition.ts';
import type { Place } from './run.ts';

export interface Target {
  resource: Json;
  place: Place;
}

const RELATIVE = /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/;

interface Entry {
  resource: Json;
  fullUrl: string | null;
}

/** Entries by the names that references use, and by themselves, made once for a Bundle. */
const indexes = new WeakMap<Json, Map<unknown, Entry>>();

/** The name of an entry by which the references of others call it. */
export function fullUrlOf(resource: Json, bundle: Json | null): string | null {
  return (bundle && indexOf(bundle).get(resource)?.fullUrl) ?? null;
}

/** Null when it leads out of the resource. */
export function resolveReference(reference: unknown, place: Place): Target | null {
  if (typeof reference !== 'string' || reference === '') return null;
  if (reference.startsWith('#')) return containedTarget(reference.slice(1), place);
  if (place.bundle === null) return null;
  const found = entryOf(reference.replace(/\/_history\/[^/]+$/, ''), place);
  if (!found) return null;
  return {
    resource: found.resource,
    place: {
      resource: found.resource,
      container: found.resource,
      bundle: place.bundle,
      fullUrl: found.fullUrl,
    },
  };
}

function containedTarget(id: string, place: Place): Target | null {
  const { container } = place;
  if (id === '') return { resource: container, place: { ...place, resource: container } };
  const list = Array.isArray(container.contained) ? (container.contained as Json[]) : [];
  const resource = list.find((one) => one?.id === id);
  return resource ? { resource, place: { ...place, resource } } : null;
}

function entryOf(reference: string, { bundle, fullUrl }: Place) {
  const index = indexOf(bundle!);
  const exact = index.get(reference);
  if (exact || !RELATIVE.test(reference)) return exact;
  const base = fullUrl === null ? null : /^(https?:.*\/)[A-Z][A-Za-z]+\/[^/]+$/.exec(fullUrl)?.[1];
  return (base ? index.get(base + reference) : undefined) ?? index.get(`#${reference}`);
}

function indexOf(bundle: Json) {
  const known = indexes.get(bundle);
  if (known) return known;
  const index = new Map<unknown, Entry>();
  for (const entry of Array.isArray(bundle.entry) ? (bundle.entry as Json[]) : []) {
    const resource = entry?.resource;
    if (!isObject(resource)) continue;
    const fullUrl = typeof entry.fullUrl === 'string' ? entry.fullUrl : null;
    index.set(resource, { resource, fullUrl });
    if (fullUrl !== null && !index.has(fullUrl)) index.set(fullUrl, { resource, fullUrl });
    const name = `#${String(resource.resourceType)}/${String(resource.id)}`;
    if (!index.has(name)) index.set(name, { resource, fullUrl });
  }
  indexes.set(bundle, index);
  return index;
}

/** The type that a literal reference says; null when it says none. */
export function typeSaid(reference: unknown): string | null {
  if (typeof reference !== 'string') return null;
  return (
    /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/.exec(
      reference,
    )?.[1] ??
    /^([A-Z][A-Za-z]+)\?/.exec(reference)?.[1] ??
    null
  );
}

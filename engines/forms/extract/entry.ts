/** Entries of an extraction: the same answers give the same names, so that what was extracted before is found again. Pure. */
import { createHash } from 'node:crypto';
import { elementsOf } from '../../../kernel/fhir/definitions/elements.ts';
import { sid } from '../../../kernel/fhir/systems.ts';
import type { BundleEntry, Identifier, QuestionnaireResponse, Resource } from '../../../kernel/fhir/types.ts';
import type { Profiles } from './profile.ts';

export interface ExtractContext {
  /** How extracted resources refer to the response: `QuestionnaireResponse/x`, or its name in the same Bundle; null for one that is kept nowhere. */
  source: string | null;
  /** What names of entries begin with. */
  seed: string;
  /** What the response is known by for good: its own identifier, else its id; null for one that is kept nowhere. */
  key: string | null;
  /** Resources that were extracted from it before, by the value of their identifier. */
  existing: ReadonlyMap<string, Resource>;
  /** Profiles that definition-based extraction knows. */
  profiles: Profiles;
}

/** `urn:uuid:…` of a name, the same each time. RFC 9562 version 8 of a hash. */
export function namedUuid(...parts: readonly string[]): string {
  const hash = createHash('sha256').update(parts.join('\n')).digest('hex');
  const variant = '89ab'[Number.parseInt(hash[16]!, 16) % 4];
  return `urn:uuid:${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

/** What a response is known by; null for one that is kept nowhere. */
export function keyOf(response: QuestionnaireResponse): string | null {
  const { value, system } = response.identifier ?? {};
  if (value !== undefined) return system === sid.response ? value : `${system ?? ''}|${value}`;
  return response.id ?? null;
}

/** Names of everything that the resource is and where it came from. */
export const placeName = (key: string, path: string) => `${key}${path}`;

/** Does the type carry any number of identifiers, so that its resource can be found again by one? */
export function isIdentified(type: string): boolean {
  const element = elementsOf(type).find(({ name }) => name === 'identifier');
  return element !== undefined && element.max > 1;
}

export interface EntryMore {
  fullUrl?: string;
  request?: Partial<NonNullable<BundleEntry['request']>>;
  /** The only elements that a later version of the response may change; none = all of them. */
  amends?: readonly string[];
}

/**
 * The entry of a resource that is extracted at a place: of a new one POST, and nothing when another has just made it; of one that
 * was extracted before its update. Of one that lives on by itself (a person) the update changes what the form says it may and
 * nothing else, of the version that was read.
 */
export function entryOf(
  resource: Resource,
  path: string,
  { key, existing, seed }: ExtractContext,
  { amends = [], ...more }: EntryMore = {},
): BundleEntry {
  const type = resource.resourceType;
  const fullUrl = more.fullUrl ?? namedUuid(seed, path, type);
  if (resource.id !== undefined)
    return { fullUrl, resource, request: { method: 'PUT', url: `${type}/${resource.id}`, ...more.request } };
  if (key === null || !isIdentified(type))
    return { fullUrl, resource, request: { method: 'POST', url: type, ...more.request } };
  const identifier: Identifier = { system: sid.answer, value: placeName(key, path) };
  const own = (resource as { identifier?: Identifier[] }).identifier ?? [];
  const named = { ...resource, identifier: [...own, identifier] } as Resource;
  const before = existing.get(identifier.value!);
  if (before?.resourceType === type && before.id !== undefined) {
    const { ifNoneExist: _, ...request } = more.request ?? {};
    const url = `${type}/${before.id}`;
    if (amends.length > 0) {
      const ifMatch = `W/"${before.meta?.versionId}"`;
      return {
        fullUrl,
        resource: withOnly(before, named, amends),
        request: { method: 'PUT', url, ifMatch, ...request },
      };
    }
    const amended = type === 'Observation' ? { status: 'amended' as const } : {};
    const again = { ...named, ...amended, id: before.id } as Resource;
    return { fullUrl, resource: again, request: { method: 'PUT', url, ...request } };
  }
  const ifNoneExist = `identifier=${encodeURIComponent(`${sid.answer}|${identifier.value}`)}`;
  return { fullUrl, resource: named, request: { method: 'POST', url: type, ifNoneExist, ...more.request } };
}

/** The resource as it stands, with these elements as they are extracted now; one that is extracted no longer goes. */
function withOnly(standing: Resource, extracted: Resource, elements: readonly string[]): Resource {
  const [from, again] = [extracted, { ...standing }] as unknown as [Json, Json];
  for (const element of elements) {
    if (from[element] === undefined) delete again[element];
    else again[element] = from[element];
  }
  return again as unknown as Resource;
}

type Json = Record<string, unknown>;

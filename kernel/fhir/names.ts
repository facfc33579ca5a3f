/** Names that appear in addresses: resource types, ids, versions. */
import { Failure } from '../failure.ts';
import { resourceTypeNames } from './definitions/index.ts';
import type { ResourceType } from './types.ts';

const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/** Every concrete R4 resource type, in alphabetical order. */
export const resourceTypes: readonly ResourceType[] = [...resourceTypeNames].sort() as ResourceType[];
const RESOURCE_TYPES: ReadonlySet<string> = new Set(resourceTypes);

/** Rendered from elsewhere: read and searched, never written, without versions. */
export const RENDERED: ReadonlySet<ResourceType> = new Set(['AuditEvent'] as const);

/** Never a resource of their own (R4 parameters.html: "there is no RESTful end-point"). */
export const CARRIERS: ReadonlySet<ResourceType> = new Set(['Parameters', 'OperationOutcome'] as const);

export function isResourceType(text: string): text is ResourceType {
  return RESOURCE_TYPES.has(text);
}

/** Fails with `not-supported` (404) on a name that is no R4 resource type. */
export function asResourceType(text: string): ResourceType {
  if (isResourceType(text)) return text;
  throw new Failure('not-supported', `Không có loại tài nguyên "${text}" trong FHIR R4.`, {
    textEn: `"${text}" is not an R4 resource type.`,
  });
}

/** R4 datatypes, id: `[A-Za-z0-9\-\.]{1,64}`. */
export function isId(text: string): boolean {
  return ID.test(text);
}

/** The number of `W/"3"`, `"3"` or `3`; null for anything else. */
export function versionOfTag(tag: string): number | null {
  const match = /^\s*(?:W\/)?"?(\d{1,9})"?\s*$/.exec(tag);
  return match ? Number(match[1]) : null;
}

/** What an If-Match asks: a version, or `*`, any that stands (RFC 9110 section 13.1.1). */
export type IfMatch = number | '*';

/** What the text of an If-Match asks; null for what is neither. */
export function readIfMatch(text: string): IfMatch | null {
  return text.trim() === '*' ? '*' : versionOfTag(text);
}

/** `W/"3"`. */
export function versionTag(version: number): string {
  return `W/"${version}"`;
}

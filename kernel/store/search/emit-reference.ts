/** Index entries of references, canonicals and addresses. */
import { isSharedType } from '../compartment.ts';
import { RESOURCE_TYPES } from '../resource-types.ts';
import { emitIdentifier } from './emit-token.ts';
import { elsewhereKey, referenceKey } from './keys.ts';
import type { Sink } from './sink.ts';
import type { Site } from './site.ts';

const VERSIONED = /^([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})\/_history\/[A-Za-z0-9\-.]{1,64}$/;

/** `Type/id` of a literal reference without its version; the text itself when it is absolute; null for `#contained`. */
export function referenceTarget(reference: string): string | null {
  if (reference.startsWith('#')) return null;
  // Hardly any names a version, and a text is looked through quicker than it is matched.
  if (!reference.includes('/_history/')) return reference;
  return VERSIONED.exec(reference)?.[1] ?? reference;
}

/** @param own true when the person the row belongs to is said by `pt` and needs no token */
export function emitReference(site: Site, value: unknown, sink: Sink, own = false): void {
  const { reference, identifier } = value as { reference?: unknown; identifier?: unknown };
  const target = typeof reference === 'string' ? referenceTarget(reference) : null;
  if (target !== null && !(own && target === sink.own)) {
    if (target !== sink.own && target.startsWith('Patient/')) sink.token(elsewhereKey(target));
    if (isWord(target, sink.own)) sink.entry(site.address(target));
    else sink.token(referenceKey(site.q, target));
  }
  if (identifier !== undefined && identifier !== null) emitIdentifier(site.identifiers, identifier, sink);
}

/**
 * The dictionary keeps what the order by references cannot find with the row's own person (`sort-reference.ts`): what
 * belongs to nobody, other persons, addresses elsewhere, and whatever a row of nobody refers to.
 */
function isWord(target: string, own: string | null): boolean {
  if (target === own) return false;
  return own === null || !PERSONAL.has(target.slice(0, target.indexOf('/')));
}

/** Types of what belongs to a person. */
const PERSONAL: ReadonlySet<string> = new Set(
  RESOURCE_TYPES.filter((type) => type !== 'Patient' && !isSharedType(type)),
);

/** A canonical or another address, also found without what follows `|`; the dictionary keeps it for `:below` and for order. */
export function emitUri(site: Site, value: unknown, sink: Sink): void {
  if (typeof value !== 'string') return;
  sink.entry(site.address(value));
  const bar = value.indexOf('|');
  if (bar > 0) sink.token(referenceKey(site.q, value.slice(0, bar)));
}

/** The address of an Attachment. */
export function emitAttachment(site: Site, value: unknown, sink: Sink): void {
  emitUri(site, (value as { url?: unknown }).url, sink);
}

/** Index entries of references, canonicals and addresses. */
import { isSharedType } from '../compartment.ts';
import { isResourceType } from '../resource-types.ts';
import { EntryCache, emitIdentifier } from './emit-token.ts';
import { identifierParameter, referenceKey } from './keys.ts';
import type { Sink } from './sink.ts';

const LITERAL = /^([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** `Type/id` of a literal reference without its version; the text itself when it is absolute; null for `#contained`. */
export function referenceTarget(reference: string): string | null {
  if (reference.startsWith('#')) return null;
  return LITERAL.exec(reference)?.[1] ?? reference;
}

/** @param own true when the person the row belongs to is said by `pt` and needs no token */
export function emitReference(q: string, own: boolean, value: unknown, sink: Sink): void {
  const { reference, identifier } = value as { reference?: unknown; identifier?: unknown };
  const target = typeof reference === 'string' ? referenceTarget(reference) : null;
  if (target !== null && !(own && target === sink.own)) {
    if (isWord(target, sink.own)) emitAddressOf(q, target, sink, false);
    else sink.tok.add(referenceKey(q, target));
  }
  if (identifier !== undefined && identifier !== null)
    emitIdentifier(identifierParameter(q), identifier, sink);
}

/**
 * The dictionary keeps what the order by references cannot find with the row's own person (`sort-reference.ts`): what
 * belongs to nobody, other persons, addresses elsewhere, and whatever a row of nobody refers to.
 */
function isWord(target: string, own: string | null): boolean {
  if (target === own) return false;
  const type = target.slice(0, target.indexOf('/'));
  return own === null || type === 'Patient' || !isResourceType(type) || isSharedType(type);
}

const addresses = new EntryCache();

/**
 * An address; the dictionary keeps it for `:below` and for order.
 * @param isVersioned true for canonicals, which are also found without what follows `|`
 */
export function emitAddressOf(q: string, value: unknown, sink: Sink, isVersioned = true): void {
  if (typeof value !== 'string') return;
  const entry = addresses.entry(`${q}|${value}`, () => ({
    h: referenceKey(q, value),
    p: q,
    sys: '',
    code: value,
    display: '',
  }));
  sink.tok.add(entry.h);
  sink.word(entry);
  const bar = value.indexOf('|');
  if (isVersioned && bar > 0) sink.tok.add(referenceKey(q, value.slice(0, bar)));
}

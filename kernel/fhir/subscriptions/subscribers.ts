/** In whose name a subscription is carried out: whoever asked for it last, as that account or client is at this moment. */
import { Failure } from '../../failure.ts';
import type { StoredVersion } from '../../store/contract.ts';
import type { FhirSession } from '../session/session.ts';
import type { ResourceType } from '../types.ts';
import { type Subscribed, typesOf } from './definition.ts';
import type { SubscriptionState } from './event-log.ts';

export type Owner = Pick<SubscriptionState, 'owner' | 'client'>;

/**
 * The record as the owner sees it now; null when the account or client was closed. A subscription that nobody asked for was
 * loaded by the operator: it is the program's own.
 */
export type Subscribers = (owner: Owner) => Promise<FhirSession | null>;

/** Why nothing may be told to a subscriber any more; null when something may. */
export function silencedBy(session: FhirSession | null, to: Subscribed): string | null {
  if (session === null) return CLOSED;
  const hidden = typesOf(to).find((type) => session.reach('search', type) === 'none');
  return hidden === undefined ? null : `whoever asked for it may no longer search ${hidden}`;
}

/** Those of the versions that the subscriber may see, in order. */
export async function seenBy(
  session: FhirSession,
  versions: readonly StoredVersion[],
): Promise<StoredVersion[]> {
  if (versions.every(({ type }) => session.seesWhole(type))) return [...versions];
  const visible = await session.visible(versions);
  return versions.filter((_, at) => visible[at]);
}

/** The sentence of a question that the subscriber may not ask any more, or that nobody may; null for what is no such refusal. */
export function refusalOf(error: unknown): string | null {
  return error instanceof Failure && REFUSALS.has(error.code) ? error.message : null;
}

/** A search parameter of our own may have been retired since, or a right taken back. */
const REFUSALS = new Set<string>(['unknown-parameter', 'invalid-parameter', 'forbidden']);

/** Sessions of the owners of one batch: each is asked for once. */
export function rememberSubscribers(subscribers: Subscribers): Subscribers {
  const known = new Map<string, Promise<FhirSession | null>>();
  return (owner) => {
    const key = ownerKey(owner);
    const session = known.get(key) ?? subscribers(owner);
    known.set(key, session);
    return session;
  };
}

export const ownerKey = ({ owner, client }: Owner) => JSON.stringify([owner, client]);

/** Whether nothing of the types is left out for the session. */
export function seesAllOf(session: FhirSession, types: readonly ResourceType[]): boolean {
  return types.every((type) => session.seesWhole(type));
}

export const CLOSED =
  'the account or client that asked for it was closed, or what it was given was taken back';

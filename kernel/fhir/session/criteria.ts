/**
 * What criteria of a write (If-None-Exist, conditional updates, deletes and references) are asked of: what a search of the
 * same actor finds. What is hidden from the actor matches nothing, before the commit and within it.
 */

import { boundsOf } from '../../access/bounds.ts';
import type { Actor } from '../../access/contract.ts';
import type { SearchBounds, StoredVersion } from '../../store/contract.ts';
import { personNamed } from '../../store/search/index.ts';
import type { ResourceType } from '../types.ts';
import { type Parts, refused } from './reads.ts';

/** Fails with `forbidden` where the actor could not search so. */
export async function criteriaBounds(
  { guard, store, targetsOf }: Parts,
  actor: Actor,
  type: ResourceType,
  params: [string, string][],
): Promise<SearchBounds> {
  const reachOf = (asked: string) => guard.reach(actor, 'search', asked);
  const bounds = boundsOf({ type, params }, actor.unit, reachOf, targetsOf);
  if (bounds === 'forbidden') throw await refused(store, actor, 'search', type, null);
  const sight = await guard.sight(actor);
  if (sight === undefined) return {};
  if (bounds === 'open') return { sight };
  const person = personNamed(type, params);
  const patients = person === null ? await guard.persons(actor) : [...(await guard.inCare(actor, [person]))];
  return reachOf(type) === 'unit' ? { sight, ownOnly: true } : { sight, patients, orOwn: true };
}

/** The stored resource that an actor changes; null when there is none that the actor sees. Fails with `forbidden`. */
export async function readToChange(
  { store, guard }: Parts,
  actor: Actor,
  type: ResourceType,
  id: string,
  action: 'update' | 'delete',
): Promise<StoredVersion | null> {
  const current = await store.read(type, id);
  if (current === null || !(await guard.sees(actor, [current]))[0]) return null;
  if (current.deleted || (await guard.covered(actor, [current], action))[0]) return current;
  throw await refused(store, actor, action, `${type}/${id}`, current.patient);
}

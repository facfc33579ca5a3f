/**
 * Labels of sensitivity (`meta.security`) that a change would take away. Labelling more is everybody's who writes; labelling less opens the
 * resource to others, so it is an action of its own (`declassify` in content `access/policies`).
 */
import type { Actor } from '../../access/contract.ts';
import type { StoredVersion } from '../../store/contract.ts';
import { securityBits } from '../../store/search/index.ts';
import { copyKeepingDecimals } from '../json/decimals.ts';
import { readStoredJson } from '../json/read.ts';
import type { Resource } from '../types.ts';
import { type Parts, refused } from './reads.ts';

export interface Labelled {
  /** As it is written. */
  resource: Resource;
  /** Fewer categories than before. */
  isLifted: boolean;
}

/**
 * The labels of before stay where an update says nothing of any: R4 lets a client leave them out. Fails with `forbidden` where it names
 * others, or a patch removes them, and the actor may not label less.
 * @param isPatch what is not there was removed
 */
export async function keepLabels(
  { guard, store }: Parts,
  actor: Actor,
  current: StoredVersion,
  resource: Resource,
  isPatch: boolean,
): Promise<Labelled> {
  const before = (readStoredJson(current.body) as Resource).meta?.security;
  const lifted = securityBits(before) & ~securityBits(resource.meta?.security);
  if (lifted === 0) return { resource, isLifted: false };
  if (!isPatch && resource.meta?.security === undefined) {
    const kept = copyKeepingDecimals(resource);
    return {
      resource: Object.assign(kept, { meta: { ...kept.meta, security: before } }),
      isLifted: false,
    };
  }
  const [may] = await guard.covered(actor, [current], 'declassify');
  if (may) return { resource, isLifted: true };
  throw await refused(store, actor, 'declassify', `${current.type}/${current.id}`, current.patient);
}

/** What the check of a write stands on beside what is written: the person, the visit. As the actor sees it. */
import { auditLine } from '../../access/audit.ts';
import type { Actor } from '../../access/contract.ts';
import { personOf } from '../../access/guard.ts';
import { versionFilter } from '../../access/smart/allowance.ts';
import { Failure } from '../../failure.ts';
import type { StoredVersion } from '../../store/contract.ts';
import { readStoredJson } from '../json/read.ts';
import type { ReadForCheck } from '../profiles/index.ts';
import type { Resource, ResourceType } from '../types.ts';
import type { Parts } from './reads.ts';
import type { FhirSession } from './session.ts';

export interface Lookup {
  /** Null for what is not there, or what the actor may not see: a check is no way to it, and no attempt to reach it. */
  read: ReadForCheck;
  /** Writes lines of the audit for what was read: a refusal may say something of it. */
  tell(): Promise<void>;
}

export function lookupFor({ store, guard }: Parts, actor: Actor): Lookup {
  const found = new Map<string, StoredVersion>();
  return {
    async read(type: ResourceType, id: string): Promise<Resource | null> {
      if (guard.reach(actor, 'read', type) === 'none') return null;
      const stored = await store.read(type, id);
      if (!stored || stored.deleted || !versionFilter(actor, 'read')(stored)) return null;
      if ((await guard.visible(actor, [stored], 'read')).length === 0) return null;
      found.set(`${type}/${id}`, stored);
      return readStoredJson(stored.body) as Resource;
    },
    async tell() {
      const lines = [...found].flatMap(([what, stored]) => {
        const person = personOf(stored);
        return person === null ? [] : [auditLine(actor, 'read', what, person)];
      });
      if (lines.length > 0) await store.audit(lines);
    },
  };
}

/** For a check whose findings are told to who asks: what may not be read is not there. */
export function readingIn(session: FhirSession): ReadForCheck {
  return async (type, id) => {
    if (session.reach('read', type) === 'none') return null;
    try {
      return (await session.read(type, id)) as Resource;
    } catch (error) {
      if (error instanceof Failure) return null;
      throw error;
    }
  };
}

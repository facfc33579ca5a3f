/**
 * A session that only finds out whether reads would be answered: what a transaction asks before it writes. It leaves no
 * line in the audit but refusals, and runs no search.
 */
import type { Actor } from '../../access/contract.ts';
import { checkSearch } from '../../store/search/index.ts';
import { findVersion, gone, notFound, type Parts, refused, refuseSearch } from './reads.ts';
import type { FhirSession } from './session.ts';

/** Answers to searches and histories are empty; reads are real. Fails as the session itself would. */
export function probeOf(parts: Parts, actor: Actor, session: FhirSession): FhirSession {
  const search: FhirSession['searchStored'] = async (type, params) => {
    await refuseSearch(parts, actor, type, params);
    if (type === 'AuditEvent') await parts.auditEvents.search(params);
    else checkSearch({ type, params });
    return { matches: [], includes: [] };
  };
  return {
    ...session,
    searchStored: search,
    findUntold: search,
    async readStored(type, id, version) {
      const { stored, what } = await findVersion(parts, actor, type, id, version);
      if (stored.deleted) throw gone(what, stored);
      return stored;
    },
    async *everything({ type, id }) {
      const { stored, what } = await findVersion(parts, actor, type, id);
      if (stored.deleted) throw gone(what, stored);
      yield { matches: [], includes: [] };
    },
    async historyStored({ type, id }) {
      const what = [type, id, '_history'].filter((part) => part !== undefined).join('/');
      if (parts.guard.reach(actor, 'read', type ?? 'Resource') === 'none') {
        throw await refused(parts.store, actor, 'read', what, null);
      }
      if (type !== undefined && id !== undefined) {
        const stored = await parts.store.read(type, id);
        if (!stored || !(await parts.guard.sees(actor, [stored]))[0]) throw notFound(`${type}/${id}`);
      }
      return { versions: [] };
    },
  };
}

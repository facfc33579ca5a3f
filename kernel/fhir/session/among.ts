/** What a list wants to know of many persons: policy and consent as in a search about each alone, one line of the audit for each. */
import { auditLine } from '../../access/audit.ts';
import type { Actor } from '../../access/contract.ts';
import type { StoredVersion } from '../../store/contract.ts';
import type { ResourceType } from '../types.ts';
import type { Parts } from './reads.ts';

/** Of each person, in order, what the actor may see; a type that the role may not search is left out. */
export async function recordsAmong(
  { store, guard }: Parts,
  actor: Actor,
  patients: readonly string[],
  types: readonly ResourceType[],
): Promise<Map<string, StoredVersion[]>> {
  const open = types.filter((type) => guard.reach(actor, 'search', type) !== 'none');
  const sight = await guard.sight(actor);
  const records = new Map<string, StoredVersion[]>();
  for await (const piece of store.personsRows({ patients, types: open, ...(sight && { sight }) })) {
    const versions = piece.flatMap(({ own }) => own);
    const covered = await guard.covered(actor, versions, 'search');
    const seen = new Set(versions.filter((_, at) => covered[at]));
    for (const { patient, own } of piece)
      records.set(
        patient,
        own.filter((version) => seen.has(version)),
      );
  }
  const what = (patient: string) => `Patient/${patient}: ${open.join(' ')}`;
  await store.audit([...records.keys()].map((one) => auditLine(actor, 'search', what(one), one)));
  return records;
}

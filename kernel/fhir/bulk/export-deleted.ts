/** What was deleted since the last export: transactions that delete it, as Bulk Data Access 2.0 asks ("deleted"). */
import { personOf } from '../../access/guard.ts';
import type { StoredVersion } from '../../store/contract.ts';
import { type ExportParts, PIECE } from './export.ts';

/** @param patients whose; undefined = everybody's, of persons only at the level of patients */
export async function exportDeleted(
  parts: ExportParts,
  patients: ReadonlySet<string> | undefined,
): Promise<void> {
  const { session, ask, types, until, writer, report } = parts;
  const since = new Date(ask.since!).toISOString();
  const isAsked = (version: StoredVersion): boolean => {
    const person = personOf(version);
    if (patients !== undefined) return person !== null && patients.has(person);
    return ask.level === 'system' || person !== null;
  };
  let count = 0;
  for (const type of types) {
    const seen = new Set<string>();
    let before: string | undefined;
    do {
      const page = await session.historyStored({ type }, { count: PIECE, since, ...(before && { before }) });
      const gone = page.versions.filter((version) => {
        if (Date.parse(version.lastUpdated) > until || seen.has(version.id)) return false;
        seen.add(version.id);
        return version.deleted && isAsked(version);
      });
      const entry = gone.map(({ id }) => ({ request: { method: 'DELETE', url: `${type}/${id}` } }));
      if (entry.length > 0) {
        const bundle = { resourceType: 'Bundle', type: 'transaction', entry };
        await writer.write('Bundle', [Buffer.from(JSON.stringify(bundle))], 'deleted');
      }
      count += entry.length;
      before = page.next;
      await report(`${type}: deleted ${count}`);
    } while (before !== undefined);
  }
}

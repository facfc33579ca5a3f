/** Records of single persons, one after the other, with what they refer to outside themselves. */
import { personOf } from '../../access/guard.ts';
import { Failure } from '../../failure.ts';
import type { StoredVersion } from '../../store/contract.ts';
import { AT_ONCE, bounds, type ExportParts, writeFailure, writeVersions } from './export.ts';
import { provenancesOf } from './provenance.ts';

/** @param patients whose records; nothing of another person comes out, whoever refers to it */
export async function exportRecords(parts: ExportParts, patients: readonly string[]): Promise<void> {
  const shared = new Set<string>();
  for (const [at, id] of patients.entries()) {
    try {
      await exportRecord(parts, id, shared);
    } catch (error) {
      // Who was deleted or erased since is told, and the others are exported.
      if (!(error instanceof Failure) || !['not-found', 'gone'].includes(error.code)) throw error;
      await writeFailure(parts.writer, error);
    }
    await parts.report(`${at + 1} / ${patients.length} Patient`);
  }
}

/** @param shared names of what belongs to nobody and was told with another record */
async function exportRecord(parts: ExportParts, id: string, shared: Set<string>): Promise<void> {
  const { session, types } = parts;
  for await (const { matches, includes } of session.everything({ type: 'Patient', id, types })) {
    const told = (version: StoredVersion) => shared.has(`${version.type}/${version.id}`);
    // What of another person lies in this one's compartment goes with its own person, if that one is asked for.
    const own = [...matches, ...includes].filter((version) =>
      personOf(version) === null ? !told(version) : personOf(version) === id,
    );
    const about = types.includes('Provenance')
      ? await provenancesOf(session, own, [...bounds(parts), ['_count', String(AT_ONCE)]])
      : [];
    const fresh = new Map([...own, ...about].map((version) => [`${version.type}/${version.id}`, version]));
    for (const [name, version] of fresh) {
      if (personOf(version) !== null) continue;
      if (shared.has(name)) fresh.delete(name);
      shared.add(name);
    }
    const inTime = [...fresh.values()].filter((version) => isInTime(parts, version));
    await writeVersions(parts, await filtered(parts, inTime));
  }
}

function isInTime({ ask, until }: ExportParts, { lastUpdated }: StoredVersion): boolean {
  const changed = Date.parse(lastUpdated);
  return changed <= until && (ask.since === undefined || changed > ask.since);
}

/** Those of the versions that match a filter of their type. */
async function filtered({ session, ask }: ExportParts, versions: StoredVersion[]): Promise<StoredVersion[]> {
  const kept = new Set<string>();
  for (const [type, filters] of ask.filters) {
    const ids = versions.filter((version) => version.type === type).map(({ id }) => id);
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = ids.slice(from, from + AT_ONCE).join(',');
      for (const filter of filters) {
        const query: [string, string][] = [...filter, ['_id', some], ['_count', String(AT_ONCE)]];
        for (const { id } of (await session.searchStored(type, query)).matches) kept.add(`${type}/${id}`);
      }
    }
  }
  return versions.filter(({ type, id }) => !ask.filters.has(type) || kept.has(`${type}/${id}`));
}

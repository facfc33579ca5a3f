/**
 * Provenance of what belongs to persons. It lies with its person only when it names the Patient; Bulk Data Access 2.0
 * ("includeAssociatedData") wants with persons' records all whose target is a resource in a Patient compartment.
 */
import { personOf } from '../../access/guard.ts';
import type { StoredVersion } from '../../store/contract.ts';
import { readStoredJson } from '../json/read.ts';
import { isResourceType } from '../names.ts';
import { addMentioned, type Mentioned } from '../operations/mentioned.ts';
import type { FhirSession } from '../session/session.ts';
import type { Provenance, ResourceType } from '../types.ts';

const AT_ONCE = 200;

/** Those of the Provenances that speak of a resource of a person. */
export async function aboutPersons(
  session: FhirSession,
  provenances: readonly StoredVersion[],
): Promise<StoredVersion[]> {
  const targets = new Map(provenances.map((one) => [one, targetsOf(one)]));
  const ofPersons = new Set<string>();
  const all = new Map([...targets.values()].flatMap((named) => [...named]));
  for (const [type, named] of Map.groupBy(all.values(), (one) => one.type)) {
    if (!isResourceType(type)) continue;
    const ids = named.map(({ id }) => id);
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = ids.slice(from, from + AT_ONCE).join(',');
      const query: [string, string][] = [
        ['_id', some],
        ['_count', String(AT_ONCE)],
      ];
      for (const found of (await session.searchStored(type as ResourceType, query)).matches)
        if (personOf(found) !== null) ofPersons.add(`${type}/${found.id}`);
    }
  }
  return provenances.filter((one) => [...targets.get(one)!.keys()].some((name) => ofPersons.has(name)));
}

/** Provenances of nobody that speak of one of the resources. */
export async function provenancesOf(
  session: FhirSession,
  resources: readonly StoredVersion[],
  bounds: readonly [string, string][],
): Promise<StoredVersion[]> {
  const found: StoredVersion[] = [];
  for (let from = 0; from < resources.length; from += AT_ONCE) {
    const names = resources.slice(from, from + AT_ONCE).map(({ type, id }) => `${type}/${id}`);
    let query: [string, string][] | null = [['target', names.join(',')], ...bounds];
    while (query) {
      const { matches, next } = await session.searchStored('Provenance', query);
      found.push(...matches.filter((one) => personOf(one) === null));
      query = next === undefined ? null : ([...new URLSearchParams(next)] as [string, string][]);
    }
  }
  return found;
}

function targetsOf({ body }: StoredVersion): Map<string, Mentioned> {
  const { target } = readStoredJson(body) as Provenance;
  const named = new Map<string, Mentioned>();
  addMentioned(Buffer.from(JSON.stringify(target)), named);
  return named;
}

/** Who holds a resource that names no owner: the facilities of the visits that it is of. `consent/predicate.ts` says the same in SQL. */
import type { Resource } from '../../fhir/types.ts';
import { shardKey } from '../compartment.ts';
import type { ConsentRule } from '../consent/index.ts';
import { hash64 } from '../hash.ts';
import type { IndexRow } from '../index-row.ts';
import { typeNumber } from '../resource-types.ts';
import type { Queryable } from '../rows.ts';
import { namesVisit } from './sight.ts';

/** A resource of a person, with the row that it makes. */
export interface Held {
  person: string | null;
  resource: Resource;
  row: Pick<IndexRow, 'org' | 'tok'>;
}

const ENCOUNTER = typeNumber('Encounter')!;

/** By resource, as column `org`; asks only for those that a rule about holders leaves in doubt. */
export async function visitOwners<T extends Held>(
  db: Queryable,
  asked: readonly T[],
  rules: ReadonlyMap<string, readonly ConsentRule[]>,
): Promise<Map<T, number[]>> {
  const doubtful = asked.flatMap((held) => {
    const { person, resource, row } = held;
    const depends = row.org === null && rules.get(person ?? '')?.some(({ holders }) => holders !== null);
    const visits = depends
      ? visitsOf(resource).filter((id) => namesVisit(resource.resourceType, row.tok, id))
      : [];
    return visits.length === 0 ? [] : [{ held, pt: shardKey(person!).toString(), visits: visits.map(keyOf) }];
  });
  if (doubtful.length === 0) return new Map();
  const { rows } = await db.query<{ pt: string; idh: string; org: number }>({
    name: 'visit_owners',
    text: `select pt::text, idh::text, org from res
      where pt = any($1::int8[]) and t = $2 and idh = any($3::int8[]) and org is not null`,
    values: [doubtful.map(({ pt }) => pt), ENCOUNTER, doubtful.flatMap(({ visits }) => visits)],
  });
  const owners = new Map(rows.map(({ pt, idh, org }) => [`${pt} ${idh}`, org]));
  return new Map(
    doubtful.map(({ held, pt, visits }) => [
      held,
      visits.flatMap((visit) => owners.get(`${pt} ${visit}`) ?? []),
    ]),
  );
}

function keyOf(visit: string): string {
  return hash64(`Encounter/${visit}`).toString();
}

const VISIT = /^(?:.*\/)?Encounter\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/.*)?$/;

/** Ids of the visits that a resource is of. */
export function visitsOf(resource: Resource): string[] {
  const { encounter, context } = resource as { encounter?: unknown; context?: unknown };
  return [encounter, context].flatMap((holder) => {
    const items = (Array.isArray(holder) ? holder : [holder]) as { reference?: unknown }[];
    return items.flatMap((item) => VISIT.exec(String(item?.reference ?? ''))?.[1] ?? []);
  });
}

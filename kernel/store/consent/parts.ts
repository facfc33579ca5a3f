/**
 * What is part of an Organization (Organization.partOf): who holds data is also its departments and sites. The same as
 * `kernel/access/policy/parts.ts`, which climbs: what is part of an authority is supervised by it, and is not it.
 */
import type { Organization } from '../../fhir/types.ts';
import { typeNumber } from '../resource-types.ts';
import type { Queryable } from '../rows.ts';
import { referenceKey } from '../search/keys.ts';
import type { Fetch, FetchParts } from './table.ts';

/** Deeper than any hospital. */
const DEEPEST = 10;
const ORGANIZATION = typeNumber('Organization')!;

export type IsAuthority = (organization: Organization) => boolean;

/** Organizations that supervise what is part of them, and are not it. */
export interface Authorities {
  is: IsAuthority;
  /** Another text when other Organizations are meant. */
  version(): string;
}

export const NO_AUTHORITIES: Authorities = { is: () => false, version: () => '' };

/** The ids of an Organization and of all that is part of it, as they stand now; each asked once. */
export function partsReader(db: Queryable, fetch: Fetch, isAuthority: IsAuthority): FetchParts {
  const known = new Map<string, Promise<readonly string[]>>();
  return (id) => {
    const found = known.get(id) ?? partsBelow(db, id, fetch, isAuthority);
    known.set(id, found);
    return found;
  };
}

/** Breadth first; a circle ends where it began. */
async function partsBelow(
  db: Queryable,
  id: string,
  fetch: Fetch,
  isAuthority: IsAuthority,
): Promise<string[]> {
  const found = new Set([id]);
  let edge = [id];
  for (let level = 0; level < DEEPEST && edge.length > 0; level++) {
    const wholes: bigint[] = [];
    for (const one of edge) {
      const organization = (await fetch(`Organization/${one}`)) as Organization | null;
      if (organization === null || !isAuthority(organization))
        wholes.push(referenceKey('Organization.partof', `Organization/${one}`));
    }
    const { rows } = await db.query<{ id: string }>(
      'select id from shared where t = $1 and tok && $2::int8[]',
      [ORGANIZATION, wholes.map(String)],
    );
    edge = rows.map((row) => row.id).filter((one) => !found.has(one));
    for (const one of edge) found.add(one);
  }
  return [...found];
}

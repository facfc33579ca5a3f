/** Column `org`: the facility a resource belongs to. */
import { hash64 } from '../hash.ts';

export { securityBits } from './labels.ts';

/** Elements that name the facility answerable for a resource, most specific first. */
const OWNERS = [
  'serviceProvider',
  'managingOrganization',
  'performingOrganization',
  'custodian',
  'provider',
  'organization',
];
const ORGANIZATION = /^Organization\/([A-Za-z0-9\-.]{1,64})$/;
const cache = new Map<string, number>();

/** The 32-bit number of an organization in column `org`. */
export function organizationNumber(id: string): number {
  const known = cache.get(id);
  if (known !== undefined) return known;
  if (cache.size > 10_000) cache.clear();
  const number = Number(BigInt.asIntN(32, hash64(`Organization/${id}`)));
  cache.set(id, number);
  return number;
}

/** Number of the owning facility; null when the resource names none. */
export function ownerOf(resource: object): number | null {
  for (const name of OWNERS) {
    const reference = (resource as Record<string, { reference?: unknown } | undefined>)[name]?.reference;
    const match = typeof reference === 'string' ? ORGANIZATION.exec(reference) : null;
    if (match) return organizationNumber(match[1]!);
  }
  return null;
}

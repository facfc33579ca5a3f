/**
 * `_contained=true` (R4 search.html#contained): contained resources by themselves. A search of the types that hold them has one
 * criterion, `_contained:Medication=code=x&status=active`, which says what one of them must fulfil; who carries out the search
 * writes it (`kernel/fhir/http/contained-search.ts`).
 */
import type { Resource, ResourceType } from '../../fhir/types.ts';
import { isResourceType, RESOURCE_TYPES, type StoredType } from '../resource-types.ts';
import type { Queryable } from '../rows.ts';
import { holdersParameter } from './contained.ts';
import { testOf } from './exact.ts';
import { notYet } from './faults.ts';
import { unreadyOf } from './own-parameters.ts';
import { parseHolds } from './parse-criterion.ts';
import { isTold, planCriteria } from './plan.ts';
import type { Criterion } from './query.ts';
import { rowTest } from './resource-test.ts';
import { CONTAINED } from './rules.ts';

type Test = (resource: Resource) => boolean;

/** The resources inside one that fulfil the criterion. What only other resources tell, the database has told of all of them. */
export function heldTest({ held, of }: Criterion & { kind: 'holds' }): (resource: unknown) => Resource[] {
  const tests = of.flatMap((one): Test[] => {
    const test = testOf(one);
    if (test) return [test];
    return isTold(one) ? [rowTest(planCriteria([one]))] : [];
  });
  return (resource) => {
    const inside = (resource as { contained?: (Resource | null)[] }).contained ?? [];
    return inside.filter(
      (one): one is Resource => one?.resourceType === held && tests.every((test) => test(one)),
    );
  };
}

/** The tests of the criteria on what lies inside. */
export function heldTests(criteria: readonly Criterion[]): ((resource: unknown) => boolean)[] {
  return criteria.flatMap((criterion) => {
    if (criterion.kind !== 'holds') return [];
    const inside = heldTest(criterion);
    return [(resource: unknown) => inside(resource).length > 0];
  });
}

/**
 * Picks out of a resource what it was found for.
 * @param asked the criterion with which it was found
 */
export function heldIn(
  type: ResourceType,
  [name, value]: [string, string],
): (resource: unknown) => Resource[] {
  return heldTest(parseHolds(type as StoredType, name, value));
}

/** Types of which some resource holds one of a type. Fails with `index-incomplete` while that is not known of older rows. */
export async function holdersOf(db: Queryable, held: ResourceType): Promise<ResourceType[]> {
  for (const type of RESOURCE_TYPES) {
    const unready = unreadyOf(type).get(CONTAINED);
    if (unready) throw notYet(type, '_contained', unready);
  }
  const { rows } = await db.query<{ code: string }>({
    name: 'holders_of',
    text: 'select code from code where p = $1 order by code',
    values: [holdersParameter(held)],
  });
  return rows.map(({ code }) => code).filter(isResourceType);
}

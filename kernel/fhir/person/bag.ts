/** A person with a bag of resources that somebody has at hand: of a page, a prefetch, a form that is being filled. */
import type { Patient, Resource } from '../types.ts';
import type { MemberOf, Source, Subject } from './criterion.ts';

export interface Bag {
  patient: Patient;
  /** What is known of her, in any order; what is of her by its type is found by `Condition…`. */
  resources: readonly Resource[];
  /** What queries found, by `Source.key`; a query that is not here found nothing. */
  queried?: ReadonlyMap<string, readonly Resource[]>;
  memberOf?: MemberOf;
  /** Values of the dialect's own variables. */
  variables?: ReadonlyMap<string, readonly unknown[]>;
}

const NONE: readonly Resource[] = [];
const NOBODY_KNOWS: MemberOf = () => null;

/** The person that criteria are asked of; grouped once. */
export function subjectOf({ patient, resources, queried, memberOf, variables }: Bag): Subject {
  const byType = new Map<string, Resource[]>();
  for (const resource of resources) {
    const known = byType.get(resource.resourceType);
    if (known) known.push(resource);
    else byType.set(resource.resourceType, [resource]);
  }
  return {
    patient,
    found: ({ key, type, params }) =>
      (params.length === 0 && key === type ? byType.get(type) : queried?.get(key)) ?? NONE,
    memberOf: memberOf ?? NOBODY_KNOWS,
    variable: (name) => variables?.get(name) ?? NONE,
  };
}

/** What criteria need to be read, each once. */
export function sourcesOf(criteria: readonly { sources: readonly Source[] }[]): Source[] {
  const all = criteria.flatMap(({ sources }) => sources);
  return [...new Map(all.map((source) => [source.key, source])).values()];
}

/** What has to be read of each person for a measure, each once; and whether who asks may search it at all. */

import { Failure } from '../../../kernel/failure.ts';
import type { Source } from '../../../kernel/fhir/person/index.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { ResourceType } from '../../../kernel/fhir/types.ts';
import type { MeasurePlan } from '../plan.ts';

export function sourcesOf({ criteria }: MeasurePlan): Source[] {
  return [
    ...new Map(criteria.flatMap(({ sources }) => sources).map((source) => [source.key, source])).values(),
  ];
}

/** @throws Failure `forbidden` that names a type which the measure counts and the actor may not search */
export function refuseUnseen(session: FhirSession, plan: MeasurePlan): void {
  const types = new Set<ResourceType>(['Patient', ...sourcesOf(plan).map(({ type }) => type)]);
  for (const type of types) {
    if (session.reach('search', type) === 'none')
      throw new Failure('forbidden', `Chỉ số này cần tìm ${type}, mà bạn không được tìm.`, {
        textEn: `The measure counts ${type}, which you may not search.`,
      });
  }
}

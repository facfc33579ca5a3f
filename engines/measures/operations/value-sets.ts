/** Value sets that criteria ask with `memberOf()`: found before the first person, as every question of terminology is. */

import { Failure } from '../../../kernel/failure.ts';
import { Terms } from '../../../kernel/fhir/operations/terminology/terms.ts';
import { failedAt, type MemberOf } from '../../../kernel/fhir/person/index.ts';
import { isMember } from '../../../kernel/fhir/profiles/check-value.ts';
import { codesOf } from '../../../kernel/fhir/profiles/codes.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { CodeSet } from '../../../kernel/fhir/terminology/code-set.ts';
import type { MeasurePlan } from '../plan.ts';

/** @throws Failure `business-rule` with the place of the criterion for a set that is not known */
export async function membershipsOf(session: FhirSession, { criteria }: MeasurePlan): Promise<MemberOf> {
  const terms = new Terms(session, undefined);
  const known = new Map<string, ReturnType<typeof codesOf>>();
  for (const { valueSets, place } of criteria) {
    for (const url of valueSets) if (!known.has(url)) known.set(url, codesOf(await setAt(terms, url, place)));
  }
  return (value, type, url) => {
    const told = isMember({ value, type: type ?? 'CodeableConcept' }, known.get(url)!);
    if (told !== null) return told;
    throw new Failure('business-rule', `Không nói được một mã không có hệ mã có thuộc ${url} hay không.`, {
      textEn: `Whether a code without its system is in ${url} cannot be told: ask with the Coding.`,
    });
  };
}

async function setAt(terms: Terms, url: string, place: string): Promise<CodeSet> {
  try {
    return await terms.valueSet(url);
  } catch (error) {
    throw error instanceof Failure ? failedAt(place, error) : error;
  }
}

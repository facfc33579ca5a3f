/** What an AllergyIntolerance says about a person: an allergy, that there is none, or nothing any more. Pure. */
import { cs } from '../../kernel/fhir/systems.ts';
import type { AllergyIntolerance } from '../../kernel/fhir/types.ts';

/** SNOMED CT "no known allergy": an answer to the question, and no allergy. */
export const NO_KNOWN_ALLERGY = '716186003';
/** SNOMED CT "no known drug allergy", as partners send it. */
const NO_KNOWN_DRUG_ALLERGY = '409137002';

/** False for what was refuted, entered in error, resolved or is inactive. */
export function stands(allergy: AllergyIntolerance): boolean {
  const verification = allergy.verificationStatus?.coding?.[0]?.code;
  if (verification === 'entered-in-error' || verification === 'refuted') return false;
  return (allergy.clinicalStatus?.coding?.[0]?.code ?? 'active') === 'active';
}

/** True for the statement that no allergy is known. */
export function saysNone(allergy: AllergyIntolerance): boolean {
  const none = [NO_KNOWN_ALLERGY, NO_KNOWN_DRUG_ALLERGY];
  return (
    allergy.code?.coding?.some((one) => one.system === cs.snomed && none.includes(one.code ?? '')) ?? false
  );
}

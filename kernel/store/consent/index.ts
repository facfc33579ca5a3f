/** Front door of consent: rules of persons' Consents, and what they say. */
import type { Issue } from '../../failure.ts';
import type { Consent } from '../../fhir/types.ts';
import { readConsent } from './read-consent.ts';

export { type ConsentDecision, consentDecision } from './decision.ts';
export { type ConsentPlaces, consentGrants, consentHides } from './predicate.ts';
export { readConsent } from './read-consent.ts';
export type { ConsentReader, ConsentRule, ConsentSubject } from './rule.ts';
export { type Rebuilt, readGranters, readRules } from './table.ts';

/** What of a Consent cannot be carried out, as far as the Consent alone tells it. */
export function consentIssues(consent: Consent): Issue[] {
  return readConsent(consent, () => undefined).issues;
}

/** Front door of consent: rules of persons' Consents, and what they say. */

export { type ConsentDecision, consentDecision } from './decision.ts';
export { type ConsentNote, readNotes } from './notes.ts';
export { type ConsentPlaces, consentGrants, consentHides } from './predicate.ts';
export { readConsent } from './read-consent.ts';
export type { ConsentReader, ConsentRule, ConsentSubject } from './rule.ts';
export { consentIssues, type Rebuilt, readGranters, readRules } from './table.ts';

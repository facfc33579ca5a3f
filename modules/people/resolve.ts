/** Who stands at the desk: found, perhaps one of these, or new. The decision is pure; the look is `find.ts`. */
import type { Content } from '../../kernel/content/content.ts';
import type { Patient } from '../../kernel/fhir/types.ts';
import type { Remark } from '../../kernel/text/remark.ts';
import { checkCitizenNumber } from './citizen-number.ts';
import { type Difference, differencesOf } from './differences.ts';
import { type Match, matchScore } from './matching.ts';
import { factsOf, type PersonFacts } from './person-facts.ts';
import type { PersonForm } from './person-form.ts';
import type { PersonLine } from './person-summary.ts';
import type { Scan } from './scan.ts';

export interface Scored {
  patient: Patient;
  match: Match;
}

/** Answer of `POST /api/people/resolve`. */
export interface Resolution {
  /** found: one person for certain; candidates: a person must look; new: nobody like this is in the record. */
  outcome: 'found' | 'candidates' | 'new';
  /** The scan as read; null when a form was sent. */
  scan: Scan | null;
  /** What is known of the person, to fill the form. */
  form: PersonForm;
  /** Present with `found`. */
  person?: PersonLine;
  /** What the card says and the record does not; with `found`. */
  differences: Difference[];
  /** Best first; the found one is among them with its reasons. */
  candidates: Candidate[];
  warnings: Remark[];
}

export interface Candidate extends Match {
  person: PersonLine;
  differences: Difference[];
}

/** At most this many candidates are shown. */
export const SHOWN = 8;

/** All that reach at least `possible`, best first. */
export function scoreCandidates(facts: PersonFacts, patients: Patient[], content: Content): Scored[] {
  return patients
    .map((patient) => ({ patient, match: matchScore(facts, factsOf(patient), content) }))
    .filter(({ match }) => match.level !== 'none')
    .sort((a, b) => b.match.score - a.match.score);
}

/** @param candidates visible to the actor, best first */
export function decideOutcome(candidates: { level: Match['level'] }[]): Resolution['outcome'] {
  const certain = candidates.filter((each) => each.level === 'certain').length;
  if (certain === 1) return 'found';
  return candidates.length > 0 ? 'candidates' : 'new';
}

export function differencesWith(form: PersonForm, patient: Patient): Difference[] {
  return differencesOf(form, factsOf(patient));
}

/** Remarks of the card and of the structure of its number. */
export function warningsOf(scan: Scan | null, form: PersonForm, today: string, content: Content): Remark[] {
  const remarks = scan && scan.kind !== 'citizen-number' ? scan.remarks : [];
  if (!form.citizenNumber) return remarks;
  const checked = checkCitizenNumber(
    form.citizenNumber,
    { sex: form.sex, birthDate: form.birthDate, today },
    content,
  );
  return [...remarks, ...checked.errors, ...checked.warnings];
}

/** How likely people are the one that a Patient describes, as R4's $match says it: grades, and scores from 0 to 1. Pure. */
import type { Content } from '../../kernel/content/content.ts';
import type { Patient } from '../../kernel/fhir/types.ts';
import { type MatchLevel, matchScore } from './matching.ts';
import { factsOf } from './person-facts.ts';

export interface Graded {
  patient: Patient;
  /** Codes of http://terminology.hl7.org/CodeSystem/match-grade. */
  level: Exclude<MatchLevel, 'none'>;
  /** 1 = what makes a match certain, or more. */
  score: number;
}

/** Who may be the person, best first. */
export function gradeAll(described: Patient, people: readonly Patient[], content: Content): Graded[] {
  const facts = factsOf(described);
  const whole = weightOf('certain', content);
  const graded = people.flatMap((patient): Graded[] => {
    const match = matchScore(facts, factsOf(patient), content);
    // A number of a partner's own system is no identity paper: with it two records are probably of one person, never certainly.
    const shares = sharesNumber(described, patient);
    const level = shares && match.level !== 'certain' ? 'probable' : match.level;
    if (level === 'none') return [];
    const weight = shares ? Math.max(match.score, weightOf('probable', content)) : match.score;
    const share = Math.round((weight / whole) * 100) / 100;
    return [{ patient, level, score: level === 'certain' ? 1 : Math.min(0.99, Math.max(0.01, share)) }];
  });
  return graded.sort((a, b) => b.score - a.score || (a.patient.id ?? '').localeCompare(b.patient.id ?? ''));
}

/** Numbers with their system, as both records write them. */
function numbersOf({ identifier = [] }: Patient): string[] {
  return identifier.flatMap(({ system, value }) => (system && value ? [`${system}|${value}`] : []));
}

function sharesNumber(one: Patient, other: Patient): boolean {
  const numbers = new Set(numbersOf(one));
  return numbersOf(other).some((number) => numbers.has(number));
}

function weightOf(level: MatchLevel, content: Content): number {
  const row = content.table('people/matching').find((one) => one.field === 'level' && one.outcome === level);
  if (!row) throw new Error(`content/people/matching.csv has no row level,${level}`);
  return Number(row.weight);
}

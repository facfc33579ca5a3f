/**
 * How likely two descriptions are of one person: a sum of agreement weights in bits (Fellegi and Sunter, 1969), the
 * weights being `content/people/matching.csv`. Every point of the score has its reason.
 */
import type { Content } from '../../kernel/content/content.ts';
import { compareFields, type Outcome } from './compare-fields.ts';
import type { PersonFacts } from './person-facts.ts';

export type MatchLevel = 'certain' | 'probable' | 'possible' | 'none';

export interface MatchReason {
  field: string;
  outcome: string;
  /** Bits; negative speaks against. */
  weight: number;
  vi: string;
  en: string;
}

export interface Match {
  score: number;
  level: MatchLevel;
  /** Strongest first. */
  reasons: MatchReason[];
}

const IDENTIFIERS = new Set(['citizen-number', 'insurance-number', 'old-number', 'passport']);

/**
 * @param candidate who stands at the desk
 * @param person a person of the record
 * @returns level `certain` only with an equal identifier and no different citizen number; `none` below `possible`
 */
export function matchScore(candidate: PersonFacts, person: PersonFacts, content: Content): Match {
  const outcomes = compareFields(candidate, person);
  const reasons = outcomes.map((each) => reasonOf(each, content));
  const score = reasons.reduce((sum, reason) => sum + reason.weight, 0);
  const level = capped(levelOf(score, content), outcomes);
  if (isTwin(outcomes)) reasons.push(TWIN);
  return { score, level, reasons: reasons.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)) };
}

function reasonOf({ field, outcome }: Outcome, content: Content): MatchReason {
  const row = content
    .table('people/matching')
    .find((each) => each.field === field && each.outcome === outcome);
  if (!row) throw new Error(`content/people/matching.csv has no row ${field},${outcome}`);
  return { field, outcome, weight: Number(row.weight), vi: row.vi ?? '', en: row.en ?? '' };
}

function levelOf(score: number, content: Content): MatchLevel {
  const levels = content.table('people/matching').filter((row) => row.field === 'level');
  const reached = levels
    .filter((row) => score >= Number(row.weight))
    .sort((a, b) => Number(b.weight) - Number(a.weight));
  return (reached[0]?.outcome as MatchLevel | undefined) ?? 'none';
}

/** What no sum may decide alone: an equal identifier always asks, and nothing is certain without one. */
function capped(level: MatchLevel, outcomes: Outcome[]): MatchLevel {
  const sameIdentifier = outcomes.some((each) => IDENTIFIERS.has(each.field) && each.outcome === 'same');
  const otherPerson = has(outcomes, 'citizen-number', 'different');
  if (level === 'certain' && (!sameIdentifier || otherPerson)) return 'probable';
  if (sameIdentifier && level !== 'certain') return 'probable';
  if (isTwin(outcomes) && level === 'probable') return 'possible';
  return level;
}

/** Born on one day, of one family name, with another given name and no equal identifier. */
function isTwin(outcomes: Outcome[]): boolean {
  const sameIdentifier = outcomes.some((each) => IDENTIFIERS.has(each.field) && each.outcome === 'same');
  return !sameIdentifier && has(outcomes, 'birth', 'same') && has(outcomes, 'name', 'given-differs');
}

function has(outcomes: Outcome[], field: string, outcome: string): boolean {
  return outcomes.some((each) => each.field === field && each.outcome === outcome);
}

const TWIN: MatchReason = {
  field: 'twin',
  outcome: 'twin',
  weight: 0,
  vi: 'Có thể là anh chị em sinh đôi: hỏi kỹ trước khi chọn',
  en: 'Perhaps a twin: ask before choosing',
};

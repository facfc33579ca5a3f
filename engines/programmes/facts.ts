/** What the record says of a person, as the engine asks it: plain data that a server sends and a browser keeps. */
import type { Day } from './days.ts';

/** A dose as it was given; a refused one is a call. */
/** That a dose was for a component. */
export interface Claim {
  component: string;
  /** Where a disease was named: all components of that disease; whoever names polio may mean either vaccine. */
  alike: readonly string[];
}

export interface Dose {
  /** Of the resource. */
  id: string;
  day: Day;
  /** `system|code` of the product, each that the record names. */
  products: readonly string[];
  /** What the record says it was for, when it does. */
  claims: readonly Claim[];
  lot: string;
  /** Last day of the lot. */
  expires: Day | null;
  /** How the record names it. */
  name: string;
  /** Its order as the record has it, when it does. */
  number: string;
  /** Instant or day as the record has it, and the Organization that gave it; '' = it does not say. */
  at: string;
  unit: string;
}

/** A dose that was not given, and why. */
export interface NotGiven {
  /** Of the resource. */
  id: string;
  day: Day;
  products: readonly string[];
  /** Code of `content/vaccines/not-given.csv`; '' = the record names none of these. */
  reason: string;
  unit: string;
}

export type CallResult =
  | 'agreed'
  | 'later'
  | 'moved'
  | 'died'
  | 'unreachable'
  | 'refused'
  | 'contraindicated';

/** What came of a call. */
export interface Call {
  id: string;
  /** Instant, epoch milliseconds: of several calls of a day the last counts. */
  at: number;
  day: Day;
  result: CallResult;
  /** When to call again, or until when it was agreed to leave the person alone. */
  next: Day | null;
  /** The act or series; empty = the whole programme. */
  about: string;
}

export interface EnrolmentFact {
  id: string;
  /** `planned`, `active`, `onhold`, `finished`, `cancelled` of the EpisodeOfCare. */
  status: string;
  from: Day;
  to: Day | null;
  unit: string | null;
}

/** What a question gave: yes or no, or days; null = the record does not say. */
export type Answer = boolean | readonly Day[] | null;

export interface Facts {
  birth: Day | null;
  /** Day of death; the day it was recorded when it says no more than "yes". */
  died: Day | null;
  enrolments: readonly EnrolmentFact[];
  doses: readonly Dose[];
  /** Oldest first. */
  notGiven: readonly NotGiven[];
  calls: readonly Call[];
  /** By the place of the question. */
  answers: Readonly<Record<string, Answer>>;
}

/** A question without an answer is not met. */
export function holds({ answers }: Facts, place: string): boolean {
  return isMet(answers[place] ?? null);
}

export function isMet(answer: Answer): boolean {
  return answer === true || (Array.isArray(answer) && answer.length > 0);
}

export function daysAt({ answers }: Facts, place: string): readonly Day[] {
  const answer = answers[place];
  return Array.isArray(answer) ? answer : [];
}

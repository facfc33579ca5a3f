/** A programme as the engine carries it out: what `read` makes of a PlanDefinition. Plain data; runs in the browser. */
import type { Day, Span } from './days.ts';

/** What is asked of the record; its answer stands in `Facts.answers` under the place. */
export interface Question {
  /** FHIRPath of the expression in the definition. */
  place: string;
  language: string;
  expression: string;
  /** What it means, for people: the reason of an exclusion, the words of a warning. */
  says: string;
}

/** A day from which others are counted: the first question that gives a day, and a span added to it. */
export interface Anchor {
  key: string;
  title: string;
  from: readonly { question: Question; add: Span | null }[];
}

/** When something may be, should be and is late, counted from an anchor. Of several windows the narrowest counts. */
export interface Window {
  /** `birth`, `enrolment`, `previous`, an anchor's key, or the key of another act. */
  anchor: string;
  earliest: Span | null;
  due: Span | null;
  /** Counted from the due day. */
  overdue: Span | null;
  latest: Span | null;
}

/** At least so long after another act. */
export interface After {
  key: string;
  span: Span;
}

/** Something to be done once, or again and again. */
export interface Act {
  key: string;
  stage: string;
  title: string;
  description: string;
  code: string;
  windows: readonly Window[];
  after: readonly After[];
  recurs: Span | null;
  /** Gives the days on which it was done, or the resources that say so. */
  evidence: Question | null;
  applies: readonly Question[];
  priority: Priority;
  reason: string;
  /** Key of the form that is filled in for it; null = none. */
  form: string | null;
}

export type Priority = 'routine' | 'urgent' | 'asap' | 'stat';

/** A dose of a path. */
export interface DoseRule {
  key: string;
  /** `0`, `1`, … and `11` for the first booster. */
  label: string;
  title: string;
  windows: readonly Window[];
  /** Minimum interval to the valid dose before; null = none is said. */
  interval: Span | null;
  /** Left out when its time is over, if a later one is still possible. */
  optional: boolean;
  /** What is given, the usual product first; empty = any that holds the component. */
  products: readonly string[];
  /** True when no other product counts. */
  only: boolean;
  /** Conditions that must hold for the dose to be asked for. */
  applies: readonly Question[];
}

/** A way through a series: the usual one, a catch-up, one for other products. */
export interface Path {
  key: string;
  title: string;
  applies: readonly Question[];
  doses: readonly DoseRule[];
}

export interface Series {
  key: string;
  title: string;
  /** The component (antigen) that the doses must hold. */
  component: string;
  componentTitle: string;
  applies: readonly Question[];
  contraindicated: readonly Question[];
  immune: readonly Question[];
  /** Gives the day until which it is put off. */
  deferred: readonly Question[];
  /** An invalid dose is repeated so long after it, when the dose itself names no interval. */
  repeat: Span;
  paths: readonly Path[];
  priority: Priority;
}

/** A product, and what it holds. */
export interface Product {
  /** `system|code`. */
  code: string;
  name: string;
  components: readonly string[];
  /** Products of one spacing group are given on the same day, or so far apart. */
  spacing: string | null;
  ageFrom: Span | null;
  ageTo: Span | null;
  /** Doses of a vial. */
  vial: number;
  route: string;
}

/** Something to look at: a risk, a step of a protocol. */
export interface Advice {
  key: string;
  title: string;
  description: string;
  when: readonly Question[];
  priority: Priority;
  reason: string;
}

export interface Target {
  key: string;
  text: string;
  /** True, false, or nothing when it cannot be told. */
  met: Question;
}

export interface Enrolment {
  /** Who fits is followed without being enrolled. */
  automatic: boolean;
  ageFrom: Span | null;
  ageTo: Span | null;
  proposed: readonly Question[];
  excluded: readonly Question[];
  leaves: readonly Question[];
}

/** Days, both inclusive, in which a campaign gives its doses; ages are those of its first day. */
export interface Campaign {
  from: Day;
  to: Day;
}

export interface Programme {
  key: string;
  url: string;
  version: string;
  title: string;
  description: string;
  source: string;
  enrolment: Enrolment;
  /** Null = goes on, as most programmes. */
  campaign: Campaign | null;
  anchors: readonly Anchor[];
  stages: readonly { key: string; title: string }[];
  series: readonly Series[];
  acts: readonly Act[];
  advice: readonly Advice[];
  targets: readonly Target[];
  /** A dose this much too early still counts (0 in Viet Nam). */
  grace: Span;
  /** Days between products of a spacing group, if not on one day. */
  spacingDays: number;
}

/** Every question of a programme, each once. */
export function questionsOf(programme: Programme): Question[] {
  const { enrolment, anchors, series, acts, advice, targets } = programme;
  const all = [
    ...enrolment.proposed,
    ...enrolment.excluded,
    ...enrolment.leaves,
    ...anchors.flatMap(({ from }) => from.map(({ question }) => question)),
    ...series.flatMap((one) => [
      ...one.applies,
      ...one.contraindicated,
      ...one.immune,
      ...one.deferred,
      ...one.paths.flatMap((path) => [...path.applies, ...path.doses.flatMap((dose) => dose.applies)]),
    ]),
    ...acts.flatMap((act) => [...act.applies, ...(act.evidence ? [act.evidence] : [])]),
    ...advice.flatMap(({ when }) => when),
    ...targets.map(({ met }) => met),
  ];
  return [...new Map(all.map((question) => [question.place, question])).values()];
}

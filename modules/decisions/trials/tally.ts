/** What a rule would have shown on the past: rates by hook, role and unit, a few examples, and how far a run has come. Pure. */
import type { Card } from '../../../engines/rules/index.ts';

/** One act of the past at which the rule is asked: a prescription, a visit or an appointment. */
export interface Act {
  /** `MedicationRequest/x` or `Encounter/x`: by it who may see the person sees the example. */
  reference: string;
  role: string;
  unit: string;
  /** ISO instant. */
  at: string;
}

export interface Rate {
  /** Hook, role or unit; '' = not known. */
  name: string;
  acts: number;
  /** Acts at which at least one card would have been shown. */
  alerted: number;
}

export interface Example {
  reference: string;
  at: string;
  summary: string;
}

/** Where a run is among acts of a type, newest first. */
export interface TrialPlace {
  type: string;
  /** Query of the page on which the last act began; null for the first page. */
  page: string | null;
  /** Keys of the last acts that were looked at: those of this page and of the one before. */
  seen: string[];
  /** Acts of the type that were looked at. */
  done: number;
}

export interface TrialResult {
  acts: number;
  alerted: number;
  cards: number;
  /** Acts of which the rule could not be asked. */
  faults: number;
  /** Runs from before rules were asked at all of their hooks have none. */
  byHook?: Rate[];
  byRole: Rate[];
  byUnit: Rate[];
  examples: Example[];
  place?: TrialPlace | null;
}

const MOST_EXAMPLES = 20;
/** Two pages of acts. */
const MOST_SEEN = 400;

/** How an act is found again by a run that goes on. */
export interface Passed {
  key: string;
  page: string | null;
}

export class TrialTally {
  #acts = 0;
  #alerted = 0;
  #cards = 0;
  #faults = 0;
  #place: TrialPlace | null = null;
  readonly #hooks: Map<string, Rate>;
  readonly #roles: Map<string, Rate>;
  readonly #units: Map<string, Rate>;
  readonly #examples: Example[];

  /** @param before what a run that was stopped has counted */
  constructor(before?: TrialResult) {
    const named = (rates: readonly Rate[] = []) => new Map(rates.map((one) => [one.name, { ...one }]));
    this.#hooks = named(before?.byHook);
    this.#roles = named(before?.byRole);
    this.#units = named(before?.byUnit);
    this.#examples = [...(before?.examples ?? [])];
    if (!before) return;
    this.#acts = before.acts;
    this.#alerted = before.alerted;
    this.#cards = before.cards;
    this.#faults = before.faults;
    this.#place = before.place ? { ...before.place, seen: [...before.place.seen] } : null;
  }

  get place(): TrialPlace | null {
    return this.#place;
  }

  /** Acts of a type are looked at from now on; those of the same type go on. */
  begin(type: string): void {
    if (this.#place?.type !== type) this.#place = { type, page: null, seen: [], done: 0 };
  }

  /** Acts of the type that were looked at. */
  get done(): number {
    return this.#place?.done ?? 0;
  }

  isAsked({ key }: Passed): boolean {
    return this.#place?.seen.includes(key) ?? false;
  }

  /** An act was looked at, whether or not it could be asked about. */
  pass({ key, page }: Passed): void {
    if (!this.#place) return;
    const seen = [...this.#place.seen, key].slice(-MOST_SEEN);
    this.#place = { ...this.#place, page, seen, done: this.#place.done + 1 };
  }

  /** @param spoken hooks at which a card would have been shown, of those that were asked */
  add(
    act: Act,
    cards: readonly Card[],
    hasFault: boolean,
    spoken: readonly string[] = [],
    hooks: readonly string[] = [],
  ): void {
    this.#acts += 1;
    this.#cards += cards.length;
    this.#faults += Number(hasFault);
    const isAlerted = cards.length > 0;
    this.#alerted += Number(isAlerted);
    for (const hook of hooks) count(this.#hooks, hook, spoken.includes(hook));
    count(this.#roles, act.role, isAlerted);
    count(this.#units, act.unit, isAlerted);
    const [first] = cards;
    if (first && this.#examples.length < MOST_EXAMPLES)
      this.#examples.push({ reference: act.reference, at: act.at, summary: first.summary });
  }

  result(): TrialResult {
    const sorted = (rates: Map<string, Rate>) =>
      [...rates.values()].sort((a, b) => b.acts - a.acts || a.name.localeCompare(b.name));
    return {
      acts: this.#acts,
      alerted: this.#alerted,
      cards: this.#cards,
      faults: this.#faults,
      byHook: sorted(this.#hooks),
      byRole: sorted(this.#roles),
      byUnit: sorted(this.#units),
      examples: [...this.#examples],
      place: this.#place,
    };
  }
}

function count(rates: Map<string, Rate>, name: string, isAlerted: boolean): void {
  const rate = rates.get(name) ?? { name, acts: 0, alerted: 0 };
  rate.acts += 1;
  rate.alerted += Number(isAlerted);
  rates.set(name, rate);
}

/** Alerts per 100 acts, one decimal; null for none. */
export function per100({ acts, alerted }: Pick<Rate, 'acts' | 'alerted'>): number | null {
  return acts === 0 ? null : Math.round((alerted / acts) * 1000) / 10;
}

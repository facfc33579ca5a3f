/** What a rule would have shown on the past: rates by role and unit, and a few examples. Pure. */
import type { Card } from '../../../engines/rules/index.ts';

/** One act of the past at which the rule is asked: a prescription, or a visit. */
export interface Act {
  /** `MedicationRequest/x` or `Encounter/x`: by it who may see the person sees the example. */
  reference: string;
  role: string;
  unit: string;
  /** ISO instant. */
  at: string;
}

export interface Rate {
  /** Role or unit; '' = not known. */
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

export interface TrialResult {
  acts: number;
  alerted: number;
  cards: number;
  /** Acts of which the rule could not be asked. */
  faults: number;
  byRole: Rate[];
  byUnit: Rate[];
  examples: Example[];
}

const MOST_EXAMPLES = 20;

export class TrialTally {
  #acts = 0;
  #alerted = 0;
  #cards = 0;
  #faults = 0;
  readonly #roles = new Map<string, Rate>();
  readonly #units = new Map<string, Rate>();
  readonly #examples: Example[] = [];

  add(act: Act, cards: readonly Card[], hasFault: boolean): void {
    this.#acts += 1;
    this.#cards += cards.length;
    this.#faults += Number(hasFault);
    const isAlerted = cards.length > 0;
    this.#alerted += Number(isAlerted);
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
      byRole: sorted(this.#roles),
      byUnit: sorted(this.#units),
      examples: [...this.#examples],
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

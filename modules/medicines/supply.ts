/**
 * How far a line of a prescription was handed out, when more is fetched, and what a shelf is asked for in the days to come.
 * Pure; amounts are whole units of the list of medicines (tablet, bottle), days are ISO days of Vietnam.
 */
import { addDays } from '../../kernel/text/vietnam-time.ts';
import { firstExpired, type Shelf } from '../stock/index.ts';
import type { PickUpRules } from './rules.ts';

/** A line of a signed prescription with what was handed out by it. */
export interface Line {
  request: string;
  person: string;
  /** Number of the prescription. */
  number: string;
  encounter: string;
  /** Code and name of the list of medicines. */
  medicine: string;
  name: string;
  atc: string;
  unit: string;
  quantity: number;
  /** Days that the whole quantity lasts for; 0 = not said. */
  days: number;
  /** Day of signing. */
  authored: string;
  handed: number;
  /** Days of the first and the last hand-over by this line; null = none. */
  firstHanded: string | null;
  lastHanded: string | null;
}

export interface Standing {
  handed: number;
  remaining: number;
  /** Day on which what was handed out is used up: from then on more is fetched. Of a line without any, the day of signing. */
  next: string;
  /** What is fetched then: at most what lasts one interval, and what is left of the line. 0 = a new prescription is needed. */
  amount: number;
  /** Days that have passed since `next`; 0 = none. */
  lateDays: number;
}

/**
 * @param isHandedElsewhere true where nothing says how this line was handed out, because the unit kept no stock of the medicine yet:
 *   the whole of it counts as handed out when it was signed
 */
export function standingOf(
  line: Line,
  rules: PickUpRules,
  today: string,
  isHandedElsewhere: boolean,
): Standing {
  const isAssumed = isHandedElsewhere && line.handed === 0;
  const handed = isAssumed ? line.quantity : line.handed;
  const remaining = Math.max(0, line.quantity - handed);
  const next =
    handed === 0
      ? line.authored
      : addDays((isAssumed ? null : line.firstHanded) ?? line.authored, daysOf(line, handed));
  return {
    handed,
    remaining,
    next,
    amount: Math.min(remaining, amountOf(line, rules)),
    lateDays: Math.max(0, daysBetween(next, today)),
  };
}

/** Whole days that an amount of the line lasts for. */
export function daysOf(line: Pick<Line, 'quantity' | 'days'>, amount: number): number {
  return line.quantity > 0 ? Math.floor((amount * line.days) / line.quantity) : 0;
}

/** What one pick-up holds. */
export function amountOf(line: Pick<Line, 'quantity' | 'days'>, rules: PickUpRules): number {
  if (line.days <= rules.interval) return Math.ceil(line.quantity);
  return Math.ceil((line.quantity * rules.interval) / line.days);
}

export const daysBetween = (from: string, to: string) =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** One pick-up that is to come. */
export interface Demand {
  person: string;
  request: string;
  medicine: string;
  day: string;
  amount: number;
  /** Last day of use: what is handed out must be good until then. */
  until: string;
}

/**
 * The pick-ups of a line in `horizon` days from today; what is late is fetched today, and who goes on takes the same again. Nobody
 * counts on who has not come for `lost` days.
 */
export function demandsOf(line: Line, standing: Standing, rules: PickUpRules, today: string): Demand[] {
  if (standing.lateDays > rules.lost || line.quantity <= 0) return [];
  const { person, request, medicine } = line;
  const amount = amountOf(line, rules);
  const end = addDays(today, rules.horizon);
  const demands: Demand[] = [];
  let day = standing.next < today ? today : standing.next;
  // Of a line with something left, that comes first.
  let take = standing.amount > 0 ? standing.amount : amount;
  while (day < end) {
    const until = addDays(day, Math.max(1, daysOf(line, take)));
    demands.push({ person, request, medicine, day, amount: take, until });
    day = until;
    take = amount;
  }
  return demands;
}

export interface Need {
  amount: number;
  people: number;
  /** First day on which somebody would not get the whole; null = there is enough. */
  runsOut: string | null;
}

/** @param lots that may be handed out now: taken of as a hand-over would, each person in the order of days */
export function needOf(demands: readonly Demand[], lots: readonly Shelf[]): Need {
  const shelf = lots.map((lot) => ({ ...lot }));
  let runsOut: string | null = null;
  for (const { day, amount, until } of [...demands].sort((a, b) => compare(a.day, b.day))) {
    const taken = firstExpired(shelf, amount, until);
    if (taken === null) runsOut ??= day;
    for (const part of taken ?? []) shelf.find(({ lot }) => lot === part.lot)!.balance -= part.amount;
  }
  return {
    amount: demands.reduce((all, one) => all + one.amount, 0),
    people: new Set(demands.map(({ person }) => person)).size,
    runsOut,
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** What the content says of medicines that are fetched month by month: which belong to whose protocol, and by which days. */
import type { Content } from '../../kernel/content/content.ts';

/** Days (content `drug/pick-up`). */
export interface PickUpRules {
  /** What one pick-up lasts for at most. */
  interval: number;
  /** So long a prescription waits for its first pick-up. */
  first: number;
  /** Earlier than so many days before the medicine is used up a reason is asked for. */
  early: number;
  /** So many days after it is used up the pick-up is late. */
  late: number;
  /** After so many days nobody counts on the person any more. */
  lost: number;
  /** How far ahead the need is told. */
  horizon: number;
}

const RULES = ['interval', 'first', 'early', 'late', 'lost', 'horizon'] as const;

/** @throws Error when the content says nothing of a rule on the day: nothing is guessed */
export function pickUpRules(content: Content, day: string): PickUpRules {
  const rows = new Map(content.inForce('drug/pick-up', day).map(({ rule, days }) => [rule, Number(days)]));
  return Object.fromEntries(
    RULES.map((rule) => {
      const days = rows.get(rule);
      if (!Number.isSafeInteger(days)) throw new Error(`drug/pick-up has no days for "${rule}" on ${day}`);
      return [rule, days];
    }),
  ) as unknown as PickUpRules;
}

/** Beginnings of ATC codes, by key of the programme whose protocol they belong to (content `drug/protocol-medicines`). */
export type Protocols = ReadonlyMap<string, readonly string[]>;

export function protocolsOn(content: Content, day: string): Protocols {
  return new Map(
    content
      .inForce('drug/protocol-medicines', day)
      .map(({ programme, atc }) => [programme!, atc!.split(' ').filter(Boolean)]),
  );
}

export const isOfProtocol = (atc: string, prefixes: readonly string[]) =>
  prefixes.some((prefix) => atc.startsWith(prefix));

/** Test cases that stand beside a definition: `content/rules/<key>/cases.json`. */
import type { Content } from '../../../kernel/content/content.ts';
import type { Encounter, Patient, Resource } from '../../../kernel/fhir/types.ts';
import type { Card } from '../card.ts';
import { evaluateRules } from '../evaluate.ts';
import type { Hook } from './names.ts';
import type { Rule } from './rule.ts';

export interface RuleCase {
  /** What it shows, in words. */
  name: string;
  hook: Hook;
  /** ISO day. */
  day: string;
  patient: Patient;
  resources?: Resource[];
  draftOrders?: Resource[];
  encounter?: Encounter;
  roles?: string[];
  /** What must be shown: as many cards, each with these values; `summary` is a part of the card's. */
  cards: { indicator?: string; kind?: string; summary?: string; key?: string }[];
}

/** Null when the definition has none. */
export function casesOf(content: Content, key: string): RuleCase[] | null {
  const isThere = content.files('rules').includes(`${key}/cases.json`);
  return isThere ? content.json<RuleCase[]>(`rules/${key}/cases`) : null;
}

/** What is wrong with the answer to a case; null when it is as it must be. */
export function failedCase(rule: Rule, one: RuleCase, content: Content): string | null {
  const { cards, faults } = evaluateRules(
    [rule],
    {
      hook: one.hook,
      day: one.day,
      now: new Date(`${one.day}T12:00:00+07:00`),
      patient: one.patient,
      resources: one.resources ?? [],
      drafts: one.draftOrders ?? [],
      encounter: one.encounter ?? null,
      roles: one.roles ?? null,
      place: null,
    },
    content,
  );
  if (faults.length > 0) return faults[0]!.failure.message;
  const shown =
    cards.map(({ indicator, kind, summary }) => `${indicator} ${kind} "${summary}"`).join('; ') || 'no card';
  if (cards.length !== one.cards.length) return `${one.cards.length} cards are expected; shown: ${shown}`;
  const missed = one.cards.find((wanted) => !cards.some((card) => fits(card, wanted)));
  return missed ? `${JSON.stringify(missed)} is expected; shown: ${shown}` : null;
}

function fits(card: Card, wanted: RuleCase['cards'][number]): boolean {
  return (
    (wanted.indicator === undefined || card.indicator === wanted.indicator) &&
    (wanted.kind === undefined || card.kind === wanted.kind) &&
    (wanted.key === undefined || card.key === wanted.key) &&
    (wanted.summary === undefined || card.summary.includes(wanted.summary))
  );
}

/** What a rule says: the card of CDS Hooks, with what our own screens need besides. */
import type { Coding, Resource } from '../../kernel/fhir/types.ts';
import { ALERT_KINDS, type Implicated, type Severity } from './alert.ts';
import type { Approval } from './definition/hard-stops.ts';
import type { Indicator, RuleSource } from './definition/rule.ts';

export interface CardSuggestion {
  label: string;
  recommended: boolean;
  type: 'create' | 'update' | 'delete';
  /** Of create and update. */
  resource: Resource | null;
  /** Of delete: `MedicationRequest/x`. */
  resourceId: string | null;
}

/** Something to open: a page or, of type smart, an app that the client launches. */
export interface CardLink {
  label: string;
  /** An https address, or a page of this program that begins with `/`. */
  url: string;
  type: 'absolute' | 'smart';
  appContext: string | null;
  autolaunchable: boolean;
}

export interface Card {
  rule: string;
  version: string;
  ruleTitle: string;
  /** The same facts give the same key. */
  key: string;
  /** Code of `cs.alertKind`. */
  kind: string;
  indicator: Indicator;
  severity: Severity;
  /** One line. */
  summary: string;
  /** Why, and what follows. */
  detail: string;
  /** What to do, in the words of the source; may be empty. */
  management: string;
  source: RuleSource;
  /** Signing asks for a coded reason. */
  needsReason: boolean;
  /** Nobody signs against it. */
  hardStop: boolean;
  /** Who approved that; null when it is no hard stop. */
  approval: Approval | null;
  /** Medicines that it is about. */
  implicated: Implicated[];
  suggestions: CardSuggestion[];
  /** What the client's system is to do by itself; our own screens do none of it. */
  systemActions: CardSuggestion[];
  links: CardLink[];
  /** Reasons that the rule names; empty: those that fit the kind. */
  reasons: readonly Coding[];
}

export const SEVERITY: Readonly<Record<Indicator, Severity>> = {
  critical: 'high',
  warning: 'moderate',
  info: 'low',
};
const ORDER: Readonly<Record<Indicator, number>> = { critical: 0, warning: 1, info: 2 };
const KINDS = new Map<string, number>(ALERT_KINDS.map((kind, at) => [kind, at]));
const kindOrder = (kind: string) => KINDS.get(kind) ?? KINDS.size;

/** Most dangerous first; the same card once. */
export function inOrder(cards: readonly Card[]): Card[] {
  const once = new Map(cards.map((card) => [card.key, card]));
  return [...once.values()].sort(
    (a, b) =>
      ORDER[a.indicator] - ORDER[b.indicator] ||
      kindOrder(a.kind) - kindOrder(b.kind) ||
      a.key.localeCompare(b.key),
  );
}

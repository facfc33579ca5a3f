/** The rules asked about a prescription of a visit, and their answer as the screen shows it. */
import {
  ageInMonths,
  type Card,
  evaluateRules,
  type Facts,
  longestSupply,
  type Rule,
  type RuleTables,
  uncheckedCards,
} from '../../../engines/rules/index.ts';
import type { Content } from '../../../kernel/content/content.ts';
import type { MemberOf } from '../../../kernel/fhir/person/index.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import type { Resource } from '../../../kernel/fhir/types.ts';
import { addDays } from '../../../kernel/text/vietnam-time.ts';
import { diagnosesOf } from '../consultation/diagnoses.ts';
import { vitalsOf } from '../consultation/vitals.ts';
import type { AlertView, OverrideReason } from '../contract.ts';
import { codeOf } from '../text.ts';
import type { Visit } from '../visit/visit.ts';
import type { Line } from './lines.ts';
import { medicationRequest } from './requests.ts';

/** Months after which a weight no longer counts for a dose: 1 for infants, 6 for children and adults. */
const WEIGHT_DAYS = { infant: 31, older: 183 };

/** The rules that speak, with what they need of the person. */
export interface Checking {
  rules: readonly Rule[];
  memberOf: MemberOf;
  facts: Facts;
  roles: readonly string[];
  /** Kind of facility; null: not known. */
  place: string | null;
  now: Date;
}

/**
 * Cards about the lines, the most dangerous first; a rule that cannot be asked says so. Keys are the same at the check and at the signing.
 * @param without numbers of prescriptions that do not count: the one that is replaced, and this one when it is sent twice
 */
export function cardsFor(
  visit: Visit,
  lines: Line[],
  checking: Checking,
  content: Content,
  day: string,
  without: readonly (string | null)[],
): Card[] {
  const { rules, memberOf, facts, roles, place, now } = checking;
  const isLeftOut = (one: Resource) =>
    one.resourceType === 'MedicationRequest' && without.includes(one.groupIdentifier?.value ?? '');
  const answer = evaluateRules(
    rules,
    {
      hook: 'order-sign',
      day,
      now,
      patient: visit.patient,
      resources: facts.resources.filter((one) => !isLeftOut(one)),
      queried: facts.queried,
      memberOf,
      drafts: lines.map((line, at) => ({ ...medicationRequest(line, visit, null), id: draftId(at) })),
      encounter: visit.encounter,
      roles,
      place,
    },
    content,
  );
  return [...answer.cards, ...uncheckedCards(answer)];
}

/** Of a line that is not signed yet, from 0: what a suggestion to take it out names. */
const draftId = (line: number): string => `dong-${line}`;

/** Days a prescription of this visit may last, by its diagnoses (Circular 26/2025, article 6.8). */
export function dayLimit(visit: Visit, tables: RuleTables) {
  return longestSupply(
    diagnosesOf(visit.encounter, visit.conditions).map((one) => codeOf(one.code, cs.icd10)),
    tables,
  );
}

/** Weight of this visit, or the last one that is not too old for a dose. */
export function weightOf(visit: Visit, content: Content, day: string): number | null {
  const own = vitalsOf(visit.observations, content).weight ?? null;
  if (own !== null) return own;
  const last = visit.weights[0];
  const infant = (ageInMonths(visit.patient.birthDate, day) ?? 12) < 12;
  const oldest = addDays(day, -(infant ? WEIGHT_DAYS.infant : WEIGHT_DAYS.older));
  return last?.valueQuantity?.value !== undefined && (last.effectiveDateTime ?? '') >= oldest
    ? last.valueQuantity.value
    : null;
}

function alertView(card: Card, reasons: OverrideReason[], kinds: Map<string, string[]>): AlertView {
  return {
    key: card.key,
    kind: card.kind,
    severity: card.severity,
    needsReason: card.needsReason,
    hardStop: card.approval,
    title: card.summary,
    reason: card.detail,
    management: card.management,
    source: card.source,
    lines: card.implicated.flatMap((one) => (one.line === null ? [] : [one.line])),
    removes: removesOf(card),
    earlier: card.implicated
      .filter((one) => one.line === null)
      .map((one) => ({ name: one.name, until: one.until })),
    reasons: reasons.filter(({ code }) => fitsCard(code, card, kinds)),
  };
}

/** Suggestions to take out a line of this prescription; other suggestions are not of the prescription. */
function removesOf({ suggestions, implicated }: Card): AlertView['removes'] {
  return suggestions.flatMap(({ type, label, resourceId }) => {
    const line = implicated.find(
      (one) => one.line !== null && resourceId === `MedicationRequest/${draftId(one.line)}`,
    )?.line;
    return type === 'delete' && line != null ? [{ line, label }] : [];
  });
}

/** A hard stop has no reason; a rule may name its own reasons, else those of the kind. */
export function fitsCard(
  reason: string,
  { hardStop, reasons, kind }: Card,
  kinds: Map<string, string[]>,
): boolean {
  if (hardStop) return false;
  if (reasons.length > 0) return reasons.some(({ code }) => code === reason);
  return fits(kinds.get(reason), kind);
}

/** A reason without kinds fits every alert. */
function fits(kinds: string[] | undefined, kind: string): boolean {
  return kinds === undefined || kinds.length === 0 || kinds.includes(kind);
}

/** Reasons in force and the kinds of alert each fits. */
export function overrideReasons(
  content: Content,
  day: string,
): { reasons: OverrideReason[]; kinds: Map<string, string[]> } {
  const rows = content.inForce('clinic/override-reasons', day);
  return {
    reasons: rows.map((row) => ({
      code: row.code!,
      name: row.name_vi!,
      nameEn: row.name_en!,
      textRequired: row.text_required === '1',
    })),
    kinds: new Map(rows.map((row) => [row.code!, row.kinds === '' ? [] : row.kinds!.split('|')])),
  };
}

export function alertViews(alerts: Card[], content: Content, day: string): AlertView[] {
  const { reasons, kinds } = overrideReasons(content, day);
  return alerts.map((alert) => alertView(alert, reasons, kinds));
}

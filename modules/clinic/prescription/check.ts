/** The rules asked about a prescription of a visit, and their answer as the screen shows it. */
import {
  type Alert,
  ageInMonths,
  checkPrescription,
  longestSupply,
  type RuleTables,
  rulesInForce,
} from '../../../engines/rules/index.ts';
import type { Content } from '../../../kernel/content/content.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
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

export function alertsFor(
  visit: Visit,
  lines: Line[],
  content: Content,
  day: string,
  replaces: string | null,
): Alert[] {
  const tables = rulesInForce(content, day);
  const earlier = visit.medications.filter((one) => one.groupIdentifier?.value !== replaces);
  return checkPrescription(
    {
      requests: lines.map((line) => medicationRequest(line, visit, null)),
      activeRequests: [...visit.earlierMedications, ...earlier],
      allergies: visit.allergies,
      patient: visit.patient,
      conditions: [...diagnosesOf(visit.encounter, visit.conditions), ...visit.longConditions],
      weightKg: weightOf(visit, content, day) ?? undefined,
    },
    tables,
  );
}

/** Days a prescription of this visit may last, by its diagnoses (Circular 26/2025, article 6.8). */
export function dayLimit(visit: Visit, tables: RuleTables) {
  return longestSupply(
    diagnosesOf(visit.encounter, visit.conditions).map((one) => codeOf(one.code, cs.icd10)),
    tables,
  );
}

/** Weight of this visit, or the last one that is not too old for a dose. */
export function weightOf(visit: Visit, content: Content, day: string): number | null {
  const own = vitalsOf(visit.observations, content).weight;
  if (own !== null) return own;
  const last = visit.weights[0];
  const infant = (ageInMonths(visit.patient.birthDate, day) ?? 12) < 12;
  const oldest = addDays(day, -(infant ? WEIGHT_DAYS.infant : WEIGHT_DAYS.older));
  return last?.valueQuantity?.value !== undefined && (last.effectiveDateTime ?? '') >= oldest
    ? last.valueQuantity.value
    : null;
}

export function alertView(alert: Alert, reasons: OverrideReason[], kinds: Map<string, string[]>): AlertView {
  return {
    key: alert.key,
    kind: alert.kind,
    severity: alert.severity,
    needsReason: alert.needsReason,
    title: alert.title,
    reason: alert.reason,
    management: alert.management,
    source: alert.source,
    lines: alert.implicated.flatMap((one) => (one.line === null ? [] : [one.line])),
    earlier: alert.implicated
      .filter((one) => one.line === null)
      .map((one) => ({ name: one.name, until: one.until })),
    reasons: reasons.filter((reason) => fits(kinds.get(reason.code), alert.kind)),
  };
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

export function alertViews(alerts: Alert[], content: Content, day: string): AlertView[] {
  const { reasons, kinds } = overrideReasons(content, day);
  return alerts.map((alert) => alertView(alert, reasons, kinds));
}

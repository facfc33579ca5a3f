/** What decision support says about a prescription. */

/** Codes of `cs.alertKind`. The last one says that something could not be checked; it asks for no reason. */
export const ALERT_KINDS = [
  'di-ung',
  'trung-hoat-chat',
  'tuong-tac-chong-chi-dinh',
  'qua-lieu',
  'chong-chi-dinh-tuoi',
  'chong-chi-dinh-benh',
  'khong-kiem-tra-duoc',
] as const;

export type AlertKind = (typeof ALERT_KINDS)[number];

/** FHIR DetectedIssue.severity. */
export type Severity = 'high' | 'moderate' | 'low';

/** A medicine an alert is about: a line of the new prescription, or an earlier one that still acts. */
export interface Implicated {
  /** Index among the new requests; null for an earlier prescription. */
  line: number | null;
  /** `MedicationRequest/x` when it is stored. */
  reference: string | null;
  name: string;
  /** Last day of an earlier prescription, ISO date; null when not stated or not earlier. */
  until: string | null;
}

export interface Alert {
  /** The same facts give the same key, at the check and at the signing. */
  key: string;
  kind: AlertKind;
  severity: Severity;
  /** True: signing needs a coded reason for it. */
  needsReason: boolean;
  /** One line: what is wrong. */
  title: string;
  /** Why, and what follows; Vietnamese sentences. */
  reason: string;
  /** What to do, in the words of the source; may be empty. */
  management: string;
  /** Decision or document the rule comes from. */
  source: string;
  implicated: Implicated[];
}

const KIND_ORDER = new Map(ALERT_KINDS.map((kind, index) => [kind, index]));
const SEVERITY_ORDER: Record<Severity, number> = { high: 0, moderate: 1, low: 2 };

/** Most dangerous first; the same alert once. */
export function inOrderOfDanger(alerts: Alert[]): Alert[] {
  const once = new Map(alerts.map((alert) => [alert.key, alert]));
  return [...once.values()].sort(
    (a, b) =>
      SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity] ||
      (KIND_ORDER.get(a.kind) ?? 0) - (KIND_ORDER.get(b.kind) ?? 0) ||
      a.key.localeCompare(b.key),
  );
}

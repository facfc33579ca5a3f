/** What decision support says about a prescription. */
import { cs } from '../../kernel/fhir/systems.ts';
import type { DetectedIssue, Patient } from '../../kernel/fhir/types.ts';

/** Codes of `cs.alertKind` that checks of medicines give, the most dangerous first. The last one says that something could not be checked; it asks for no reason. */
export const ALERT_KINDS = [
  'di-ung',
  'trung-hoat-chat',
  'tuong-tac-chong-chi-dinh',
  'qua-lieu',
  'lieu-theo-than',
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
  /** `MedicationRequest/x` when it has an id: stored, or the client's own of a draft. */
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

/** Index of a draft order, from 0, in `DetectedIssue.implicated.identifier`. */
export const DRAFT_LINE = 'http://yba.vn/fhir/sid/dong-don-nhap';
/** Last day of an earlier prescription, valueDate on `DetectedIssue.implicated`. */
export const RUNS_UNTIL = 'http://yba.vn/fhir/ext/con-dung-den';

/** An alert as rules of the content see it: `%found.code.text`, `%found.detail`, `%found.severity`. */
export function issueOf(alert: Alert, patient: Patient): DetectedIssue {
  return {
    resourceType: 'DetectedIssue',
    status: 'preliminary',
    identifier: [{ value: alert.key }],
    code: { coding: [{ system: cs.alertKind, code: alert.kind }], text: alert.title },
    severity: alert.severity,
    patient: { reference: `Patient/${patient.id ?? ''}` },
    detail: alert.reason,
    ...(alert.management === '' ? {} : { mitigation: [{ action: { text: alert.management } }] }),
    evidence: [{ code: [{ text: alert.source }] }],
    implicated: alert.implicated.map(({ line, reference, name, until }) => ({
      ...(reference === null ? {} : { reference }),
      ...(line === null ? {} : { identifier: { system: DRAFT_LINE, value: String(line) } }),
      ...(until === null ? {} : { extension: [{ url: RUNS_UNTIL, valueDate: until }] }),
      display: name,
    })),
  };
}

/** The medicines that an issue of a check is about. */
export function implicatedIn(issue: DetectedIssue): Implicated[] {
  return (issue.implicated ?? []).map(({ reference, identifier, extension, display }) => ({
    line: identifier?.system === DRAFT_LINE ? Number(identifier.value) : null,
    reference: reference ?? null,
    name: display ?? '',
    until: extension?.find(({ url }) => url === RUNS_UNTIL)?.valueDate ?? null,
  }));
}

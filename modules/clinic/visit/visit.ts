/** Everything the record knows about one visit, read in one go for screens and acts. */

import { inLineOrder } from '../../../engines/rules/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import type {
  AllergyIntolerance,
  Appointment,
  Condition,
  Coverage,
  DetectedIssue,
  DiagnosticReport,
  Encounter,
  Flag,
  MedicationRequest,
  Meta,
  Observation,
  Patient,
  ServiceRequest,
} from '../../../kernel/fhir/types.ts';
import type { RecordSession } from '../../../kernel/kernel.ts';
import { addDays } from '../../../kernel/text/vietnam-time.ts';
import { idOf } from '../text.ts';

/** Longest wash-out of the rules is some weeks, the longest prescription 90 days. */
const LOOK_BACK_DAYS = 150;
const HISTORY_VISITS = 8;
const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';

export interface Visit {
  encounter: Encounter;
  patient: Patient;
  /** Facts of this visit; what was entered in error is left out. */
  observations: Observation[];
  conditions: Condition[];
  orders: ServiceRequest[];
  medications: MedicationRequest[];
  reports: DiagnosticReport[];
  issues: DetectedIssue[];
  appointments: Appointment[];
  /** Facts of the person. */
  allergies: AllergyIntolerance[];
  flags: Flag[];
  coverages: Coverage[];
  earlierMedications: MedicationRequest[];
  /** Conditions of other visits that are still active. */
  longConditions: Condition[];
  earlierVisits: Encounter[];
  weights: Observation[];
  /** Security label that everything of a demo person carries. */
  label: { meta?: Meta };
}

/**
 * Reads a visit and what a prescriber must know of the person.
 * @param day ISO day of the reading, for what still runs
 * Fails with `not-found`, `gone`, `forbidden`.
 */
export async function readVisit(session: RecordSession, id: string, day: string): Promise<Visit> {
  const first = await session.read('Encounter', id);
  const patientId = idOf(first.subject);
  const ofVisit = { encounter: `Encounter/${id}` };
  const [persons, visitNow, observations, conditions, orders, medications, reports, ...about] =
    await session.searchAbout(patientId, [
      ['Patient'],
      // Again, of the same instant as what belongs to it: another program may have written since.
      ['Encounter', { _id: id }],
      ['Observation', ofVisit],
      ['Condition', ofVisit],
      ['ServiceRequest', ofVisit],
      ['MedicationRequest', ofVisit],
      ['DiagnosticReport', ofVisit],
      ['AllergyIntolerance'],
      ['Flag'],
      ['Coverage'],
      ['MedicationRequest', { authoredon: `ge${addDays(day, -LOOK_BACK_DAYS)}` }],
      ['Condition', { 'clinical-status': `${CLINICAL}|active` }],
      ['Encounter', { _sort: '-date', _count: String(HISTORY_VISITS + 1) }],
      ['DetectedIssue'],
      ['Observation', { code: `${cs.loinc}|29463-7`, _sort: '-date', _count: '1' }],
      ['Appointment', { date: `ge${day}` }],
    ]);
  const [allergies, flags, coverages, earlier, longConditions, visits, issues, weights, appointments] = about;
  const encounter = visitNow[0] ?? first;
  const patient = persons[0] ?? (await session.read('Patient', patientId));
  const own = new Set(medications.map((request) => `MedicationRequest/${request.id}`));
  return {
    encounter,
    patient,
    observations: observations.filter((one) => one.status !== 'entered-in-error'),
    conditions,
    orders: orders.filter((one) => one.status !== 'entered-in-error'),
    medications: inLineOrder(medications),
    reports,
    issues: issues.filter((issue) => issue.implicated?.some((one) => own.has(one.reference ?? ''))),
    appointments: appointments.filter((one) => concernsVisit(one, conditions)),
    allergies,
    flags,
    coverages,
    earlierMedications: earlier.filter((one) => idOf(one.encounter) !== encounter.id),
    longConditions: longConditions.filter((one) => idOf(one.encounter) !== encounter.id),
    earlierVisits: visits.filter((one) => one.id !== encounter.id).slice(0, HISTORY_VISITS),
    weights,
    label: labelOf(encounter, patient),
  };
}

/** What the laboratory may see of a visit: its orders, results and whose they are; nothing else is asked for. */
export async function readLaboratory(session: RecordSession, id: string): Promise<Visit> {
  const encounter = await session.read('Encounter', id);
  const patientId = idOf(encounter.subject);
  const ofVisit = { encounter: `Encounter/${id}` };
  const [persons, observations, orders] = await session.searchAbout(patientId, [
    ['Patient'],
    ['Observation', ofVisit],
    ['ServiceRequest', ofVisit],
  ]);
  const patient = persons[0] ?? (await session.read('Patient', patientId));
  return {
    encounter,
    patient,
    observations: observations.filter((one) => one.status !== 'entered-in-error'),
    orders: orders.filter((one) => one.status !== 'entered-in-error'),
    conditions: [],
    medications: [],
    reports: [],
    issues: [],
    appointments: [],
    allergies: [],
    flags: [],
    coverages: [],
    earlierMedications: [],
    longConditions: [],
    earlierVisits: [],
    weights: [],
    label: labelOf(encounter, patient),
  };
}

/** The follow-up that a visit made names the visit's main diagnosis as its reason. */
function concernsVisit(appointment: Appointment, conditions: Condition[]): boolean {
  return (
    appointment.reasonReference?.some((one) => conditions.some((known) => known.id === idOf(one))) ?? false
  );
}

function labelOf(encounter: Encounter, patient: Patient): { meta?: Meta } {
  const security = encounter.meta?.security ?? patient.meta?.security;
  return security && security.length > 0 ? { meta: { security } } : {};
}

/** Fails with `conflict` unless the visit is open to writing. */
export function requireOpen(visit: Visit, ...states: Encounter['status'][]): void {
  const { status } = visit.encounter;
  if (states.includes(status)) return;
  const why: Record<string, string> = {
    arrived: 'Người bệnh chưa được gọi vào khám. Bấm "Bắt đầu khám" trước.',
    triaged: 'Người bệnh chưa được gọi vào khám. Bấm "Bắt đầu khám" trước.',
    finished: 'Lượt khám đã kết thúc nên không sửa được nữa.',
    cancelled: 'Lượt khám đã hủy.',
  };
  throw new Failure('conflict', why[status ?? ''] ?? 'Lượt khám không ở trạng thái khám.', {
    textEn: `The visit is ${status}.`,
    expression: 'Encounter.status',
  });
}

/** Everything the record knows about one visit, read in one go for screens and acts. */

import { Failure } from '../../../kernel/failure.ts';
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
  Resource,
  ResourceOf,
  ResourceType,
  ServiceRequest,
} from '../../../kernel/fhir/types.ts';
import type { RecordSession } from '../../../kernel/kernel.ts';
import { addDays } from '../../../kernel/text/vietnam-time.ts';
import { idOf } from '../text.ts';

/** Longest wash-out of the rules is some weeks, the longest prescription 90 days. */
const LOOK_BACK_DAYS = 150;
const HISTORY_VISITS = 8;

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

const OF_VISIT = [
  'Observation',
  'Condition',
  'ServiceRequest',
  'MedicationRequest',
  'DiagnosticReport',
] as const;

/**
 * Reads a visit and what a prescriber must know of the person.
 * @param day ISO day of the reading, for what still runs
 * Fails with `not-found`, `gone`, `forbidden`.
 */
export async function readVisit(session: RecordSession, id: string, day: string): Promise<Visit> {
  const inside = await session.search('Encounter', [
    ['_id', id],
    ['_include', 'Encounter:subject'],
    ...OF_VISIT.map((type): [string, string] => ['_revinclude', `${type}:encounter`]),
  ]);
  const encounter = (inside.matches[0] as Encounter | undefined) ?? (await session.read('Encounter', id));
  const patientId = idOf(encounter.subject);
  const patient = pick(inside.included, 'Patient')[0] ?? (await session.read('Patient', patientId));
  const about = await readPerson(session, patientId, day);
  const medications = pick(inside.included, 'MedicationRequest');
  const own = new Set(medications.map((request) => `MedicationRequest/${request.id}`));
  return {
    encounter,
    patient,
    observations: pick(inside.included, 'Observation').filter((one) => one.status !== 'entered-in-error'),
    conditions: pick(inside.included, 'Condition'),
    orders: pick(inside.included, 'ServiceRequest').filter((one) => one.status !== 'entered-in-error'),
    medications,
    reports: pick(inside.included, 'DiagnosticReport'),
    issues: about.issues.filter((issue) => issue.implicated?.some((one) => own.has(one.reference ?? ''))),
    appointments: about.appointments.filter((one) => concernsVisit(one, pick(inside.included, 'Condition'))),
    allergies: about.allergies,
    flags: about.flags,
    coverages: about.coverages,
    earlierMedications: about.medications.filter((one) => idOf(one.encounter) !== encounter.id),
    longConditions: about.conditions.filter((one) => idOf(one.encounter) !== encounter.id),
    earlierVisits: about.visits.filter((one) => one.id !== encounter.id).slice(0, HISTORY_VISITS),
    weights: about.weights,
    label: labelOf(encounter, patient),
  };
}

async function readPerson(session: RecordSession, patient: string, day: string) {
  const all = <T extends ResourceType>(type: T, more: Record<string, string> = {}) =>
    session
      .search(type, Object.entries({ patient, _count: '100', ...more }))
      .then((found) => found.matches as ResourceOf<T>[]);
  const [allergies, flags, coverages, medications, conditions, visits, issues, weights, appointments] =
    await Promise.all([
      all('AllergyIntolerance'),
      all('Flag'),
      all('Coverage'),
      all('MedicationRequest', { authoredon: `ge${addDays(day, -LOOK_BACK_DAYS)}` }),
      all('Condition', { 'clinical-status': 'active' }),
      all('Encounter', { _sort: '-date', _count: String(HISTORY_VISITS + 1) }),
      all('DetectedIssue'),
      all('Observation', { code: '29463-7', _sort: '-date', _count: '1' }),
      all('Appointment', { date: `ge${day}` }),
    ]);
  return { allergies, flags, coverages, medications, conditions, visits, issues, weights, appointments };
}

/** What the laboratory may see of a visit: its orders, results and whose they are; nothing else is asked for. */
export async function readLaboratory(session: RecordSession, id: string): Promise<Visit> {
  const inside = await session.search('Encounter', [
    ['_id', id],
    ['_include', 'Encounter:subject'],
    ['_revinclude', 'Observation:encounter'],
    ['_revinclude', 'ServiceRequest:encounter'],
  ]);
  const encounter = (inside.matches[0] as Encounter | undefined) ?? (await session.read('Encounter', id));
  const patient =
    pick(inside.included, 'Patient')[0] ?? (await session.read('Patient', idOf(encounter.subject)));
  return {
    encounter,
    patient,
    observations: pick(inside.included, 'Observation').filter((one) => one.status !== 'entered-in-error'),
    orders: pick(inside.included, 'ServiceRequest').filter((one) => one.status !== 'entered-in-error'),
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

function pick<T extends Resource['resourceType']>(resources: Resource[], type: T): ResourceOf<T>[] {
  return resources.filter((resource) => resource.resourceType === type) as ResourceOf<T>[];
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

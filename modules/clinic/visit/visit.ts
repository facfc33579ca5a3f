/** Everything the record knows about one visit, read in one go for screens and acts. */

import { inLineOrder } from '../../../engines/rules/index.ts';
import type { AboutQuery } from '../../../kernel/access/contract.ts';
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
  Reference,
  Resource,
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

/** What the searches of a visit found, by name. */
interface Found {
  persons: Patient[];
  visitNow: Encounter[];
  observations: Observation[];
  conditions: Condition[];
  orders: ServiceRequest[];
  medications: MedicationRequest[];
  reports: DiagnosticReport[];
  allergies: AllergyIntolerance[];
  flags: Flag[];
  coverages: Coverage[];
  earlier: MedicationRequest[];
  longConditions: Condition[];
  visits: Encounter[];
  issues: DetectedIssue[];
  weights: Observation[];
  appointments: Appointment[];
}

/** @param id of the visit; @param day ISO day of the reading, for what still runs */
function queriesOf(id: string, day: string): { [K in keyof Found]: AboutQuery } {
  const ofVisit = { encounter: `Encounter/${id}` };
  return {
    persons: ['Patient'],
    // Again, of the same instant as what belongs to it: another program may have written since.
    visitNow: ['Encounter', { _id: id }],
    observations: ['Observation', ofVisit],
    conditions: ['Condition', ofVisit],
    orders: ['ServiceRequest', ofVisit],
    medications: ['MedicationRequest', ofVisit],
    reports: ['DiagnosticReport', ofVisit],
    allergies: ['AllergyIntolerance'],
    flags: ['Flag'],
    coverages: ['Coverage'],
    earlier: ['MedicationRequest', { authoredon: `ge${addDays(day, -LOOK_BACK_DAYS)}` }],
    longConditions: ['Condition', { 'clinical-status': `${CLINICAL}|active` }],
    visits: ['Encounter', { _sort: '-date', _count: String(HISTORY_VISITS + 1) }],
    issues: ['DetectedIssue'],
    weights: ['Observation', { code: `${cs.loinc}|29463-7`, _sort: '-date', _count: '1' }],
    appointments: ['Appointment', { date: `ge${day}` }],
  };
}

/** What was found for a visit, for the reading after its own writing. */
const readings = new WeakMap<Visit, Found>();

/**
 * Reads a visit and what a prescriber must know of the person.
 * @param day ISO day of the reading, for what still runs
 * Fails with `not-found`, `gone`, `forbidden`.
 */
export async function readVisit(session: RecordSession, id: string, day: string): Promise<Visit> {
  return (await readVisitWith(session, id, day, [])).visit;
}

/**
 * The same, with other searches about the person in the same round trip and line of the audit.
 */
export async function readVisitWith(
  session: RecordSession,
  id: string,
  day: string,
  more: readonly AboutQuery[],
): Promise<{ visit: Visit; more: Resource[][] }> {
  const first = await session.read('Encounter', id);
  const queries = queriesOf(id, day);
  const names = Object.keys(queries) as (keyof Found)[];
  const answers = (await session.searchAbout(idOf(first.subject), [
    ...names.map((name) => queries[name]),
    ...more,
  ])) as Resource[][];
  const found = Object.fromEntries(names.map((name, at) => [name, answers[at]])) as unknown as Found;
  return { visit: await visitOf(session, found, first), more: answers.slice(names.length) };
}

/**
 * A visit after its own writing: what may have changed by it is read again, the rest stands as it was read before.
 * @param types that were written
 */
export async function readAgain(
  session: RecordSession,
  visit: Visit,
  day: string,
  types: ReadonlySet<string>,
): Promise<Visit> {
  const before = readings.get(visit);
  const { id = '' } = visit.encounter;
  if (!before) return readVisit(session, id, day);
  const queries = queriesOf(id, day);
  const names = (Object.keys(queries) as (keyof Found)[]).filter((name) => types.has(queries[name][0]));
  if (names.length === 0) return visit;
  const answers = (await session.searchAbout(
    idOf(visit.encounter.subject),
    names.map((name) => queries[name]),
  )) as Resource[][];
  const now = Object.fromEntries(names.map((name, at) => [name, answers[at]]));
  return visitOf(session, { ...before, ...now }, visit.encounter);
}

/** @param first the visit as it was read before the searches, which may not see it */
async function visitOf(session: RecordSession, found: Found, first: Encounter): Promise<Visit> {
  const { observations, conditions, orders, medications, appointments } = found;
  const encounter = found.visitNow[0] ?? first;
  const patient = found.persons[0] ?? (await session.read('Patient', idOf(first.subject)));
  const own = new Set(medications.map((request) => `MedicationRequest/${request.id}`));
  const isOther = (one: { encounter?: Reference }) => idOf(one.encounter) !== encounter.id;
  const visit: Visit = {
    encounter,
    patient,
    observations: observations.filter((one) => one.status !== 'entered-in-error'),
    conditions,
    orders: orders.filter((one) => one.status !== 'entered-in-error'),
    medications: inLineOrder(medications),
    reports: found.reports,
    issues: found.issues.filter((issue) => issue.implicated?.some((one) => own.has(one.reference ?? ''))),
    appointments: appointments.filter((one) => concernsVisit(one, conditions)),
    allergies: found.allergies,
    flags: found.flags,
    coverages: found.coverages,
    earlierMedications: found.earlier.filter(isOther),
    longConditions: found.longConditions.filter(isOther),
    earlierVisits: found.visits.filter((one) => one.id !== encounter.id).slice(0, HISTORY_VISITS),
    weights: found.weights,
    label: labelOf(encounter, patient),
  };
  readings.set(visit, found);
  return visit;
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

/** A visit as the screen shows it. Pure: resources in, words and numbers out. */
import { rulesInForce, takenEarlier } from '../../../engines/rules/index.ts';
import type { Content } from '../../../kernel/content/content.ts';
import { cs, ext } from '../../../kernel/fhir/systems.ts';
import type { Terminology } from '../../../kernel/fhir/terminology/index.ts';
import type { Encounter } from '../../../kernel/fhir/types.ts';
import { coverageFacts, coverageOn, isValidOn } from '../../insurance/index.ts';
import { bannerOf } from '../../people/index.ts';
import { diagnosesOf, diagnosisInput, diagnosisWarnings } from '../consultation/diagnoses.ts';
import { noteFields, notesOf } from '../consultation/notes.ts';
import { calculatedOf, vitalLimits, vitalsOf } from '../consultation/vitals.ts';
import type {
  ConsultationInput,
  HistoryLine,
  PrescriptionView,
  RunningMedicine,
  VisitState,
  VisitView,
  Warning,
} from '../contract.ts';
import { categoryOf } from '../finish/charges.ts';
import { dayOffWarning } from '../finish/days-off.ts';
import { startOfStatus } from '../finish/finish.ts';
import { orderViews } from '../laboratory/orders.ts';
import { daysOff } from '../lists.ts';
import { inputOfRequest, lineOfRequest } from '../prescription/requests.ts';
import { companionOf, monthsUnder72, signedNumber } from '../prescription/sign.ts';
import { attendingOf, codeOf, dayOfVisit, extensionOf, idOf, nameOf, ticketOf, versionOf } from '../text.ts';
import type { Visit } from './visit.ts';

export interface ViewContext {
  content: Content;
  terminology: Terminology;
  /** ISO day of the reading. */
  day: string;
  practitioner: string | null;
}

export function visitView(visit: Visit, context: ViewContext): VisitView {
  const { encounter, patient } = visit;
  const { content, day } = context;
  const visitDay = dayOfVisit(encounter) || day;
  const consultation = consultationOf(visit, content);
  const doctor = attendingOf(encounter);
  const outcome = outcomeOf(visit);
  const coverage = coverageOn(visit.coverages, visitDay, content);
  const card = coverage ? coverageFacts(coverage) : null;
  const { id, name, gender, birthDate, deceased, identifiers, allergies, allergiesKnown, flags, demo } =
    bannerOf(patient, { allergies: visit.allergies, flags: visit.flags, visits: [] });
  return {
    id: encounter.id!,
    version: versionOf(encounter),
    state: stateOf(encounter),
    room: roomOf(encounter),
    ticket: ticketOf(encounter),
    arrivedAt: encounter.period?.start ?? '',
    startedAt: encounter.status === 'in-progress' ? (startOfStatus(encounter) ?? null) : null,
    endedAt: encounter.period?.end ?? null,
    doctor,
    mine: doctor !== null && doctor.id === context.practitioner,
    person: { id, name, gender, birthDate, deceased, identifiers, allergies, allergiesKnown, flags, demo },
    monthsOld: monthsUnder72(patient, visitDay),
    companion: companionOf(encounter),
    reason: encounter.reasonCode?.[0]?.text ?? '',
    category: categoryView(encounter, context.terminology, visitDay),
    card: card?.cardNumber
      ? {
          number: card.cardNumber,
          from: card.validFrom ?? '',
          to: card.validTo ?? '',
          valid: isValidOn(card, visitDay),
        }
      : null,
    consultation,
    diagnosisNames: Object.fromEntries(
      diagnosesOf(encounter, visit.conditions).map((one) => [codeOf(one.code, cs.icd10), nameOf(one.code)]),
    ),
    calculated: calculatedOf(content, consultation.vitals),
    limits: vitalLimits(content, patient.birthDate, visitDay),
    notes: noteFields(content).map(({ code: _code, ...field }) => field),
    orders: orderViews(visit, content, visitDay),
    prescription: prescriptionView(visit, content),
    running: runningOf(visit, content, day),
    history: visit.earlierVisits.map((one) => historyLine(one, visit)),
    outcome,
    charges: null,
    warnings: [
      ...diagnosisWarnings(consultation.diagnoses, patient, context.terminology, content, visitDay),
      ...followUpWarnings(outcome?.followUp ?? null, content),
    ],
  };
}

export function consultationOf(visit: Visit, content: Content): ConsultationInput {
  const own = visit.observations.filter((one) => !one.basedOn);
  return {
    vitals: vitalsOf(own, content),
    notes: notesOf(own, content),
    diagnoses: diagnosesOf(visit.encounter, visit.conditions).map(diagnosisInput),
  };
}

export function stateOf(encounter: Encounter): VisitState {
  if (encounter.status === 'finished') return 'done';
  if (encounter.status === 'in-progress') return 'seeing';
  return encounter.status === 'arrived' || encounter.status === 'triaged' ? 'waiting' : 'away';
}

export function roomOf(encounter: Encounter): { id: string; name: string } {
  const location = encounter.location?.find((one) => one.status === 'active') ?? encounter.location?.at(-1);
  return { id: idOf(location?.location), name: location?.location?.display ?? idOf(location?.location) };
}

function categoryView(
  encounter: Encounter,
  terminology: Terminology,
  day: string,
): { code: string; name: string } {
  const code = categoryOf(encounter);
  return { code, name: terminology.lookup(cs.patientCategory, code, day)?.display ?? '' };
}

function prescriptionView(visit: Visit, content: Content): PrescriptionView | null {
  const number = signedNumber(visit.encounter);
  const requests = visit.medications.filter(
    (one) =>
      one.groupIdentifier?.value === number &&
      one.status !== 'cancelled' &&
      one.status !== 'entered-in-error',
  );
  const first = requests[0];
  if (number === '' || !first) return null;
  const references = new Set(requests.map((one) => `MedicationRequest/${one.id}`));
  return {
    number,
    signedAt: first.authoredOn ?? '',
    signedBy: first.requester?.display ?? '',
    lines: requests.map((one) => lineOfRequest(one, content)),
    inputs: requests.map(inputOfRequest),
    overrides: visit.issues
      .filter((issue) => issue.implicated?.some((one) => references.has(one.reference ?? '')))
      .map((issue) => ({
        kind: codeOf(issue.code, cs.alertKind),
        detail: issue.detail ?? nameOf(issue.code),
        reason: nameOf(issue.mitigation?.[0]?.action),
      })),
    requests: [...references],
  };
}

/** Earlier prescriptions that are still being taken today. */
function runningOf(visit: Visit, content: Content, day: string): RunningMedicine[] {
  return takenEarlier(visit.earlierMedications, rulesInForce(content, day))
    .filter((medicine) => medicine.start <= day && (medicine.end === null || medicine.end >= day))
    .map((medicine) => ({
      name: medicine.name,
      usage: medicine.request.dosageInstruction?.[0]?.text ?? '',
      until: medicine.end,
      reference: `MedicationRequest/${medicine.request.id}`,
    }));
}

function historyLine(encounter: Encounter, visit: Visit): HistoryLine {
  const conditions = diagnosesOf(
    encounter,
    visit.longConditions.filter((one) => idOf(one.encounter) === encounter.id),
  );
  const names = conditions.map((one) => `${codeOf(one.code, cs.icd10)} ${nameOf(one.code)}`.trim());
  return {
    encounter: encounter.id!,
    at: encounter.period?.start ?? '',
    place: encounter.serviceProvider?.display ?? '',
    diagnoses: names.join('; ') || (encounter.reasonCode?.[0]?.text ?? ''),
  };
}

function followUpWarnings(followUp: string | null, content: Content): Warning[] {
  const warning = followUp === null ? null : dayOffWarning(followUp, daysOff(content, followUp));
  return warning ? [warning] : [];
}

function outcomeOf(visit: Visit): VisitView['outcome'] {
  if (visit.encounter.status !== 'finished') return null;
  const booked = visit.appointments.find((one) => one.status === 'booked');
  return {
    code: extensionOf(visit.encounter, ext.outcome)?.valueCoding?.code ?? '',
    dischargeType: codeOf(visit.encounter.hospitalization?.dischargeDisposition, cs.dischargeType),
    followUp: booked?.start?.slice(0, 10) ?? null,
  };
}

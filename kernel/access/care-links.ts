/** Which care relationships a resource says, beside visits (`visits.ts`). Pure. */
import { intervalOf, intervalOfPeriod } from '../fhir/dates.ts';
import { cs, ext } from '../fhir/systems.ts';
import type {
  Appointment,
  CareTeam,
  EpisodeOfCare,
  MedicationRequest,
  Patient,
  Reference,
  Resource,
  ServiceRequest,
  Task,
} from '../fhir/types.ts';

export type CareKind =
  | 'order'
  | 'referral'
  | 'task'
  | 'appointment'
  | 'team'
  | 'episode'
  | 'managing'
  | 'residence';

/** A person is in the care of the units that are named. */
export interface CareLink {
  kind: CareKind;
  patient: string;
  /** `Organization/x`, or `Location/x`, `PractitionerRole/x`, `HealthcareService/x` of an organization. */
  places: string[];
  /** The time that was agreed on; null for what has none. */
  begins: Date | null;
  /** Null while it lasts. */
  ended: Date | null;
}

/** Types that may say one. */
export const CARE_TYPES: ReadonlySet<string> = new Set([
  'ServiceRequest',
  'MedicationRequest',
  'Task',
  'Appointment',
  'CareTeam',
  'EpisodeOfCare',
  'Patient',
]);

/** Null when the resource opens nothing: cancelled, entered in error, addressed to no unit, about no person. */
export function careLinkOf(resource: Resource): CareLink | null {
  const link = linkOf(resource);
  return link === null || link.places.length === 0 || link.patient === '' ? null : link;
}

function linkOf(resource: Resource): CareLink | null {
  switch (resource.resourceType) {
    case 'ServiceRequest':
      return ofOrder(resource as ServiceRequest);
    case 'MedicationRequest':
      return ofPrescription(resource as MedicationRequest);
    case 'Task':
      return ofTask(resource as Task);
    case 'Appointment':
      return ofAppointment(resource as Appointment);
    case 'CareTeam':
      return ofTeam(resource as CareTeam);
    case 'EpisodeOfCare':
      return ofEpisode(resource as EpisodeOfCare);
    case 'Patient':
      return ofPatient(resource as Patient);
    default:
      return null;
  }
}

const WORDLESS = new Set([
  'entered-in-error',
  'revoked',
  'cancelled',
  'rejected',
  'noshow',
  'draft',
  'proposed',
]);
const LASTING = new Set([
  'active',
  'on-hold',
  'requested',
  'received',
  'accepted',
  'ready',
  'in-progress',
  'planned',
  'waitlist',
  'onhold',
]);

/** Undefined when a status opens nothing. */
function endOf(status: string | undefined, ended: () => Date | null): Date | null | undefined {
  if (status === undefined || WORDLESS.has(status)) return undefined;
  return LASTING.has(status) ? null : (ended() ?? undefined);
}

function made(
  kind: CareKind,
  person: Reference | undefined,
  places: string[],
  ended: Date | null | undefined,
  begins: Date | null = null,
) {
  return ended === undefined ? null : { kind, patient: patientIn(person), places, begins, ended };
}

const REFERRAL = '3457005';

function ofOrder(order: ServiceRequest): CareLink | null {
  const coded = [...(order.category ?? []), ...(order.code ? [order.code] : [])];
  const isReferral = coded.some(({ coding = [] }) =>
    coding.some(({ code }) => code === REFERRAL || code === 'referral'),
  );
  const kind = isReferral ? 'referral' : 'order';
  return made(
    kind,
    order.subject,
    placesIn(order.performer),
    endOf(order.status, () => changedAt(order)),
  );
}

function ofPrescription(order: MedicationRequest): CareLink | null {
  const places = placesIn([order.dispenseRequest?.performer, order.performer]);
  return made(
    'order',
    order.subject,
    places,
    endOf(order.status, () => changedAt(order)),
  );
}

function ofTask(task: Task): CareLink | null {
  return made(
    'task',
    task.for,
    placesIn([task.owner]),
    endOf(task.status, () => changedAt(task)),
  );
}

/** It opens the record from its booking on, and ends with its time. */
function ofAppointment(appointment: Appointment): CareLink | null {
  const actors = (appointment.participant ?? []).map(({ actor }) => actor);
  const person = actors.find((actor) => patientIn(actor) !== '');
  if (WORDLESS.has(appointment.status ?? '')) return null;
  const end = appointment.end ?? appointment.start;
  const begins = appointment.start === undefined ? null : new Date(appointment.start);
  return made('appointment', person, placesIn(actors), end === undefined ? null : new Date(end), begins);
}

function ofTeam(team: CareTeam): CareLink | null {
  const members = (team.participant ?? []).flatMap(({ member, onBehalfOf }) => [member, onBehalfOf]);
  const places = placesIn([...(team.managingOrganization ?? []), ...members]);
  if (team.status !== undefined && ['proposed', 'entered-in-error'].includes(team.status)) return null;
  return made(
    'team',
    team.subject,
    places,
    periodEnd(team.period, team.status === 'inactive' ? changedAt(team) : null),
  );
}

function ofEpisode(episode: EpisodeOfCare): CareLink | null {
  const ended = endOf(episode.status, () => periodEnd(episode.period, changedAt(episode)));
  return made('episode', episode.patient, placesIn([episode.managingOrganization]), ended);
}

function ofPatient(patient: Patient): CareLink | null {
  const places = placesIn([patient.managingOrganization, ...(patient.generalPractitioner ?? [])]);
  return { kind: 'managing', patient: patient.id ?? '', places, begins: null, ended: null };
}

/** Codes of the communes in which somebody lives now. */
export function communesOf({ address = [] }: Pick<Patient, 'address'>): string[] {
  return address
    .filter(({ use, period }) => use !== 'old' && period?.end === undefined)
    .flatMap(({ extension = [] }) =>
      extension.flatMap(({ url, valueCoding }) =>
        url === ext.unit && valueCoding?.system === cs.unit && valueCoding.code !== undefined
          ? [valueCoding.code]
          : [],
      ),
    );
}

function periodEnd(
  period: { start?: string; end?: string } | undefined,
  otherwise: Date | null,
): Date | null {
  const high = period?.end === undefined ? undefined : intervalOfPeriod(period)?.high;
  return high === undefined || !Number.isFinite(high) ? otherwise : new Date(high);
}

/** When the resource was last changed: what has ended ended then at the latest. */
function changedAt({ meta }: Resource): Date | null {
  const at = meta?.lastUpdated === undefined ? null : intervalOf(meta.lastUpdated);
  return at === null ? null : new Date(at.low);
}

function patientIn(reference: Reference | undefined): string {
  return /^Patient\/([A-Za-z0-9\-.]{1,64})$/.exec(reference?.reference ?? '')?.[1] ?? '';
}

const PLACE = /^(?:Organization|Location|PractitionerRole|HealthcareService)\/[A-Za-z0-9\-.]{1,64}$/;

function placesIn(references: readonly (Reference | undefined)[] = []): string[] {
  return [
    ...new Set(references.flatMap((one) => (PLACE.test(one?.reference ?? '') ? [one!.reference!] : []))),
  ];
}

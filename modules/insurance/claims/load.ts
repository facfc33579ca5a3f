/** Reads the facts of visits for their insurance files: one search for a page of visits, three for what they name. */

import { inLineOrder } from '../../../engines/rules/index.ts';
import type { RecordSession } from '../../../kernel/access/contract.ts';
import { Failure } from '../../../kernel/failure.ts';
import { everyPage } from '../../../kernel/fhir/session/every-page.ts';
import { cs, ext } from '../../../kernel/fhir/systems.ts';
import type {
  Appointment,
  Claim,
  Coverage,
  Encounter,
  Location,
  MedicationRequest,
  Organization,
  Patient,
  Practitioner,
  Reference,
  Resource,
  ResourceOf,
  ResourceType,
} from '../../../kernel/fhir/types.ts';
import { firstDayOf } from '../../../kernel/text/vietnam-time.ts';
import type { ClaimFacts } from './facts.ts';

const OF_VISIT = ['Observation', 'Condition', 'ServiceRequest', 'MedicationRequest', 'Claim'] as const;

/** A visit that may be in the list without being readable as a whole; `reason` says what it lacks. */
export type LoadedVisit =
  | { encounter: Encounter; facts: ClaimFacts; reason: null }
  | { encounter: Encounter; facts: null; reason: string };

export interface ClaimPage {
  visits: LoadedVisit[];
  total?: number;
  next?: string;
}

/**
 * The visits of a search of Encounter with everything their files need, in the order of the search.
 * @param query search parameters of Encounter, or `next` of an earlier page
 */
export async function loadClaims(
  session: RecordSession,
  query: [string, string][] | string,
): Promise<ClaimPage> {
  const found = await session.search(
    'Encounter',
    typeof query === 'string' ? query : [...query, ...INCLUDES],
  );
  const pool = new Pool(found.included);
  await readNamed(session, found.matches, pool);
  const visits = found.matches.map((encounter) => loadedVisit(encounter, pool));
  return { visits, total: found.total, next: found.next };
}

/** @throws Failure `not-found`, `forbidden` */
export async function loadClaim(session: RecordSession, encounter: string): Promise<ClaimFacts> {
  const { visits } = await loadClaims(session, [['_id', encounter]]);
  if (visits[0]?.facts) return visits[0].facts;
  await session.read('Encounter', encounter);
  throw incomplete(visits[0]?.reason ?? 'không đọc được');
}

const INCLUDES: [string, string][] = [
  ['_include', 'Encounter:subject'],
  ['_include', 'Encounter:service-provider'],
  ['_include', 'Encounter:location'],
  ...OF_VISIT.map((type): [string, string] => ['_revinclude', `${type}:encounter`]),
  ['_revinclude', 'ChargeItem:context'],
];

/** Resources by reference, and by the visit they belong to. */
class Pool {
  readonly #all = new Map<string, Resource>();

  constructor(resources: readonly Resource[]) {
    this.add(resources);
  }

  add(resources: readonly Resource[]): void {
    for (const each of resources) this.#all.set(`${each.resourceType}/${each.id}`, each);
  }

  at<T extends ResourceType>(type: T, reference: Reference | undefined): ResourceOf<T> | undefined {
    const found = this.#all.get(reference?.reference ?? '');
    return found?.resourceType === type ? (found as ResourceOf<T>) : undefined;
  }

  of<T extends ResourceType>(type: T): ResourceOf<T>[] {
    return [...this.#all.values()].filter((each) => each.resourceType === type) as ResourceOf<T>[];
  }
}

/** Staff, heads, follow-ups and cards that the visits name. */
async function readNamed(
  session: RecordSession,
  encounters: readonly Encounter[],
  pool: Pool,
): Promise<void> {
  if (encounters.length === 0) return;
  const people = idsOf('Practitioner', staffOf(encounters, pool));
  const units = idsOf(
    'Organization',
    encounters.map((each) => each.serviceProvider),
  );
  const patients = idsOf(
    'Patient',
    encounters.map((each) => each.subject),
  );
  const [since] = encounters
    .flatMap((each) => (each.period?.start ? [firstDayOf(each.period.start)] : []))
    .sort();
  const [staff, heads, followUps, cards] = await Promise.all([
    searchIds(session, 'Practitioner', people),
    Promise.all(units.map((unit) => headOf(session, unit))),
    everyone(session, 'Appointment', patients, since ? [['date', `ge${since}`]] : []),
    Promise.all(pool.of('Claim').map((claim) => cardOf(session, claim))),
  ]);
  pool.add([...staff, ...heads.flat(), ...followUps, ...cards.flat()]);
}

function staffOf(encounters: readonly Encounter[], pool: Pool): (Reference | undefined)[] {
  return [
    ...encounters.flatMap((each) => each.participant?.map((one) => one.individual) ?? []),
    ...pool.of('Observation').flatMap((each) => each.performer ?? []),
    ...pool.of('ServiceRequest').map((each) => each.requester),
    ...pool.of('MedicationRequest').map((each) => each.requester),
  ];
}

/** The role of the station's head, with the person; whoever it is signs for the unit (MA_TTDV). */
async function headOf(session: RecordSession, unit: string): Promise<Resource[]> {
  const found = await session.search('PractitionerRole', [
    ['organization', `Organization/${unit}`],
    ['role', `${cs.role}|station-head`],
    ['_include', 'PractitionerRole:practitioner'],
  ]);
  return [...found.matches, ...found.included];
}

/**
 * The card as it was when the visit was billed: a card renewed later must not change an old file. The Claim names the
 * version; without one the card as it stands is taken.
 */
async function cardOf(session: RecordSession, claim: Claim): Promise<Coverage[]> {
  const reference = claim.insurance?.[0]?.coverage;
  const id = reference?.reference?.match(/^Coverage\/([^/]+)$/)?.[1];
  if (!id) return [];
  const version = reference?.extension?.find((each) => each.url === ext.billedVersion)?.valueString;
  if (!version) return [await session.read('Coverage', id)];
  const stored = await session.readStored('Coverage', id, Number(version));
  return [JSON.parse(stored.body.toString('utf8')) as Coverage];
}

function searchIds<T extends ResourceType>(
  session: RecordSession,
  type: T,
  ids: string[],
): Promise<ResourceOf<T>[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return everyPage(session, type, [['_id', ids.join(',')]]);
}

function everyone<T extends ResourceType>(
  session: RecordSession,
  type: T,
  patients: string[],
  more: [string, string][],
): Promise<ResourceOf<T>[]> {
  const params: [string, string][] = [['patient', patients.join(',')], ...more];
  return patients.length === 0 ? Promise.resolve([]) : everyPage(session, type, params);
}

function idsOf(type: string, references: readonly (Reference | undefined)[]): string[] {
  const ids = references.map((each) => each?.reference?.match(new RegExp(`^${type}/([^/]+)$`))?.[1] ?? '');
  return [...new Set(ids)].filter((id) => id !== '');
}

function loadedVisit(encounter: Encounter, pool: Pool): LoadedVisit {
  const patient = pool.at('Patient', encounter.subject);
  const organization = pool.at('Organization', encounter.serviceProvider);
  if (!patient) return { encounter, facts: null, reason: 'thiếu người bệnh hoặc bạn không được xem' };
  if (!organization) return { encounter, facts: null, reason: 'thiếu cơ sở khám' };
  return { encounter, facts: factsOf(encounter, patient, organization, pool), reason: null };
}

function factsOf(encounter: Encounter, patient: Patient, organization: Organization, pool: Pool): ClaimFacts {
  const here = `Encounter/${encounter.id}`;
  const of = <T extends 'Observation' | 'Condition' | 'ServiceRequest' | 'MedicationRequest'>(type: T) =>
    (pool.of(type) as { encounter?: Reference }[]).filter(
      (each) => each.encounter?.reference === here,
    ) as ResourceOf<T>[];
  const conditions = of('Condition');
  const claim = pool.of('Claim').find((each) => each.status === 'active' && isOf(each, here));
  return {
    encounter,
    patient,
    organization,
    location: pool.at('Location', encounter.location?.[0]?.location) as Location | undefined,
    coverage: pool.at('Coverage', claim?.insurance?.[0]?.coverage),
    conditions,
    observations: of('Observation'),
    serviceRequests: of('ServiceRequest'),
    medicationRequests: inLineOrder(of('MedicationRequest').filter(isOrdered)),
    appointments: pool.of('Appointment').filter((each) => concerns(each, conditions)),
    chargeItems: pool
      .of('ChargeItem')
      .filter((each) => each.context?.reference === here && each.status !== 'entered-in-error'),
    claim,
    practitioners: pool.of('Practitioner'),
    head: headAt(encounter, pool),
  };
}

function isOf(claim: Claim, encounter: string): boolean {
  return claim.item?.some((item) => item.encounter?.some((each) => each.reference === encounter)) ?? false;
}

function isOrdered(request: MedicationRequest): boolean {
  return !['draft', 'entered-in-error'].includes(request.status ?? '');
}

/** A follow-up names a diagnosis of the visit as its reason (modules/clinic). */
function concerns(appointment: Appointment, conditions: readonly { id?: string }[]): boolean {
  const reasons = appointment.reasonReference?.map((each) => each.reference) ?? [];
  return conditions.some((each) => reasons.includes(`Condition/${each.id}`));
}

function headAt(encounter: Encounter, pool: Pool): Practitioner | undefined {
  const unit = encounter.serviceProvider?.reference;
  const roles = pool.of('PractitionerRole').filter((each) => each.organization?.reference === unit);
  return pool.at('Practitioner', roles.find((each) => each.active !== false)?.practitioner);
}

function incomplete(reason: string): Failure {
  return new Failure(
    'business-rule',
    `Chưa lập được hồ sơ BHYT: lượt khám ${reason}. Mở lượt khám và kiểm tra.`,
    {
      textEn: 'The visit names no patient or facility that may be read',
    },
  );
}

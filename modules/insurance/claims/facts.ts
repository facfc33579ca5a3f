/** What the insurance file of a visit is built from: the resources of the visit as the record holds them. */
import type { Content } from '../../../kernel/content/content.ts';
import { cs, ext, sid } from '../../../kernel/fhir/systems.ts';
import type {
  Appointment,
  ChargeItem,
  Claim,
  ClaimItem,
  CodeableConcept,
  Condition,
  Coverage,
  Encounter,
  Extension,
  Identifier,
  Location,
  MedicationRequest,
  Observation,
  Organization,
  Patient,
  Practitioner,
  Reference,
  ServiceRequest,
} from '../../../kernel/fhir/types.ts';
import { vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import { moneyCode } from '../../billing/index.ts';

export interface ClaimFacts {
  patient: Patient;
  encounter: Encounter;
  organization: Organization;
  /** Room of the visit. */
  location?: Location;
  /** The card that the Claim was made with. */
  coverage?: Coverage;
  conditions: readonly Condition[];
  observations: readonly Observation[];
  serviceRequests: readonly ServiceRequest[];
  medicationRequests: readonly MedicationRequest[];
  appointments: readonly Appointment[];
  chargeItems: readonly ChargeItem[];
  /** Absent while the visit has not been billed. */
  claim?: Claim;
  /** Everyone whom the resources above name. */
  practitioners: readonly Practitioner[];
  /** Head of the facility or delegate who answers for the file (MA_TTDV). */
  head?: Practitioner;
}

/** One line of the bill with what it was ordered by. */
export interface ChargeLine {
  item: ClaimItem;
  charge?: ChargeItem;
  service?: ServiceRequest;
  drug?: MedicationRequest;
  /** Results of the service. */
  results: readonly Observation[];
}

/** One indicator of table 4. */
export interface ResultLine {
  order: ServiceRequest;
  observation: Observation;
}

/** What a fact is read from: the visit, and the line, result or note of the row that is being made. */
export interface View {
  visit: ClaimFacts;
  content: Content;
  /** ISO day whose lists apply: the end of the visit. */
  date: string;
  /** STT. */
  number: number;
  line?: ChargeLine;
  result?: ResultLine;
}

/** The ISO day in Vietnam on which the episode ends: it picks the release, the code lists and ICD-10. */
export function episodeDay(encounter: Encounter): string {
  return dayOf(encounter.period?.end ?? encounter.period?.start ?? '');
}

/** Lines of one table in the order of the Claim. */
export function linesOf(visit: ClaimFacts, table: 'XML2' | 'XML3'): ChargeLine[] {
  return (visit.claim?.item ?? [])
    .filter((item) => tableOf(item) === table)
    .map((item) => {
      const charge = visit.chargeItems.find((each) => chargeNumber(each) === item.sequence);
      const request = charge?.supportingInformation?.[0]?.reference;
      const service = visit.serviceRequests.find((each) => `ServiceRequest/${each.id}` === request);
      const drug = visit.medicationRequests.find((each) => `MedicationRequest/${each.id}` === request);
      return { item, charge, service, drug, results: service ? resultsOf(visit, service) : [] };
    });
}

/** An unpriced line carries no money; its code system still says whether it is a medicine. */
function tableOf(item: ClaimItem): string {
  const stated = moneyCode(item, ext.lineMoney, 'bang');
  if (stated) return stated;
  return item.productOrService?.coding?.some((each) => each.system === cs.medicine) ? 'XML2' : 'XML3';
}

function chargeNumber(charge: ChargeItem): number {
  const value = charge.identifier?.find((each) => each.system === sid.chargeLine)?.value ?? '';
  return Number(value.slice(value.lastIndexOf('.') + 1));
}

export function resultsOf(visit: ClaimFacts, service: ServiceRequest): Observation[] {
  return visit.observations.filter((each) =>
    each.basedOn?.some((basis) => basis.reference === `ServiceRequest/${service.id}`),
  );
}

/** Investigations with a result; a panel written as one Observation with components gives a row a component. */
export function resultLines(visit: ClaimFacts): ResultLine[] {
  return visit.serviceRequests.flatMap((order) =>
    resultsOf(visit, order)
      .filter((each) => each.status !== 'entered-in-error' && each.status !== 'cancelled')
      .flatMap(splitComponents)
      .map((observation) => ({ order, observation })),
  );
}

function splitComponents(observation: Observation): Observation[] {
  if (!observation.component?.length) return observation.hasMember?.length ? [] : [observation];
  return observation.component.map(
    (part) => ({ ...observation, ...part, component: undefined }) as Observation,
  );
}

/** Diagnoses in their order: main first, without what was ruled out or entered in error. */
export function diagnosesOf(visit: ClaimFacts): Condition[] {
  const ranked = [...(visit.encounter.diagnosis ?? [])].sort((a, b) => (a.rank ?? 99) - (b.rank ?? 99));
  const listed = ranked.flatMap(
    (each) =>
      visit.conditions.find((condition) => `Condition/${condition.id}` === each.condition?.reference) ?? [],
  );
  const all = listed.length > 0 ? listed : visit.conditions;
  return all.filter((each) => !['refuted', 'entered-in-error'].includes(verification(each)));
}

export function verification(condition: Condition): string {
  return condition.verificationStatus?.coding?.[0]?.code ?? 'confirmed';
}

export function codeIn(concept: CodeableConcept | undefined, system: string): string {
  return concept?.coding?.find((each) => each.system === system)?.code ?? '';
}

export function extensionOf(
  holder: { extension?: Extension[] } | undefined,
  url: string,
): Extension | undefined {
  return holder?.extension?.find((each) => each.url === url);
}

export function identifierOf(holder: { identifier?: Identifier[] } | undefined, system: string): string {
  return holder?.identifier?.find((each) => each.system === system)?.value ?? '';
}

/** Who examined: the participant of kind ATND, else the first member of staff that is named. */
export function attendingOf(encounter: Encounter): Reference | undefined {
  const named = encounter.participant?.filter((each) => each.individual?.reference) ?? [];
  const attending = named.find((each) =>
    each.type?.some((type) => type.coding?.some(({ code }) => code === 'ATND')),
  );
  return (attending ?? named[0])?.individual;
}

/** Number of the practice licence of a person the record names, or ''. */
export function licenceOf(visit: ClaimFacts, reference: Reference | undefined): string {
  const person = visit.practitioners.find((each) => `Practitioner/${each.id}` === reference?.reference);
  return identifierOf(person, sid.gphn);
}

/** The day in Vietnam of an instant; a day stays as it is, and '' stays ''. */
export function dayOf(time: string): string {
  return time.includes('T') ? vietnamDay(new Date(time)) : time;
}

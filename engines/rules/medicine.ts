/** What a MedicationRequest brings into the body: its ingredients, by which way, from when until when. */
import { cs } from '../../kernel/fhir/systems.ts';
import type { CodeableConcept, Medication, MedicationRequest } from '../../kernel/fhir/types.ts';
import type { Alert, Implicated } from './alert.ts';
import { codeIn, ingredientsOf, medicineIn, nameIn } from './concepts.ts';
import { addDays, dayOf } from './dates.ts';
import { supplyDays } from './dosing/request.ts';
import { type Strength, strengthsOf } from './strengths.ts';
import type { RuleTables } from './tables.ts';

export interface Taken {
  request: MedicationRequest;
  /** Index among the new lines, null for an earlier prescription. */
  line: number | null;
  name: string;
  /** Codes of `content/drug/ingredients.csv`; empty when the medicine is not recognised. */
  ingredients: string[];
  /** Code of the facility's medicine, when there is one. */
  medicine: string | null;
  /** What its Medication or its name says of each ingredient, read when it is asked for; the facility's list comes first. */
  strengths: () => readonly Strength[];
  routeGroup: string;
  /** Unknown routes count as systemic: the safe side. */
  systemic: boolean;
  start: string;
  /** Last day it is taken; null = open end. */
  end: string | null;
}

/** Medications that orders refer to, by their ids (a `urn:uuid:` of a Bundle is one, too). */
export type Medications = ReadonlyMap<string, Medication>;

const NOT_TAKEN = new Set(['cancelled', 'stopped', 'entered-in-error', 'draft', 'unknown']);

/** New lines count whatever their status: they are what is about to be signed. */
export function takenNow(
  requests: MedicationRequest[],
  tables: RuleTables,
  medications: Medications = new Map(),
): Taken[] {
  return requests.map((request, line) => taken(request, line, tables, medications));
}

/** Earlier prescriptions that were really taken and have begun by the day of the tables. */
export function takenEarlier(
  requests: MedicationRequest[],
  tables: RuleTables,
  medications: Medications = new Map(),
): Taken[] {
  return requests
    .filter((request) => request.intent !== 'proposal' && request.intent !== 'plan')
    .filter((request) => !NOT_TAKEN.has(request.status ?? 'active') && !request.doNotPerform)
    .map((request) => taken(request, null, tables, medications));
}

/** Taken on the day, or ended fewer than `washoutDays` days before it. */
export function isActing(medicine: Taken, day: string, washoutDays = 0): boolean {
  if (medicine.line !== null || medicine.end === null) return true;
  return addDays(medicine.end, washoutDays) >= day;
}

export function implicatedOf(medicine: Taken): Implicated {
  return {
    line: medicine.line,
    reference: medicine.request.id ? `MedicationRequest/${medicine.request.id}` : null,
    name: medicine.name,
    until: medicine.line === null ? medicine.end : null,
  };
}

/** Stable name of a medicine inside an alert's key: its code, or the stored request, or its text. */
export function identityOf(medicine: Taken): string {
  if (medicine.line === null) return medicine.request.id ?? medicine.name;
  return medicine.medicine ?? medicine.name;
}

function taken(
  request: MedicationRequest,
  line: number | null,
  tables: RuleTables,
  medications: Medications,
): Taken {
  const medication = medicationOf(request, medications);
  const concept = conceptOf(request, medication);
  const medicine = medicineIn(concept, tables);
  const facts = medicine ? tables.medicines.get(medicine) : undefined;
  const route = codeIn(request.dosageInstruction?.[0]?.route, cs.route) ?? facts?.route;
  const known = route ? tables.routes.get(route) : undefined;
  const start = dayOf(request.dispenseRequest?.validityPeriod?.start ?? request.authoredOn ?? tables.day);
  const days = supplyDays(request);
  const parts = ingredientConcepts(medication);
  return {
    request,
    line,
    name:
      nameIn(concept) ?? (parts.flatMap((one) => nameIn(one) ?? []).join(' + ') || medicine || '(không tên)'),
    ingredients: ingredientsOf([...(concept ? [concept] : []), ...parts], facts?.ingredients, tables),
    medicine,
    strengths: once(() => (facts ? [] : strengthsOf(medication, nameIn(concept) ?? '', tables))),
    routeGroup: known?.group ?? '',
    systemic: known?.systemic ?? true,
    start,
    end: days === null ? null : addDays(start, Math.max(days, 1) - 1),
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** What the order names, else its Medication, else the words beside the reference. */
function conceptOf(
  { medicationCodeableConcept, medicationReference }: MedicationRequest,
  medication: Medication | undefined,
): CodeableConcept | undefined {
  const { display } = medicationReference ?? {};
  return (
    medicationCodeableConcept ?? medication?.code ?? (display === undefined ? undefined : { text: display })
  );
}

const ingredientConcepts = (medication: Medication | undefined): CodeableConcept[] =>
  (medication?.ingredient ?? []).flatMap((one) => one.itemCodeableConcept ?? []);

/** A contained one, or one that was read or sent along. */
function medicationOf(
  { medicationReference, contained = [] }: MedicationRequest,
  medications: Medications,
): Medication | undefined {
  const reference = medicationReference?.reference;
  if (reference === undefined) return undefined;
  const own = contained.find((one) => one.resourceType === 'Medication' && `#${one.id}` === reference);
  return (own as Medication | undefined) ?? medications.get(medicationIdIn(reference));
}

/** `x` of `Medication/x`, of an address, and of one of its versions; a `urn:uuid:` as it stands. */
export const medicationIdIn = (reference: string): string =>
  reference
    .replace(/\/_history\/.*$/, '')
    .split('/')
    .at(-1)!;

/** Medicines that were not recognised: said, never taken for harmless. */
export function unknownAlerts(medicines: readonly Taken[]): Alert[] {
  return medicines.filter((medicine) => medicine.ingredients.length === 0).map(unknownAlert);
}

function unknownAlert(medicine: Taken): Alert {
  return {
    key: `khong-kiem-tra-duoc:thuoc:${medicine.name}`,
    kind: 'khong-kiem-tra-duoc',
    severity: 'low',
    needsReason: false,
    title: `${medicine.name}: không rõ hoạt chất`,
    reason: 'Thuốc này không có trong danh mục hoạt chất nên chưa được đối chiếu dị ứng, trùng và tương tác.',
    management: 'Bác sĩ tự đối chiếu.',
    source: 'Danh mục hoạt chất',
    implicated: [implicatedOf(medicine)],
  };
}

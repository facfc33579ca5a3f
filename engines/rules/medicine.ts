/** What a MedicationRequest brings into the body: its ingredients, by which way, from when until when. */
import { cs } from '../../kernel/fhir/systems.ts';
import type { CodeableConcept, Medication, MedicationRequest } from '../../kernel/fhir/types.ts';
import type { Alert, Implicated } from './alert.ts';
import { addDays, dayOf } from './dates.ts';
import { supplyDays } from './dosing/request.ts';
import { ingredientsNamed } from './names.ts';
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
  routeGroup: string;
  /** Unknown routes count as systemic: the safe side. */
  systemic: boolean;
  start: string;
  /** Last day it is taken; null = open end. */
  end: string | null;
}

const NOT_TAKEN = new Set(['cancelled', 'stopped', 'entered-in-error', 'draft', 'unknown']);

/** New lines count whatever their status: they are what is about to be signed. */
export function takenNow(requests: MedicationRequest[], tables: RuleTables): Taken[] {
  return requests.map((request, line) => taken(request, line, tables));
}

/** Earlier prescriptions that were really taken and have begun by the day of the tables. */
export function takenEarlier(requests: MedicationRequest[], tables: RuleTables): Taken[] {
  return requests
    .filter((request) => request.intent !== 'proposal' && request.intent !== 'plan')
    .filter((request) => !NOT_TAKEN.has(request.status ?? 'active') && !request.doNotPerform)
    .map((request) => taken(request, null, tables));
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

function taken(request: MedicationRequest, line: number | null, tables: RuleTables): Taken {
  const concept = conceptOf(request);
  const medicine = codeIn(concept, cs.medicine);
  const facts = medicine ? tables.medicines.get(medicine) : undefined;
  const route = codeIn(request.dosageInstruction?.[0]?.route, cs.route) ?? facts?.route;
  const known = route ? tables.routes.get(route) : undefined;
  const start = dayOf(request.dispenseRequest?.validityPeriod?.start ?? request.authoredOn ?? tables.day);
  const days = supplyDays(request);
  return {
    request,
    line,
    name:
      concept?.text ??
      concept?.coding?.find((coding) => coding.display)?.display ??
      medicine ??
      '(không tên)',
    ingredients: ingredientsOf(request, concept, facts?.ingredients, tables),
    medicine,
    routeGroup: known?.group ?? '',
    systemic: known?.systemic ?? true,
    start,
    end: days === null ? null : addDays(start, Math.max(days, 1) - 1),
  };
}

/** Ingredient codings first, then the facility's list, ATC, and last the text. */
function ingredientsOf(
  request: MedicationRequest,
  concept: CodeableConcept | undefined,
  listed: string[] | undefined,
  tables: RuleTables,
): string[] {
  const coded = [concept, ...ingredientConcepts(request)].flatMap((one) => codesIn(one, cs.ingredient));
  const known = coded.filter((code) => tables.ingredients.has(code));
  if (known.length > 0) return [...new Set(known)];
  if (listed) return listed;
  const byAtc = codesIn(concept, cs.atc).flatMap(
    (atc) => tables.byAtc.get(atc) ?? tables.contentOfAtc.get(atc) ?? [],
  );
  if (byAtc.length > 0) return [...new Set(byAtc)];
  const texts = [concept?.text, ...(concept?.coding ?? []).map((coding) => coding.display)];
  return ingredientsNamed(texts.filter((text) => text !== undefined).join(' ; '), tables);
}

function conceptOf(request: MedicationRequest): CodeableConcept | undefined {
  return request.medicationCodeableConcept ?? contained(request)?.code;
}

function ingredientConcepts(request: MedicationRequest): CodeableConcept[] {
  return (contained(request)?.ingredient ?? []).flatMap((one) => one.itemCodeableConcept ?? []);
}

function contained(request: MedicationRequest): Medication | undefined {
  const id = request.medicationReference?.reference?.replace(/^#/, '');
  const found = request.contained?.find(
    (resource) => resource.resourceType === 'Medication' && resource.id === id,
  );
  return found as Medication | undefined;
}

export function codesIn(concept: CodeableConcept | undefined, system: string): string[] {
  return (concept?.coding ?? []).flatMap((coding) =>
    coding.system === system && coding.code ? [coding.code] : [],
  );
}

function codeIn(concept: CodeableConcept | undefined, system: string): string | null {
  return codesIn(concept, system)[0] ?? null;
}

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

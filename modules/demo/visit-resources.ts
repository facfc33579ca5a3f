/** A visit as the resources of docs/model.md, "The visit". Pure. */

import type { Row } from '../../kernel/content/content.ts';
import { cs, ext, sid } from '../../kernel/fhir/systems.ts';
import type {
  CodeableConcept,
  Coding,
  Encounter,
  EncounterDiagnosis,
  Observation,
} from '../../kernel/fhir/types.ts';
import { addBill } from './bill.ts';
import { plusDays } from './days.ts';
import { addFilled } from './filled.ts';
import { addLab, addRequest } from './lab-resources.ts';
import type { Making } from './making.ts';
import { addPrescription } from './prescription.ts';
import { typedForms } from './typed-forms.ts';
import { instantOf, type Measure, type Visit } from './visit.ts';
import { concept, observation, TERMINOLOGY, type VisitContext, type VisitPart } from './visit-part.ts';

const PRESSURE = '85354-9';
const PRESSURE_KEYS = ['systolic', 'diastolic'] as const;
/** Code 9 (not insured) and 1.2 (first level of care) are of the list of 2025-07-01 (Decision 3276/QĐ-BYT). */
const CATEGORIES_FROM = '2025-07-01';

/** Puts Encounter, Conditions, Observations, orders and MedicationRequests of a visit on the person's shelf. */
export function addVisit(visit: Visit, context: VisitContext): void {
  const first = context.shelf.resources.length;
  const { encounter, part } = openPart(visit, context);
  encounter.diagnosis = visit.diagnoses.map((code, at) => addDiagnosis(code, at, part));
  const isFilled = (visit.forms ?? []).map((form) => addFilled(form, part));
  if (!isFilled[0]) {
    addVitals(part);
    for (const measure of visit.measures) context.shelf.add(measureOf(measure, part));
  }
  for (const form of typedForms(visit, context.person, context.making)) addFilled(form, part);
  for (const order of visit.labs) addLab(order, part);
  if (visit.doses.length > 0) encounter.extension!.push(addPrescription(part));
  if (context.billing) addBill(part, context.shelf.resources.slice(first), context.billing);
}

/**
 * A visit that is not over: somebody who waits, or who is being seen and waits for the laboratory. What only the end of a
 * visit knows is left out.
 */
export function addOpenVisit(visit: Visit, state: 'arrived' | 'in-progress', context: VisitContext): void {
  const { encounter, part } = openPart(visit, context);
  const seen = encounter.statusHistory![0]!.period!.end;
  encounter.status = state;
  encounter.period = { start: part.start };
  encounter.extension = encounter.extension!.filter((each) => each.url !== ext.outcome);
  encounter.location = encounter.location!.map((each) => ({ ...each, status: 'active' as const }));
  delete encounter.hospitalization;
  if (state === 'arrived') {
    delete encounter.participant;
    delete encounter.statusHistory;
    return;
  }
  encounter.statusHistory = [{ status: 'arrived', period: { start: part.start, end: seen } }];
  addVitals(part);
  for (const order of visit.labs) addRequest(order, 'active', part);
}

/** Puts the Encounter on the shelf and gathers what its parts share. */
function openPart(visit: Visit, context: VisitContext): { encounter: Encounter; part: VisitPart } {
  const encounter = encounterOf(visit, context);
  const reference = context.shelf.add(encounter);
  const { start = '', end = '' } = encounter.period!;
  return { encounter, part: { ...context, visit, encounter: { reference }, start, end } };
}

function encounterOf(visit: Visit, { making, person, shelf, insured, doctor }: VisitContext): Encounter {
  const start = instantOf(visit.day, visit.time);
  const seen = instantOf(visit.day, visit.time, Math.min(6, Math.floor(visit.minutes / 2)));
  const end = instantOf(visit.day, visit.time, visit.minutes);
  const serial = String(person.serial).padStart(7, '0');
  const stamp = `${visit.day.replaceAll('-', '')}${visit.time.replace(':', '')}`;
  const category = categoryOf(visit, insured);
  return {
    resourceType: 'Encounter',
    extension: [
      ...(category
        ? [
            {
              url: ext.patientCategory,
              valueCoding: bare(making.words.coding(cs.patientCategory, category, visit.day)),
            },
          ]
        : []),
      { url: ext.identifiedBy, valueCode: insured ? 'qr-bhyt' : 'search' },
      { url: ext.outcome, valueCoding: making.words.coding(cs.outcome, visit.outcome, visit.day) },
    ],
    identifier: [
      { system: sid.episode, value: `${visit.facility.code}.${stamp}.${serial}` },
      { system: sid.ticket, value: visit.ticket ?? ticketOf(visit) },
    ],
    status: 'finished',
    statusHistory: [
      { status: 'arrived', period: { start, end: seen } },
      { status: 'in-progress', period: { start: seen, end } },
    ],
    class: {
      system: `${TERMINOLOGY}/v3-ActCode`,
      code: visit.kind,
      display: visit.kind === 'AMB' ? 'ambulatory' : 'inpatient encounter',
    },
    type: [{ coding: [making.words.coding(cs.visitType, visit.type, visit.day)] }],
    priority: { coding: [{ system: `${TERMINOLOGY}/v3-ActPriority`, code: 'R', display: 'routine' }] },
    subject: shelf.patient,
    participant: [
      {
        type: [
          { coding: [{ system: `${TERMINOLOGY}/v3-ParticipationType`, code: 'ATND', display: 'attender' }] },
        ],
        individual: doctor,
      },
    ],
    period: { start, end },
    reasonCode: [{ text: visit.reason }],
    hospitalization: {
      dischargeDisposition: { coding: [making.words.coding(cs.dischargeType, visit.discharge, visit.day)] },
    },
    location: [
      {
        location: {
          reference: `Location/${visit.location}`,
          ...(visit.room ? { display: visit.room } : {}),
        },
      },
    ],
    serviceProvider: { reference: `Organization/${visit.facility.id}`, display: visit.facility.name },
  };
}

/** Without its name: the list's names are whole sentences of law. */
function bare({ system, code }: Coding): Coding {
  return { system, code };
}

/** Hospital births are emergencies (2); at a station 1.2, before the list of 2025 1.1; without a card 9. */
function categoryOf(visit: Visit, insured: boolean): string | null {
  if (!insured) return visit.day >= CATEGORIES_FROM ? '9' : null;
  if (visit.category) return visit.category;
  if (visit.kind === 'IMP') return '2';
  return visit.day >= CATEGORIES_FROM ? '1.2' : '1.1';
}

/** A ticket every three minutes from seven o'clock. */
function ticketOf(visit: Visit): string {
  const [hours, minutes] = visit.time.split(':').map(Number);
  const number = Math.max(1, Math.floor((hours! * 60 + minutes! - 420) / 3));
  return String(number).padStart(3, '0');
}

function addDiagnosis(code: string, at: number, part: VisitPart): EncounterDiagnosis {
  const { making, visit } = part;
  const over = visit.illDays > 0 ? plusDays(visit.day, visit.illDays) : null;
  const lasting = visit.lastOfKind ? 'active' : 'inactive';
  const resolved = over !== null && over <= making.today;
  const reference = part.shelf.add({
    resourceType: 'Condition',
    clinicalStatus: concept(`${TERMINOLOGY}/condition-clinical`, resolved ? 'resolved' : lasting),
    verificationStatus: concept(`${TERMINOLOGY}/condition-ver-status`, 'confirmed'),
    category: [concept(`${TERMINOLOGY}/condition-category`, 'encounter-diagnosis')],
    code: { coding: [making.words.coding(cs.icd10, code, visit.day)] },
    subject: part.shelf.patient,
    encounter: part.encounter,
    ...(resolved ? { abatementDateTime: over } : {}),
    recordedDate: part.end,
    recorder: part.doctor,
  });
  return {
    condition: { reference },
    use: {
      coding: [{ system: `${TERMINOLOGY}/diagnosis-role`, code: 'DD', display: 'Discharge diagnosis' }],
    },
    rank: at + 1,
  };
}

/** Blood pressure is one Observation with two components; the others are one each. */
function addVitals(part: VisitPart): void {
  const rows = vitalRows(part.making);
  const { vitals } = part.visit;
  const quantity = (row: Row, value: number) => ({ value, unit: row.unit, system: cs.ucum, code: row.ucum });
  const code = (row: Row): CodeableConcept => ({
    coding: [{ system: cs.loinc, code: row.loinc }],
    text: row.name_vi,
  });
  if (vitals.systolic !== undefined && vitals.diastolic !== undefined) {
    part.shelf.add({
      ...observation('vital-signs', part),
      code: { coding: [{ system: cs.loinc, code: PRESSURE }], text: 'Huyết áp' },
      component: PRESSURE_KEYS.map((key) => {
        const row = rows.get(key)!;
        return { code: code(row), valueQuantity: quantity(row, vitals[key]!) };
      }),
    });
  }
  for (const key of ['pulse', 'temperature', 'weight', 'height'] as const) {
    const value = vitals[key];
    const row = rows.get(key)!;
    if (value === undefined) continue;
    part.shelf.add({
      ...observation('vital-signs', part),
      code: code(row),
      valueQuantity: quantity(row, value),
    });
  }
}

const knownVitals = new WeakMap<object, Map<string, Row>>();

function vitalRows(making: Making): Map<string, Row> {
  const table = making.content.table('clinic/vitals');
  const rows = knownVitals.get(table) ?? new Map(table.map((row) => [row.key!, row]));
  knownVitals.set(table, rows);
  return rows;
}

function measureOf(measure: Measure, part: VisitPart): Observation {
  return {
    ...observation('exam', part),
    code: { coding: [{ system: cs.loinc, code: measure.loinc }], text: measure.name },
    ...(measure.value
      ? {
          valueQuantity: {
            value: measure.value.value,
            unit: measure.value.unit,
            system: cs.ucum,
            code: measure.value.unit,
          },
        }
      : { valueDateTime: measure.date }),
  };
}

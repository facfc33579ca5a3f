/** The prescription of a visit: one MedicationRequest a line, in the Vietnamese manner (docs/model.md). Pure. */
import {
  amount,
  dosageOf,
  type Packing,
  quantityFor,
  type Schedule,
  TIMES_OF_DAY,
  usageText,
} from '../../engines/rules/index.ts';
import type { Row } from '../../kernel/content/content.ts';
import { cs, ext, sid } from '../../kernel/fhir/systems.ts';
import type { CodeableConcept, Extension } from '../../kernel/fhir/types.ts';
import { plusDays } from './days.ts';
import type { Making } from './making.ts';
import type { Dose } from './tables.ts';
import type { VisitPart } from './visit-part.ts';

/** Puts the lines on the shelf; the answer is the Encounter's extension with the prescription's number. */
export function addPrescription(part: VisitPart): Extension {
  const { visit, shelf, making } = part;
  const number = { system: sid.prescription, value: numberOf(part) };
  for (const dose of visit.doses) {
    const medicine = rowOf(dose.medicine, 'drug/medicines', making);
    const route = rowOf(medicine.route!, 'drug/routes', making);
    const packing = {
      doseUnit: medicine.dose_unit!,
      unit: medicine.unit!,
      dosePerUnit: Number(medicine.dose_per_unit),
    };
    const schedule = scheduleOf(dose, packing);
    const runs = plusDays(visit.day, dose.days) > making.today;
    shelf.add({
      resourceType: 'MedicationRequest',
      status: runs && part.person.deathDate === null ? 'active' : 'completed',
      intent: 'order',
      medicationCodeableConcept: conceptOf(medicine),
      subject: shelf.patient,
      encounter: part.encounter,
      authoredOn: part.end,
      requester: part.doctor,
      groupIdentifier: number,
      dosageInstruction: dosageOf(schedule, packing, {
        route: { code: route.code!, display: route.name_vi! },
        text: usageText(schedule, packing, route.verb || 'dùng'),
        ...(dose.advice ? { advice: dose.advice } : {}),
      }),
      dispenseRequest: {
        quantity: { value: quantityFor(schedule, packing) ?? 1, unit: packing.unit },
        expectedSupplyDuration: { value: dose.days, unit: 'ngày', system: cs.ucum, code: 'd' },
      },
    });
  }
  return { url: ext.prescription, valueIdentifier: number };
}

/** Facility, seven characters of the minute and the person, dash, kind (Circular 26/2025/TT-BYT annex I). */
function numberOf({ visit, person }: VisitPart): string {
  const day = Math.floor(Date.parse(`${visit.day}T00:00:00Z`) / 86_400_000) % 1296;
  const characters =
    day.toString(36).padStart(2, '0') + person.serial.toString(36).padStart(5, '0').slice(-5);
  return `${visit.facility.code}${characters}-c`;
}

/** Doses by time of day; ointments and drops are counted in times a day. */
function scheduleOf(dose: Dose, packing: Packing): Schedule {
  const given = TIMES_OF_DAY.filter(({ key }) => dose.amounts[key] > 0);
  if (packing.doseUnit === '') return { kind: 'times', perDay: given.length, days: dose.days };
  return {
    kind: 'doses',
    doses: given.map(({ key }) => ({ at: key, amount: amount(dose.amounts[key]) })),
    days: dose.days,
  };
}

function conceptOf(medicine: Row): CodeableConcept {
  const names = medicine.ingredient_names!.split(' + ');
  return {
    coding: [
      { system: cs.medicine, code: medicine.code, display: medicine.name },
      ...medicine
        .ingredients!.split('+')
        .map((code, at) => ({ system: cs.ingredient, code, display: names[at] })),
      ...(medicine.atc ? [{ system: cs.atc, code: medicine.atc }] : []),
    ],
    text: medicine.name,
  };
}

const known = new WeakMap<object, Map<string, Row>>();

function rowOf(code: string, name: string, making: Making): Row {
  const table = making.content.table(name);
  const rows = known.get(table) ?? new Map(table.map((row) => [row.code!, row]));
  known.set(table, rows);
  const row = rows.get(code);
  if (!row) throw new Error(`content/demo uses ${code}, which content/${name}.csv does not have`);
  return row;
}

/** Prescription lines as MedicationRequests, and back for screens (docs/model.md). Pure. */
import {
  adviceOf,
  dosageOf,
  formatAmount,
  quantityText,
  scheduleOf,
  usageText,
} from '../../../engines/rules/index.ts';
import type { Content } from '../../../kernel/content/content.ts';
import { cs, sid } from '../../../kernel/fhir/systems.ts';
import type { Coding, MedicationRequest } from '../../../kernel/fhir/types.ts';
import type { LineInput, LineView } from '../contract.ts';
import { codeOf, nameOf } from '../text.ts';
import type { Visit } from '../visit/visit.ts';
import { DOSE_KEYS, type Line } from './lines.ts';

/** A line that was signed. */
export interface Signed {
  number: string;
  /** From 1. */
  line: number;
  at: string;
  by: { id: string; name: string };
  /** Organization id of the unit that hands this line out from its own stock; '' = the patient gets it elsewhere. */
  handedOutBy: string;
}

/** @param signed null = only to be checked, nothing is signed yet */
export function medicationRequest(line: Line, visit: Visit, signed: Signed | null): MedicationRequest {
  const { medicine, schedule, packing } = line;
  const route = { code: line.route.code, display: line.route.display };
  const text = usageText(schedule, packing, line.route.verb);
  return {
    resourceType: 'MedicationRequest',
    ...visit.label,
    ...(signed
      ? { identifier: [{ system: sid.prescriptionLine, value: `${signed.number}.${signed.line}` }] }
      : {}),
    status: signed ? 'active' : 'draft',
    intent: 'order',
    medicationCodeableConcept: { coding: codingsOf(line), text: medicine.name! },
    subject: visit.encounter.subject!,
    encounter: { reference: `Encounter/${visit.encounter.id}` },
    ...(signed
      ? {
          groupIdentifier: { system: sid.prescription, value: signed.number },
          authoredOn: signed.at,
          requester: { reference: `Practitioner/${signed.by.id}`, display: signed.by.name },
        }
      : {}),
    dosageInstruction: dosageOf(schedule, packing, { route, text, advice: line.advice }),
    dispenseRequest: {
      quantity: { value: line.quantity, unit: packing.unit },
      expectedSupplyDuration: { value: schedule.days, unit: 'ngày', system: cs.ucum, code: 'd' },
      ...(signed?.handedOutBy ? { performer: { reference: `Organization/${signed.handedOutBy}` } } : {}),
    },
  };
}

function codingsOf(line: Line): Coding[] {
  const { medicine } = line;
  const names = medicine.ingredient_names!.split(' + ');
  return [
    { system: cs.medicine, code: medicine.code!, display: medicine.name! },
    ...medicine.ingredients!.split('+').map((code, index) => ({
      system: cs.ingredient,
      code,
      ...(names[index] ? { display: names[index] } : {}),
    })),
    ...(medicine.atc ? [{ system: cs.atc, code: medicine.atc }] : []),
  ];
}

/** A stored request as a line of the screen; names come from the record, the rest from the list where it is known. */
export function lineOfRequest(request: MedicationRequest, content: Content): LineView {
  const concept = request.medicationCodeableConcept;
  const code = codeOf(concept, cs.medicine);
  const row = content.table('drug/medicines').find((one) => one.code === code);
  const quantity = request.dispenseRequest?.quantity;
  const ingredients = (concept?.coding ?? []).filter((coding) => coding.system === cs.ingredient);
  return {
    medicine: code,
    name: nameOf(concept),
    ingredients: ingredients.map((coding) => coding.display ?? coding.code).join(' + '),
    strength: row?.strength ?? '',
    unit: quantity?.unit ?? '',
    quantity: quantity?.value ?? 0,
    quantityText: quantityText(quantity?.value ?? 0),
    usage: request.dosageInstruction?.[0]?.text ?? '',
    advice: adviceOf(request),
    insured: row?.insured === '1',
  };
}

/** A stored request as it would be typed again, to begin a replacing prescription. */
export function inputOfRequest(request: MedicationRequest): LineInput {
  const schedule = scheduleOf(request);
  const dose = (key: string) => {
    const found = schedule?.kind === 'doses' ? schedule.doses.find((one) => one.at === key) : undefined;
    return found ? formatAmount(found.amount) : '';
  };
  const [morning, noon, afternoon, evening] = DOSE_KEYS.map(dose);
  return {
    medicine: codeOf(request.medicationCodeableConcept, cs.medicine),
    morning: morning ?? '',
    noon: noon ?? '',
    afternoon: afternoon ?? '',
    evening: evening ?? '',
    perDay: schedule?.kind === 'times' ? schedule.perDay : null,
    days: schedule?.days ?? null,
    quantity: schedule?.kind === 'times' ? (request.dispenseRequest?.quantity?.value ?? null) : null,
    advice: adviceOf(request),
  };
}

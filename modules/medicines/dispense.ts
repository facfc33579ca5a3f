/** What is handed out as a MedicationDispense, and what of one leaves a stock (docs/model.md). Pure. */
import { cs } from '../../kernel/fhir/systems.ts';
import type { Medication, MedicationDispense, MedicationRequest } from '../../kernel/fhir/types.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import type { Leaving } from '../stock/index.ts';
import type { Line } from './supply.ts';

/** One lot of one line. */
export interface HandOver {
  request: MedicationRequest;
  lot: string;
  expires: string;
  amount: number;
  /** Whole days that it lasts for. */
  days: number;
  /** Why it is handed out early; '' = it is not. */
  why: string;
}

export interface Giver {
  unit: string;
  practitioner: string | null;
  name: string;
  /** Instant +07:00. */
  at: string;
}

/** R4 has no lot in a dispense: the package stands in it as a contained Medication with its batch. */
export function dispenseOf(
  { request, lot, expires, amount, days, why }: HandOver,
  giver: Giver,
): MedicationDispense {
  const { id, subject, encounter, medicationCodeableConcept, dosageInstruction, dispenseRequest, meta } =
    request;
  return {
    resourceType: 'MedicationDispense',
    ...(meta?.security ? { meta: { security: meta.security } } : {}),
    contained: [
      { resourceType: 'Medication', id: 'goi', batch: { lotNumber: lot, expirationDate: expires } },
    ],
    status: 'completed',
    ...(medicationCodeableConcept ? { medicationCodeableConcept } : {}),
    subject: subject!,
    ...(encounter ? { context: encounter } : {}),
    supportingInformation: [{ reference: '#goi' }],
    performer: [
      {
        actor: giver.practitioner
          ? { reference: `Practitioner/${giver.practitioner}`, display: giver.name }
          : { display: giver.name },
      },
      { actor: { reference: `Organization/${giver.unit}` } },
    ],
    authorizingPrescription: [{ reference: `MedicationRequest/${id}` }],
    quantity: {
      value: amount,
      ...(dispenseRequest?.quantity?.unit ? { unit: dispenseRequest.quantity.unit } : {}),
    },
    ...(days > 0 ? { daysSupply: { value: days, unit: 'ngày', system: cs.ucum, code: 'd' } } : {}),
    whenHandedOver: giver.at,
    ...(why === '' ? {} : { note: [{ text: why, time: giver.at }] }),
    ...(dosageInstruction ? { dosageInstruction } : {}),
  };
}

/** A line of a signed prescription as the record has it, with what was handed out by it. @param dispenses of the person */
export function lineOf(request: MedicationRequest, dispenses: readonly MedicationDispense[]): Line {
  const concept = request.medicationCodeableConcept;
  const codeIn = (system: string) => concept?.coding?.find((one) => one.system === system)?.code ?? '';
  const { quantity, expectedSupplyDuration } = request.dispenseRequest ?? {};
  const given = givenBy(request, dispenses);
  const handedOn = given.map(({ whenHandedOver }) => dayOfInstant(whenHandedOver)).sort();
  return {
    request: request.id!,
    person: idIn(request.subject?.reference),
    number: request.groupIdentifier?.value ?? '',
    encounter: idIn(request.encounter?.reference),
    medicine: codeIn(cs.medicine),
    name: concept?.text ?? '',
    atc: codeIn(cs.atc),
    unit: quantity?.unit ?? '',
    quantity: quantity?.value ?? 0,
    days: expectedSupplyDuration?.value ?? 0,
    authored: dayOfInstant(request.authoredOn),
    handed: given.reduce((all, one) => all + (one.quantity?.value ?? 0), 0),
    firstHanded: handedOn[0] ?? null,
    lastHanded: handedOn.at(-1) ?? null,
  };
}

export function givenBy(
  { id }: MedicationRequest,
  dispenses: readonly MedicationDispense[],
): MedicationDispense[] {
  return dispenses.filter(
    ({ status, authorizingPrescription = [] }) =>
      status === 'completed' &&
      authorizingPrescription.some(({ reference }) => reference === `MedicationRequest/${id}`),
  );
}

export function batchOf({ contained = [] }: MedicationDispense): { lot: string; expires: string } {
  const batch = contained.find(
    (one): one is Medication => one.resourceType === 'Medication' && Boolean(one.batch),
  )?.batch;
  return { lot: batch?.lotNumber?.trim() ?? '', expires: batch?.expirationDate ?? '' };
}

/** What leaves a stock; null = nothing: not handed out, or without unit, medicine or amount. */
export function leavingOf(dispense: MedicationDispense): Leaving | null {
  const { status, performer = [], medicationCodeableConcept, quantity, whenHandedOver = '' } = dispense;
  const unit = performer
    .map(({ actor }) => actor.reference ?? '')
    .find((reference) => reference.startsWith('Organization/'));
  const medicine = medicationCodeableConcept?.coding?.find(({ system }) => system === cs.medicine)?.code;
  const amount = Math.ceil(quantity?.value ?? 0);
  if (status !== 'completed' || !unit || !medicine || amount < 1 || whenHandedOver.length < 10) return null;
  const at = new Date(whenHandedOver.length === 10 ? `${whenHandedOver}T12:00:00+07:00` : whenHandedOver);
  const day = dayOfInstant(whenHandedOver);
  return { unit: idIn(unit), items: [medicine], lot: batchOf(dispense).lot, amount, at, day };
}

const idIn = (reference = '') => reference.split('/')[1] ?? '';

function dayOfInstant(instant = ''): string {
  return instant.length > 10 ? vietnamDay(new Date(instant)) : instant;
}

/** Small MedicationRequests for the tests of this engine, made from the facility's list. */
import { join } from 'node:path';
import { openContent } from '../../kernel/content/content.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import type {
  AllergyIntolerance,
  Condition,
  MedicationRequest,
  Observation,
  Patient,
} from '../../kernel/fhir/types.ts';
import type { Card } from './card.ts';
import { rulesOn } from './content.ts';
import { evaluateRules } from './evaluate.ts';
import { type RuleTables, rulesInForce } from './tables.ts';

export const content = openContent(join(import.meta.dirname, '../../content'));
export const DAY = '2026-11-22';
export const rules = rulesInForce(content, DAY);

/** A person's facts as tests write them. */
export interface PrescriptionCheck {
  requests: MedicationRequest[];
  activeRequests: MedicationRequest[];
  allergies: AllergyIntolerance[];
  patient: Patient;
  conditions: Condition[];
  weightKg?: number | undefined;
}

/** What the rules of the content say about a prescription on the day of the tables. */
export function checkPrescription(
  check: PrescriptionCheck,
  { day }: Pick<RuleTables, 'day'>,
): (Card & { title: string; reason: string })[] {
  const weight: Observation = {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: cs.loinc, code: '29463-7' }] },
    effectiveDateTime: day,
    valueQuantity: { value: check.weightKg ?? 0, unit: 'kg', system: cs.ucum, code: 'kg' },
  };
  const { cards, faults } = evaluateRules(
    rulesOn(content, day).filter(({ silent }) => !silent),
    {
      hook: 'order-sign',
      day,
      now: new Date(`${day}T12:00:00+07:00`),
      patient: check.patient,
      resources: [
        ...check.activeRequests,
        ...check.allergies,
        ...check.conditions,
        ...(check.weightKg === undefined ? [] : [weight]),
      ],
      drafts: check.requests,
      roles: ['doctor'],
      place: null,
    },
    content,
  );
  if (faults.length > 0) throw faults[0]!.failure;
  return cards.map((card) => ({ ...card, title: card.summary, reason: card.detail }));
}

/** An order of one or more ingredients by their codes, as the model writes it (docs/model.md). */
export function order(
  ingredients: string | string[],
  more: {
    id?: string;
    days?: number;
    start?: string;
    route?: string;
    status?: MedicationRequest['status'];
    name?: string;
  } = {},
): MedicationRequest {
  const codes = Array.isArray(ingredients) ? ingredients : [ingredients];
  return {
    resourceType: 'MedicationRequest',
    ...(more.id ? { id: more.id } : {}),
    status: more.status ?? 'draft',
    intent: 'order',
    subject: { reference: 'Patient/p' },
    authoredOn: `${more.start ?? DAY}T08:00:00+07:00`,
    medicationCodeableConcept: {
      text: more.name ?? codes.join(' + '),
      coding: codes.map((code) => ({ system: cs.ingredient, code })),
    },
    dosageInstruction: [{ route: { coding: [{ system: cs.route, code: more.route ?? '1.01' }] } }],
    dispenseRequest: { expectedSupplyDuration: { value: more.days ?? 5, system: cs.ucum, code: 'd' } },
  };
}

/** An order of a medicine of the facility's list, a dose at each named time of day. */
export function listed(medicine: string, amount: number, whens: string[], days = 5): MedicationRequest {
  const row = content.table('drug/medicines').find((one) => one.code === medicine);
  if (!row) throw new Error(`No medicine ${medicine}`);
  return {
    ...order(row.ingredients!.split('+'), { days, name: row.name!, route: row.route! }),
    medicationCodeableConcept: { text: row.name!, coding: [{ system: cs.medicine, code: medicine }] },
    dosageInstruction: whens.map((when) => ({
      timing: { repeat: { when: [when as 'MORN'], frequency: 1, period: 1, periodUnit: 'd' } },
      route: { coding: [{ system: cs.route, code: row.route! }] },
      doseAndRate: [{ doseQuantity: { value: amount, unit: row.dose_unit! } }],
    })),
  };
}

/** Code of a medicine of the list by its name. */
export function medicineNamed(name: string): string {
  const row = content.table('drug/medicines').find((one) => one.name === name);
  if (!row) throw new Error(`No medicine named ${name}`);
  return row.code!;
}

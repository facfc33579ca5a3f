/** Signing: the server asks the rules again, keeps what was overridden, and writes everything in one transaction. */
import { ageInMonths, rulesInForce } from '../../../engines/rules/index.ts';
import type { Content } from '../../../kernel/content/content.ts';
import { Failure } from '../../../kernel/failure.ts';
import { ext, sid } from '../../../kernel/fhir/systems.ts';
import type { Bundle, Encounter, MedicationRequest, Patient } from '../../../kernel/fhir/types.ts';
import { draftBundle } from '../bundle.ts';
import { diagnosesOf } from '../consultation/diagnoses.ts';
import type { OverrideInput } from '../contract.ts';
import { readFields } from '../fields.ts';
import { objectOf } from '../http.ts';
import { extensionOf, PARTICIPATION, withExtension } from '../text.ts';
import type { Visit } from '../visit/visit.ts';
import { type Checking, cardsFor, dayLimit, weightOf } from './check.ts';
import { type Line, readLines } from './lines.ts';
import { detectedIssue, type Override, readOverrides, resolveAlerts } from './overrides.ts';
import { medicationRequest } from './requests.ts';

export interface Signing {
  lines: Line[];
  overrides: OverrideInput[];
  companion: string;
  replaces: string | null;
  replaceReason: string;
}

/** Prescriptions of children under 72 months name weight and companion (Circular 26/2025, article 6.4). */
const SMALL_CHILD_MONTHS = 72;

/** Number of the visit's signed prescription, '' when none is signed. */
export function signedNumber(encounter: Encounter): string {
  return extensionOf(encounter, ext.prescription)?.valueIdentifier?.value ?? '';
}

/** Completed calendar months of age under 72, else null; null without a birth date too, since nobody can tell. */
export function monthsUnder72(patient: Patient, day: string): number | null {
  const months = ageInMonths(patient.birthDate, day);
  return months === null || months >= SMALL_CHILD_MONTHS ? null : Math.max(0, months);
}

export function companionOf(encounter: Encounter): string {
  const escort = encounter.participant?.find((one) =>
    one.type?.some((type) => type.coding?.some((coding) => coding.code === 'ESC')),
  );
  return escort?.individual?.display ?? '';
}

/** Reads and checks the body; fails with `business-rule`, one issue a cell. */
export function readSigning(body: unknown, visit: Visit, content: Content, day: string): Signing {
  const given = objectOf(body);
  const fields = readFields();
  const limit = dayLimit(visit, rulesInForce(content, day));
  const signing: Signing = {
    lines: readLines(given, fields, { content, day, limit }),
    overrides: readOverrides(given, fields),
    companion: fields.text(given, 'companion') || companionOf(visit.encounter),
    replaces: fields.text(given, 'replaces') || null,
    replaceReason: fields.text(given, 'replaceReason'),
  };
  if (diagnosesOf(visit.encounter, visit.conditions).length === 0) {
    fields.fault(
      'diagnoses',
      'Đơn thuốc cần chẩn đoán. Ghi chẩn đoán và lưu trước khi ký.',
      'A diagnosis is needed.',
    );
  }
  if (monthsUnder72(visit.patient, day) !== null) {
    if (weightOf(visit, content, day) === null) {
      fields.fault(
        'weight',
        'Trẻ dưới 72 tháng: ghi cân nặng và lưu trước khi ký.',
        'Weight is needed under 72 months.',
      );
    }
    if (signing.companion === '') {
      fields.fault(
        'companion',
        'Trẻ dưới 72 tháng: ghi tên người đưa trẻ đến khám.',
        'Name who came with the child.',
      );
    }
  }
  if (signing.replaces !== null && signing.replaceReason === '') {
    fields.fault(
      'replaceReason',
      'Ghi lý do thay đơn đã ký.',
      'State why the signed prescription is replaced.',
    );
  }
  fields.done();
  return signing;
}

/** Fails with `conflict` when a prescription is signed already and this one does not say that it replaces it. */
export function requireUnsigned(visit: Visit, replaces: string | null): void {
  const number = signedNumber(visit.encounter);
  if (number === '' || number === replaces) return;
  throw new Failure(
    'conflict',
    `Lượt khám này đã có đơn ${number}. Mỗi lần khám một đơn: muốn sửa thì kê đơn thay thế (TT 26/2025 Điều 6 khoản 9).`,
    { textEn: `Prescription ${number} is already signed; a change is a new prescription that replaces it.` },
  );
}

/**
 * What the prescriber signs against. Fails with `business-rule` and the unresolved alerts.
 * @param number of this prescription: sent twice at once, it may be in the record already, and is no alert about itself
 */
export function overridesOf(
  visit: Visit,
  signing: Signing,
  checking: Checking,
  content: Content,
  { day, number }: { day: string; number: string },
): Override[] {
  const cards = cardsFor(visit, signing.lines, checking, content, day, [signing.replaces, number]);
  return resolveAlerts(cards, signing.overrides, content, day);
}

/**
 * @param overrides what the prescriber signs against
 * @param stock medicines that the unit of the prescriber hands out itself: their lines name it
 */
export function signingBundle(
  visit: Visit,
  signing: Signing,
  signed: { number: string; at: string; by: { id: string; name: string } },
  overrides: readonly Override[],
  stock: { unit: string; medicines: ReadonlySet<string> },
): Bundle {
  const draft = draftBundle();
  const replaced = visit.medications.filter(
    (one) => signing.replaces && one.groupIdentifier?.value === signing.replaces,
  );
  const references = signing.lines.map((line, index) => {
    const handedOutBy = stock.medicines.has(line.medicine.code!) ? stock.unit : '';
    const request = medicationRequest(line, visit, { ...signed, line: index + 1, handedOutBy });
    const prior = replaced.find((one) => sameMedicine(one, request));
    return draft.create(
      prior ? { ...request, priorPrescription: { reference: `MedicationRequest/${prior.id}` } } : request,
    );
  });
  for (const override of overrides)
    draft.create(detectedIssue(override, visit, references, signed.by, signed.at));
  for (const old of replaced) {
    draft.update({ ...old, status: 'cancelled', statusReason: { text: signing.replaceReason } });
  }
  draft.update(signedEncounter(visit.encounter, signed.number, signing.companion));
  return draft.bundle();
}

function sameMedicine(a: MedicationRequest, b: MedicationRequest): boolean {
  const code = (one: MedicationRequest) => one.medicationCodeableConcept?.coding?.[0]?.code;
  return code(a) === code(b);
}

function signedEncounter(encounter: Encounter, number: string, companion: string): Encounter {
  const signed: Encounter = {
    ...encounter,
    extension: withExtension(encounter, {
      url: ext.prescription,
      valueIdentifier: { system: sid.prescription, value: number },
    }),
  };
  if (companion === '' || companion === companionOf(encounter)) return signed;
  const escort = {
    type: [{ coding: [{ system: PARTICIPATION, code: 'ESC', display: 'escort' }] }],
    individual: { display: companion },
  };
  return { ...signed, participant: [...(encounter.participant ?? []), escort] };
}

/** The record follows the card in hand: chosen facts only, over the version that the desk saw, never against another record. */
import type { RecordSession } from '../../kernel/access/contract.ts';
import type { Content } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';
import { sid } from '../../kernel/fhir/systems.ts';
import type { Patient } from '../../kernel/fhir/types.ts';
import type { Store } from '../../kernel/store/contract.ts';
import { isMerged } from './find.ts';
import { CARD_FIELDS, type CardField, patientWithCard } from './patient-resource.ts';
import { type PersonForm, readPersonForm } from './person-form.ts';

export interface CardOnRecord {
  /** Patient id. */
  id: string;
  /** Version that the desk saw; undefined = none was sent. */
  seen: number | undefined;
  form: PersonForm;
  /** Fields that the desk chose, as they came. */
  fields: unknown;
}

/**
 * Writes the chosen facts of the card. Fails with `invalid-request` when nothing is chosen, `version-required`,
 * `version-conflict`, `business-rule` for a fact that cannot be, `conflict` for a number that another record has.
 */
export async function applyCard(
  asked: CardOnRecord,
  session: RecordSession,
  { store, content, today }: { store: Store; content: Content; today: string },
): Promise<Patient> {
  const { form, fields } = asked;
  const chosen = CARD_FIELDS.filter((field) => Array.isArray(fields) && fields.includes(field));
  if (chosen.length === 0) {
    throw new Failure('invalid-request', 'Chọn ít nhất một mục để cập nhật theo thẻ.', {
      textEn: 'Choose at least one field to take from the card.',
      expression: 'fields',
    });
  }
  if (asked.seen === undefined) {
    throw new Failure(
      'version-required',
      'Thiếu phiên bản hồ sơ đã xem (If-Match): mở lại hồ sơ rồi làm lại.',
      {
        textEn: 'If-Match with the version of the record is required.',
      },
    );
  }
  const said = chosen.filter((field) => form[field] !== null && form[field] !== '');
  refuseImpossible(form, said, today, content);
  const patient = await session.read('Patient', asked.id);
  await refuseTakenNumbers(asked.id, form, said, store);
  return session.update(patientWithCard(patient, form, said), asked.seen);
}

/** The same faults as of the form of a new person, at the fields that would be written. */
function refuseImpossible(
  form: PersonForm,
  said: readonly CardField[],
  today: string,
  content: Content,
): void {
  const { issues } = readPersonForm(form, today, content);
  const here = issues.filter((issue) => said.some((field) => field === issue.expression));
  const [first] = here;
  if (first) throw new Failure('business-rule', first.text, { issues: here });
}

const UNIQUE = { citizenNumber: sid.cccd, insuranceNumber: sid.bhxh } as const;

/** A number stands for one person: it does not move to a second record. */
async function refuseTakenNumbers(
  id: string,
  form: PersonForm,
  said: readonly CardField[],
  store: Store,
): Promise<void> {
  for (const field of ['citizenNumber', 'insuranceNumber'] as const) {
    if (!said.includes(field)) continue;
    const identifier = `${UNIQUE[field]}|${form[field]}`;
    const found = await store.search({ type: 'Patient', params: [['identifier', identifier]] });
    const others = found.matches
      .map((each) => JSON.parse(each.body.toString('utf8')) as Patient)
      .filter((patient) => patient.id !== id && !isMerged(patient));
    if (others.length === 0) continue;
    throw new Failure(
      'conflict',
      'Số trên thẻ đã có ở hồ sơ của một người khác. Chưa ghi gì: tìm theo số này rồi dùng hồ sơ đó, hoặc gộp hai hồ sơ.',
      {
        textEn: 'Another record already has the number of this card. Nothing was written.',
        expression: field,
        details: { kind: 'number-taken' },
      },
    );
  }
}

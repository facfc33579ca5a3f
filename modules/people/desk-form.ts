/**
 * The form of a new person (`content/forms/nguoi-benh`): what the desk asks is content. A few questions are the facts by which
 * people are compared; the program knows them by their linkId, and everything else only by where the form extracts it to. Pure.
 */
import type { Issue } from '../../kernel/failure.ts';
import type { Coding, Questionnaire, QuestionnaireItem } from '../../kernel/fhir/types.ts';

/** Key of the form. */
export const DESK_FORM = 'nguoi-benh';

type Type = QuestionnaireItem['type'];

/** The facts, by linkId, and the types that their questions may have. */
const FACTS: Readonly<Record<string, readonly Type[]>> = {
  name: ['string'],
  birthDate: ['date'],
  sex: ['choice'],
  citizenNumber: ['string'],
  oldNumber: ['string'],
  passport: ['string'],
  insuranceNumber: ['string'],
  phone: ['string'],
  commune: ['choice'],
  line: ['string', 'text'],
  mother: ['string'],
  ethnicity: ['choice'],
  occupation: ['choice'],
};

/** Without these nobody can be told from others. */
const NEEDED: readonly string[] = ['name', 'birthDate', 'sex'];

/** Asked by the desk beside the form: why none of the likely duplicates is this person. */
const TAKEN = 'reason';

/** A question of the form and where it stands in it, as FHIRPath. */
interface Placed {
  item: QuestionnaireItem;
  place: string;
  /** It, or a group that it stands in, may be answered several times. */
  repeats: boolean;
}

export function questionsOf(form: Questionnaire): Placed[] {
  const below = (
    items: readonly QuestionnaireItem[] | undefined,
    { place, repeats }: Omit<Placed, 'item'>,
  ): Placed[] =>
    (items ?? []).flatMap((item, at) => {
      const here = { item, place: `${place}.item[${at}]`, repeats: repeats || item.repeats === true };
      return [here, ...below(item.item, here)];
    });
  return below(form.item, { place: 'Questionnaire', repeats: false });
}

export const isFact = (linkId: string): boolean => linkId in FACTS;

/** What the desk could not go on with; told when a version is published. */
export function deskFaults(form: Questionnaire): Issue[] {
  const questions = questionsOf(form);
  const asked = new Set(questions.map(({ item }) => item.linkId));
  const missing = NEEDED.filter((linkId) => !asked.has(linkId)).map((linkId) =>
    fault(
      'Questionnaire.item',
      `Bàn tiếp đón cần câu hỏi có mã "${linkId}" để tìm hồ sơ trùng.`,
      `The desk needs the question "${linkId}" to find duplicates.`,
    ),
  );
  return [...missing, ...questions.flatMap((one) => questionFaults(one))];
}

function questionFaults({ item, place, repeats }: Placed): Issue[] {
  const { linkId, type } = item;
  const types = FACTS[linkId];
  if (types && repeats)
    return [
      fault(
        place,
        `Câu "${linkId}" là dữ kiện để so trùng nên chỉ hỏi một lần.`,
        `"${linkId}" is a fact by which people are compared: it is asked once.`,
      ),
    ];
  if (types)
    return types.includes(type)
      ? []
      : [
          fault(
            `${place}.type`,
            `Câu "${linkId}" phải có kiểu ${types.join(' hoặc ')}.`,
            `"${linkId}" must be of type ${types.join(' or ')}.`,
          ),
        ];
  if (linkId === TAKEN)
    return [
      fault(
        `${place}.linkId`,
        `Mã "${TAKEN}" là của bàn tiếp đón (lý do không trùng): chọn mã khác.`,
        `"${TAKEN}" is the desk's own: choose another linkId.`,
      ),
    ];
  // A photograph is kept as a document of its person, whom the record does not have yet.
  if (type === 'attachment')
    return [
      fault(
        place,
        `Người mới chưa có hồ sơ để giữ ảnh, tệp của câu "${item.text ?? linkId}": đặt câu này ở một biểu mẫu điền sau khi đã lưu hồ sơ.`,
        `A new person has no record yet that the file of "${linkId}" could be kept with: put it into a form that is filled in afterwards.`,
      ),
    ];
  if (type === 'group' || type === 'display' || isKept(item)) return [];
  return [
    fault(
      place,
      `Câu trả lời của "${item.text ?? linkId}" không được ghi vào đâu: nêu phần tử của hồ sơ (definition), ví dụ Patient.maritalStatus.`,
      `The answer to "${linkId}" is written nowhere: name an element of the record (definition).`,
    ),
  ];
}

const HIDDEN = 'http://hl7.org/fhir/StructureDefinition/questionnaire-hidden';

/** Answers of hidden questions serve the others alone. */
const isKept = ({ definition, extension }: QuestionnaireItem) =>
  definition !== undefined || extension?.some(({ url, valueBoolean }) => url === HIDDEN && valueBoolean);

function fault(expression: string, text: string, textEn: string): Issue {
  return { severity: 'error', code: 'business-rule', text, textEn, expression };
}

/** What a screen is given: the version in force, and the members of its small value sets. */
export interface DeskForm {
  form: Questionnaire;
  /** By canonical address; a set that is not here is searched as one types. */
  sets: Record<string, Coding[]>;
}

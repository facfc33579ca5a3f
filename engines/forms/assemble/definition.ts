/** Items that refer to a definition take from it what they do not say themselves. Pure but for what it asks of the source. */
import type { Issue } from '../../../kernel/failure.ts';
import type { ElementDefinition, Extension, QuestionnaireItem } from '../../../kernel/fhir/types.ts';
import { EXT, type Extended, extensionsOf } from '../extension.ts';
import { type AssemblySource, cannotAssemble, warned } from './source.ts';

/** R4's own structures are elements to extract into, not descriptions of questions. */
const BASE = 'http://hl7.org/fhir/StructureDefinition/';

/** @returns the item with what its definition adds. @throws Failure where the item cannot be asked without it */
export async function fromDefinition(
  item: QuestionnaireItem,
  place: string,
  source: AssemblySource,
  issues: Issue[],
): Promise<QuestionnaireItem> {
  const { definition } = item;
  if (!definition?.includes('#') || definition.startsWith(BASE)) return item;
  const [url = '', id = ''] = definition.split('#');
  const library = await source.form(url);
  if (library) {
    const found = itemNamed(library.item, id);
    if (!found) throw noSuch(place, definition);
    return over(item, found, place, issues);
  }
  const element = await source.element(definition);
  if (element === undefined) throw noSuch(place, definition);
  if (element) return over(item, itemOf(element), place, issues);
  const isWhole = item.text !== undefined && (!isChoice(item) || hasChoices(item));
  const said = `${place}.definition`;
  if (!isWhole)
    throw cannotAssemble(
      said,
      `Không tìm thấy ${definition}, mà câu hỏi thiếu lời hoặc thiếu lựa chọn nếu không có nó.`,
      `${definition} is not known here, and without it the item lacks its text or its choices.`,
    );
  issues.push(
    warned(
      said,
      `Không tìm thấy ${definition}; câu hỏi giữ như đã viết.`,
      `${definition} is not known here: the item stays as it is written.`,
    ),
  );
  return item;
}

const noSuch = (place: string, definition: string) =>
  cannotAssemble(`${place}.definition`, `${definition} không có phần ấy.`, `${definition} has no such part.`);

const isChoice = ({ type }: QuestionnaireItem) => type === 'choice' || type === 'open-choice';
const hasChoices = (item: QuestionnaireItem) =>
  item.answerOption !== undefined ||
  item.answerValueSet !== undefined ||
  extensionsOf(item as Extended, EXT.answerExpression).length > 0;

function itemNamed(
  items: readonly QuestionnaireItem[] | undefined,
  linkId: string,
): QuestionnaireItem | null {
  for (const one of items ?? []) {
    const found = one.linkId === linkId ? one : itemNamed(one.item, linkId);
    if (found) return found;
  }
  return null;
}

/** What an ElementDefinition says of a question: R4, Questionnaire.item.definition. */
function itemOf(element: ElementDefinition): Partial<QuestionnaireItem> {
  const { label, short, min, max, maxLength, binding, code, extension } = element;
  const text = label ?? short;
  return {
    ...(extension ? { extension } : {}),
    ...(text ? { text } : {}),
    ...(code ? { code } : {}),
    ...(min === undefined ? {} : { required: min > 0 }),
    ...(max === undefined ? {} : { repeats: max !== '0' && max !== '1' }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(binding?.valueSet ? { answerValueSet: binding.valueSet } : {}),
  };
}

/** What the item says stays; a word is left where the definition says otherwise. */
function over(
  item: QuestionnaireItem,
  given: Partial<QuestionnaireItem>,
  place: string,
  issues: Issue[],
): QuestionnaireItem {
  const { linkId: _, extension, ...rest } = given;
  for (const [name, value] of Object.entries(rest)) {
    const own = (item as unknown as Record<string, unknown>)[name];
    if (
      own !== undefined &&
      name !== 'item' &&
      name !== 'definition' &&
      JSON.stringify(own) !== JSON.stringify(value)
    )
      issues.push(
        warned(
          `${place}.${name}`,
          `${name} khác với định nghĩa ${item.definition}; giữ điều ghi ở câu hỏi.`,
          `${name} differs from the definition ${item.definition}: what the item says stays.`,
        ),
      );
  }
  const has = new Set((item.extension ?? []).map(keyOf));
  const added = (extension ?? []).filter((one) => !has.has(keyOf(one)));
  const extensions = [...(item.extension ?? []), ...added];
  const choices = hasChoices(item) ? { answerOption: undefined, answerValueSet: undefined } : {};
  const whole = { ...rest, ...choices, ...item, ...(extensions.length > 0 ? { extension: extensions } : {}) };
  return JSON.parse(JSON.stringify(whole)) as QuestionnaireItem;
}

const keyOf = ({ url, valueExpression }: Extension) => `${url}|${valueExpression?.name ?? ''}`;

/** What was answered to a question the last time, of the repeat that stands at the same place. Pure. */
import type { QuestionnaireResponse, QuestionnaireResponseItem } from '../../../kernel/fhir/types.ts';
import { valueIn } from '../answer.ts';
import type { Field, Occurrence } from './tree.ts';
import type { Value } from './types.ts';

type Items = readonly QuestionnaireResponseItem[];

/** Of a question that takes one answer at most one. @param items of the earlier response */
export function earlierAnswers(field: Field, items: QuestionnaireResponse['item']): Value[] {
  const { linkId, repeats, lineage } = field.question;
  const isInRepeat = lineage.slice(0, -1).some((one) => one.repeats);
  // Outside of repeats a question is known by its linkId, into whichever group it has been moved since.
  const found = isInRepeat
    ? itemsAt(field.parent, items ?? []).filter((one) => one.linkId === linkId)
    : itemsOf(items ?? [], linkId);
  const values = found.flatMap(({ answer }) => (answer ?? []).flatMap((one) => valueIn(one)?.value ?? []));
  return repeats ? values : values.slice(0, 1);
}

/** The earlier items under the occurrence of the same number. */
function itemsAt(occurrence: Occurrence, items: Items): Items {
  const { field, question } = occurrence;
  if (!field) return items;
  const above = itemsAt(field.parent, items).filter(({ linkId }) => linkId === question.linkId);
  const number = field.occurrences.indexOf(occurrence);
  return question.isGroup ? (above[number]?.item ?? []) : (above[0]?.answer?.[number]?.item ?? []);
}

function itemsOf(items: Items, linkId: string): QuestionnaireResponseItem[] {
  return items.flatMap((one) => [
    ...(one.linkId === linkId ? [one] : []),
    ...itemsOf(one.item ?? [], linkId),
    ...(one.answer ?? []).flatMap((answer) => itemsOf(answer.item ?? [], linkId)),
  ]);
}

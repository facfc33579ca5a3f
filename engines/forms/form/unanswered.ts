/** A response with every question that is asked, also those that nobody has answered yet: what another program needs to draw it. Pure. */
import type {
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '../../../kernel/fhir/types.ts';
import { translated } from '../extension.ts';
import type { Field, Occurrence } from './tree.ts';

type Items = QuestionnaireResponseItem[];

/**
 * Enabled groups and questions under an occurrence, in the order of the form, with their words; a repeating group stands as often as
 * it was begun. Words that are only shown (display) have no answer and are left out.
 */
export function withUnanswered(at: Occurrence, language: string): Items {
  return at.fields.flatMap((field) => (field.enabled ? itemsOf(field, language) : []));
}

function itemsOf(field: Field, language: string): Items {
  const { question, occurrences } = field;
  if (question.type === 'display') return [];
  const text = translated(question.item, 'text', language);
  const head = { linkId: question.linkId, ...(text ? { text } : {}) };
  if (question.isGroup) return occurrences.map((one) => ({ ...head, ...under(one, language) }));
  const answer = field.items[0]?.answer?.map((one, n): QuestionnaireResponseItemAnswer => {
    const { item: _, ...value } = one;
    const below = occurrences[n];
    return { ...value, ...(below ? under(below, language) : {}) };
  });
  return [{ ...head, ...(answer ? { answer } : {}) }];
}

function under(at: Occurrence, language: string): { item?: Items } {
  const item = withUnanswered(at, language);
  return item.length > 0 ? { item } : {};
}

/** A response beside its questions: what extraction walks over. Pure. */
import type { QuestionnaireResponse, QuestionnaireResponseItem } from '../../../kernel/fhir/types.ts';
import { valueIn } from '../answer.ts';
import type { Value } from '../form/types.ts';
import type { Question } from '../question.ts';

export interface Answered {
  question: Question;
  /** The response itself for the root. */
  item: QuestionnaireResponseItem;
  /** LinkIds with numbers of repeats: the same place has the same name in every version of the response. */
  path: string;
  values: readonly Value[];
  /** Items under it: of a group, and under its answers. */
  children: readonly Answered[];
}

export function answeredOf(root: Question, response: QuestionnaireResponse): Answered {
  return {
    question: root,
    item: response as unknown as QuestionnaireResponseItem,
    path: '',
    values: [],
    children: childrenOf(root, response.item, ''),
  };
}

function childrenOf(
  parent: Question,
  items: readonly QuestionnaireResponseItem[] | undefined,
  path: string,
): Answered[] {
  const seen = new Map<string, number>();
  return (items ?? []).flatMap((item) => {
    const question = parent.children.find(({ linkId }) => linkId === item.linkId);
    if (!question) return [];
    const at = seen.get(item.linkId) ?? 0;
    seen.set(item.linkId, at + 1);
    const own = `${path}/${item.linkId}${question.isGroup && question.repeats ? `#${at}` : ''}`;
    const answers = item.answer ?? [];
    return [
      {
        question,
        item,
        path: own,
        values: answers.flatMap((answer) => valueIn(answer)?.value ?? []),
        children: [
          ...childrenOf(question, item.item, own),
          ...answers.flatMap((answer, index) =>
            childrenOf(question, answer.item, answers.length > 1 ? `${own}#${index}` : own),
          ),
        ],
      },
    ];
  });
}

/** A response beside its questions: what extraction walks over. Pure. */
import type { QuestionnaireResponse, QuestionnaireResponseItem } from '../../../kernel/fhir/types.ts';
import { valueIn } from '../answer.ts';
import type { Value } from '../form/types.ts';
import type { Question } from '../question.ts';
import { repeatNumbers } from '../repeat.ts';

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
  const numbers = numbersOf(items ?? []);
  return (items ?? []).flatMap((item) => {
    const question = parent.children.find(({ linkId }) => linkId === item.linkId);
    if (!question) return [];
    const own = `${path}/${item.linkId}${question.isGroup && question.repeats ? `#${numbers.get(item)}` : ''}`;
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

/** The number of each item among those of its question. */
function numbersOf(items: readonly QuestionnaireResponseItem[]): Map<QuestionnaireResponseItem, number> {
  const found = new Map<QuestionnaireResponseItem, number>();
  for (const same of Map.groupBy(items, ({ linkId }) => linkId).values()) {
    const numbers = repeatNumbers(same);
    for (const [at, item] of same.entries()) found.set(item, numbers[at]!);
  }
  return found;
}

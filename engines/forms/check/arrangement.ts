/** A response as a whole beside its form: about whom it is, in which order its items stand, how often its groups repeat. Pure. */
import type { Issue } from '../../../kernel/failure.ts';
import type { QuestionnaireResponse, QuestionnaireResponseItem } from '../../../kernel/fhir/types.ts';
import { EXT, numberOf } from '../extension.ts';
import type { Field } from '../form/tree.ts';
import type { Plan } from '../plan.ts';
import type { Question } from '../question.ts';

const issue = (expression: string, code: string, text: string, textEn: string): Issue => ({
  severity: 'error',
  code,
  text,
  textEn,
  expression,
});

/** R4 Questionnaire.subjectType: "The types of subjects that can be the subject of responses"; none = any. */
export function wrongSubject({ subject }: QuestionnaireResponse, { questionnaire }: Plan): Issue[] {
  const { subjectType = [] } = questionnaire;
  const type = subject?.type ?? /(?:^|\/)([A-Z][A-Za-z]+)\/[^/]+$/.exec(subject?.reference ?? '')?.[1];
  if (type === undefined || subjectType.length === 0 || subjectType.includes(type as never)) return [];
  const types = subjectType.join(', ');
  return [
    issue(
      'QuestionnaireResponse.subject',
      'value',
      `Biểu mẫu này hỏi về ${types}, không phải ${type}.`,
      `The Questionnaire is about ${types}, not about a ${type}.`,
    ),
  ];
}

/** R4: "The questions are ordered … corresponding to the structure of the grouping of the questionnaire". */
export function disordered({ item }: QuestionnaireResponse, { questions }: Plan): Issue[] {
  const found: Issue[] = [];
  const walk = (
    parent: Question,
    items: readonly QuestionnaireResponseItem[] | undefined,
    place: string,
  ): void => {
    let last: Question | null = null;
    for (const [at, one] of (items ?? []).entries()) {
      const here = `${place}.item[${at}]`;
      const question = parent.children.find(({ linkId }) => linkId === one.linkId);
      if (!question) continue;
      if (last && question.order < last.order)
        found.push(
          issue(
            here,
            'structure',
            `Câu "${question.linkId}" của biểu mẫu đứng trước "${last.linkId}", nên trong phiếu cũng phải đứng trước.`,
            `"${question.linkId}" comes before "${last.linkId}" in the Questionnaire, and must do so here.`,
          ),
        );
      else last = question;
      walk(question, one.item, here);
      for (const [n, answer] of (one.answer ?? []).entries())
        walk(question, answer.item, `${here}.answer[${n}]`);
    }
  };
  walk(questions.root, item, 'QuestionnaireResponse');
  return found;
}

/** Groups that stand more often than their form lets them. @param places of each field in the response */
export function tooOften(places: ReadonlyMap<Field, string>): Issue[] {
  return [...places].flatMap(([{ question, items }, place]) => {
    const most = question.isGroup ? numberOf(question.item, EXT.maxOccurs) : null;
    if (most === null || items.length <= most) return [];
    return [
      issue(
        place,
        'value',
        `Nhóm "${question.linkId}" chỉ được nhiều nhất ${most} lần, ở đây có ${items.length}.`,
        `The group "${question.linkId}" may stand at most ${most} times, here it stands ${items.length} times.`,
      ),
    ];
  });
}

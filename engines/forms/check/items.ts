/** What must be right of each item. Pure. */
import { fault } from '../fault.ts';
import type { Fault } from '../form/types.ts';
import type { Plan } from '../plan.ts';
import type { Question } from '../question.ts';
import type { CheckWith } from './check.ts';

export function isChecked(question: Question, plan: Plan, _knowing: CheckWith): Fault[] {
  if (!question.parent || plan.questions.byLink.get(question.linkId) === question) return [];
  return [
    fault(
      `${question.place}.linkId`,
      'duplicate-link',
      `trùng "${question.linkId}" với câu hỏi khác`,
      `"${question.linkId}" is another question's, too`,
    ),
  ];
}

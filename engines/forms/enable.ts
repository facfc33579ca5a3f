/** `enableWhen`: R4 questionnaire.html#enableWhen. Pure. */
import { compareValues, meets, valueIn } from './answer.ts';
import { enclosing, type Field, fieldsOf, type Occurrence } from './form/tree.ts';
import type { Value } from './form/types.ts';
import { commonOf, type Question } from './question.ts';
import type { Condition, Rule } from './rule.ts';

/** Does the condition of a field hold? */
export function isEnabled(field: Field, { conditions, behavior }: Rule): boolean {
  const holds = (one: Condition) => conditionHolds(one, answersNear(field, one.target));
  return behavior === 'all' ? conditions!.every(holds) : conditions!.some(holds);
}

/**
 * R4: "the nearest question occurrence reachable by tracing first the ancestor axis and then the preceding axis and then the
 * following axis", within the nearest occurrence that holds both. A question that is not enabled has no answer.
 */
export function answersNear(field: Field, target: Question): readonly Value[] {
  const above = answerAbove(field, target);
  if (above) return above;
  const common = commonOf(field.question, target);
  const within = enclosing(field, common);
  if (!within) return [];
  const found = fieldsOf(within, target).filter(({ isThere }) => isThere);
  const nearest = target.order < field.question.order ? found.at(-1) : found[0];
  return nearest?.values ?? [];
}

/** The answer under which the field stands. */
function answerAbove(field: Field, target: Question): readonly Value[] | null {
  for (let one: Occurrence | null = field.parent; one; one = one.field?.parent ?? null)
    if (one.question === target && one.field) return one.field.isThere ? [one.value] : [];
  return null;
}

export function conditionHolds({ when }: Condition, answers: readonly Value[]): boolean {
  const asked = valueIn(when, 'answer')?.value;
  switch (when.operator) {
    case 'exists':
      return answers.length > 0 === (asked !== false);
    case '=':
      return answers.some((one) => meets(one, asked));
    case '!=':
      // R4: "True if whether at least no answer has a value that is equal to the enableWhen answer."
      return !answers.some((one) => meets(one, asked));
    case '>':
      return answers.some((one) => ordered(one, asked, (order) => order > 0));
    case '<':
      return answers.some((one) => ordered(one, asked, (order) => order < 0));
    case '>=':
      return answers.some((one) => ordered(one, asked, (order) => order >= 0));
    case '<=':
      return answers.some((one) => ordered(one, asked, (order) => order <= 0));
    default:
      return false;
  }
}

function ordered(answer: Value, asked: Value, holds: (order: number) => boolean): boolean {
  const order = compareValues(answer, asked);
  return order !== null && holds(order);
}

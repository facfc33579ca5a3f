/** Where nobody can write, an answer is what the form calculates from the others, whoever sends it. Pure. */
import type { Issue } from '../../../kernel/failure.ts';
import { isObject } from '../answer.ts';
import type { OpenForm } from '../form/form.ts';
import type { Field } from '../form/tree.ts';
import type { Value } from '../form/types.ts';
import type { Plan } from '../plan.ts';

/** Other systems reckon with other numbers of digits. */
const TOLERANCE = 1e-9;

/**
 * Answers to questions that are calculated and read only, and are not what the form gives. Not judged: what was left out, what
 * stands on more than is known, and what tells the moment. What tells the day may be what it was the day before: a form that was
 * opened before midnight is finished after it.
 * @param places of each field in the response
 * @param dayBefore the same form a day earlier
 */
export function miscalculated(
  places: ReadonlyMap<Field, string>,
  plan: Plan,
  dayBefore: () => OpenForm,
): Issue[] {
  let earlier: OpenForm | undefined;
  return [...places].flatMap(([field, place]) => {
    const { question, computed, values } = field;
    if (question.item.readOnly !== true || !field.enabled || !field.parentIsThere) return [];
    if (computed === null || values.length === 0 || areAlike(values, computed)) return [];
    const rule = plan.ofQuestion.get(question)?.find(({ kind }) => kind === 'calculated');
    if (!rule || rule.clock === 'moment' || rule.valueSets.length > 0) return [];
    if (rule.clock === 'day') {
      earlier ??= dayBefore();
      if (areAlike(values, earlier.field(field.path)?.computed ?? [])) return [];
    }
    const [given, right] = [values, computed].map((some) => some.map(shown).join(', ') || '–');
    return [
      {
        severity: 'error',
        code: 'business-rule',
        text: `Câu "${question.linkId}" do biểu mẫu tính ra: ${right}, không phải ${given}.`,
        textEn: `"${question.linkId}" is calculated by the form: ${right}, not ${given}.`,
        expression: `${place}.answer`,
      },
    ];
  });
}

const areAlike = (some: readonly Value[], others: readonly Value[]) =>
  some.length === others.length && some.every((one, at) => isAlike(one, others[at]));

/** Codes and quantities in whatever order their elements stand; what one leaves unsaid (a display, a unit's name) is no difference. */
function isAlike(one: unknown, other: unknown): boolean {
  if (typeof one === 'number' && typeof other === 'number')
    return Math.abs(one - other) <= TOLERANCE * Math.max(Math.abs(one), Math.abs(other));
  if (!isObject(one) || !isObject(other)) return one === other;
  return Object.keys(one)
    .filter((key) => key in other)
    .every((key) => isAlike(one[key], other[key]));
}

const shown = (value: Value) => {
  if (!isObject(value)) return String(value);
  return [value.value ?? value.display ?? value.code ?? JSON.stringify(value), value.unit ?? '']
    .join(' ')
    .trim();
};

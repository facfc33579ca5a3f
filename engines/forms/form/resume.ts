/** Answers of a response put into the fields of a form. What the form does not ask is left out; `strayItems` tells it. Pure. */
import type { QuestionnaireResponseItem } from '../../../kernel/fhir/types.ts';
import { valueIn } from '../answer.ts';
import { repeatNumbers } from '../repeat.ts';
import type { Field, Occurrence } from './tree.ts';

/** @param align gives the field its values, with an occurrence for each answer that has questions under it */
export function resume(
  occurrence: Occurrence,
  items: readonly QuestionnaireResponseItem[] | undefined,
  align: (field: Field, values: readonly unknown[]) => void,
): void {
  for (const field of occurrence.fields) {
    const found = (items ?? []).filter((one) => one.linkId === field.question.linkId);
    if (field.question.isGroup) resumeGroup(field, found, align);
    else resumeQuestion(field, found, align);
  }
}

type Align = (field: Field, values: readonly unknown[]) => void;

function resumeGroup(field: Field, found: readonly QuestionnaireResponseItem[], align: Align): void {
  if (field.question.repeats) {
    while (field.occurrences.length < found.length) field.grow();
    const numbers = repeatNumbers(found);
    for (const [at, number] of numbers.entries()) field.occurrences[at]!.number = number;
    field.nextNumber = Math.max(field.nextNumber, ...numbers.map((number) => number + 1));
  }
  for (const [at, one] of field.occurrences.entries()) resume(one, found[at]?.item, align);
}

function resumeQuestion(field: Field, found: readonly QuestionnaireResponseItem[], align: Align): void {
  const answers = found.flatMap((one) => one.answer ?? []).filter((one) => valueIn(one) !== null);
  align(
    field,
    answers.map((one) => valueIn(one)!.value),
  );
  for (const [at, answer] of answers.entries()) {
    const under = field.occurrences[at];
    if (under) resume(under, answer.item, align);
  }
}

/**
 * Whom an answer is about: the subject of the response, or of the group whose question has `isSubject`. A child's weight is never
 * the mother's. Pure.
 */
import type { QuestionnaireResponse, Reference } from '../../../kernel/fhir/types.ts';
import { isObject } from '../answer.ts';
import { EXT, extensionValue } from '../extension.ts';
import type { Question } from '../question.ts';
import type { Answered } from './answered.ts';

const namesSubject = ({ item }: Question) => extensionValue(item, EXT.isSubject) === true;

/** Whether a question stands in a group that is about somebody other than the response. */
export const isOfOther = ({ lineage }: Question): boolean =>
  lineage.some((one) => one.parent !== null && one.isGroup && one.children.some(namesSubject));

/** Null: the group is about somebody whom nobody has named, so nothing may be said of anybody. */
export type SubjectOf = (at: Answered) => Reference | undefined | null;

export function subjectsOf(root: Answered, { subject }: QuestionnaireResponse): SubjectOf {
  const found = new Map<Answered, Reference | undefined | null>();
  const walk = (at: Answered, above: Reference | undefined | null): void => {
    const own = at.question.parent === null ? undefined : namedIn(at);
    const here = own === undefined ? above : own;
    found.set(at, here);
    for (const child of at.children) walk(child, here);
  };
  walk(root, subject);
  return (at) => found.get(at);
}

/** Undefined where the group names no subject of its own. */
function namedIn({ question, children }: Answered): Reference | null | undefined {
  if (!question.isGroup || !question.children.some(namesSubject)) return undefined;
  const [value] = children.find((one) => namesSubject(one.question))?.values ?? [];
  return isObject(value) && typeof value.reference === 'string' ? (value as Reference) : null;
}

/** The items of a Questionnaire as a tree that knows its parents and places. Pure. */
import type { Questionnaire, QuestionnaireItem } from '../../kernel/fhir/types.ts';
import type { ItemType } from './answer.ts';

export interface Question {
  /** The Questionnaire itself for the root, which has extensions and items as an item has. */
  item: QuestionnaireItem;
  linkId: string;
  type: ItemType;
  /** FHIRPath into the Questionnaire. */
  place: string;
  parent: Question | null;
  children: readonly Question[];
  /** From the root to this one. */
  lineage: readonly Question[];
  isGroup: boolean;
  repeats: boolean;
  /** Place among all, in order of the form. */
  order: number;
}

export interface Questions {
  root: Question;
  all: readonly Question[];
  /** The first of each linkId. */
  byLink: ReadonlyMap<string, Question>;
  /** LinkIds that several questions have, which a sound form does not. */
  shared: ReadonlySet<string>;
}

export function questionsOf(questionnaire: Questionnaire): Questions {
  const all: Question[] = [];
  const byLink = new Map<string, Question>();
  const shared = new Set<string>();
  const build = (item: QuestionnaireItem, place: string, parent: Question | null): Question => {
    const lineage: Question[] = [...(parent?.lineage ?? [])];
    const children: Question[] = [];
    const question: Question = {
      item,
      linkId: item.linkId ?? '',
      type: item.type,
      place,
      parent,
      children,
      lineage,
      isGroup: item.type === 'group',
      repeats: item.repeats === true,
      order: all.length,
    };
    lineage.push(question);
    all.push(question);
    if (parent && byLink.has(question.linkId)) shared.add(question.linkId);
    else if (parent) byLink.set(question.linkId, question);
    for (const [at, child] of (item.item ?? []).entries())
      children.push(build(child, `${place}.item[${at}]`, question));
    return question;
  };
  const whole = { ...questionnaire, type: 'group', linkId: '' } as unknown as QuestionnaireItem;
  const root = build(whole, 'Questionnaire', null);
  return { root, all, byLink, shared };
}

/** The question and everything under it. */
export function withDescendants(question: Question): Question[] {
  return [question, ...question.children.flatMap(withDescendants)];
}

/** The nearest question of which one occurrence holds both, with all that stands beside them. */
export function commonOf(a: Question, b: Question): Question {
  let common = a.lineage[0]!;
  for (const [at, one] of a.lineage.entries()) if (b.lineage[at] === one) common = one;
  return (common === a || common === b) && common.parent ? common.parent : common;
}

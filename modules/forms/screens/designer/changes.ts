/** What changes for forms in use: one version of a form against another, item by item. Pure. */
import type { Questionnaire, QuestionnaireItem } from '../../../../kernel/fhir/types.ts';
import { flatten, itemsOf } from './tree.ts';

/** What of an item is another: the words it is asked with, the answers it takes, when it is asked, what becomes of its answer. */
export type Aspect =
  | 'text'
  | 'type'
  | 'required'
  | 'repeats'
  | 'options'
  | 'condition'
  | 'codes'
  | 'rules'
  | 'place';

export interface ItemChange {
  linkId: string;
  text: string;
  kind: 'added' | 'removed' | 'changed';
  aspects: Aspect[];
  /** Answers in drafts begun with the older version would not fit the newer one. */
  breaks: boolean;
}

export function changesBetween(before: Questionnaire | null, after: Questionnaire): ItemChange[] {
  const old = byLink(before);
  const now = byLink(after);
  const gone = [...old]
    .filter(([linkId]) => !now.has(linkId))
    .map(([linkId, { item }]): ItemChange => {
      return { linkId, text: item.text ?? '', kind: 'removed', aspects: [], breaks: item.type !== 'display' };
    });
  const rest = [...now].flatMap(([linkId, entry]): ItemChange[] => {
    const was = old.get(linkId);
    const text = entry.item.text ?? '';
    if (!was) return [{ linkId, text, kind: 'added', aspects: [], breaks: entry.item.required === true }];
    const aspects = aspectsOf(was, entry);
    const breaks = aspects.some((aspect) => aspect === 'type' || aspect === 'options' || aspect === 'place');
    return aspects.length === 0 ? [] : [{ linkId, text, kind: 'changed', aspects, breaks }];
  });
  return [...rest, ...gone];
}

interface Entry {
  item: QuestionnaireItem;
  /** Link id of the group it stands in. */
  within: string;
}

function byLink(form: Questionnaire | null): Map<string, Entry> {
  if (!form) return new Map();
  const all = flatten(itemsOf(form));
  const names = new Map(all.map(({ path, item }) => [path.join('.'), item.linkId]));
  return new Map(
    all.map(({ path, item }) => [
      item.linkId,
      { item, within: names.get(path.slice(0, -1).join('.')) ?? '' },
    ]),
  );
}

/** Elements of an item by what they mean to who fills it in. What is not listed stands in an extension: a rule. */
const ELEMENTS: [Aspect, (keyof QuestionnaireItem)[]][] = [
  ['text', ['text', 'prefix']],
  ['type', ['type']],
  ['required', ['required']],
  ['repeats', ['repeats']],
  ['options', ['answerOption', 'answerValueSet']],
  ['condition', ['enableWhen', 'enableBehavior']],
  ['codes', ['code', 'definition']],
  ['rules', ['extension', 'initial', 'readOnly', 'maxLength']],
];

function aspectsOf(was: Entry, now: Entry): Aspect[] {
  const found = ELEMENTS.filter(([, names]) =>
    names.some((name) => JSON.stringify(was.item[name]) !== JSON.stringify(now.item[name])),
  ).map(([aspect]) => aspect);
  return was.within === now.within ? found : [...found, 'place'];
}

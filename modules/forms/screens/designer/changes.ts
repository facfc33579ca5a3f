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
  | 'place'
  | 'order';

export interface ItemChange {
  linkId: string;
  text: string;
  kind: 'added' | 'removed' | 'changed';
  aspects: Aspect[];
  /** The item in both versions: null where it is not there. */
  before: QuestionnaireItem | null;
  after: QuestionnaireItem | null;
  /** Answers in drafts begun with the older version would not fit the newer one. */
  breaks: boolean;
}

/** Item by item: first what stands in the newer version, then what is gone. */
export function changesBetween(before: Questionnaire | null, after: Questionnaire): ItemChange[] {
  const old = byLink(before);
  const now = byLink(after);
  // What stands in another group now has another place, and no order to have left.
  const stayed = [...now].flatMap(([linkId, { within }]) =>
    old.get(linkId)?.within === within ? [linkId] : [],
  );
  const moved = movedAmong([...old.keys()], stayed);
  const gone = [...old]
    .filter(([linkId]) => !now.has(linkId))
    .map(([linkId, { item }]): ItemChange => {
      const breaks = item.type !== 'display';
      return {
        linkId,
        text: item.text ?? '',
        kind: 'removed',
        aspects: [],
        before: item,
        after: null,
        breaks,
      };
    });
  const rest = [...now].flatMap(([linkId, entry]): ItemChange[] => {
    const was = old.get(linkId);
    const text = entry.item.text ?? '';
    const after = entry.item;
    if (!was) {
      const breaks = after.required === true;
      return [{ linkId, text, kind: 'added', aspects: [], before: null, after, breaks }];
    }
    const aspects: Aspect[] = [...aspectsOf(was, entry), ...(moved.has(linkId) ? (['order'] as const) : [])];
    const breaks = aspects.some((aspect) => aspect === 'type' || aspect === 'options' || aspect === 'place');
    if (aspects.length === 0) return [];
    return [{ linkId, text, kind: 'changed', aspects, before: was.item, after, breaks }];
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

/** Those that have left the order in which the others still stand: as few as can be. */
function movedAmong(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  const place = new Map(before.map((linkId, at) => [linkId, at]));
  const common = after.filter((linkId) => place.has(linkId));
  // The longest row of items that follow each other in both versions.
  const length: number[] = [];
  const previous: number[] = [];
  let last = -1;
  for (const [at, linkId] of common.entries()) {
    length[at] = 1;
    previous[at] = -1;
    for (let earlier = 0; earlier < at; earlier++)
      if (place.get(common[earlier]!)! < place.get(linkId)! && length[earlier]! + 1 > length[at]!) {
        length[at] = length[earlier]! + 1;
        previous[at] = earlier;
      }
    if (last < 0 || length[at]! > length[last]!) last = at;
  }
  const stayed = new Set<string>();
  for (let at = last; at >= 0; at = previous[at]!) stayed.add(common[at]!);
  return new Set(common.filter((linkId) => !stayed.has(linkId)));
}

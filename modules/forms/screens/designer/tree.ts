/** The tree of a form's items as the designer edits it: every change answers a new tree, so that undo keeps the old one. Pure. */
import type { Extension, Questionnaire, QuestionnaireItem } from '../../../../kernel/fhir/types.ts';

/** Places from the root down: `[1, 0]` is the first child of the second item. */
export type Path = readonly number[];

export interface Placed {
  path: Path;
  item: QuestionnaireItem;
}

type Items = readonly QuestionnaireItem[];

export function itemsOf(form: Pick<Questionnaire, 'item'>): QuestionnaireItem[] {
  return form.item ?? [];
}

/** Every item with its place, in reading order. */
export function flatten(items: Items, above: Path = []): Placed[] {
  return items.flatMap((item, index) => {
    const path = [...above, index];
    return [{ path, item }, ...flatten(item.item ?? [], path)];
  });
}

export function itemAt(items: Items, path: Path): QuestionnaireItem | undefined {
  const [index, ...rest] = path;
  const item = index === undefined ? undefined : items[index];
  return rest.length === 0 ? item : item && itemAt(item.item ?? [], rest);
}

export function pathOf(items: Items, linkId: string): Path | undefined {
  return flatten(items).find(({ item }) => item.linkId === linkId)?.path;
}

export function replaceAt(items: Items, path: Path, next: QuestionnaireItem): QuestionnaireItem[] {
  return changed(items, path, (list, index) => list.map((item, at) => (at === index ? next : item)));
}

export function removeAt(items: Items, path: Path): QuestionnaireItem[] {
  return changed(items, path, (list, index) => list.filter((_, at) => at !== index));
}

/** The new item stands at `path`; what stood there comes after it. */
export function insertAt(items: Items, path: Path, item: QuestionnaireItem): QuestionnaireItem[] {
  return changed(items, path, (list, index) => [...list.slice(0, index), item, ...list.slice(index)]);
}

/** One place up or down among its siblings; null at the end. */
export function moveBy(
  items: Items,
  path: Path,
  step: -1 | 1,
): { items: QuestionnaireItem[]; path: Path } | null {
  const item = itemAt(items, path);
  const index = path.at(-1)! + step;
  const to = [...path.slice(0, -1), index];
  if (!item || index < 0 || !itemAt(items, to)) return null;
  return { items: insertAt(removeAt(items, path), to, item), path: to };
}

/** Becomes the last child of the sibling before it; null when that cannot hold any. */
export function indent(items: Items, path: Path): { items: QuestionnaireItem[]; path: Path } | null {
  const item = itemAt(items, path);
  const before = [...path.slice(0, -1), path.at(-1)! - 1];
  const holder = path.at(-1)! > 0 ? itemAt(items, before) : undefined;
  if (!item || !holder || holder.type === 'display') return null;
  const to = [...before, holder.item?.length ?? 0];
  return { items: insertAt(removeAt(items, path), to, item), path: to };
}

/** Leaves its group and stands behind it; null at the root. */
export function outdent(items: Items, path: Path): { items: QuestionnaireItem[]; path: Path } | null {
  const item = itemAt(items, path);
  if (!item || path.length < 2) return null;
  const above = path.slice(0, -1);
  const to = [...above.slice(0, -1), above.at(-1)! + 1];
  return { items: insertAt(removeAt(items, path), to, item), path: to };
}

/** A copy behind the item, with link ids of its own all the way down; conditions inside the copy ask the copy. */
export function duplicate(items: Items, path: Path): { items: QuestionnaireItem[]; path: Path } | null {
  const item = itemAt(items, path);
  if (!item) return null;
  const taken = new Set(flatten(items).map((one) => one.item.linkId));
  const names = new Map<string, string>();
  for (const one of flatten([item])) {
    const name = freshLinkId(taken, one.item.linkId);
    taken.add(name);
    names.set(one.item.linkId, name);
  }
  const to = [...path.slice(0, -1), path.at(-1)! + 1];
  return { items: insertAt(items, to, renamed(item, names)), path: to };
}

/** `ten-moi`, or the base with the first number that is free: `can-nang-2`. */
export function freshLinkId(taken: ReadonlySet<string>, base: string): string {
  if (!taken.has(base)) return base;
  const stem = base.replace(/-\d+$/, '');
  for (let number = 2; ; number++) if (!taken.has(`${stem}-${number}`)) return `${stem}-${number}`;
}

/** A new link id wherever it is spoken of: the item itself and the conditions of others. */
export function renameLink(
  form: Pick<Questionnaire, 'item' | 'extension'>,
  from: string,
  to: string,
): Pick<Questionnaire, 'item' | 'extension'> {
  const names = new Map([[from, to]]);
  return {
    item: itemsOf(form).map((item) => renamed(item, names)),
    ...(form.extension && { extension: form.extension.map((one) => inExpressions(one, names)) }),
  };
}

function renamed(item: QuestionnaireItem, names: ReadonlyMap<string, string>): QuestionnaireItem {
  const link = (name: string) => names.get(name) ?? name;
  return {
    ...item,
    linkId: link(item.linkId),
    ...(item.enableWhen && {
      enableWhen: item.enableWhen.map((when) => ({ ...when, question: link(when.question) })),
    }),
    ...(item.extension && { extension: item.extension.map((one) => inExpressions(one, names)) }),
    ...(item.item && { item: item.item.map((child) => renamed(child, names)) }),
  };
}

/** Expressions name questions as `linkId = 'a'`. */
function inExpressions(extension: Extension, names: ReadonlyMap<string, string>): Extension {
  const told = (text: string) =>
    text.replace(
      /(linkId\s*(?:=|!=|~)\s*')([^']*)(?=')/g,
      (_, before: string, link: string) => before + (names.get(link) ?? link),
    );
  const { valueExpression, valueString, extension: parts } = extension;
  return {
    ...extension,
    ...(valueExpression?.expression && {
      valueExpression: { ...valueExpression, expression: told(valueExpression.expression) },
    }),
    ...(valueString && extension.url === 'expression' && { valueString: told(valueString) }),
    ...(parts && { extension: parts.map((one) => inExpressions(one, names)) }),
  };
}

function changed(
  items: Items,
  path: Path,
  change: (list: Items, index: number) => QuestionnaireItem[],
): QuestionnaireItem[] {
  const [index, ...rest] = path as [number, ...number[]];
  if (rest.length === 0) return change(items, index);
  return items.map((item, at) => {
    if (at !== index) return item;
    const children = changed(item.item ?? [], rest, change);
    const { item: _, ...own } = item;
    return children.length > 0 ? { ...own, item: children } : own;
  });
}

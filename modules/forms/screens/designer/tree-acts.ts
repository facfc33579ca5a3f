/** What may be done with the tree of items: add, move, copy, delete. Each is one change that can be undone. */
import type { Fault } from '../../../../engines/forms/browser.ts';
import type { QuestionnaireItem } from '../../../../kernel/fhir/types.ts';
import { t, toast } from '../../../../web/ui/index.ts';
import type { FormHistory } from './history.ts';
import {
  duplicate,
  flatten,
  freshLinkId,
  indent,
  insertAt,
  itemAt,
  itemsOf,
  moveBy,
  outdent,
  type Path,
  removeAt,
} from './tree.ts';

export interface TreeProps {
  history: FormHistory;
  selected: Path | null;
  onSelect: (path: Path | null) => void;
  faults: readonly Fault[];
}

type Moved = { items: QuestionnaireItem[]; path: Path } | null;

export interface TreeActs {
  add: (type: 'string' | 'group') => void;
  up: () => void;
  down: () => void;
  into: () => void;
  out: () => void;
  copy: () => void;
  remove: () => void;
}

export function treeActs({ history, selected, onSelect }: TreeProps): TreeActs {
  const items = itemsOf(history.form);
  const put = (next: QuestionnaireItem[], path: Path | null) => {
    history.change({ ...history.form, item: next });
    onSelect(path);
    requestAnimationFrame(focusSelected);
  };
  const moved = (made: Moved) => made && put(made.items, made.path);
  return {
    add(type) {
      const taken = new Set(flatten(items).map(({ item }) => item.linkId));
      const linkId = freshLinkId(taken, type === 'group' ? 'nhom-1' : 'cau-1');
      const text =
        type === 'group'
          ? t('forms.design.new-group', 'Nhóm mới')
          : t('forms.design.new-item', 'Câu hỏi mới');
      const at = selected && itemAt(items, selected);
      const into = at?.type === 'group' && type !== 'group';
      const path = !selected
        ? [items.length]
        : into
          ? [...selected, at.item?.length ?? 0]
          : [...selected.slice(0, -1), selected.at(-1)! + 1];
      put(insertAt(items, path, { linkId, type, text }), path);
    },
    up: () => selected && moved(moveBy(items, selected, -1)),
    down: () => selected && moved(moveBy(items, selected, 1)),
    into: () => selected && moved(indent(items, selected)),
    out: () => selected && moved(outdent(items, selected)),
    copy: () => selected && moved(duplicate(items, selected)),
    remove() {
      if (!selected) return;
      const gone = itemAt(items, selected);
      const next = removeAt(items, selected);
      const rows = flatten(items);
      const index = rows.findIndex(({ path }) => path.join() === selected.join());
      const before = rows[index - 1]?.path ?? null;
      put(next, before && itemAt(next, before) ? before : null);
      toast({
        text: t('forms.design.removed', 'Đã xoá "{what}"', { what: gone?.text ?? gone?.linkId ?? '' }),
        undo: history.undo,
      });
    },
  };
}

/** The focus goes to the chosen row. */
export function focusSelected(): void {
  document.querySelector<HTMLElement>('[role=treeitem][aria-selected=true]')?.focus();
}

/** The tree of items, by keyboard and mouse: choose, add, move, copy, delete. */
import type { KeyboardEvent } from 'react';
import type { Fault } from '../../../../engines/forms/browser.ts';
import type { QuestionnaireItem } from '../../../../kernel/fhir/types.ts';
import { Button, Row, t, toast } from '../../../../web/ui/index.ts';
import type { FormHistory } from './history.ts';
import { typeName } from './names.ts';
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

interface TreeProps {
  history: FormHistory;
  selected: Path | null;
  onSelect: (path: Path | null) => void;
  faults: readonly Fault[];
}

type Moved = { items: QuestionnaireItem[]; path: Path } | null;

export function ItemTree(props: TreeProps) {
  const { history, selected } = props;
  const items = itemsOf(history.form);
  const rows = flatten(items);
  const acts = treeActs(props);
  const onKeyDown = (event: KeyboardEvent) => {
    const act = keyAct(event, acts, rows, selected, props.onSelect);
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <>
      <Row gap={4} wrap>
        <Button small onPress={() => acts.add('string')}>
          {t('forms.design.add', 'Thêm câu hỏi')}
        </Button>
        <Button small onPress={() => acts.add('group')}>
          {t('forms.design.add-group', 'Thêm nhóm')}
        </Button>
        <Button
          small
          kind="quiet"
          disabled={!selected}
          onPress={acts.up}
          label={t('forms.design.up', 'Đưa lên')}
        >
          ↑
        </Button>
        <Button
          small
          kind="quiet"
          disabled={!selected}
          onPress={acts.down}
          label={t('forms.design.down', 'Đưa xuống')}
        >
          ↓
        </Button>
        <Button
          small
          kind="quiet"
          disabled={!selected}
          onPress={acts.into}
          label={t('forms.design.into', 'Đưa vào nhóm')}
        >
          →
        </Button>
        <Button
          small
          kind="quiet"
          disabled={!selected}
          onPress={acts.out}
          label={t('forms.design.out', 'Đưa ra khỏi nhóm')}
        >
          ←
        </Button>
        <Button small kind="quiet" disabled={!selected} onPress={acts.copy}>
          {t('forms.design.copy', 'Nhân bản')}
        </Button>
        <Button small kind="quiet" disabled={!selected} onPress={acts.remove}>
          {t('forms.design.remove', 'Xoá')}
        </Button>
      </Row>
      <div
        className="fm-tree"
        role="tree"
        aria-label={t('forms.design.items', 'Các mục')}
        tabIndex={-1}
        onKeyDown={onKeyDown}
      >
        {rows.map(({ path, item }) => (
          <TreeRow
            key={item.linkId}
            item={item}
            depth={path.length}
            selected={selected?.join() === path.join()}
            first={path.length === 1 && path[0] === 0 && !selected}
            faults={faultsAt(props.faults, path)}
            onSelect={() => props.onSelect(path)}
          />
        ))}
      </div>
    </>
  );
}

function TreeRow(props: {
  item: QuestionnaireItem;
  depth: number;
  selected: boolean;
  first: boolean;
  faults: number;
  onSelect: () => void;
}) {
  const { item } = props;
  return (
    <button
      type="button"
      role="treeitem"
      aria-level={props.depth}
      aria-selected={props.selected}
      tabIndex={props.selected || props.first ? 0 : -1}
      data-link={item.linkId}
      className="fm-tree-row"
      style={{ paddingLeft: 8 + (props.depth - 1) * 16 }}
      onClick={props.onSelect}
    >
      <span>{item.text || item.linkId}</span>
      <small>
        {props.faults > 0 ? t('forms.design.n-faults', '{n} lỗi', { n: props.faults }) : typeName(item.type)}
        {item.required ? ' *' : ''}
      </small>
    </button>
  );
}

interface TreeActs {
  add: (type: 'string' | 'group') => void;
  up: () => void;
  down: () => void;
  into: () => void;
  out: () => void;
  copy: () => void;
  remove: () => void;
}

function treeActs({ history, selected, onSelect }: TreeProps): TreeActs {
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

function keyAct(
  event: KeyboardEvent,
  acts: TreeActs,
  rows: readonly { path: Path }[],
  selected: Path | null,
  onSelect: (path: Path) => void,
): (() => void) | null {
  const { key, altKey, ctrlKey } = event;
  if (altKey)
    return (
      { ArrowUp: acts.up, ArrowDown: acts.down, ArrowRight: acts.into, ArrowLeft: acts.out }[key] ?? null
    );
  if (ctrlKey) return key === 'd' ? acts.copy : null;
  if (key === 'Insert') return () => acts.add('string');
  if (key === 'Delete') return acts.remove;
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  const at = rows.findIndex(({ path }) => path.join() === selected?.join());
  const next = step === 0 ? undefined : rows[Math.max(0, at + step)];
  if (!next) return null;
  return () => {
    onSelect(next.path);
    requestAnimationFrame(focusSelected);
  };
}

function focusSelected(): void {
  document.querySelector<HTMLElement>('[role=treeitem][aria-selected=true]')?.focus();
}

/** Faults of `Questionnaire.item[1].item[0]…`, not of the items in it. */
export function faultsAt(faults: readonly Fault[], path: Path): number {
  const place = `Questionnaire${path.map((index) => `.item[${index}]`).join('')}`;
  return faults.filter(
    ({ expression = '' }) =>
      expression === place ||
      (expression.startsWith(`${place}.`) && !expression.startsWith(`${place}.item[`)),
  ).length;
}

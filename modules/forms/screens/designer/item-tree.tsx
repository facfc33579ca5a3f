/** The tree of items, by keyboard and mouse: choose, add, move, copy, delete. */
import type { KeyboardEvent } from 'react';
import type { Fault } from '../../../../engines/forms/browser.ts';
import type { QuestionnaireItem } from '../../../../kernel/fhir/types.ts';
import { Button, Row, t } from '../../../../web/ui/index.ts';
import { typeName } from './names.ts';
import { flatten, itemsOf, type Path } from './tree.ts';
import { focusSelected, type TreeActs, type TreeProps, treeActs } from './tree-acts.ts';

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
      <TreeButtons acts={acts} selected={selected !== null} />
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

function TreeButtons({ acts, selected }: { acts: TreeActs; selected: boolean }) {
  const moves: readonly [sign: string, name: string, run: () => unknown][] = [
    ['↑', t('forms.design.up', 'Đưa lên'), acts.up],
    ['↓', t('forms.design.down', 'Đưa xuống'), acts.down],
    ['→', t('forms.design.into', 'Đưa vào nhóm'), acts.into],
    ['←', t('forms.design.out', 'Đưa ra khỏi nhóm'), acts.out],
  ];
  const words: readonly [name: string, run: () => unknown][] = [
    [t('forms.design.copy', 'Nhân bản'), acts.copy],
    [t('forms.design.remove', 'Xoá'), acts.remove],
  ];
  return (
    <div className="fm-tree-acts">
      <Row gap={4} wrap>
        <Button small onPress={() => acts.add('string')}>
          {t('forms.design.add', 'Thêm câu hỏi')}
        </Button>
        <Button small onPress={() => acts.add('group')}>
          {t('forms.design.add-group', 'Thêm nhóm')}
        </Button>
        {moves.map(([sign, name, run]) => (
          <Button key={sign} small kind="quiet" disabled={!selected} onPress={run} label={name}>
            {sign}
          </Button>
        ))}
        {words.map(([name, run]) => (
          <Button key={name} small kind="quiet" disabled={!selected} onPress={run}>
            {name}
          </Button>
        ))}
      </Row>
    </div>
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

/** Faults of `Questionnaire.item[1].item[0]…`, not of the items in it. */
export function faultsAt(faults: readonly Fault[], path: Path): number {
  const place = `Questionnaire${path.map((index) => `.item[${index}]`).join('')}`;
  return faults.filter(
    ({ expression = '' }) =>
      expression === place ||
      (expression.startsWith(`${place}.`) && !expression.startsWith(`${place}.item[`)),
  ).length;
}

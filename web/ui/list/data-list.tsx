/** A worklist: virtual rows, server paging, keyboard, row acts, and what to do when it is empty or cannot be read. */
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { ApiFailure } from '../data/failure.ts';
import type { NextFailed } from '../data/query.ts';
import { Failed, Skeleton } from '../feedback/state.tsx';
import { formatNumber } from '../format/format.ts';
import { t } from '../i18n/language.ts';
import { IconArrowsSort, IconSortAscending, IconSortDescending } from '../icons.ts';
import { useKeys } from '../keys/keys.tsx';
import type { Tone } from '../layout/tone.ts';
import { ColumnChoice, useHiddenColumns } from './column-choice.tsx';
import { useNarrowHeight } from './narrow.ts';
import { NextPageFailed, useNextPage } from './next-page.tsx';
import { SavedViews } from './saved-views.tsx';
import { moveSelection, scrollFor, windowOf } from './window.ts';

export interface Column<T> {
  key: string;
  title: string;
  draw: (row: T) => ReactNode;
  /** CSS grid width: `120px`, `2fr` (default `1fr`). */
  width?: string;
  /** px below which a column of shares never shrinks; the list scrolls sideways instead. */
  least?: number;
  align?: 'left' | 'right' | 'center';
  /** Tabular digits. */
  number?: boolean;
  /** Offers sorting by this column; the list hands `key` or `-key` to `onSort`. */
  sortable?: boolean;
  /** The person may hide it (choice kept on this machine under the list's `id`). */
  optional?: boolean;
  /** On a phone, where there is no head, its title stands before the value; numbers and amounts always have theirs. */
  named?: boolean;
}

/** An act on the selected row; its key works while the list has the focus and stands in the strip then. */
export interface RowAct<T> {
  key: string;
  label: string;
  run: (row: T) => void;
  disabled?: (row: T) => boolean;
}

export interface DataListProps<T> {
  /** Stable name, for remembered columns and the place after going back. */
  id: string;
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  /** Enter or click. */
  onOpen?: (row: T) => void;
  acts?: readonly RowAct<T>[];
  tone?: (row: T) => Extract<Tone, 'danger' | 'look'> | undefined;
  /** From `useList`: all rows there are, the next page, reading, failure. */
  total?: number;
  more?: (() => void) | undefined;
  nextFailed?: NextFailed | null;
  loading?: boolean;
  error?: ApiFailure | null;
  refresh?: () => void;
  /** What to do when there are none: an `Empty`. */
  empty: ReactNode;
  /** Filters and search above the rows; the count stands at the right of them. */
  bar?: ReactNode;
  sort?: string;
  onSort?: (sort: string) => void;
  /** px; 40 by default, 52 for two lines. */
  rowHeight?: number;
  /** Takes the height left in the panel (default); a number is px. */
  height?: number;
  autoFocus?: boolean;
}

/** Narrower than this (px) a row stands on lines of its own: the widest column above, the others below it. */
const NARROW = 560;

/** Scroll and selection of lists left in this visit, so that going back finds the same row. */
const places = new Map<string, { top: number; key: string | null }>();

export function DataList<T>(props: DataListProps<T>) {
  const hidden = useHiddenColumns(props.id);
  const columns = props.columns.filter((column) => !hidden.has(column.key));
  return (
    <div
      className="yb-list"
      data-fill={props.height === undefined || undefined}
      style={{ height: props.height }}
    >
      {(props.bar || props.total !== undefined || props.columns.some((column) => column.optional)) && (
        <div className="yb-list-bar">
          {props.bar}
          <span className="yb-list-count">{countOf(props)}</span>
          {props.bar && <SavedViews listId={props.id} />}
          <ColumnChoice listId={props.id} columns={props.columns} />
        </div>
      )}
      <Rows {...props} columns={columns} />
      <NextPageFailed nextFailed={props.nextFailed} />
    </div>
  );
}

function countOf<T>(props: DataListProps<T>): string {
  if (props.loading || props.error || (props.rows.length === 0 && props.more)) return '';
  const total = props.total ?? (props.more ? undefined : props.rows.length);
  return total === undefined
    ? t('ui.list.at-least', '{n}+ dòng', { n: formatNumber(props.rows.length) })
    : t('ui.list.count', '{n} dòng', { n: formatNumber(total) });
}

function Rows<T>(props: DataListProps<T>) {
  const { rows, columns } = props;
  const id = useId();
  const scroll = useRef<HTMLDivElement>(null);
  const view = useView(scroll);
  const narrow = view.width < NARROW;
  const narrowHeight = useNarrowHeight(scroll, narrow);
  const height = narrow ? Math.max(props.rowHeight ?? 0, narrowHeight) : (props.rowHeight ?? 40);
  useFirstFocus(scroll, props.autoFocus);
  const [selected, setSelected] = useSelection(props);
  const [focused, setFocused] = useState(false);
  const shown = windowOf(view.top, view.height, height, rows.length);
  usePlace(
    props.id,
    scroll,
    rows.length,
    rows[selected] === undefined ? null : props.rowKey(rows[selected]!),
  );
  useNextPage(props.more, shown.end, rows.length);

  const row = rows[selected];
  useKeys(
    focused && row !== undefined
      ? (props.acts ?? []).map((act) => ({
          key: act.key,
          label: act.label,
          run: () => act.run(row),
          disabled: act.disabled?.(row) ?? false,
        }))
      : [],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.target !== scroll.current) return;
    const page = Math.max(1, Math.floor((view.height - 34) / height) - 1);
    const to = moveSelection(event.key, selected, rows.length, page);
    if (to !== null) {
      event.preventDefault();
      setSelected(to);
      const box = scroll.current!;
      const head = box.querySelector('.yb-list-head')?.clientHeight ?? 0;
      box.scrollTop = scrollFor(to, height, box.scrollTop, box.clientHeight, head + 1);
    } else if (event.key === 'Enter' && row !== undefined && props.onOpen) {
      event.preventDefault();
      props.onOpen(row);
    }
  };

  const template = columns.map(gridWidth).join(' ');
  const minWidth = narrow ? 0 : widthOf(columns);
  const main = columns.find(isShare) ?? columns[0];
  const none = rows.length === 0;
  return (
    <div
      ref={scroll}
      className="yb-list-scroll"
      role="grid"
      aria-label={props.label}
      aria-rowcount={props.total ?? rows.length}
      aria-activedescendant={none ? undefined : `${id}-${selected}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      <Head {...{ columns, template, minWidth, narrow }} sort={props.sort} onSort={props.onSort} />
      {none ? (
        <NoRows {...props} />
      ) : (
        <div className="yb-list-body" role="rowgroup" style={{ height: rows.length * height, minWidth }}>
          {rows.slice(shown.first, shown.end).map((one, offset) => {
            const index = shown.first + offset;
            return (
              <div
                key={props.rowKey(one)}
                id={`${id}-${index}`}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={index === selected}
                className="yb-list-row"
                data-opens={props.onOpen ? true : undefined}
                data-tone={props.tone?.(one)}
                data-narrow={narrow || undefined}
                style={{ top: index * height, height, gridTemplateColumns: template }}
                onClick={(event) => {
                  setSelected(index);
                  // A link or button inside the row leads elsewhere.
                  if (!(event.target as Element).closest('a, button')) props.onOpen?.(one);
                }}
              >
                {columns.map((column) => (
                  <div
                    key={column.key}
                    role="gridcell"
                    className="yb-cell"
                    data-align={column.align}
                    data-number={column.number || undefined}
                    data-main={column === main || undefined}
                    data-title={narrow && column !== main && isNamed(column) ? column.title : undefined}
                  >
                    {column.draw(one)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      )}
    </div>
  );
}

function isNamed<T>(column: Column<T>): boolean | undefined {
  return column.named ?? (column.number || column.align === 'right');
}

const isShare = <T,>({ width = '1fr' }: Column<T>) => width.endsWith('fr');

function gridWidth<T>(column: Column<T>): string {
  const { width = '1fr', least = 0 } = column;
  return isShare(column) ? `minmax(${least}px, ${width})` : width;
}

/** The least px at which every column can be read: below it the list scrolls sideways, its head with it. */
function widthOf<T>(columns: readonly Column<T>[]): number {
  const widths = columns.map(({ width = '1fr', least = 96 }) =>
    width.endsWith('px') ? Number.parseInt(width, 10) : least,
  );
  return widths.reduce((sum, width) => sum + width + 12, 12);
}

function NoRows<T>(props: DataListProps<T>) {
  return (
    <div role="rowgroup">
      <div role="row">
        <div role="gridcell">
          {props.error ? (
            <Failed failure={props.error} onRetry={props.refresh} />
          ) : props.loading || props.more ? (
            <Skeleton lines={8} />
          ) : (
            props.empty
          )}
        </div>
      </div>
    </div>
  );
}

function Head<T>(props: {
  columns: readonly Column<T>[];
  template: string;
  minWidth: number;
  narrow: boolean;
  sort?: string;
  onSort?: (sort: string) => void;
}) {
  if (props.columns.length === 0) return null;
  return (
    <div
      className={props.narrow ? 'yb-hidden' : 'yb-list-head'}
      role="rowgroup"
      style={{ minWidth: props.minWidth }}
    >
      <div
        className="yb-list-row"
        role="row"
        aria-rowindex={1}
        style={{ gridTemplateColumns: props.template }}
      >
        {props.columns.map((column) => (
          <div
            key={column.key}
            role="columnheader"
            className="yb-cell"
            data-align={column.align}
            aria-sort={sortOf(column.key, props.sort)}
          >
            {column.sortable && props.onSort ? (
              <SortButton column={column} sort={props.sort} onSort={props.onSort} />
            ) : (
              column.title
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

function sortOf(key: string, sort: string | undefined): 'ascending' | 'descending' | undefined {
  return sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : undefined;
}

function SortButton<T>(props: { column: Column<T>; sort?: string; onSort: (sort: string) => void }) {
  const { key, title } = props.column;
  const now = sortOf(key, props.sort);
  const Icon =
    now === 'ascending' ? IconSortAscending : now === 'descending' ? IconSortDescending : IconArrowsSort;
  return (
    <button
      type="button"
      className="yb-sort"
      tabIndex={-1}
      onClick={() => props.onSort(now === 'ascending' ? `-${key}` : key)}
    >
      {title}
      <Icon size={14} aria-hidden />
    </button>
  );
}

/** A worklist takes the keyboard when its screen opens. */
function useFirstFocus(scroll: { current: HTMLDivElement | null }, wanted: boolean | undefined): void {
  const first = useRef(wanted);
  useEffect(() => {
    if (first.current) scroll.current?.focus({ preventScroll: true });
  }, [scroll]);
}

/** Scroll position and size of the box, read at most once a frame. */
function useView(scroll: { current: HTMLDivElement | null }): { top: number; height: number; width: number } {
  const [view, setView] = useState({ top: 0, height: 600, width: NARROW });
  useLayoutEffect(() => {
    const box = scroll.current!;
    let frame = 0;
    const read = () => {
      frame = 0;
      setView({ top: box.scrollTop, height: box.clientHeight, width: box.clientWidth });
    };
    const soon = () => {
      frame ||= requestAnimationFrame(read);
    };
    read();
    box.addEventListener('scroll', soon, { passive: true });
    const resized = new ResizeObserver(soon);
    resized.observe(box);
    return () => {
      cancelAnimationFrame(frame);
      box.removeEventListener('scroll', soon);
      resized.disconnect();
    };
  }, [scroll]);
  return view;
}

/** The selected row follows its record, not its place, when rows come and go. */
function useSelection<T>(props: DataListProps<T>): [number, (index: number) => void] {
  const [key, setKey] = useState<string | null>(() => places.get(props.id)?.key ?? null);
  const lastIndex = useRef(0);
  const found = key === null ? -1 : props.rows.findIndex((row) => props.rowKey(row) === key);
  const index = found >= 0 ? found : Math.min(lastIndex.current, Math.max(0, props.rows.length - 1));
  lastIndex.current = index;
  return [index, (next) => setKey(props.rowKey(props.rows[next]!))];
}

/** Keeps the place for the way back, and returns to it once the rows are there. */
function usePlace(
  id: string,
  scroll: { current: HTMLDivElement | null },
  count: number,
  key: string | null,
): void {
  const back = useRef(places.get(id)?.top ?? 0);
  useLayoutEffect(() => {
    if (back.current > 0 && count > 0 && scroll.current) {
      scroll.current.scrollTop = back.current;
      back.current = 0;
    }
  }, [count, scroll]);
  const latest = useRef(key);
  latest.current = key;
  useLayoutEffect(() => {
    const box = scroll.current!;
    return () => {
      places.set(id, { top: box.scrollTop, key: latest.current });
    };
  }, [id, scroll]);
}

/** The form as a grid one types in: arrows, Enter, Tab, type to replace, paste from a spreadsheet, undo. Numbers only. */
import { memo, useCallback, useEffect, useRef, useState } from 'react';
import { numberText } from '../../../../engines/reports/browser.ts';
import { parseNumber, t } from '../../../../web/ui/index.ts';
import type { AnswerCell, SheetAnswer } from '../../routes-sheet.ts';
import { cellsOfHtml } from './clipboard-html.ts';
import { block, cellsOfClipboard, clipboardOf, movedBy, type Place, pastedAt, tabbed } from './place.ts';

export interface GridProps {
  sheet: SheetAnswer;
  /** Numbers as they stand with what was typed. */
  cellOf: (cell: string) => AnswerCell;
  /** Typed and not on the server yet. */
  isTyped: (cell: string) => boolean;
  mayWrite: boolean;
  at: Place;
  onMove: (to: Place) => void;
  /** Several cells at once: a paste. Texts that are no number, and those that found no cell, are told of by the sheet. */
  onType: (cells: { cell: string; text: string }[], left?: LeftOut) => void;
  onUndo: () => void;
  onRedo: () => void;
  /** Ctrl+Enter: more about the cell. */
  onOpen: () => void;
}

export function SheetGrid(props: GridProps) {
  const { sheet, at } = props;
  const extent = { rows: sheet.rows.length, columns: sheet.columns.length };
  const [editing, setEditing] = useState<string | null>(null);
  const [corner, setCorner] = useState<Place>(at);
  const table = useRef<HTMLTableElement>(null);
  const nameAt = useCallback(
    ({ row, column }: Place) => `${sheet.rows[row]?.code}.${sheet.columns[column]?.code}`,
    [sheet],
  );
  const focusCell = useCallback((place: Place) => {
    table.current?.querySelector<HTMLElement>(`[data-place="${place.row}-${place.column}"]`)?.focus();
  }, []);
  const opened = useRef(at);
  useEffect(() => {
    const { row, column } = opened.current;
    table.current
      ?.querySelector(`[data-place="${row}-${column}"]`)
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, []);
  const move = (to: Place, extend = false) => {
    setEditing(null);
    if (!extend) setCorner(to);
    props.onMove(to);
    focusCell(to);
  };
  const name = nameAt(at);
  const open = props.mayWrite && isWritable(props.cellOf(name));

  const commit = (text: string) => {
    if (text !== numberText(props.cellOf(name).value, decimalsAt(sheet, at)))
      props.onType([{ cell: name, text }]);
  };
  const selected = block(corner, at);
  const isSelected = new Set(selected.map(nameAt));

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (editing !== null || event.nativeEvent.isComposing) return;
    const ctrl = event.ctrlKey || event.metaKey;
    if (ctrl && event.key === 'Enter') props.onOpen();
    else if (ctrl && event.key.toLowerCase() === 'z') event.shiftKey ? props.onRedo() : props.onUndo();
    else if (ctrl && event.key.toLowerCase() === 'y') props.onRedo();
    else if (ctrl || event.altKey) return;
    else if (event.key === 'Tab') {
      const to = tabbed(at, event.shiftKey, extent);
      if (!to) return;
      move(to);
    } else if (event.key === 'F2' && open)
      setEditing(numberText(props.cellOf(name).value, decimalsAt(sheet, at)));
    else if ((event.key === 'Delete' || event.key === 'Backspace') && props.mayWrite)
      props.onType(
        selected
          .map(nameAt)
          .filter((cell) => isWritable(props.cellOf(cell)))
          .map((cell) => ({ cell, text: '' })),
      );
    else if (/^[\d,.-]$/.test(event.key) && open) setEditing(event.key);
    else {
      const to = movedBy(event.key, at, extent);
      if (!to) return;
      move(to, event.shiftKey && event.key !== 'Enter');
    }
    event.preventDefault();
  };

  const onPaste = (event: React.ClipboardEvent) => {
    if (editing !== null || !props.mayWrite) return;
    event.preventDefault();
    const lines =
      cellsOfHtml(event.clipboardData.getData('text/html')) ??
      cellsOfClipboard(event.clipboardData.getData('text/plain'));
    const { cells, outside, closed } = pastedAt(lines, at, extent, selected, (place) => {
      const cell = nameAt(place);
      const known = props.cellOf(cell);
      return { cell, open: isWritable(known), says: (text) => saysTheSame(known, text) };
    });
    if (cells.length + outside + closed > 0) props.onType(cells, { outside, closed });
  };
  const onCopy = (event: React.ClipboardEvent) => {
    if (editing !== null) return;
    event.preventDefault();
    const lines = Map.groupBy(selected, ({ row }) => row);
    const texts = [...lines.values()].map((line) =>
      line.map((place) =>
        numberText(props.cellOf(nameAt(place)).value, decimalsAt(sheet, place)).replaceAll('.', ''),
      ),
    );
    event.clipboardData.setData('text/plain', clipboardOf(texts));
  };

  return (
    <div className="st-scroll">
      <table
        ref={table}
        className="st-grid"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the ARIA grid of data stands on a table
        role="grid"
        aria-label={`${sheet.form.code} ${sheet.form.title}`}
        aria-rowcount={extent.rows}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onCopy={onCopy}
      >
        <GridHead sheet={sheet} />
        <tbody>
          {sheet.rows.map((row, index) => (
            <GridRow
              key={row.code}
              index={index}
              row={row}
              sheet={sheet}
              texts={sheet.columns
                .map(({ code, decimals }) => shown(props.cellOf(`${row.code}.${code}`), decimals))
                .join('\u0000')}
              marks={sheet.columns
                .map(({ code }) => marksOf(props, `${row.code}.${code}`, isSelected))
                .join('\u0000')}
              current={index === at.row ? at.column : -1}
              editing={index === at.row ? editing : null}
              onPress={(column, extend) => move({ row: index, column }, extend)}
              onEdit={() => open && setEditing(numberText(props.cellOf(name).value, decimalsAt(sheet, at)))}
              onText={setEditing}
              onDone={(text, key) => {
                commit(text);
                const to =
                  key === 'Tab'
                    ? tabbed(at, false, extent)
                    : key === 'Back'
                      ? tabbed(at, true, extent)
                      : movedBy(key, at, extent);
                move(to ?? at);
              }}
              onCancel={() => move(at)}
              onLeave={(text) => {
                commit(text);
                setEditing(null);
              }}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Titles over the columns, with spans, as they are printed. */
function GridHead({ sheet }: { sheet: SheetAnswer }) {
  const deep = Math.max(0, ...sheet.columns.map(({ above }) => above.length)) + 1;
  const numbered = sheet.rows.some(({ number }) => number !== undefined);
  const lines = Array.from({ length: deep }, (_, level) => titlesAt(sheet, level, deep));
  return (
    <thead>
      {lines.map((titles, level) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of titles has no other name than its depth
        <tr key={level}>
          {level === 0 && numbered && (
            <th scope="col" rowSpan={deep}>
              {t('statistics.number', 'TT')}
            </th>
          )}
          {level === 0 && (
            <th scope="col" rowSpan={deep} className="st-name">
              {sheet.rowTitle}
            </th>
          )}
          {titles.map(({ key, title, across, down }) => (
            <th key={key} scope={across > 1 ? 'colgroup' : 'col'} colSpan={across} rowSpan={down}>
              {title}
            </th>
          ))}
        </tr>
      ))}
    </thead>
  );
}

function titlesAt({ columns }: SheetAnswer, level: number, deep: number) {
  const titles: { key: string; title: string; across: number; down: number }[] = [];
  for (let at = 0; at < columns.length; at += 1) {
    const { above, title, code } = columns[at]!;
    if (above.length < level) continue;
    if (above.length === level) {
      titles.push({ key: code, title, across: 1, down: deep - level });
      continue;
    }
    const path = above.slice(0, level + 1).join('/');
    let across = 1;
    while (columns[at + across]?.above.slice(0, level + 1).join('/') === path) across += 1;
    titles.push({ key: `${path} ${code}`, title: above[level]!, across, down: 1 });
    at += across - 1;
  }
  return titles;
}

interface RowProps {
  index: number;
  row: SheetAnswer['rows'][number];
  sheet: SheetAnswer;
  /** Texts and marks of its cells, as one string each: a line is drawn again only when they change. */
  texts: string;
  marks: string;
  current: number;
  editing: string | null;
  onPress: (column: number, extend: boolean) => void;
  onEdit: () => void;
  onText: (text: string) => void;
  onDone: (text: string, key: string) => void;
  onCancel: () => void;
  /** Focus went elsewhere while something was typed. */
  onLeave: (text: string) => void;
}

const GridRow = memo(
  function GridRow(props: RowProps) {
    const { row, sheet } = props;
    const texts = props.texts.split('\u0000');
    const marks = props.marks.split('\u0000');
    const numbered = sheet.rows.some(({ number }) => number !== undefined);
    return (
      <tr data-heading={row.heading || undefined}>
        {numbered && <td className="st-number">{row.number ?? ''}</td>}
        <th
          scope="row"
          className="st-name"
          style={{ paddingInlineStart: `calc(var(--space-8) + ${row.depth} * var(--space-16))` }}
        >
          {row.title}
        </th>
        {sheet.columns.map((column, at) => {
          const current = props.current === at;
          return (
            <td
              key={column.code}
              // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of that grid
              role="gridcell"
              data-place={`${props.index}-${at}`}
              data-marks={marks[at]}
              aria-selected={marks[at]?.includes('selected') || undefined}
              aria-readonly={!marks[at]?.includes('open') || undefined}
              aria-label={`${row.title}, ${column.title}: ${texts[at] || t('statistics.empty', 'trống')}`}
              tabIndex={current ? 0 : -1}
              onMouseDown={(event) => {
                if (current && props.editing !== null) return;
                event.preventDefault();
                props.onPress(at, event.shiftKey);
              }}
              onDoubleClick={props.onEdit}
            >
              {current && props.editing !== null ? (
                <CellInput {...props} text={props.editing} label={`${row.title}, ${column.title}`} />
              ) : (
                texts[at]
              )}
            </td>
          );
        })}
      </tr>
    );
  },
  (before, after) =>
    before.texts === after.texts &&
    before.marks === after.marks &&
    before.current === after.current &&
    before.editing === after.editing &&
    before.sheet === after.sheet &&
    after.current === -1,
);

function CellInput(props: RowProps & { text: string; label: string }) {
  const input = useRef<HTMLInputElement>(null);
  const over = useRef(false);
  const end = (work: () => void) => {
    over.current = true;
    work();
  };
  useEffect(() => {
    const field = input.current;
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }, []);
  return (
    <input
      ref={input}
      inputMode="decimal"
      aria-label={props.label}
      value={props.text}
      onChange={(event) => props.onText(event.target.value)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Escape') end(props.onCancel);
        else if (event.key === 'Tab') end(() => props.onDone(props.text, event.shiftKey ? 'Back' : 'Tab'));
        else if (['Enter', 'ArrowUp', 'ArrowDown'].includes(event.key))
          end(() => props.onDone(props.text, event.key));
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
      onBlur={() => {
        if (!over.current) props.onLeave(props.text);
      }}
    />
  );
}

export const isWritable = ({ way }: AnswerCell) => way === 'typed' || way === 'counted';

const decimalsAt = (sheet: SheetAnswer, { column }: Place) => sheet.columns[column]?.decimals ?? 0;

/** A mean or rate shows its decimals even where the column counts whole things. */
function shown(cell: AnswerCell, decimals: number): string {
  if (cell.way === 'none') return '×';
  const digits = decimals === 0 && cell.value !== null && !Number.isInteger(cell.value) ? 1 : decimals;
  return numberText(cell.value, digits);
}

/** What a cell's look says beside its number. */
function marksOf(props: GridProps, name: string, selected: ReadonlySet<string>): string {
  const cell = props.cellOf(name);
  const { value, min, max } = cell;
  return [
    cell.way,
    cell.origin === 'corrected' && 'corrected',
    props.isTyped(name) && 'unsent',
    value !== null && ((min !== undefined && value < min) || (max !== undefined && value > max)) && 'outside',
    cell.follow === true && 'follow',
    cell.today !== undefined && 'changed',
    selected.has(name) && 'selected',
    props.mayWrite && isWritable(cell) && 'open',
  ]
    .filter(Boolean)
    .join(' ');
}

/** What a paste brought that was not written: beyond the form, and for cells in which nobody writes. */
export interface LeftOut {
  outside: number;
  closed: number;
}

/** A block that was copied with its totals and crosses is no news to the cells that are made of others. */
function saysTheSame(cell: AnswerCell, text: string): boolean {
  if (cell.way === 'none') return ['×', 'x', '-'].includes(text.trim().toLowerCase());
  return cell.value !== null && parseNumber(text, Number.isInteger(cell.value)) === cell.value;
}

/** A text that was typed or pasted as a number; undefined when it is none. Empty is nothing. @param whole `1.234` is a thousand and more */
export function numberTyped(text: string, whole = false): number | null | undefined {
  if (text.trim() === '') return null;
  return parseNumber(text, whole) ?? undefined;
}

/** What each line of a file would do to its report: nothing, a number typed, a count corrected, a number taken back, or why it cannot. Pure. */
import { type Entries, makeSheet, misfit, type Plan } from '../../../engines/reports/index.ts';
import type { SheetKey } from '../entries.ts';
import type { WholeSheet } from '../sheets.ts';
import { type FileLine, numberIn } from './lines.ts';

export type Outcome = 'same' | 'typed' | 'corrected' | 'removed' | 'formula' | 'wrong';

export interface JudgedLine extends SheetKey {
  line: number;
  cell: string;
  /** Name of the row and the column. */
  title: string;
  value: string | number | null;
  /** What stands there now. */
  before: number | null;
  outcome: Outcome;
  text?: string;
  textEn?: string;
  /** Entry that was seen: what is written says so. */
  seen: number;
}

/** A report that lines are for, or why none of them can be written. */
export type Target = { whole: WholeSheet } | { refused: { text: string; textEn: string } };

export const placeOf = ({ form, unit, period }: SheetKey): string => `${form} ${unit} ${period}`;

/** @param targets by `placeOf`; every line has one */
export function judge(lines: readonly FileLine[], targets: ReadonlyMap<string, Target>): JudgedLine[] {
  const seen = new Map<string, number>();
  const judged = lines.map((line): JudgedLine => {
    const target = targets.get(placeOf(line))!;
    const key = `${placeOf(line)} ${line.cell}`;
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, line.line);
    if (line.fault) return wrong(line, line.fault.text, line.fault.textEn);
    if ('refused' in target) return wrong(line, target.refused.text, target.refused.textEn);
    if (earlier !== undefined)
      return wrong(line, `Ô này đã có ở dòng ${earlier}.`, `line ${earlier} says this cell already`);
    return judgeLine(line, target.whole);
  });
  return judged.map((line) => {
    const target = targets.get(placeOf(line))!;
    return line.outcome === 'formula' && 'whole' in target ? formulaLine(line, target.whole, judged) : line;
  });
}

function judgeLine(line: FileLine, whole: WholeSheet): JudgedLine {
  const { plan } = whole.form;
  const planned = plan.cells.get(line.cell);
  if (!planned) return wrong(line, `Biểu không có ô “${line.cell}”.`, `the form has no cell "${line.cell}"`);
  const base: JudgedLine = { ...lineOf(line), title: titleOf(plan, line.cell) };
  const value = numberIn(line.value);
  if (value === undefined)
    return {
      ...wrong(line, `“${line.value}” không phải số (ghi như 1234,5).`, `"${line.value}" is no number`),
      title: base.title,
    };
  const unfit = value === null || planned.kind === 'none' ? null : misfit(plan, line.cell, value);
  if (unfit !== null) return { ...wrong(line, unfit.text, unfit.textEn), title: base.title };
  const shown = whole.sheet.get(line.cell);
  const entry = whole.entries.get(line.cell);
  const known = { ...base, value, before: shown?.value ?? null, seen: entry?.n ?? 0 };
  switch (planned.kind) {
    case 'none':
      return value === null
        ? { ...known, outcome: 'same' }
        : {
            ...wrong(line, 'Ô này không có số theo mẫu (×).', 'this cell has no number by the form'),
            title: base.title,
          };
    case 'formula':
      return { ...known, outcome: 'formula' };
    case 'typed':
      if (value === known.before) return { ...known, outcome: 'same' };
      return { ...known, outcome: value === null ? 'removed' : 'typed' };
    case 'counted': {
      const counted = shown?.counted ?? null;
      if (value === known.before) return { ...known, outcome: 'same' };
      return { ...known, outcome: value === null || value === counted ? 'removed' : 'corrected' };
    }
  }
}

/** A cell that is made of others is never written: where the file says something else, that is shown. */
function formulaLine(line: JudgedLine, whole: WholeSheet, all: readonly JudgedLine[]): JudgedLine {
  const { plan } = whole.form;
  const counted = new Map([...whole.sheet].map(([cell, { counted: count }]) => [cell, count ?? null]));
  const written = new Map([...whole.entries].map(([cell, { value }]) => [cell, value]));
  for (const other of all)
    if (placeOf(other) === placeOf(line) && isWritten(other)) written.set(other.cell, writtenValue(other));
  const made = makeSheet(plan, counted, written as Entries).get(line.cell)?.value ?? null;
  const value = line.value as number | null;
  const same = made === value || (made !== null && value !== null && Math.abs(made - value) < 0.05);
  if (same || value === null) return { ...line, outcome: 'same' };
  return {
    ...line,
    text: `Ô này tính từ ô khác, không ghi: tệp có ${value}, biểu tính được ${made ?? 'không có số'}.`,
    textEn: `this cell is made of others and is not written: the file says ${value}, the form makes ${made ?? 'nothing'}`,
  };
}

export const isWritten = ({ outcome }: JudgedLine): boolean =>
  outcome === 'typed' || outcome === 'corrected' || outcome === 'removed';

/** What is written: a count that comes back needs no number over it. */
export const writtenValue = ({ outcome, value }: JudgedLine): number | null =>
  outcome === 'removed' ? null : (value as number);

const lineOf = ({ line, form, unit, period, cell, value }: FileLine): JudgedLine => ({
  line,
  form,
  unit,
  period,
  cell,
  title: cell,
  value,
  before: null,
  outcome: 'wrong',
  seen: 0,
});

const wrong = (line: FileLine, text: string, textEn: string): JudgedLine => ({
  ...lineOf(line),
  text,
  textEn,
});

function titleOf({ rows, columns }: Plan, cell: string): string {
  const [row, column] = cell.split('.');
  return [rows.find(({ code }) => code === row)?.title, columns.find(({ code }) => code === column)?.title]
    .filter(Boolean)
    .join(' · ');
}

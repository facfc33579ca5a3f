/** Numbers of a spreadsheet in the layout of a form: rows by the names of the form's rows, columns as the form has them. Pure. */
import { foldText } from '../../../kernel/text/fold.ts';
import type { Plan } from '../plan.ts';
import type { SheetValue } from './xlsx.ts';

export interface TableLine {
  /** Row of the spreadsheet, from 1. */
  line: number;
  cell: string;
  value: SheetValue;
}

export interface TableRead {
  lines: TableLine[];
  /** Rows of the form that the spreadsheet does not have. */
  missing: string[];
  /** Rows that stand among the form's own and are none of it. */
  strange: { line: number; text: string }[];
}

/**
 * The column with the names is the one in which most of the form's rows are found; numbers follow it. A name that the form has twice
 * is told by the order of the rows. What stands as × has no number.
 */
export function tableLines(plan: Plan, rows: readonly (readonly SheetValue[])[]): TableRead {
  const names = plan.rows.map(({ title }) => foldText(title));
  const column = nameColumn(names, rows);
  const read: TableRead = { lines: [], missing: [], strange: [] };
  let next = 0;
  for (const [at, row] of rows.entries()) {
    const text = foldText(String(row[column] ?? ''));
    const found = text === '' ? -1 : names.indexOf(text, next);
    if (found < 0) {
      if (next > 0 && next < names.length && text !== '')
        read.strange.push({ line: at + 1, text: String(row[column]) });
      continue;
    }
    for (const skipped of plan.rows.slice(next, found)) read.missing.push(skipped.title);
    next = found + 1;
    for (const [offset, { code }] of plan.columns.entries()) {
      const value = row[column + 1 + offset] ?? null;
      if (value !== '×') read.lines.push({ line: at + 1, cell: `${plan.rows[found]!.code}.${code}`, value });
    }
  }
  for (const skipped of plan.rows.slice(next)) read.missing.push(skipped.title);
  return read;
}

function nameColumn(names: readonly string[], rows: readonly (readonly SheetValue[])[]): number {
  const known = new Set(names);
  const hits = new Map<number, number>();
  for (const row of rows)
    for (const [at, value] of row.entries())
      if (typeof value === 'string' && known.has(foldText(value))) hits.set(at, (hits.get(at) ?? 0) + 1);
  return [...hits].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 0;
}

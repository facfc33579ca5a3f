/** Rows as NDJSON, CSV (RFC 4180) and JSON. Pure. */
import type { CompiledColumn } from '../compile.ts';

/** How a file begins, how a page of rows is written, how it ends. */
export interface RowText {
  type: string;
  ending: string;
  head: string;
  /** @param first the first rows of the file */
  page(rows: readonly unknown[][], first: boolean): string;
  tail: string;
}

export function rowText(
  format: 'ndjson' | 'csv' | 'json',
  columns: readonly CompiledColumn[],
  header: boolean,
): RowText {
  const names = columns.map(({ name }) => name);
  const line = (row: unknown[]) =>
    JSON.stringify(Object.fromEntries(names.map((name, at) => [name, row[at] ?? null])));
  switch (format) {
    case 'ndjson':
      return {
        type: 'application/x-ndjson',
        ending: 'ndjson',
        head: '',
        page: (rows) => rows.map((row) => `${line(row)}\n`).join(''),
        tail: '',
      };
    case 'csv':
      return {
        type: 'text/csv; charset=utf-8',
        ending: 'csv',
        head: header ? csvLine(names) : '',
        page: (rows) => rows.map(csvLine).join(''),
        tail: '',
      };
    case 'json':
      return {
        type: 'application/json; charset=utf-8',
        ending: 'json',
        head: '[',
        page: (rows, first) => (rows.length === 0 ? '' : `${first ? '' : ','}${rows.map(line).join(',')}`),
        tail: ']',
      };
  }
}

function csvLine(cells: readonly unknown[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  const text = typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

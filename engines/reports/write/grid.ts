/** A book or form as it is printed: rows of cells with spans, which HTML, the spreadsheet and the paper all draw. Pure. */
import type { RegisterDefinition } from '../definition.ts';
import type { Plan, PlannedColumn, PlannedRow } from '../plan.ts';
import type { RegisterLine } from '../register.ts';
import type { Sheet } from '../sheet.ts';

export interface GridCell {
  text: string;
  /** The number itself, for a spreadsheet. */
  number?: number;
  decimals?: number;
  across: number;
  down: number;
  kind: 'title' | 'row-title' | 'text' | 'number' | 'total' | 'none';
  /** Steps by which a row's name is set in. */
  depth?: number;
  /** `row.column` of a number that opens. */
  cell?: string;
}

export interface Grid {
  /** Lines at the top left, and at the top right. */
  left: readonly string[];
  right: readonly string[];
  title: string;
  subtitle: readonly string[];
  /** Shares of the width, one a column. */
  widths: readonly number[];
  head: readonly (readonly GridCell[])[];
  body: readonly (readonly GridCell[])[];
  notes: readonly string[];
  /** Who signs, left to right. */
  signatures: readonly string[];
}

export interface Heading {
  left: readonly string[];
  period: string;
  unit: string;
}

const cellOf = (text: string, kind: GridCell['kind'], more: Partial<GridCell> = {}): GridCell => ({
  text,
  across: 1,
  down: 1,
  kind,
  ...more,
});

/** A number as Vietnam writes it: 1.234,5. */
export function numberText(value: number | null, decimals = 0): string {
  if (value === null) return '';
  const [whole = '0', rest = ''] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '.');
  const isZero = Number(whole) === 0 && Number(rest || '0') === 0;
  return `${value < 0 && !isZero ? '-' : ''}${grouped}${rest === '' ? '' : `,${rest}`}`;
}

export function reportGrid(plan: Plan, sheet: Sheet, heading: Heading): Grid {
  const { definition, columns, rows } = plan;
  const numbered = rows.some(({ number }) => number !== undefined);
  return {
    left: heading.left,
    right: [definition.code, definition.source],
    title: definition.title,
    subtitle: [heading.unit, heading.period],
    widths: [...(numbered ? [0.5] : []), 3.2, ...columns.map(({ width }) => width ?? 1)],
    head: headOf(numbered ? ['TT', definition.rowTitle] : [definition.rowTitle], columns, numbered),
    body: rows.map((row) => [
      ...(numbered ? [cellOf(row.number ?? '', 'text')] : []),
      cellOf(row.title, 'row-title', { depth: row.depth, across: 1 }),
      ...columns.map((column) => numberCell(row, column, sheet)),
    ]),
    notes: definition.notes ?? [],
    signatures: ['Người lập biểu', 'Thủ trưởng đơn vị'],
  };
}

function numberCell(row: PlannedRow, column: PlannedColumn, sheet: Sheet): GridCell {
  const name = `${row.code}.${column.code}`;
  const cell = sheet.get(name);
  if (cell === undefined || cell.origin === 'none')
    return cellOf(row.heading ? '' : '×', 'none', { cell: name });
  const decimals = column.decimals ?? 0;
  return cellOf(numberText(cell.value, decimals), cell.origin === 'formula' ? 'total' : 'number', {
    cell: name,
    decimals,
    ...(cell.value === null ? {} : { number: cell.value }),
  });
}

/** Titles with spans, and beneath them the columns' numbers as statutory forms have them: A, B, 1, 2, … */
function headOf(
  first: readonly string[],
  columns: readonly { title: string; above: readonly string[] }[],
  numbered: boolean,
): GridCell[][] {
  const deep = Math.max(0, ...columns.map(({ above }) => above.length)) + 1;
  const rows: GridCell[][] = Array.from({ length: deep }, () => []);
  rows[0]!.push(...first.map((title) => cellOf(title, 'title', { down: deep })));
  for (let level = 0; level < deep; level += 1) {
    for (let at = 0; at < columns.length; at += 1) {
      const { above, title } = columns[at]!;
      if (above.length < level) continue;
      if (above.length === level) {
        rows[level]!.push(cellOf(title, 'title', { down: deep - level }));
        continue;
      }
      const path = above.slice(0, level + 1).join('\u0000');
      let across = 1;
      while (columns[at + across]?.above.slice(0, level + 1).join('\u0000') === path) across += 1;
      rows[level]!.push(cellOf(above[level]!, 'title', { across }));
      at += across - 1;
    }
  }
  const letters = numbered ? ['A', 'B'] : first.length > 0 ? ['A'] : [];
  return [
    ...rows,
    [...letters, ...columns.map((_, at) => String(at + 1))].map((text) => cellOf(text, 'title')),
  ];
}

export function registerGrid(
  definition: RegisterDefinition,
  lines: readonly Pick<RegisterLine, 'cells'>[],
  heading: Heading,
): Grid {
  const printed = definition.columns.filter(({ screen }) => screen !== true);
  const columns = printed.map(({ title, group }) => ({ title, above: group ? [group] : [] }));
  return {
    left: heading.left,
    right: [definition.code, definition.source],
    title: definition.title,
    subtitle: [heading.unit, heading.period],
    widths: printed.map(({ width }) => width ?? 1),
    head: headOf([], columns, false),
    body: lines.map(({ cells }) => printed.map(({ key }) => cellOf(cells[key] ?? '', 'text'))),
    notes: [],
    signatures: [],
  };
}

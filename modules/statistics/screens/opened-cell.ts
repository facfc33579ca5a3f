/** Where a number of a table opens: the cell of the report that it is, with the people behind it. Pure. */
import type { PivotAnswer } from '../routes-pivot.ts';
import type { SheetAnswer } from '../routes-sheet.ts';

/** Part of a report's address: the cell that is opened at once. */
export const OPENED = 'o';

export interface OpenedCell {
  form: string;
  unit: string;
  period: string;
  /** `row.column` */
  cell: string;
}

export const addressOf = ({ form, unit, period, cell }: OpenedCell): string =>
  `/bao-cao/${form}/${encodeURIComponent(unit)}/${period}?${OPENED}=${encodeURIComponent(cell)}`;

type Head = Pick<PivotAnswer['rows'][number], 'key'>;

/** The report's cell that a number of a pivot is; null for what is made of several, and for parts of one by age or sex. */
export function cellOfPivot(
  { ask, form, formRows, formColumns }: Pick<PivotAnswer, 'ask' | 'form' | 'formRows' | 'formColumns'>,
  row: Head,
  column: Head,
): OpenedCell | null {
  const at = new Map<string, string>([
    [ask.rows, row.key],
    [ask.columns, column.key],
  ]);
  if (at.has('age') || at.has('sex')) return null;
  const unit = at.get('unit') ?? ask.unit ?? '';
  const period = at.get('period') ?? (ask.from === ask.to ? ask.from : '');
  const cell =
    at.get('cell') ?? `${ask.row ?? formRows[0]?.code ?? ''}.${ask.column ?? formColumns[0]?.code ?? ''}`;
  return unit === '' || period === '' || cell === '' ? null : { form: form.key, unit, period, cell };
}

/** The report's cell that the numerator of an indicator is: `[kham-chua-benh/visits.total]`. Null for one that is made of several. */
export function cellOfNumerator(numerator: string, unit: string, period: string): OpenedCell | null {
  const [, form = '', cell = ''] = /^\s*\[([^/\]@]+)\/([^\]@]+)\]\s*$/.exec(numerator) ?? [];
  return form === '' || unit === '' ? null : { form, unit, period, cell };
}

/** Where a cell stands in the grid; the first one for a cell that the form does not have. */
export function placeIn({ rows, columns }: Pick<SheetAnswer, 'rows' | 'columns'>, cell: string) {
  const [row = '', column = ''] = cell.split('.');
  const at = {
    row: rows.findIndex(({ code }) => code === row),
    column: columns.findIndex(({ code }) => code === column),
  };
  return at.row < 0 || at.column < 0 ? { row: 0, column: 0 } : at;
}

/** What a pivot asks: which form and periods, what stands in its rows and columns. Read from a query or a kept question. */
import type { Content } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';
import { type Form, formOf } from './forms.ts';
import { kindOfPeriod, shiftPeriod } from './period.ts';

export const DIMENSIONS = ['unit', 'period', 'age', 'sex', 'cell'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export interface PivotAsk {
  /** Key of a form. */
  form: string;
  from: string;
  to: string;
  rows: Dimension;
  columns: Dimension;
  /** Row of the form; the first with a number when absent. Rows are a dimension of their own (`cell`). */
  row?: string;
  /** Column of the form; its first when absent. */
  column?: string;
  /** One unit; absent = all that the reader sees. */
  unit?: string;
}

/** A question that can be carried out. */
export interface ReadyPivot extends PivotAsk {
  /** The version of the last period. */
  ready: Form;
  periods: string[];
  /** Cells that are shown: one, or one for each row of the form. */
  cells: { cell: string; title: string; decimals: number }[];
}

const MOST_PERIODS = 36;

/** @throws Failure `invalid-parameter` naming the wrong part, `not-found` for a form that is none */
export function readyPivot(content: Content, given: Readonly<Record<string, unknown>>): ReadyPivot {
  const ask = partsOf(given);
  const ready = formOf(content, ask.form, ask.to);
  const periods = periodsOf(ask);
  const { columns, rows, cells } = ready.plan;
  const column = ask.column ?? columns[0]?.code ?? '';
  const whole = rows.filter(({ code }) => {
    const kind = cells.get(`${code}.${column}`)?.kind;
    return kind !== undefined && kind !== 'none';
  });
  const decimals = columns.find(({ code }) => code === column)?.decimals ?? 0;
  const shown =
    ask.rows === 'cell' || ask.columns === 'cell'
      ? whole
      : whole.filter(({ code }, at) => (ask.row === undefined ? at === 0 : code === ask.row));
  if (shown.length === 0)
    throw wrong(
      ask.row === undefined ? 'column' : 'row',
      `Biểu không có ô “${ask.row ?? ''}.${column}”.`,
      `the form has no cell "${ask.row ?? ''}.${column}"`,
    );
  return {
    ...ask,
    ready,
    periods,
    cells: shown.map(({ code, title, number }) => ({
      cell: `${code}.${column}`,
      title: number ? `${number}. ${title}` : title,
      decimals,
    })),
  };
}

function partsOf(given: Readonly<Record<string, unknown>>): PivotAsk {
  const text = (name: string) => {
    const value = given[name];
    return typeof value === 'string' && value !== '' && value.length <= 100 ? value : undefined;
  };
  const needed = (name: string) => {
    const value = text(name);
    if (value !== undefined) return value;
    throw wrong(name, `Bảng xoay cần “${name}”.`, `a pivot needs "${name}"`);
  };
  const dimension = (name: string) => {
    const value = DIMENSIONS.find((one) => one === text(name));
    if (value !== undefined) return value;
    throw wrong(
      name,
      `“${name}” là một trong ${DIMENSIONS.join(', ')}.`,
      `"${name}" is one of ${DIMENSIONS.join(', ')}`,
    );
  };
  const [rows, columns] = [dimension('rows'), dimension('columns')];
  if (rows === columns)
    throw wrong(
      'columns',
      'Hàng và cột phải là hai chiều khác nhau.',
      'rows and columns must be two different dimensions',
    );
  const optional = (['row', 'column', 'unit'] as const).flatMap((name) => {
    const value = text(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    form: needed('form'),
    from: needed('from'),
    to: needed('to'),
    rows,
    columns,
    ...Object.fromEntries(optional),
  };
}

function periodsOf({ from, to }: PivotAsk): string[] {
  const kind = kindOfPeriod(from);
  if (kind === null || kind !== kindOfPeriod(to))
    throw wrong(
      'from',
      `Kỳ đầu “${from}” không cùng loại với kỳ cuối “${to}”.`,
      `"${from}" is no period of the kind of "${to}"`,
    );
  const periods = [from];
  while (periods.at(-1)! < to && periods.length < MOST_PERIODS) periods.push(shiftPeriod(periods.at(-1)!, 1));
  if (periods.at(-1) === to) return periods;
  throw wrong(
    'from',
    `Chọn từ 1 đến ${MOST_PERIODS} kỳ, kỳ đầu trước kỳ cuối.`,
    `ask for 1 to ${MOST_PERIODS} periods, the first before the last`,
  );
}

const wrong = (expression: string, text: string, textEn: string) =>
  new Failure('invalid-parameter', text, { textEn, expression });

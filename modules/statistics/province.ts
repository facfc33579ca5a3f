/** A form of the province: a line for each unit that was there, and all of them together. */
import { addSheets, type Grid, type GridCell, numberText, type Sheet } from '../../engines/reports/index.ts';
import type { Actor } from '../../kernel/access/contract.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { isInPlace } from './boundaries.ts';
import type { Counted } from './figures.ts';
import { type Form, formOf } from './forms.ts';
import { daysOfPeriod, periodText } from './period.ts';
import { type ReportingUnit, unitsSeen } from './reach.ts';
import { manySheets } from './sheets.ts';

export interface ProvinceForm {
  form: Form;
  period: string;
  lines: { unit: ReportingUnit; sheet: Sheet }[];
  total: Sheet;
  counted: Counted;
}

/** @throws Failure as `formOf` */
export async function provinceForm(
  kernel: Kernel,
  actor: Actor,
  key: string,
  period: string,
): Promise<ProvinceForm> {
  const form = formOf(kernel.content, key, period);
  const { end } = daysOfPeriod(period);
  const seen = await unitsSeen(kernel, actor, form.plan.definition.units);
  const units = seen.filter(({ id }) => isInPlace(kernel.content, id, end));
  const ids = units.map(({ id }) => id);
  const { sheets, counted } = await manySheets(kernel.pool, form, ids, [period]);
  const lines = units.map((unit) => ({ unit, sheet: sheets.get(`${unit.id} ${period}`)! }));
  const total = addSheets(
    form.plan,
    lines.map(({ sheet }) => sheet),
  );
  return { form, period, lines, total, counted };
}

/** Rows of the form side by side, a line for each unit, the total first. */
export function provinceGrid({ form, period, lines, total }: ProvinceForm): Grid {
  const { definition, rows, columns } = form.plan;
  const shown = rows
    .filter(({ heading }) => heading !== true)
    .map((row) => ({
      row,
      columns: columns.filter(({ code }) => form.plan.cells.get(`${row.code}.${code}`)?.kind !== 'none'),
    }))
    .filter((part) => part.columns.length > 0);
  const title = (text: string, across = 1, down = 1): GridCell => ({ text, across, down, kind: 'title' });
  const line = (number: string, name: string, sheet: Sheet): GridCell[] => [
    { text: number, across: 1, down: 1, kind: 'text' },
    { text: name, across: 1, down: 1, kind: 'row-title', depth: 0 },
    ...shown.flatMap(({ row, columns: own }) =>
      own.map((column): GridCell => {
        const value = sheet.get(`${row.code}.${column.code}`)?.value ?? null;
        const decimals = column.decimals ?? 0;
        return {
          text: numberText(value, decimals),
          decimals,
          across: 1,
          down: 1,
          kind: number === '' ? 'total' : 'number',
          ...(value === null ? {} : { number: value }),
        };
      }),
    ),
  ];
  return {
    left: ['SỞ Y TẾ'],
    right: [definition.code, definition.source],
    title: definition.title,
    subtitle: ['Tổng hợp theo đơn vị', periodText(period)],
    widths: [0.5, 3, ...shown.flatMap(({ columns: own }) => own.map(() => 1))],
    head: [
      [
        title('TT', 1, 2),
        title('Đơn vị', 1, 2),
        ...shown.map(({ row, columns: own }) => title(row.title, own.length)),
      ],
      shown.flatMap(({ columns: own }) => own.map((column) => title(column.title))),
    ],
    body: [
      line('', 'Tổng số', total),
      ...lines.map(({ unit, sheet }, at) => line(String(at + 1), unit.name, sheet)),
    ],
    notes: definition.notes ?? [],
    signatures: ['Người lập biểu', 'Thủ trưởng đơn vị'],
  };
}

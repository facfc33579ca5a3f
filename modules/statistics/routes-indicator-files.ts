/** `/api/statistics/indicators/:key/series.{csv,xlsx}`: an indicator by unit and month as it leaves the house, former units beside those of now. */
import type { FastifyInstance } from 'fastify';
import type { Grid } from '../../engines/reports/index.ts';
import { spreadsheetCsv } from '../../kernel/content/csv.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { WHY_WORDS } from './group-words.ts';
import type { IndicatorValue } from './indicators.ts';
import { type IndicatorAnswer, type IndicatorAsked, indicatorAnswer } from './routes-indicators.ts';
import { numberCell, plainNumber, tableCell, tableFileRoutes } from './table-files.ts';

const COLUMNS = [
  'indicator',
  'version',
  'unit',
  'unit_name',
  'until',
  'period',
  'numerator',
  'denominator',
  'value',
  'factor',
  'why',
  'source',
];

export function indicatorFileRoutes(app: FastifyInstance, kernel: Kernel): void {
  tableFileRoutes<IndicatorAsked, IndicatorAnswer>(
    app,
    '/api/statistics/indicators/:key/series',
    (request) => indicatorAnswer(kernel, request, 'export'),
    {
      name: ({ indicator, periods }) => `${indicator.key}-${periods[0]}-${periods.at(-1)}`,
      csv: csvOf,
      grid: gridOf,
      code: ({ indicator }) => indicator.code,
    },
  );
}

/** A line of the table: all units together, a unit of now, one that is no more on the last day. */
interface Line {
  id: string;
  name: string;
  until: string;
  values: readonly IndicatorValue[];
}

function linesOf({ units, former, values }: IndicatorAnswer): Line[] {
  const own = (id: string) => values.filter(({ unit }) => unit === id);
  return [
    ...(units.length > 1 ? [{ id: 'all', name: 'Toàn tỉnh', until: '', values: own('') }] : []),
    ...units.map(({ id, name }) => ({ id, name, until: '', values: own(id) })),
    ...former.map(({ unit, until, values: then }) => ({ id: unit.id, name: unit.name, until, values: then })),
  ];
}

function csvOf(answer: IndicatorAnswer): string {
  const { indicator } = answer;
  const rows = linesOf(answer).flatMap(({ id, name, until, values }) =>
    values.map((one) => ({
      indicator: indicator.code,
      version: indicator.version,
      unit: id,
      unit_name: name,
      until,
      period: one.period,
      numerator: plainNumber(one.numerator),
      denominator: plainNumber(one.denominator),
      value: plainNumber(one.value),
      factor: String(indicator.factor),
      why: one.why ?? '',
      source: indicator.source,
    })),
  );
  return spreadsheetCsv(COLUMNS, rows);
}

/** Numerator, denominator and value of each month beneath its name. */
function gridOf(answer: IndicatorAnswer): Grid {
  const { indicator, periods } = answer;
  const named = ({ name, until }: Line) =>
    until === ''
      ? name
      : `${name} (đến trước ${until.split('-').toReversed().join('/')}, đã gộp vào đơn vị nay)`;
  return {
    left: ['SỞ Y TẾ'],
    right: [indicator.code, indicator.source],
    title: indicator.title,
    subtitle: [`Từ ${periods[0]} đến ${periods.at(-1)}, × ${indicator.factor}`],
    widths: [3, ...periods.flatMap(() => [1, 1, 1])],
    head: [
      [
        tableCell('Đơn vị', 'title', { down: 2 }),
        ...periods.map((period) =>
          tableCell(`${period.slice(5)}/${period.slice(0, 4)}`, 'title', { across: 3 }),
        ),
      ],
      periods.flatMap(() => ['Tử số', 'Mẫu số', 'Giá trị'].map((title) => tableCell(title, 'title'))),
    ],
    body: linesOf(answer).map((line) => [
      tableCell(named(line), 'row-title'),
      ...periods.flatMap((period) => {
        const one = line.values.find((value) => value.period === period);
        if (one === undefined) return [tableCell('', 'text'), tableCell('', 'text'), tableCell('', 'text')];
        return [
          numberCell(one.numerator, 0),
          numberCell(one.denominator, 0),
          numberCell(one.value, indicator.decimals, one.why && WHY_WORDS[one.why]),
        ];
      }),
    ]),
    notes: [indicator.definition],
    signatures: [],
  };
}

/** `/api/statistics/indicators/:key/series.{csv,xlsx}`: an indicator by unit and month as it leaves the house, former units beside those of now. */
import type { FastifyInstance } from 'fastify';
import { type Grid, type GridCell, numberText, xlsx } from '../../engines/reports/index.ts';
import { spreadsheetCsv } from '../../kernel/content/csv.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { WHY_WORDS } from './group-words.ts';
import type { IndicatorValue } from './indicators.ts';
import { type IndicatorAnswer, type IndicatorAsked, indicatorAnswer } from './routes-indicators.ts';

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
  const path = '/api/statistics/indicators/:key/series';
  app.get<IndicatorAsked>(`${path}.csv`, async (request, reply) => {
    const answer = await indicatorAnswer(kernel, request, 'export');
    reply.type('text/csv; charset=utf-8').header('content-disposition', attached(answer, 'csv'));
    return csvOf(answer);
  });
  app.get<IndicatorAsked>(`${path}.xlsx`, async (request, reply) => {
    const answer = await indicatorAnswer(kernel, request, 'export');
    reply
      .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
      .header('content-disposition', attached(answer, 'xlsx'));
    return xlsx(gridOf(answer), answer.indicator.code);
  });
}

const attached = ({ indicator, periods }: IndicatorAnswer, ending: string) =>
  `attachment; filename="${indicator.key}-${periods[0]}-${periods.at(-1)}.${ending}"`;

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
  const text = (value: number | null) => (value === null ? '' : String(value));
  const rows = linesOf(answer).flatMap(({ id, name, until, values }) =>
    values.map((one) => ({
      indicator: indicator.code,
      version: indicator.version,
      unit: id,
      unit_name: name,
      until,
      period: one.period,
      numerator: text(one.numerator),
      denominator: text(one.denominator),
      value: text(one.value),
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
  const cell = (text: string, kind: GridCell['kind'], more: Partial<GridCell> = {}): GridCell => ({
    text,
    across: 1,
    down: 1,
    kind,
    ...more,
  });
  const number = (value: number | null, decimals: number, why = '') =>
    value === null
      ? cell(why, 'text')
      : cell(numberText(value, decimals), 'number', { number: value, decimals });
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
        cell('Đơn vị', 'title', { down: 2 }),
        ...periods.map((period) => cell(`${period.slice(5)}/${period.slice(0, 4)}`, 'title', { across: 3 })),
      ],
      periods.flatMap(() => ['Tử số', 'Mẫu số', 'Giá trị'].map((title) => cell(title, 'title'))),
    ],
    body: linesOf(answer).map((line) => [
      cell(named(line), 'row-title'),
      ...periods.flatMap((period) => {
        const one = line.values.find((value) => value.period === period);
        if (one === undefined) return [cell('', 'text'), cell('', 'text'), cell('', 'text')];
        return [
          number(one.numerator, 0),
          number(one.denominator, 0),
          number(one.value, indicator.decimals, one.why && WHY_WORDS[one.why]),
        ];
      }),
    ]),
    notes: [indicator.definition],
    signatures: [],
  };
}

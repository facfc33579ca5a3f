/** `/api/statistics/indicators/:key/groups`: an indicator of a year by age, sex and unit; the same as CSV and as a spreadsheet. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Grid, GridCell } from '../../engines/reports/index.ts';
import { spreadsheetCsv } from '../../kernel/content/csv.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { isInPlace } from './boundaries.ts';
import { WHY_WORDS } from './group-words.ts';
import { ageBands, ageText, SEX_WORDS } from './groups.ts';
import { type GroupValue, type GroupValues, indicatorGroups } from './indicator-groups.ts';
import { indicatorShown, lastDay } from './indicators.ts';
import { monthsOf, periodOf, shiftPeriod } from './period.ts';
import { READERS, type ReportingUnit, unitSeen, unitsSeen } from './reach.ts';
import { type DictionaryEntry, entryOf } from './routes-indicators.ts';
import { numberCell, plainNumber, tableCell, tableFileRoutes } from './table-files.ts';

export interface IndicatorGroupsAnswer extends GroupValues {
  indicator: DictionaryEntry;
  year: string;
  /** Months that are in the numbers: those of the year that are over. */
  months: string[];
  units: ReportingUnit[];
  /** Keys of age bands in order; a value may also be of `unknown`, and of '' = all. */
  ages: string[];
}

interface Asked {
  Params: { key: string };
  Querystring: { year?: string; unit?: string };
}

/** Kinds of units that have a commune and its people. */
const KINDS = ['tram-y-te'];
const COLUMNS = [
  'indicator',
  'version',
  'year',
  'months',
  'unit',
  'unit_name',
  'sex',
  'age',
  'numerator',
  'denominator',
  'value',
  'factor',
  'why',
  'population_source',
  'population_status',
  'source',
];

export function indicatorGroupRoutes(app: FastifyInstance, kernel: Kernel): void {
  const path = '/api/statistics/indicators/:key/groups';
  app.get<Asked>(path, (request) => answerOf(kernel, request, 'read'));
  tableFileRoutes<Asked, IndicatorGroupsAnswer>(app, path, (request) => answerOf(kernel, request, 'export'), {
    name: ({ indicator, year }) => `${indicator.key}-${year}-theo-nhom`,
    csv: csvOf,
    grid: gridOf,
    code: ({ indicator }) => indicator.code,
  });
}

async function answerOf(
  kernel: Kernel,
  request: FastifyRequest<Asked>,
  act: 'read' | 'export',
): Promise<IndicatorGroupsAnswer> {
  const actor = kernel.gate.require(request, ...READERS);
  const today = vietnamDay(kernel.settings.now());
  const year = request.query.year || shiftPeriod(periodOf('month', today), -1).slice(0, 4);
  const months = monthsOver(year, today);
  const { definition, day } = indicatorShown(kernel.content, request.params.key, months, today);
  const { unit } = request.query;
  const seen = await unitsSeen(kernel, actor, KINDS);
  if (unit) await unitSeen(kernel, actor, unit);
  const made = await indicatorGroups(
    kernel.pool,
    kernel.content,
    definition.value,
    seen,
    months,
    act === 'read' ? 'soon' : 'kept',
  );
  await kernel.gate.session(request).note(act, `indicator ${definition.key} ${year} by group`, null);
  return {
    indicator: entryOf(kernel.content, definition, day),
    year,
    months,
    units: seen.filter(({ id }) => isInPlace(kernel.content, id, lastDay(months)) && (!unit || id === unit)),
    ages: ageBands(kernel.content).map((band) => band.key),
    population: made.population,
    waiting: made.waiting,
    values: unit ? made.values.filter((one) => one.unit === unit) : made.values,
  };
}

/** Months of a year that are over; of a year that has just begun, its first. @throws Failure `invalid-parameter` */
function monthsOver(year: string, today: string): string[] {
  if (/^20\d\d$/.test(year) && year <= today.slice(0, 4)) {
    const all = monthsOf(year);
    const over = all.filter((month) => month < today.slice(0, 7));
    return over.length > 0 ? over : all.slice(0, 1);
  }
  throw new Failure('invalid-parameter', `Năm “${year}” không xem được. Ghi một năm đã tới, như 2026.`, {
    textEn: `"${year}" is no year that has come; write it like 2026`,
    expression: 'year',
  });
}

function csvOf({ indicator, year, months, units, values, population }: IndicatorGroupsAnswer): string {
  const rows = values.map((one) => ({
    indicator: indicator.code,
    version: indicator.version,
    year,
    months: `${months[0]}..${months.at(-1)}`,
    unit: one.unit || 'all',
    unit_name: units.find(({ id }) => id === one.unit)?.name ?? '',
    sex: one.sex || 'all',
    age: one.age || 'all',
    numerator: plainNumber(one.numerator),
    denominator: plainNumber(one.denominator),
    value: plainNumber(one.value),
    factor: String(indicator.factor),
    why: one.why ?? '',
    population_source: population.map(({ source }) => source).join('; '),
    population_status: [...new Set(population.map(({ status }) => status))].join('; '),
    source: indicator.source,
  }));
  return spreadsheetCsv(COLUMNS, rows);
}

function gridOf(answer: IndicatorGroupsAnswer): Grid {
  const { indicator, year, months, units, values, population } = answer;
  const line = (one: GroupValue): GridCell[] => [
    tableCell(units.find(({ id }) => id === one.unit)?.name ?? 'Mọi đơn vị', 'row-title'),
    tableCell(ageText(one.age), 'text'),
    tableCell(SEX_WORDS[one.sex]!, 'text'),
    numberCell(one.numerator, 0),
    numberCell(one.denominator, 0),
    numberCell(one.value, indicator.decimals, one.why && WHY_WORDS[one.why]),
  ];
  const titles = ['Đơn vị', 'Tuổi', 'Giới', 'Tử số', 'Mẫu số', `Giá trị (× ${indicator.factor})`];
  return {
    left: ['SỞ Y TẾ'],
    right: [indicator.code, indicator.source],
    title: indicator.title,
    subtitle: [`Năm ${year} (${months[0]} đến ${months.at(-1)})`],
    widths: [3, 1.4, 1.4, 1, 1, 1.4],
    head: [titles.map((title) => tableCell(title, 'title'))],
    body: values.map(line),
    notes: [indicator.definition, ...population.map(({ source, status }) => `Dân số: ${source} (${status})`)],
    signatures: [],
  };
}

/**
 * Coverage of all stations, /api/programmes/<key>/coverage/province: numbers by station and month, for who works for the province. It
 * names nobody: who a number is stands at the station, in the eyes of who works there.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { coverageOn, programmesOn } from '../../../engines/programmes/index.ts';
import type { Role } from '../../../kernel/access/contract.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { type Ask, LONGEST_TEXT, todayOf } from '../asking.ts';
import {
  type CoverageNumbers,
  coverageOf,
  type DropOutNumbers,
  dropOutsOf,
  missedCounts,
} from './queries.ts';
import { oneOf, periodOf } from './routes.ts';

const PROVINCE: readonly Role[] = ['province-operator', 'surveillance'];
const BY = ['none', 'month'] as const;

/** A dose, a drop-out or a list, as it can be chosen. */
export interface ProvinceNumber {
  kind: 'measure' | 'drop-out' | 'list';
  code: string;
  title: string;
  titleEn: string;
}

/** What stands behind one number at one station, in one month when months are asked for. */
export interface ProvinceCell {
  kind: ProvinceNumber['kind'];
  code: string;
  unit: string;
  /** `2026-11`; '' = the whole period, or today for a list. */
  month: string;
  /** Of a measure: who came of age; of a drop-out: who began; of a list: 0. */
  of: number;
  given: number;
  valid: number;
  timely: number;
  /** Who lacks it: of a measure, of a drop-out, of a list. */
  missing: number;
}

export interface ProvinceRead {
  title: string;
  titleEn: string;
  source: string;
  numbers: ProvinceNumber[];
  units: { id: string; name: string }[];
  cells: ProvinceCell[];
}

export function provinceRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get('/api/programmes/province', async (request) => {
    kernel.gate.require(request, ...PROVINCE);
    const day = todayOf(kernel);
    const rows = (await programmesOn(kernel, day))
      .filter(({ programme }) => coverageOn(kernel.content, programme, day) !== null)
      .map(({ programme }) => ({ key: programme.key, title: programme.title }));
    return { rows };
  });

  app.get<Ask>('/api/programmes/:key/coverage/province', async (request): Promise<ProvinceRead> => {
    return readProvince(kernel, request);
  });

  app.get<Ask>('/api/programmes/:key/coverage/province.csv', async (request, reply) => {
    const read = await readProvince(kernel, request);
    reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="bao-phu-${request.params.key}.csv"`);
    return csvOf(read);
  });
}

async function readProvince(kernel: Kernel, request: FastifyRequest<Ask>): Promise<ProvinceRead> {
  kernel.gate.require(request, ...PROVINCE);
  const { coverage, cohort: all } = await periodOf(kernel, request);
  const by = oneOf(BY, request.query.by ?? 'none', 'by');
  const unit = (request.query.unit ?? '').slice(0, LONGEST_TEXT);
  const cohort = unit === '' ? all : { ...all, unit };
  const grouping = by === 'month' ? 'unit-month' : 'unit';
  const { pool } = kernel;
  const [measures, dropOuts, lists] = await Promise.all([
    coverageOf(pool, cohort, coverage.measures, grouping),
    dropOutsOf(pool, cohort, coverage.dropOuts, coverage.measures, grouping),
    Promise.all(
      coverage.lists.map(async (list) =>
        (await missedCounts(pool, cohort, list, todayOf(kernel))).map((row) => ({ ...row, code: list.code })),
      ),
    ),
  ]);
  const cells = [
    ...measures.map(ofMeasure),
    ...dropOuts.map(ofDropOut),
    ...lists.flat().map(
      ({ code, unit: of, people }): ProvinceCell => ({
        ...place('list', code, of),
        of: 0,
        given: 0,
        valid: 0,
        timely: 0,
        missing: people,
      }),
    ),
  ];
  const session = kernel.gate.session(request);
  await session.note('read', `coverage of ${cohort.programme}, all stations`, null);
  return {
    title: coverage.title,
    titleEn: coverage.titleEn,
    source: coverage.source,
    numbers: [
      ...coverage.measures.map((one) => named('measure', one)),
      ...coverage.dropOuts.map((one) => named('drop-out', one)),
      ...coverage.lists.map((one) => named('list', one)),
    ],
    units: await namesOf(kernel, [...new Set(cells.map((one) => one.unit))]),
    cells,
  };
}

const named = (
  kind: ProvinceNumber['kind'],
  { code, title, titleEn }: Omit<ProvinceNumber, 'kind'>,
): ProvinceNumber => ({ kind, code, title, titleEn });

/** @param group `<unit>` or `<unit>|<month>` */
function place(kind: ProvinceCell['kind'], code: string, group: string) {
  const [unit = '', month = ''] = group.split('|');
  return { kind, code, unit, month };
}

const ofMeasure = ({ code, group, target, given, valid, timely }: CoverageNumbers): ProvinceCell => ({
  ...place('measure', code, group),
  of: target,
  given,
  valid,
  timely,
  missing: target - given,
});

const ofDropOut = ({ code, group, began, lost }: DropOutNumbers): ProvinceCell => ({
  ...place('drop-out', code, group),
  of: began,
  given: 0,
  valid: 0,
  timely: 0,
  missing: lost,
});

/** By name; '' stands for children of whom no station is known. */
async function namesOf({ store }: Kernel, ids: readonly string[]): Promise<ProvinceRead['units']> {
  const found = await store.readMany(
    ids.filter((id) => id !== '').map((id) => ({ type: 'Organization' as const, id })),
  );
  const names = new Map(
    found.map(({ id, body }) => [id, (JSON.parse(body.toString('utf8')) as { name?: string }).name ?? id]),
  );
  return ids
    .map((id) => ({ id, name: id === '' ? '' : (names.get(id) ?? id) }))
    .sort((a, b) => a.name.localeCompare(b.name, 'vi'));
}

/** A line for each number, station and month; a spreadsheet reads it by its mark of byte order. */
export function csvOf({ numbers, units, cells }: ProvinceRead): string {
  const titles = new Map(numbers.map(({ kind, code, title }) => [`${kind} ${code}`, title]));
  const names = new Map(units.map(({ id, name }) => [id, name]));
  const lines = cells.map(({ kind, code, unit, month, of, given, valid, timely, missing }) => [
    kind,
    code,
    titles.get(`${kind} ${code}`) ?? '',
    unit,
    names.get(unit) ?? '',
    month,
    ...(kind === 'measure' ? [of, given, valid, timely] : [kind === 'drop-out' ? of : '', '', '', '']),
    missing,
  ]);
  const head = [
    'kind',
    'code',
    'title',
    'unit',
    'unit_name',
    'month',
    'target',
    'given',
    'valid',
    'timely',
    'missing',
  ];
  return `\ufeff${[head, ...lines].map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** A text that a spreadsheet would carry out is kept a text. */
function cell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

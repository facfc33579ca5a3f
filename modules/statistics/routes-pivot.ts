/** `/api/statistics/pivot`: a form's numbers turned, also as CSV and spreadsheet; `/api/statistics/pivots`: those that were kept. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Grid } from '../../engines/reports/index.ts';
import { spreadsheetCsv } from '../../kernel/content/csv.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { formsOn } from './forms.ts';
import { dropPivot, type KeptPivot, keepPivot, keptPivots } from './kept-pivots.ts';
import { periodOf, periodText, shiftPeriod } from './period.ts';
import { type PivotHead, type PivotTable, pivotTable } from './pivot.ts';
import { type PivotAsk, type ReadyPivot, readyPivot } from './pivot-ask.ts';
import { READERS, unitSeen, unitsSeen } from './reach.ts';
import { type CountedAnswer, countedAnswer } from './recount.ts';
import { numberCell, plainNumber, tableCell, tableFileRoutes } from './table-files.ts';

export interface PivotAnswer extends Omit<PivotTable, 'counted'> {
  form: { key: string; version: string; code: string; title: string; titleEn: string };
  ask: PivotAsk;
  /** Cells of the form from which one may choose. */
  formRows: { code: string; title: string }[];
  formColumns: { code: string; title: string }[];
  /** Administrative units of the units, for the map. */
  unitCodes: Record<string, string | null>;
  counted: CountedAnswer;
  /** Numbers of a unit and period that the table is made of. */
  reports: number;
}

/** A form of which pivots are made, with its periods up to now, newest first. */
export interface PivotForm {
  key: string;
  code: string;
  title: string;
  titleEn: string;
  periods: { key: string; label: string }[];
}

export interface KeptAnswer {
  rows: KeptPivot[];
  forms: PivotForm[];
}

interface Asked {
  Querystring: Record<string, string | undefined>;
}

const LONGEST_NAME = 100;
/** Periods that one may choose, from now backwards. */
const PERIODS_BACK = 24;

export function pivotRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<Asked>('/api/statistics/pivot', async (request) => {
    const { answer } = await answerOf(kernel, request, 'read');
    return answer;
  });
  tableFileRoutes<Asked, Made>(
    app,
    '/api/statistics/pivot',
    (request) => answerOf(kernel, request, 'export'),
    {
      name: ({ answer: { form, ask } }) => `bang-xoay-${form.key}-${ask.from}-${ask.to}`,
      csv: ({ answer }) => csvOf(answer),
      grid: ({ answer, ready }) => gridOf(answer, ready),
      code: ({ answer }) => answer.form.code,
    },
  );
  keptRoutes(app, kernel);
}

function keptRoutes(app: FastifyInstance, kernel: Kernel): void {
  const all = async (request: FastifyRequest): Promise<KeptAnswer> => ({
    rows: await keptPivots(kernel.pool, kernel.gate.require(request, ...READERS)),
    forms: formsNow(kernel),
  });
  app.get('/api/statistics/pivots', all);
  app.post<{ Body: { name?: unknown; shared?: unknown; ask?: unknown } }>(
    '/api/statistics/pivots',
    async (request) => {
      const actor = kernel.gate.require(request, ...READERS);
      const { name, shared, ask } = request.body ?? {};
      const said = typeof name === 'string' ? name.trim() : '';
      if (said === '' || said.length > LONGEST_NAME)
        throw new Failure('invalid-parameter', `Đặt tên bảng, dài nhất ${LONGEST_NAME} ký tự.`, {
          textEn: `name the pivot with at most ${LONGEST_NAME} characters`,
          expression: 'name',
        });
      const given = typeof ask === 'object' && ask !== null ? (ask as Record<string, unknown>) : {};
      const { ready: _, periods: __, cells: ___, ...kept } = readyPivot(kernel.content, given);
      const at = kernel.settings.now();
      const id = await keepPivot(kernel.pool, actor, { name: said, shared: shared === true, ask: kept, at });
      await kernel.gate.session(request).note('update', `pivot ${id}`, null);
      return { id, ...(await all(request)) };
    },
  );
  app.delete<{ Params: { id: string } }>('/api/statistics/pivots/:id', async (request) => {
    const actor = kernel.gate.require(request, ...READERS);
    await dropPivot(kernel.pool, actor, request.params.id);
    await kernel.gate.session(request).note('delete', `pivot ${request.params.id}`, null);
    return all(request);
  });
}

function formsNow({ content, settings }: Kernel): PivotForm[] {
  const today = vietnamDay(settings.now());
  return formsOn(content, today).map(({ key, plan: { definition } }) => {
    const now = periodOf(definition.period, today);
    const periods = Array.from({ length: PERIODS_BACK }, (_, back) => shiftPeriod(now, -back));
    return {
      key,
      code: definition.code,
      title: definition.title,
      titleEn: definition.titleEn,
      periods: periods.map((period) => ({ key: period, label: periodText(period) })),
    };
  });
}

interface Made {
  answer: PivotAnswer;
  ready: ReadyPivot;
}

async function answerOf(
  kernel: Kernel,
  request: FastifyRequest<Asked>,
  act: 'read' | 'export',
): Promise<Made> {
  const actor = kernel.gate.require(request, ...READERS);
  const ready = readyPivot(kernel.content, request.query);
  const { plan, key, version } = ready.ready;
  const { definition } = plan;
  const seen = await unitsSeen(kernel, actor, definition.units);
  if (ready.unit !== undefined) await unitSeen(kernel, actor, ready.unit);
  // What leaves the house is whole; a screen shows how far a first count has come.
  const freshness = act === 'read' ? 'soon' : 'kept';
  const table = await pivotTable(kernel.pool, kernel.content, ready, seen, freshness);
  await kernel.gate.session(request).note(act, `pivot of ${key} ${ready.from}..${ready.to}`, null);
  const { ready: _, periods: __, cells: ___, ...ask } = ready;
  const answer: PivotAnswer = {
    ...table,
    counted: countedAnswer(kernel.pool, table.counted),
    form: { key, version, code: definition.code, title: definition.title, titleEn: definition.titleEn },
    ask,
    formRows: plan.rows
      .filter(({ code }) =>
        plan.columns.some((column) => (plan.cells.get(`${code}.${column.code}`)?.kind ?? 'none') !== 'none'),
      )
      .map(({ code, title, number }) => ({ code, title: number ? `${number}. ${title}` : title })),
    formColumns: plan.columns.map(({ code, title, above }) => ({
      code,
      title: [...above, title].join(' · '),
    })),
    reports: seen.length * ready.periods.length,
    unitCodes: Object.fromEntries(seen.map(({ id, unitCode }) => [id, unitCode])),
  };
  return { answer, ready };
}

/** A unit that is no more says so: its numbers are also in those of the units that came after it. */
const labelOf = ({ label, former }: PivotHead) =>
  former
    ? `${label} (đến trước ${former.until.split('-').toReversed().join('/')}, đã gộp vào đơn vị nay)`
    : label;

/** One line a number: what stands in its row and in its column. */
function csvOf({ rows, columns, values, form, ask }: PivotAnswer): string {
  const lines = rows.flatMap((row, at) =>
    columns.map((column, across) => ({
      form: form.code,
      version: form.version,
      from: ask.from,
      to: ask.to,
      [ask.rows]: row.key || 'all',
      [ask.columns]: column.key || 'all',
      [`${ask.rows}_label`]: labelOf(row),
      [`${ask.columns}_label`]: labelOf(column),
      value: plainNumber(values[at]![across] ?? null),
    })),
  );
  const names = [ask.rows, `${ask.rows}_label`, ask.columns, `${ask.columns}_label`];
  return spreadsheetCsv(['form', 'version', 'from', 'to', ...names, 'value'], lines);
}

function gridOf(answer: PivotAnswer, ready: ReadyPivot): Grid {
  const { rows, columns, values, form, ask, decimals, untold } = answer;
  const isCell = ask.rows === 'cell' || ask.columns === 'cell';
  return {
    left: ['SỞ Y TẾ'],
    right: [form.code],
    title: form.title,
    subtitle: [
      ...(isCell ? [] : [ready.cells[0]!.title]),
      ask.from === ask.to ? periodText(ask.from) : `${periodText(ask.from)} – ${periodText(ask.to)}`,
    ],
    widths: [3, ...columns.map(() => 1)],
    head: [['', ...columns.map(labelOf)].map((text) => tableCell(text, 'title'))],
    body: rows.map((row, at) => [
      tableCell(labelOf(row), 'row-title'),
      ...values[at]!.map((value) => numberCell(value, decimals)),
    ]),
    notes: untold.length > 0 ? [`Không tách được theo tuổi, giới: ${untold.join('; ')}`] : [],
    signatures: [],
  };
}

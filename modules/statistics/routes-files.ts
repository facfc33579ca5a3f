/** A report as it leaves the house: printed page, spreadsheet, paper, CSV. */
import type { FastifyInstance } from 'fastify';
import { openDocuments } from '../../engines/documents/index.ts';
import { adx, adxPeriod, type Grid, htmlTable, reportGrid, xlsx } from '../../engines/reports/index.ts';
import { spreadsheetCsv } from '../../kernel/content/csv.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamDay, vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import type { SheetKey } from './entries.ts';
import { daysOfPeriod, periodText } from './period.ts';
import { provinceForm, provinceGrid } from './province.ts';
import { PROVINCE_READERS, type ReportingUnit } from './reach.ts';
import { type SheetParams, seen, whatOf } from './routes-sheet.ts';
import { readSheet, type WholeSheet } from './sheets.ts';

interface Made {
  key: SheetKey;
  whole: WholeSheet;
  grid: Grid;
}

export function fileRoutes(app: FastifyInstance, kernel: Kernel): void {
  provinceRoute(app, kernel);
  const documents = openDocuments(kernel.content);
  app.addHook('onClose', async () => documents.close());
  const kinds: Record<string, { type: string; make(made: Made): Promise<Buffer | string> }> = {
    xlsx: {
      type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      make: async ({ grid, whole }) => xlsx(grid, whole.form.plan.definition.code),
    },
    html: { type: 'text/html; charset=utf-8', make: async ({ grid }) => htmlTable(grid) },
    adx: { type: 'application/adx+xml', make: async (made) => adxOf(kernel, made) },
    csv: { type: 'text/csv; charset=utf-8', make: async (made) => csvOf(made) },
    pdf: {
      type: 'application/pdf',
      make: async ({ grid, whole }) =>
        documents.renderPaper(
          'report',
          vietnamDay(kernel.settings.now()),
          { grid, demo: kernel.settings.demo, date: vietnamDay(whole.made).split('-').map(Number) },
          { createdAt: whole.made.toISOString() },
        ),
    },
  };
  for (const [ending, { type, make }] of Object.entries(kinds)) {
    app.get<SheetParams>(
      `/api/statistics/sheets/:form/:unit/:period/file.${ending}`,
      async (request, reply) => {
        const { unit } = await seen(kernel, request, request.params);
        const whole = await readSheet(kernel.pool, kernel.content, request.params);
        await kernel.gate
          .session(request)
          .note('export', `${whatOf('report', request.params)} ${ending}`, null);
        const name = `${request.params.form}-${request.params.period}-${unit.id}.${ending}`;
        reply
          .type(type)
          .header('content-disposition', `${ending === 'pdf' ? 'inline' : 'attachment'}; filename="${name}"`);
        return make({ key: request.params, whole, grid: gridOf(whole, unit, request.params.period) });
      },
    );
  }
}

/** The form of a period with a line for each unit. */
function provinceRoute(app: FastifyInstance, kernel: Kernel): void {
  app.get<{ Params: { form: string; period: string } }>(
    '/api/statistics/province/:form/:period/file.xlsx',
    async (request, reply) => {
      const actor = kernel.gate.require(request, ...PROVINCE_READERS);
      const { form, period } = request.params;
      const whole = await provinceForm(kernel, actor, form, period);
      await kernel.gate.session(request).note('export', `report ${form} province ${period} xlsx`, null);
      reply
        .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
        .header('content-disposition', `attachment; filename="${form}-${period}-theo-don-vi.xlsx"`);
      return xlsx(provinceGrid(whole), whole.form.plan.definition.code);
    },
  );
}

function gridOf({ form, sheet }: WholeSheet, unit: ReportingUnit, period: string): Grid {
  const heading = {
    left: ['SỞ Y TẾ', unit.name.toUpperCase()],
    unit: `Đơn vị: ${unit.name}`,
    period: periodText(period),
  };
  return reportGrid(form.plan, sheet, heading);
}

/** One line a cell: where it stands, its number, and whether it was counted, typed or corrected. */
function csvOf({ key, whole }: Made): string {
  const { definition } = whole.form.plan;
  const rows = [...whole.sheet].flatMap(([cell, { value, origin }]) =>
    origin === 'none'
      ? []
      : [
          {
            form: definition.code,
            version: whole.form.version,
            unit: key.unit,
            period: key.period,
            cell,
            value: value === null ? '' : String(value),
            origin,
          },
        ],
  );
  return spreadsheetCsv(['form', 'version', 'unit', 'period', 'cell', 'value', 'origin'], rows);
}

/** A corrected number says so beside it: who receives it knows that it is not the counted one. */
function adxOf(kernel: Kernel, { key, whole }: Made): string {
  const values = [...whole.sheet].flatMap(([cell, { value, origin }]) =>
    value === null ? [] : [{ cell, value, ...(origin === 'corrected' ? { comment: 'corrected' } : {}) }],
  );
  if (values.length === 0)
    throw new Failure('business-rule', 'Báo cáo chưa có số nào: không có gì để xuất ADX.', {
      textEn: 'The report has no number yet: ADX has no message without one.',
    });
  const { period } = whole.form.plan.definition;
  const group = {
    unit: key.unit,
    period: adxPeriod(daysOfPeriod(key.period).start, period),
    form: `${key.form}|${whole.form.version}`,
    values,
  };
  return adx([group], vietnamInstant(kernel.settings.now()));
}

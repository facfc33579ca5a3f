/** `MeasureReport/$statutory-report`: a statutory report of a unit, or of all units with a stratum for each. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Actor } from '../../kernel/access/contract.ts';
import { Failure } from '../../kernel/failure.ts';
import { send } from '../../kernel/fhir/http/reply.ts';
import { input, type Operation, output } from '../../kernel/fhir/operations/definition.ts';
import { readInput } from '../../kernel/fhir/operations/parameters.ts';
import type { MeasureReport } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { askedOf } from './asked.ts';
import { measureReport } from './measure-report.ts';
import { daysOfPeriod } from './period.ts';
import { provinceForm } from './province.ts';
import { readsProvince, unitSeen } from './reach.ts';
import { readSheet } from './sheets.ts';

export const STATUTORY_REPORT: Operation = {
  name: 'statutory-report',
  definition: 'http://yba.vn/fhir/OperationDefinition/statutory-report',
  version: '1.0.0',
  title: { en: 'Statutory report', vi: 'Báo cáo thống kê' },
  description: {
    en: 'A statutory report as a MeasureReport: a group for each row, a population for each cell. Without a unit it is the report of the province with a stratum for each unit.',
    vi: 'Báo cáo thống kê dưới dạng MeasureReport: mỗi dòng là một nhóm, mỗi ô là một quần thể. Không nêu đơn vị thì là báo cáo của tỉnh, mỗi đơn vị một tầng.',
  },
  resource: ['MeasureReport'],
  at: ['type'],
  parameters: [
    input('form:string!', 'Key of the form.', 'Mã của biểu.'),
    input('period:string!', '2026-10, 2026-Q4 or 2026.', '2026-10, 2026-Q4 hoặc 2026.'),
    input(
      'unit:string',
      'Organization of the unit; absent = all of them.',
      'Organization của đơn vị; không có = mọi đơn vị.',
    ),
    output('return:MeasureReport!', 'The report as it stands.', 'Báo cáo như đang có.'),
  ],
};

export function measureReportRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.route({
    method: ['GET', 'POST'] as HTTPMethods[],
    url: '/MeasureReport/$statutory-report',
    handler: (request: FastifyRequest, reply: FastifyReply) => answer(kernel, request, reply),
  });
}

async function answer(kernel: Kernel, request: FastifyRequest, reply: FastifyReply) {
  const { actor, demand } = askedOf(kernel, request);
  const { strings } = readInput(STATUTORY_REPORT, demand.params);
  const [form, period] = ['form', 'period'].map((name) => needed(strings, name)) as [string, string];
  const unit = strings.get('unit')?.replace(/^Organization\//, '');
  const report = unit
    ? await ofUnit(kernel, actor, { form, unit, period })
    : await ofProvince(kernel, actor, form, period);
  await kernel.gate.session(request).note('read', `report ${form} ${unit ?? 'province'} ${period}`, null);
  return send(reply, { status: 200, body: Buffer.from(JSON.stringify(report)) }, demand.pretty);
}

function needed(given: ReadonlyMap<string, string>, name: string): string {
  const value = given.get(name);
  if (value) return value;
  throw new Failure('invalid-parameter', `$statutory-report cần tham số ${name}.`, {
    textEn: `$statutory-report needs the parameter ${name}`,
    expression: name,
  });
}

async function ofUnit(
  kernel: Kernel,
  actor: Actor,
  key: { form: string; unit: string; period: string },
): Promise<MeasureReport> {
  const unit = await unitSeen(kernel, actor, key.unit);
  const whole = await readSheet(kernel.pool, kernel.content, key);
  return measureReport({
    form: whole.form,
    days: daysOfPeriod(key.period),
    made: vietnamInstant(whole.made),
    done: whole.state !== 'open',
    sheet: whole.sheet,
    reporter: { reference: `Organization/${unit.id}`, display: unit.name },
  });
}

async function ofProvince(
  kernel: Kernel,
  actor: Actor,
  form: string,
  period: string,
): Promise<MeasureReport> {
  if (!readsProvince(actor))
    throw new Failure('forbidden', 'Chỉ tuyến tỉnh đọc được báo cáo của mọi đơn vị. Hãy nêu unit.', {
      textEn: 'Only the province reads the report of all units: name the unit.',
      expression: 'unit',
    });
  const whole = await provinceForm(kernel, actor, form, period);
  return measureReport({
    form: whole.form,
    days: daysOfPeriod(period),
    made: vietnamInstant(whole.counted.oldest ?? kernel.settings.now()),
    done: false,
    sheet: whole.total,
    reporter: { display: 'Sở Y tế' },
    lines: whole.lines,
  });
}

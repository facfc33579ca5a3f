/** `Measure/chi-so-<key>/$evaluate-measure`: an indicator of one unit, of a list of them, or of all together, as a MeasureReport of R4. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { Failure } from '../../kernel/failure.ts';
import { unknownOrWrong } from '../../kernel/fhir/http/context.ts';
import { send } from '../../kernel/fhir/http/reply.ts';
import type { MeasureReport } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { firstDayOf, lastDayOf, vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { askedOf } from './asked.ts';
import { INDICATOR, indicatorReport, type UnitReport } from './indicator-report.ts';
import { indicatorOn, indicatorValues, lastDay, monthsBetween } from './indicators.ts';
import { daysOfPeriod } from './period.ts';
import { type ReportingUnit, readsProvince, unitSeen, unitsSeen } from './reach.ts';

/** R4's names, and those of the report that is made. */
const TYPES: Record<string, UnitReport> = {
  subject: 'individual',
  individual: 'individual',
  'subject-list': 'subject-list',
  population: 'summary',
  summary: 'summary',
};
const KNOWN = ['periodStart', 'periodEnd', 'reportType', 'subject'];
const KINDS = ['tram-y-te'];

export function indicatorReportRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.route({
    method: ['GET', 'POST'] as HTTPMethods[],
    url: `/Measure/${INDICATOR}:key/$evaluate-measure`,
    handler: (request: FastifyRequest, reply: FastifyReply) => answer(kernel, request, reply),
  });
}

async function answer(kernel: Kernel, request: FastifyRequest, reply: FastifyReply) {
  const { actor, demand } = askedOf(kernel, request);
  const ask = readAsk(demand.params);
  const { key } = request.params as { key: string };
  const units = ask.unit ? [await unitSeen(kernel, actor, ask.unit)] : await unitsSeen(kernel, actor, KINDS);
  const report = await reportOf(kernel, { key, ...ask, units, province: readsProvince(actor) });
  await kernel.gate
    .session(request)
    .note(
      'evaluate',
      `indicator ${key} ${ask.months[0]}..${ask.months.at(-1)} ${ask.unit ?? ''}`.trim(),
      null,
    );
  return send(reply, { status: 200, body: Buffer.from(JSON.stringify(report)) }, demand.pretty);
}

interface Ask {
  months: string[];
  type: UnitReport;
  /** Organization id. */
  unit?: string;
}

/** @throws Failure `unknown-parameter` or `invalid-parameter`, naming the parameter */
function readAsk(params: readonly [string, string][]): Ask {
  const values = new Map<string, string>();
  for (const [name, value] of params) {
    if (!KNOWN.includes(name) || values.has(name)) throw unknownOrWrong(name, value, []);
    values.set(name, value.trim());
  }
  const unit = unitOf(values.get('subject'));
  const said = values.get('reportType');
  const type = said === undefined ? (unit ? 'individual' : 'summary') : TYPES[said];
  if (type === undefined) throw unknownOrWrong('reportType', said!, ['reportType']);
  if ((type === 'individual') !== (unit !== undefined))
    throw new Failure(
      'invalid-parameter',
      'reportType=subject cần subject=Organization/…; các loại khác không nhận subject.',
      {
        textEn: 'reportType=subject needs subject=Organization/…; the others take no subject',
        expression: 'subject',
      },
    );
  return { months: monthsOf(values), type, ...(unit ? { unit } : {}) };
}

function unitOf(subject: string | undefined): string | undefined {
  if (subject === undefined) return undefined;
  const [, id] = /^(?:(?:\S+\/)?Organization\/)?([A-Za-z0-9\-.]{1,64})$/.exec(subject) ?? [];
  if (id !== undefined) return id;
  throw new Failure(
    'invalid-parameter',
    `Chỉ số này tính theo đơn vị: subject nhận Organization/…, không nhận “${subject}”.`,
    {
      textEn: `subjects of this measure are units: subject takes Organization/…, not "${subject}"`,
      expression: 'subject',
    },
  );
}

/** Numbers are of months: the period begins with the first day of one and ends with the last of one. */
function monthsOf(values: ReadonlyMap<string, string>): string[] {
  const [start, end] = ['periodStart', 'periodEnd'].map((name) => {
    const value = values.get(name);
    if (value && /^\d{4}(-\d{2}(-\d{2})?)?$/.test(value))
      return name === 'periodStart' ? firstDayOf(value) : lastDayOf(value);
    throw new Failure('invalid-parameter', `${name} cần ngày, tháng hoặc năm, ví dụ 2026-10.`, {
      textEn: `${name} must be a day, a month or a year, such as 2026-10`,
      expression: name,
    });
  }) as [string, string];
  const [first, last] = [start.slice(0, 7), end.slice(0, 7)];
  if (daysOfPeriod(first).start !== start || daysOfPeriod(last).end !== end)
    throw new Failure('invalid-parameter', 'Chỉ số tính theo tháng: kỳ phải gồm những tháng trọn.', {
      textEn: 'indicators are made of months: the period must be whole months',
      expression: 'periodStart',
    });
  return monthsBetween(first, last);
}

async function reportOf(
  kernel: Kernel,
  ask: Ask & { key: string; units: ReportingUnit[]; province: boolean },
): Promise<MeasureReport> {
  const { months, units, type } = ask;
  const { key, from, value } = indicatorOn(kernel.content, ask.key, lastDay(months));
  const { values, former, counted } = await indicatorValues(
    kernel.pool,
    kernel.content,
    value,
    units,
    months,
    'kept',
  );
  const now = units.filter(({ id }) => !former.some(({ unit }) => unit.id === id));
  return indicatorReport({
    ...{ key, version: from, definition: value, type, months, values },
    units: now.length > 0 ? now : units,
    made: vietnamInstant(counted.oldest ?? kernel.settings.now()),
    reporter:
      ask.province || now.length !== 1
        ? { display: 'Sở Y tế' }
        : { reference: `Organization/${now[0]!.id}`, display: now[0]!.name },
  });
}

/** `/api/statistics/forms`, `/reporting`, `/follow-up`: which reports there are, how far each unit has come, what is to be looked at. */
import type { FastifyInstance } from 'fastify';
import { Failure } from '../../kernel/failure.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { isInPlace } from './boundaries.ts';
import { dueDay, type Punctuality, punctuality } from './due.ts';
import { type Form, formsOn } from './forms.ts';
import { type MissingForm, missingForms } from './missing-forms.ts';
import { daysOfPeriod, kindOfPeriod, periodOf, periodText, shiftPeriod } from './period.ts';
import { READERS, type ReportingUnit, readsProvince, unitsSeen } from './reach.ts';
import type { State } from './states.ts';

/** One report that is due: its form, its unit, its period. */
export interface DueReport {
  form: string;
  code: string;
  title: string;
  titleEn: string;
  unit: string;
  unitName: string;
  period: string;
  periodText: string;
  state: State;
  due: string;
  punctuality: Punctuality;
  handed: string | null;
}

/** How punctual a unit is: of the reports whose day has passed or that are in. */
export interface UnitRate {
  unit: string;
  unitName: string;
  expected: number;
  handed: number;
  inTime: number;
}

export function listRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<{ Querystring: { month?: string } }>('/api/statistics/forms', async (request) => {
    const actor = kernel.gate.require(request, ...READERS);
    const { month, rows, missing } = await reportsOf(kernel, actor, request.query.month);
    await kernel.gate.session(request).note('read', `reports ${month}`, null);
    return { month, rows, total: rows.length, missing };
  });

  app.get<{ Querystring: { month?: string } }>('/api/statistics/reporting', async (request) => {
    const actor = kernel.gate.require(request, ...READERS);
    const { month, rows } = await reportsOf(kernel, actor, request.query.month);
    return { month, rows: ratesOf(rows) };
  });

  app.get<{ Querystring: { month?: string } }>('/api/statistics/follow-up', async (request) => {
    const actor = kernel.gate.require(request, ...READERS);
    const month = monthOf(kernel, request.query.month);
    const units = await unitsSeen(kernel, actor, kindsOf(formsOn(kernel.content, daysOfPeriod(month).end)));
    const { rows } = await kernel.pool.query(
      `select form, unit, period, cell, text, by_name as "byName", at from statistics.remark
       where follow and unit = any($1) and period = any($2) order by at desc limit 500`,
      [units.map(({ id }) => id), periodsOf(month)],
    );
    return { rows };
  });
}

/** The reports of a month, and of the quarter and year that end with it, of the units that the actor sees; and the forms that are not here. */
export async function reportsOf(
  kernel: Kernel,
  actor: Parameters<typeof unitsSeen>[1],
  asked: string | undefined,
): Promise<{ month: string; rows: DueReport[]; missing: MissingForm[] }> {
  const month = monthOf(kernel, asked);
  const { end } = daysOfPeriod(month);
  const forms = formsOn(kernel.content, end).filter(
    ({ plan }) => daysOfPeriod(periodOf(plan.definition.period, end)).end === end,
  );
  const units = await unitsSeen(kernel, actor, kindsOf(forms));
  const { rows: sheets } = await kernel.pool.query<{
    form: string;
    unit: string;
    period: string;
    state: State;
    handed: Date | null;
  }>(
    'select form, unit, period, state, handed from statistics.sheet where period = any($1) and unit = any($2)',
    [periodsOf(month), units.map(({ id }) => id)],
  );
  const known = new Map(sheets.map((sheet) => [`${sheet.form} ${sheet.unit} ${sheet.period}`, sheet]));
  const today = vietnamDay(kernel.settings.now());
  const rows = forms.flatMap((form) =>
    units
      .filter(
        ({ kind, id }) => form.plan.definition.units.includes(kind) && isInPlace(kernel.content, id, end),
      )
      .map((unit) => dueReport(kernel, form, unit, end, { known, today })),
  );
  const kinds = [...new Set(units.map(({ kind }) => kind))];
  return {
    month,
    rows: inTurn(rows, readsProvince(actor)),
    missing: missingForms(kernel.content, end, kinds),
  };
}

/** What waits for the reader comes first: for the province what was handed in, the longest waiting first; for a unit what it owes. Pure. */
export function inTurn(rows: readonly DueReport[], province: boolean): DueReport[] {
  const turn = ({ state, punctuality: how }: DueReport): number => {
    if (state === 'submitted') return province ? 0 : 3;
    if (state === 'approved') return 4;
    return how === 'missing' || how === 'late' ? 1 : 2;
  };
  return rows.toSorted((a, b) => {
    const apart = turn(a) - turn(b);
    return apart !== 0 || turn(a) !== 0 ? apart : (a.handed ?? '').localeCompare(b.handed ?? '');
  });
}

function dueReport(
  kernel: Kernel,
  { key, plan }: Form,
  unit: ReportingUnit,
  end: string,
  { known, today }: { known: ReadonlyMap<string, { state: State; handed: Date | null }>; today: string },
): DueReport {
  const { definition } = plan;
  const period = periodOf(definition.period, end);
  const sheet = known.get(`${key} ${unit.id} ${period}`);
  const due = dueDay(kernel.content, definition, period);
  const handed = sheet?.handed ?? null;
  return {
    form: key,
    code: definition.code,
    title: definition.title,
    titleEn: definition.titleEn,
    unit: unit.id,
    unitName: unit.name,
    period,
    periodText: periodText(period),
    state: sheet?.state ?? 'open',
    due,
    punctuality: punctuality(due, handed, today),
    handed: handed === null ? null : handed.toISOString(),
  };
}

/** Reports that nobody need have handed in yet are in no rate. Pure. */
export function ratesOf(reports: readonly DueReport[]): UnitRate[] {
  const rates = new Map<string, UnitRate>();
  for (const { unit, unitName, punctuality: how } of reports) {
    const rate = rates.get(unit) ?? { unit, unitName, expected: 0, handed: 0, inTime: 0 };
    rates.set(unit, rate);
    if (how === 'waiting') continue;
    rate.expected += 1;
    if (how !== 'missing') rate.handed += 1;
    if (how === 'in-time') rate.inTime += 1;
  }
  return [...rates.values()];
}

const kindsOf = (forms: readonly Form[]) => [...new Set(forms.flatMap(({ plan }) => plan.definition.units))];

function periodsOf(month: string): string[] {
  const { end } = daysOfPeriod(month);
  return [month, periodOf('quarter', end), periodOf('year', end)];
}

/** The month before this one, unless another is asked for. */
export function monthOf(kernel: Kernel, asked: string | undefined): string {
  if (asked === undefined || asked === '')
    return shiftPeriod(periodOf('month', vietnamDay(kernel.settings.now())), -1);
  if (kindOfPeriod(asked) === 'month') return asked;
  throw new Failure('invalid-parameter', `Tháng “${asked}” không có. Ghi như 2026-10.`, {
    textEn: `"${asked}" is no month; write it like 2026-10`,
    expression: 'month',
  });
}

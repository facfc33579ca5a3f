/** `/api/statistics/sheets/:form/:unit/:period`: a report to read, write, hand in, print and open down to people. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type FormulaNode, isWhole, type Plan, type Sheet } from '../../engines/reports/index.ts';
import type { Actor } from '../../kernel/access/contract.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamDay, vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { dueDay, punctuality } from './due.ts';
import { type CellChange, checkChanges, historyOf, type SheetKey, writeEntries } from './entries.ts';
import { LONGEST_REMARK } from './longest-words.ts';
import { peopleOf } from './people.ts';
import { daysOfPeriod, hasBegun, periodText } from './period.ts';
import { READERS, type ReportingUnit, requireOwn, UNIT_READERS, unitSeen } from './reach.ts';
import { headOf, readSheet, type WholeSheet } from './sheets.ts';
import { ACTS, type Act, actsOf } from './states.ts';
import { inSheet, stepsOf, takeStep } from './steps.ts';
import { boundaryShown, requireInPlace, type UnitBoundary } from './unit-boundary.ts';
import { wordsOf } from './words.ts';

export type SheetParams = { Params: SheetKey };

const MOST_CHANGES = 20_000;

export function sheetRoutes(app: FastifyInstance, kernel: Kernel): void {
  const base = '/api/statistics/sheets/:form/:unit/:period';

  app.get<SheetParams>(base, async (request) => {
    const { actor, unit } = await seen(kernel, request, request.params);
    const whole = await readSheet(kernel.pool, kernel.content, request.params);
    await kernel.gate.session(request).note('read', whatOf('report', request.params), null);
    return answerOf(kernel, actor, unit, request.params, whole);
  });

  app.put<SheetParams & { Body: { changes?: unknown } }>(`${base}/cells`, async (request) => {
    const actor = kernel.gate.require(request, ...UNIT_READERS);
    const { unit } = await seen(kernel, request, request.params);
    requireOwn(actor, unit.id);
    requireInPlace(kernel, request.params);
    const changes = changesOf(request.body);
    const whole = await readSheet(kernel.pool, kernel.content, request.params);
    checkChanges(whole.form.plan, changes);
    await writeChanges(kernel, actor, request.params, whole, changes);
    await kernel.gate.session(request).note('update', whatOf('report', request.params), null);
    return answerOf(
      kernel,
      actor,
      unit,
      request.params,
      await readSheet(kernel.pool, kernel.content, request.params),
    );
  });

  app.get<{ Params: SheetKey & { cell: string } }>(`${base}/cells/:cell/history`, async (request) => {
    await seen(kernel, request, request.params);
    return { rows: await historyOf(kernel.pool, request.params, request.params.cell) };
  });

  app.put<{ Params: SheetKey & { cell: string }; Body: { text?: unknown; follow?: unknown } }>(
    `${base}/cells/:cell/remark`,
    async (request) => {
      const { actor } = await seen(kernel, request, request.params);
      await writeRemark(kernel, actor, request.params, request.body ?? {});
      return { done: true };
    },
  );

  app.get<{ Params: SheetKey & { cell: string }; Querystring: { cursor?: string } }>(
    `${base}/cells/:cell/people`,
    async (request) => {
      const { actor } = await seen(kernel, request, request.params);
      return peopleOf(kernel, request, actor, request.params, request.query.cursor ?? '');
    },
  );

  app.post<SheetParams & { Body: StepBody }>(`${base}/steps`, async (request) => {
    const { actor, unit } = await seen(kernel, request, request.params);
    const { act, reason, answers } = request.body ?? {};
    if (typeof act !== 'string' || !(ACTS as readonly string[]).includes(act))
      throw new Failure('invalid-parameter', `Bước “${String(act)}” không có.`, {
        textEn: `there is no step "${String(act)}"; there are ${ACTS.join(', ')}`,
        expression: 'act',
      });
    requireInPlace(kernel, request.params);
    await takeStep(kernel, request.params, act as Act, {
      actor,
      reason: typeof reason === 'string' ? reason : '',
      answers: answersOf(answers),
    });
    await kernel.gate.session(request).note('update', `${whatOf('report', request.params)} ${act}`, null);
    return answerOf(
      kernel,
      actor,
      unit,
      request.params,
      await readSheet(kernel.pool, kernel.content, request.params),
    );
  });
}

interface StepBody {
  act?: unknown;
  reason?: unknown;
  /** Words by cell, for numbers that are unlike others. */
  answers?: unknown;
}

function answersOf(given: unknown): Map<string, string> {
  if (given === undefined || given === null) return new Map();
  const words = typeof given === 'object' && !Array.isArray(given) ? Object.entries(given) : [['', null]];
  if (words.every((one): one is [string, string] => typeof one[1] === 'string')) return new Map(words);
  throw new Failure('invalid-parameter', 'Lời giải thích phải là chữ, theo từng ô.', {
    textEn: '"answers" must be words by cell: {"visits.total": "…"}',
    expression: 'answers',
  });
}

export const whatOf = (what: string, { form, unit, period }: SheetKey) => `${what} ${form} ${unit} ${period}`;

/** Who asks, and the unit they ask for. */
export async function seen(
  kernel: Kernel,
  request: FastifyRequest,
  { unit }: { unit: string },
): Promise<{ actor: Actor; unit: ReportingUnit }> {
  const actor = kernel.gate.require(request, ...READERS);
  return { actor, unit: await unitSeen(kernel, actor, unit) };
}

async function writeChanges(
  kernel: Kernel,
  actor: Actor,
  key: SheetKey,
  { form, sheet }: WholeSheet,
  changes: readonly CellChange[],
): Promise<void> {
  await inSheet(kernel.pool, key, form.version, async (client) => {
    const { state } = await headOf(client, key, true);
    if (state !== 'open')
      throw new Failure('conflict', 'Báo cáo đã nộp nên không ghi được nữa. Hãy xin trả lại hoặc mở lại.', {
        textEn: 'The report was handed in: ask for it to be returned or reopened.',
      });
    await writeEntries(client, key, form.plan, changes, {
      actor,
      at: kernel.settings.now(),
      counted: (cell) => sheet.get(cell)?.counted ?? null,
    });
  });
}

function changesOf(body: { changes?: unknown } | undefined): CellChange[] {
  const list = body?.changes;
  const isChange = (one: unknown): one is CellChange => {
    const { cell, value, seen: before, reason } = (one ?? {}) as Record<string, unknown>;
    return (
      typeof cell === 'string' &&
      (value === null || typeof value === 'number') &&
      Number.isSafeInteger(before) &&
      (reason === undefined || typeof reason === 'string')
    );
  };
  if (Array.isArray(list) && list.length > 0 && list.length <= MOST_CHANGES && list.every(isChange)) {
    // The last word about a cell holds.
    return [...new Map(list.map((one) => [one.cell, one])).values()];
  }
  throw new Failure('invalid-parameter', 'Danh sách ô cần ghi không đúng dạng.', {
    textEn: `"changes" must be 1 to ${MOST_CHANGES} entries {cell, value: number or null, seen, reason?}`,
    expression: 'changes',
  });
}

async function writeRemark(
  kernel: Kernel,
  actor: Actor,
  key: SheetKey & { cell: string },
  { text, follow }: { text?: unknown; follow?: unknown },
): Promise<void> {
  const said = wordsOf(text, 'text', LONGEST_REMARK);
  const place = [key.form, key.unit, key.period, key.cell];
  if (said === '' && follow !== true) {
    await kernel.pool.query(
      'delete from statistics.remark where form = $1 and unit = $2 and period = $3 and cell = $4',
      place,
    );
    return;
  }
  const { form } = await readSheet(kernel.pool, kernel.content, key);
  if (!form.plan.cells.has(key.cell))
    throw new Failure('not-found', `Biểu không có ô “${key.cell}”.`, {
      textEn: `the form has no cell "${key.cell}"`,
      expression: 'cell',
    });
  await kernel.pool.query(
    `insert into statistics.remark (form, unit, period, cell, text, follow, by, by_name, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (form, unit, period, cell) do update
     set text = excluded.text, follow = excluded.follow, by = excluded.by, by_name = excluded.by_name, at = excluded.at`,
    [...place, said, follow === true, actor.id, actor.name, kernel.settings.now()],
  );
}

/** What the screen draws. */
export interface SheetAnswer {
  form: {
    key: string;
    version: string;
    code: string;
    title: string;
    titleEn: string;
    source: string;
    status: string;
  };
  rowTitle: string;
  unit: ReportingUnit;
  period: string;
  periodText: string;
  state: string;
  due: string;
  punctuality: string;
  made: string;
  columns: { code: string; title: string; titleEn?: string; above: readonly string[]; decimals: number }[];
  rows: { code: string; title: string; titleEn?: string; number?: string; depth: number; heading: boolean }[];
  cells: Record<string, AnswerCell>;
  /** Cells made of others, in the order in which they can be made: the screen makes them anew while one types. */
  formulas: { cell: string; node: FormulaNode }[];
  /** First day of a period that lies ahead: nothing is checked, nothing handed in. Null once it has begun. */
  begins: string | null;
  faults: { code: string; level: string; text: string; textEn: string }[];
  steps: { n: number; act: string; reason: string | null; byName: string; at: string }[];
  may: { write: boolean; acts: Act[] };
  /** The unit was not there: its numbers are those of the units of which it was made, or it has none of its own any more. */
  boundary: UnitBoundary | null;
}

export interface AnswerCell {
  value: number | null;
  origin: string;
  /** A form's cell that may be typed in, or corrected. */
  way: 'typed' | 'counted' | 'formula' | 'none';
  counted?: number | null;
  /** What the record gives today, where that differs from what was handed in. */
  today?: number | null;
  n: number;
  /** Whole numbers only: `1.234` that is typed is a thousand and more. */
  whole?: true;
  reason?: string;
  byName?: string;
  min?: number;
  max?: number;
  remark?: string;
  follow?: boolean;
}

async function answerOf(
  kernel: Kernel,
  actor: Actor,
  unit: ReportingUnit,
  key: SheetKey,
  whole: WholeSheet,
): Promise<SheetAnswer> {
  const { form, sheet, state } = whole;
  const { definition } = form.plan;
  const due = dueDay(kernel.content, definition, key.period);
  const own = actor.unit === unit.id;
  const today = vietnamDay(kernel.settings.now());
  const begun = hasBegun(key.period, today);
  const steps = await stepsOf(kernel.pool, key);
  const boundary = await boundaryShown(kernel, key);
  const { code, title, titleEn, source, status } = definition;
  return {
    form: { key: form.key, version: form.version, code, title, titleEn, source, status },
    rowTitle: definition.rowTitle,
    unit,
    period: key.period,
    periodText: periodText(key.period),
    state,
    due,
    punctuality: punctuality(due, whole.handed, today),
    made: vietnamInstant(whole.made),
    columns: columnsOf(form.plan),
    rows: rowsOf(form.plan),
    cells: cellsOf(form.plan, sheet, whole),
    formulas: form.plan.order.flatMap((cell) => {
      const planned = form.plan.cells.get(cell);
      return planned?.kind === 'formula' ? [{ cell, node: planned.node }] : [];
    }),
    begins: begun ? null : daysOfPeriod(key.period).start,
    faults: begun ? whole.faults : [],
    steps: steps.map((step) => ({ ...step, at: vietnamInstant(step.at) })),
    may: {
      write:
        state === 'open' &&
        own &&
        boundary === null &&
        UNIT_READERS.some((role) => actor.roles.includes(role)),
      acts:
        boundary === null ? actsOf(state, actor.roles, own).filter((act) => begun || act !== 'submit') : [],
    },
    boundary,
  };
}

const columnsOf = (plan: Plan) =>
  plan.columns.map(({ code, title, titleEn, above, decimals }) => ({
    code,
    title,
    ...(titleEn ? { titleEn } : {}),
    above,
    decimals: decimals ?? 0,
  }));

const rowsOf = (plan: Plan) =>
  plan.rows.map(({ code, title, titleEn, number, depth, heading }) => ({
    code,
    title,
    ...(titleEn ? { titleEn } : {}),
    ...(number ? { number } : {}),
    depth,
    heading: heading === true,
  }));

function cellsOf(
  plan: Plan,
  sheet: Sheet,
  { entries, remarks, changed }: WholeSheet,
): Record<string, AnswerCell> {
  const cells = [...plan.cells.values()].map((planned) => {
    const shown = sheet.get(planned.cell) ?? { value: null, origin: planned.kind };
    const entry = entries.get(planned.cell);
    const remark = remarks.get(planned.cell);
    const cell: AnswerCell = { ...shown, way: planned.kind, n: entry?.n ?? 0 };
    if (isWhole(plan, planned.cell)) cell.whole = true;
    if (entry && entry.value !== null) cell.byName = entry.byName;
    if (entry?.reason) cell.reason = entry.reason;
    if (planned.kind === 'typed' && planned.min !== null) cell.min = planned.min;
    if (planned.kind === 'typed' && planned.max !== null) cell.max = planned.max;
    if (remark) Object.assign(cell, { remark: remark.text, follow: remark.follow });
    if (changed.has(planned.cell)) cell.today = changed.get(planned.cell)!;
    return [planned.cell, cell] as const;
  });
  return Object.fromEntries(cells);
}

/** `/api/statistics/overdue`: units whose reports are overdue, what they lack, and who reminded them last. */
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { Failure } from '../../kernel/failure.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { PROVINCE_READERS, READERS, unitSeen } from './reach.ts';
import { type DueReport, monthOf, reportsOf } from './routes-list.ts';
import { wordsOf } from './words.ts';

export interface Reminder {
  text: string;
  byName: string;
  at: string;
}

/** One unit that is late. */
export interface OverdueUnit {
  unit: string;
  unitName: string;
  missing: { form: string; code: string; title: string; titleEn: string; due: string }[];
  /** Newest first. */
  reminders: Reminder[];
}

export function reminderRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<{ Querystring: { month?: string } }>('/api/statistics/overdue', async (request) => {
    const actor = kernel.gate.require(request, ...READERS);
    const { month, rows } = await reportsOf(kernel, actor, request.query.month);
    return { month, rows: await overdueOf(kernel.pool, month, rows) };
  });

  app.post<{ Params: { unit: string }; Body: { month?: unknown; text?: unknown } }>(
    '/api/statistics/overdue/:unit/reminders',
    async (request) => {
      const actor = kernel.gate.require(request, ...PROVINCE_READERS);
      const { id } = await unitSeen(kernel, actor, request.params.unit);
      const { month: asked, text } = request.body ?? {};
      const month = monthOf(kernel, typeof asked === 'string' ? asked : undefined);
      const said = wordsOf(text, 'text');
      if (said === '')
        throw new Failure('invalid-parameter', 'Ghi đã nhắc ai, nói gì, hẹn khi nào.', {
          textEn: 'say who was reminded, of what, and what was agreed',
          expression: 'text',
        });
      await kernel.pool.query(
        'insert into statistics.reminder (unit, month, text, by, by_name, at) values ($1, $2, $3, $4, $5, $6)',
        [id, month, said, actor.id, actor.name, kernel.settings.now()],
      );
      await kernel.gate.session(request).note('update', `reminder of reports ${id} ${month}`, null);
      const { rows } = await reportsOf(kernel, actor, month);
      return { month, rows: await overdueOf(kernel.pool, month, rows) };
    },
  );
}

/** Units with the most missing reports first. */
async function overdueOf(pool: Pool, month: string, reports: readonly DueReport[]): Promise<OverdueUnit[]> {
  const missing = Map.groupBy(
    reports.filter(({ punctuality }) => punctuality === 'missing'),
    ({ unit }) => unit,
  );
  const { rows } = await pool.query<{ unit: string; text: string; byName: string; at: Date }>(
    `select unit, text, by_name as "byName", at from statistics.reminder where month = $1 and unit = any($2) order by at desc`,
    [month, [...missing.keys()]],
  );
  const reminders = Map.groupBy(rows, ({ unit }) => unit);
  return [...missing]
    .map(([unit, own]) => ({
      unit,
      unitName: own[0]!.unitName,
      missing: own.map(({ form, code, title, titleEn, due }) => ({ form, code, title, titleEn, due })),
      reminders: (reminders.get(unit) ?? []).map(({ text, byName, at }) => ({
        text,
        byName,
        at: vietnamInstant(at),
      })),
    }))
    .sort((a, b) => b.missing.length - a.missing.length || a.unitName.localeCompare(b.unitName, 'vi'));
}

/** `…/questions` of a report: numbers unlike others, and what its unit says to them. */
import type { FastifyInstance } from 'fastify';
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import type { SheetKey } from './entries.ts';
import { hasBegun } from './period.ts';
import { type Asked, answerQuestions, type Question, questionsOf } from './questions.ts';
import { requireOwn, UNIT_READERS } from './reach.ts';
import { type SheetParams, seen, whatOf } from './routes-sheet.ts';

export function questionRoutes(app: FastifyInstance, kernel: Kernel): void {
  const base = '/api/statistics/sheets/:form/:unit/:period';
  const { pool, content } = kernel;

  app.get<SheetParams>(`${base}/questions`, async (request): Promise<Asked> => {
    await seen(kernel, request, request.params);
    const begun = hasBegun(request.params.period, vietnamDay(kernel.settings.now()));
    return begun ? questionsOf(pool, content, request.params, 'soon') : { rows: [], waiting: false };
  });

  app.put<{ Params: SheetKey & { cell: string }; Body: { text?: unknown } }>(
    `${base}/cells/:cell/answer`,
    async (request): Promise<{ rows: Question[] }> => {
      const actor = kernel.gate.require(request, ...UNIT_READERS);
      await seen(kernel, request, request.params);
      requireOwn(actor, request.params.unit);
      const text = typeof request.body?.text === 'string' ? request.body.text : '';
      const { cell, ...key } = request.params;
      const by = { actor, at: kernel.settings.now() };
      const rows = await answerQuestions(pool, content, key, new Map([[cell, text]]), by);
      await kernel.gate.session(request).note('update', `${whatOf('report', request.params)} answer`, null);
      return { rows };
    },
  );
}

/** Operations centre: the province's wall, its alerts and the records behind every figure. */
import { Failure } from '../../kernel/failure.ts';
import type { Kernel, Module } from '../../kernel/kernel.ts';
import { isDay, vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { afterTables, readPageMark } from '../record/index.ts';
import { type Board, openBoard, WALL_TOPIC } from './board.ts';
import { drill } from './drill.ts';
import { countWall } from './wall.ts';

const PAGE = 50;
const boards = new WeakMap<Kernel, Board>();

export const operations: Module = {
  name: 'operations',
  start(kernel) {
    const board = openBoard(kernel);
    boards.set(kernel, board);
    kernel.events.allowTopic(WALL_TOPIC, (actor) => {
      const may = actor.roles.some((role) => role === 'province-operator' || role === 'surveillance');
      if (may) board.watched();
      return may;
    });
    // The views are kept in one process; every process counts for its own viewers.
    afterTables(kernel, async (changes) =>
      changes.length > 0 ? () => kernel.events.announce(WALL_TOPIC) : undefined,
    );
    kernel.events.onAnnounced(WALL_TOPIC, () => board.changed());
  },
  routes(app, kernel) {
    app.addHook('onClose', async () => boards.get(kernel)?.close());

    app.get<{ Querystring: { date?: string } }>('/api/operations/wall', async (request) => {
      kernel.gate.require(request, 'province-operator', 'surveillance');
      const session = kernel.gate.session(request);
      const today = vietnamDay(kernel.settings.now());
      const day = dayOf(request.query.date, today);
      await session.note('read', `wall ${day}`, null);
      if (day !== today) return countWall(kernel.pool, kernel.content, day, kernel.settings.now());
      const board = boards.get(kernel);
      return board ? board.current() : countWall(kernel.pool, kernel.content, day, kernel.settings.now());
    });

    // Outlines are public geography; they change with the content only.
    app.get('/api/operations/map', async (request, reply) => {
      kernel.gate.actorOf(request);
      reply.header('cache-control', 'private, max-age=86400');
      return kernel.content.json('geo/units');
    });

    app.get<{ Querystring: Record<string, string | undefined> }>(
      '/api/operations/visits',
      async (request) => {
        kernel.gate.require(request, 'province-operator', 'surveillance');
        const { date, unit, code, status, cursor } = request.query;
        const day = dayOf(date, vietnamDay(kernel.settings.now()));
        await kernel.gate
          .session(request)
          .note('search', `visits behind the wall ${day} ${unit ?? ''} ${code ?? ''}`, null);
        return drill(kernel.pool, {
          day,
          unit: unit || undefined,
          code: code || undefined,
          status: status || undefined,
          after: readPageMark(cursor),
          count: PAGE,
        });
      },
    );
  },
};

function dayOf(text: string | undefined, today: string): string {
  if (text === undefined || text === '') return today;
  if (isDay(text)) return text;
  throw new Failure('invalid-parameter', `Ngày "${text}" không có thật. Hãy ghi dạng 2026-11-22.`, {
    textEn: `date "${text}" is not a day; write it like 2026-11-22`,
    expression: 'date',
  });
}

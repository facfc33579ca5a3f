/** HTTP of the reception desk. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Role } from '../../../kernel/access/contract.ts';
import { Failure } from '../../../kernel/failure.ts';
import { openTurns } from '../../../kernel/in-turn.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { isDay, vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import { keyOf, objectOf } from '../http.ts';
import { checkIn, previewCheckIn } from './check-in.ts';
import { arrivalsOf, queueOrder, roomLoads } from './queue.ts';

const DESK: Role[] = ['reception', 'nurse', 'doctor', 'station-head'];

/**
 * `POST /api/clinic/check-ins` (Idempotency-Key), `POST …/check-ins/preview`, `GET /api/clinic/queue?room=&day=`,
 * `GET /api/clinic/reception/rooms`, `GET /api/clinic/reception/categories`.
 */
export function receptionRoutes(app: FastifyInstance, kernel: Kernel): void {
  const inTurn = openTurns();
  const today = () => vietnamDay(kernel.settings.now());

  app.post('/api/clinic/check-ins', async (request, reply) => {
    kernel.gate.require(request, ...DESK);
    const answer = await checkIn(
      objectOf(request.body),
      keyOf(request),
      kernel.gate.session(request),
      kernel,
      inTurn,
    );
    return reply.code(answer.repeated ? 200 : 201).send(answer);
  });

  app.post('/api/clinic/check-ins/preview', async (request) => {
    kernel.gate.require(request, ...DESK);
    return previewCheckIn(objectOf(request.body), kernel.gate.session(request), kernel);
  });

  app.get('/api/clinic/queue', async (request) => {
    kernel.gate.require(request, ...DESK, 'laboratory', 'cashier');
    const { room = '', day = '' } = request.query as Record<string, string | undefined>;
    const wanted = day === '' ? today() : day;
    if (!isDay(wanted))
      throw new Failure('invalid-parameter', `Không có ngày ${wanted}.`, {
        textEn: `There is no day ${wanted}.`,
        expression: 'day',
      });
    const session = kernel.gate.session(request);
    const rows = await arrivalsOf(room.split('/').at(-1) || null, session.actor.unit, wanted, session);
    return { rows: rows.sort(queueOrder), day: wanted, at: kernel.settings.now().toISOString() };
  });

  app.get('/api/clinic/reception/rooms', async (request) => {
    kernel.gate.require(request, ...DESK);
    const session = kernel.gate.session(request);
    return { rows: await roomLoads(unitOf(request, kernel), today(), session, kernel.store) };
  });

  app.get('/api/clinic/reception/categories', async (request) => {
    kernel.gate.actorOf(request);
    const rows = kernel.content.inForce('catalog/doi-tuong-kcb', today());
    return { rows: rows.map((row) => ({ code: row.code ?? '', name: row.display ?? '' })) };
  });
}

function unitOf(request: FastifyRequest, kernel: Kernel): string {
  const { unit } = kernel.gate.actorOf(request);
  if (unit) return unit;
  throw new Failure('business-rule', 'Tài khoản này không thuộc cơ sở nào nên không có bàn tiếp đón.', {
    textEn: 'This account belongs to no unit.',
  });
}

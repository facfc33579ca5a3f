/**
 * What the operator does about subscribers that cannot be told:
 *
 *     GET  /api/subscriptions                    every subscription, and how much waits for it
 *     GET  /api/subscriptions/dead[?subscription=id]
 *     POST /api/subscriptions/:id/retry
 *     POST /api/subscriptions/:id/drop           {"all": true}: everything that waits
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../../failure.ts';
import { isId } from '../names.ts';
import type { FhirGate } from '../record.ts';
import type { DeadLetters } from './dead-letters.ts';

export function operatorRoutes(app: FastifyInstance, gate: FhirGate, letters: DeadLetters): void {
  /** The operator, whose act is a line of the audit. */
  const note = async (request: FastifyRequest, action: string, what: string) => {
    const actor = gate.require(request, 'province-operator', 'administrator');
    await gate.as(actor).note(action, what, null);
  };

  app.get('/api/subscriptions', async (request) => {
    await note(request, 'read', 'subscriptions');
    return { subscriptions: await letters.list() };
  });

  app.get<{ Querystring: { subscription?: string } }>('/api/subscriptions/dead', async (request) => {
    await note(request, 'read', 'dead letters');
    const { subscription } = request.query;
    return { dead: await letters.dead(subscription === undefined ? null : idFrom(subscription)) };
  });

  app.post<{ Params: { id: string } }>('/api/subscriptions/:id/retry', async (request) => {
    const id = idFrom(request.params.id);
    await note(request, 'retry', `Subscription/${id}`);
    await letters.retry(id);
    return { retried: id };
  });

  app.post<{ Params: { id: string }; Body: { all?: unknown } | null }>(
    '/api/subscriptions/:id/drop',
    async (request) => {
      const id = idFrom(request.params.id);
      const all = request.body?.all === true;
      await note(request, 'drop', `Subscription/${id}${all ? ' all' : ''}`);
      return { dropped: await letters.drop(id, all) };
    },
  );
}

function idFrom(text: unknown): string {
  if (typeof text === 'string' && isId(text)) return text;
  throw new Failure('invalid-request', 'Mã Subscription không hợp lệ.', {
    textEn: 'This is no id of a Subscription.',
    expression: 'id',
  });
}

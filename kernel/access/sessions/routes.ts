/** `/api/access/sessions`: where I am signed in, and the end of it. */
import type { FastifyInstance } from 'fastify';
import { Failure } from '../../failure.ts';
import { note } from '../factors/routes.ts';
import type { SignInParts } from '../sign-in/parts.ts';
import { ownSession } from '../signed-in.ts';
import { deviceOf } from './device.ts';

export function sessionRoutes(app: FastifyInstance, parts: SignInParts): void {
  const { sessions } = parts;

  app.get('/api/access/sessions', async (request) => {
    const own = ownSession(request);
    const rows = await sessions.listOf(own.account.id);
    return {
      rows: rows.map(({ id, createdAt, seenAt, ip, agent, methods }) => {
        return { id, createdAt, seenAt, ip, device: deviceOf(agent), methods, current: id === own.id };
      }),
    };
  });

  app.delete('/api/access/sessions/:id', async (request, reply) => {
    const { account } = ownSession(request);
    if (!(await sessions.closeOne(account.id, (request.params as { id: string }).id))) throw unknown();
    await note(parts, request, account.id, 'session-ended');
    return reply.code(204).send();
  });

  app.delete('/api/access/sessions', async (request) => {
    const own = ownSession(request);
    const ended = await sessions.closeOthers(own.account.id, own.id);
    await note(parts, request, own.account.id, 'session-ended');
    return { ended };
  });
}

/** Also for a session of somebody else. */
function unknown(): Failure {
  return new Failure('not-found', 'Phiên này không còn nữa.', { textEn: 'You have no such session.' });
}

/** `/oauth2/*`, `/.well-known/*` and the interactions' API. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuseForeignOrigin } from '../authenticate.ts';
import { sessionTokenOf } from '../sessions/cookie.ts';
import { DISCOVERY, serverMetadata } from './discovery.ts';
import type { Asker, ConsentAnswer, Oidc } from './index.ts';

/** @param issuer address of the program without a path */
export function oidcRoutes(app: FastifyInstance, oidc: Oidc, issuer: () => string): void {
  for (const address of DISCOVERY) app.get(address, async () => serverMetadata(issuer()));

  // oidc-provider reads the request's stream itself, so this corner of the program has no body parsers.
  app.register(async (corner) => {
    corner.removeAllContentTypeParsers();
    corner.addContentTypeParser('*', (_request, _payload, done) => done(null));
    corner.all('/oauth2/*', (request, reply) => {
      reply.hijack();
      void oidc.handle(request.raw, reply.raw, askerOf(request));
    });
  });

  app.get('/api/access/interaction/:uid', async (request, reply) => {
    const { uid } = request.params as { uid: string };
    return (await oidc.interactions()).question(request.raw, reply.raw, uid, askerOf(request));
  });

  app.post('/api/access/interaction/:uid', async (request, reply) => {
    refuseForeignOrigin(request);
    const { uid } = request.params as { uid: string };
    const answer = (request.body ?? {}) as ConsentAnswer;
    const { answer: give } = await oidc.interactions();
    return { next: await give(request.raw, reply.raw, uid, askerOf(request), answer) };
  });
}

function askerOf(request: FastifyRequest): Asker {
  return { ip: request.ip, token: sessionTokenOf(request) };
}

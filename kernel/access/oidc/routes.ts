/** `/oauth2/*` and `/.well-known/*`. The API of consent is that of `../smart`. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sessionTokenOf } from '../sessions/cookie.ts';
import { DISCOVERY, serverMetadata } from './discovery.ts';
import type { Asker, Oidc } from './index.ts';

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
}

/** The browser behind a request. */
export function askerOf(request: FastifyRequest): Asker {
  return { ip: request.ip, token: sessionTokenOf(request) };
}

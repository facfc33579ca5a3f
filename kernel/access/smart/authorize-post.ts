/**
 * SMART 2.2, `authorize-post`: an authorization request may come as a form. It goes on as a GET of our own, so that cookies of sign-in
 * need not be sent along from other sites.
 */
import type { FastifyInstance } from 'fastify';
import { Failure } from '../../failure.ts';
import { ENDPOINTS } from '../oidc/index.ts';

/** What a request line of ours may hold. */
const LONGEST = 12_000;

export function authorizeByPost(app: FastifyInstance): void {
  app.register(async (corner) => {
    corner.removeAllContentTypeParsers();
    corner.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 4 * LONGEST },
      (_request, body, done) => done(null, body),
    );
    corner.post(ENDPOINTS.authorization, async (request, reply) => {
      const query = new URLSearchParams(typeof request.body === 'string' ? request.body : '').toString();
      if (query.length > LONGEST) {
        throw new Failure('too-large', 'Yêu cầu quá dài; hãy gửi qua /oauth2/par.', {
          textEn: 'The request is too long: push it to /oauth2/par (RFC 9126).',
        });
      }
      return reply.header('cache-control', 'no-store').redirect(`${ENDPOINTS.authorization}?${query}`, 303);
    });
  });
}

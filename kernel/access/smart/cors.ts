/**
 * Apps that run in a browser on an origin of their own (SMART 2.2, "Considerations for CORS support"; CDS Hooks 2.0): discovery from any
 * origin, the record and decision support from origins that a registered client is sent back to. Never with cookies: only a token speaks there.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clients } from '../clients.ts';

/** How long a registration may go unnoticed. */
const KEPT_MS = 10_000;
const OPEN = new Set([
  '/fhir/metadata',
  '/fhir/.well-known/smart-configuration',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/cds-services',
]);
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const ASKED =
  'authorization, content-type, accept, prefer, if-match, if-none-match, if-none-exist, if-modified-since, x-request-id';
const SHOWN =
  'etag, last-modified, location, content-location, retry-after, x-progress, x-request-id, www-authenticate';

export function answerOrigins(app: FastifyInstance, clients: Clients, now: () => Date): void {
  let known: { origins: Promise<ReadonlySet<string>>; at: number } | undefined;
  const origins = () => {
    const at = now().getTime();
    if (!known || at - known.at > KEPT_MS) known = { origins: originsOf(clients), at };
    known.origins.catch(() => {
      known = undefined;
    });
    return known.origins;
  };
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined) return;
    const path = request.url.split('?', 1)[0]!;
    const isOpen = OPEN.has(path);
    if (!isOpen && !path.startsWith('/fhir/') && path !== '/fhir' && !path.startsWith('/cds-services/'))
      return;
    reply.header('vary', 'Origin');
    if (!isOpen && !(await origins()).has(origin)) return;
    reply.header('access-control-allow-origin', isOpen ? '*' : origin);
    reply.header('access-control-expose-headers', SHOWN);
    if (isPreflight(request)) return preflight(reply);
  });
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

function preflight(reply: FastifyReply): FastifyReply {
  return reply
    .header('access-control-allow-methods', METHODS)
    .header('access-control-allow-headers', ASKED)
    .header('access-control-max-age', '600')
    .code(204)
    .send();
}

async function originsOf(clients: Clients): Promise<ReadonlySet<string>> {
  const origins = new Set<string>();
  for (const { active, redirectUris } of await clients.list()) {
    if (!active) continue;
    for (const uri of redirectUris) {
      const origin = URL.parse(uri)?.origin;
      if (origin !== undefined && origin !== 'null') origins.add(origin);
    }
  }
  return origins;
}

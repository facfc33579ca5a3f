/** Public keys of signed cards, for readers of others (`/.well-known/jwks.json`) and for our own page (`/.well-known/yba-cards`). */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { JWK } from 'jose';
import type { Context } from '../module.ts';

/** What the page that checks cards keeps, so that it needs no network afterwards. */
export interface CardsKnown {
  issuer: string;
  keys: JWK[];
  /** Names of vaccines by code system and code. */
  names: Record<string, Record<string, string>>;
}

const CVX = 'http://hl7.org/fhir/sid/cvx';
const MINUTES = 10;

export function cardRoutes(app: FastifyInstance, { kernel, cardKeys }: Context): void {
  app.get('/.well-known/jwks.json', async (_request, reply) => {
    openToAll(reply);
    return { keys: await cardKeys.published() };
  });

  app.get('/.well-known/yba-cards', async (_request, reply): Promise<CardsKnown> => {
    openToAll(reply);
    const names = kernel.content
      .table('terminology/cvx')
      .map(({ code = '', display = '' }) => [code, display]);
    return {
      issuer: kernel.issuer(),
      keys: await cardKeys.published(),
      names: { [CVX]: Object.fromEntries(names) },
    };
  });
}

/** Any page and program may read public keys (SMART Health Cards, "Determining keys associated with an issuer"). */
function openToAll(reply: FastifyReply): void {
  reply.header('access-control-allow-origin', '*');
  reply.header('cross-origin-resource-policy', 'cross-origin');
  reply.header('cache-control', `public, max-age=${MINUTES * 60}`);
}

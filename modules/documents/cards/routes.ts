/** Public keys of signed cards, for readers of others (`/.well-known/jwks.json`) and for our own page (`/.well-known/yba-cards`). */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { JWK } from 'jose';
import type { Content } from '../../../kernel/content/content.ts';
import { Failure } from '../../../kernel/failure.ts';
import { vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import type { Context } from '../context.ts';
import type { TrustedKey } from './hcert.ts';
import { trustedOf, trustList } from './hcert-sign.ts';
import { revokedCards } from './revoked.ts';

/** What the page that checks cards keeps, so that it needs no network afterwards. */
export interface CardsKnown {
  issuer: string;
  keys: JWK[];
  /** Names of vaccines and diseases by code system and code. */
  names: Record<string, Record<string, string>>;
  /** Cards whose papers were cancelled (`vc.rid`). */
  revoked: string[];
  /** By which certificates of the WHO's trust network are verified: the own ones, and those of others (`content/cards/trusted-keys.csv`). */
  trusted: TrustedKey[];
}

const CVX = 'http://hl7.org/fhir/sid/cvx';
const MINUTES = 10;

export function cardRoutes(app: FastifyInstance, { kernel, cardKeys }: Context): void {
  app.get('/.well-known/jwks.json', async (_request, reply) => {
    openToAll(reply);
    const version = (await revokedCards(kernel.pool)).length;
    const keys = await cardKeys.published();
    return { keys: version === 0 ? keys : keys.map((key) => ({ ...key, crlVersion: version })) };
  });

  // SMART Health Cards 1.2, "Revocation": a list for each key. A name is of one card alone, so every key has the whole list.
  app.get<{ Params: { file: string } }>('/.well-known/crl/:file', async (request, reply) => {
    const kid = request.params.file.replace(/\.json$/, '');
    if (!(await cardKeys.published()).some((key) => key.kid === kid)) throw noKey();
    openToAll(reply);
    const rids = await revokedCards(kernel.pool);
    return { kid, method: 'rid', ctr: rids.length, rids };
  });

  app.get('/.well-known/yba-cards', async (_request, reply): Promise<CardsKnown> => {
    openToAll(reply);
    const today = vietnamDay(kernel.settings.now());
    const names = kernel.content
      .table('terminology/cvx')
      .map(({ code = '', display = '' }) => [code, display]);
    return {
      issuer: kernel.issuer(),
      keys: await cardKeys.published(),
      revoked: await revokedCards(kernel.pool),
      names: certificateNames(kernel.content, today, { [CVX]: Object.fromEntries(names) }),
      trusted: [
        ...(await cardKeys.published()).map((key) => trustedOf(key, new URL(kernel.issuer()).host)),
        ...trustedOn(kernel.content, today),
      ],
    };
  });

  app.get('/.well-known/did.json', async (_request, reply) => {
    openToAll(reply);
    reply.type('application/did+json');
    return trustList(await cardKeys.published(), kernel.issuer());
  });
}

/** Of vaccines and diseases as certificates name them (`content/cards/vaccine-codes.csv`); the first name of a code is said. */
function certificateNames(content: Content, day: string, known: CardsKnown['names']): CardsKnown['names'] {
  const names: CardsKnown['names'] = {};
  for (const row of content.inForce('cards/vaccine-codes', day)) {
    const [system = '', code = ''] = row.product?.split('|') ?? [];
    for (const [of, one, name] of [
      [system, code, row.name],
      [row.vaccine_system, row.vaccine, row.name],
      [row.disease_system, row.disease, row.disease_name],
    ])
      if (of && one && name) names[of] = { [one]: name, ...names[of] };
  }
  for (const [system, own] of Object.entries(known)) names[system] = { ...own, ...names[system] };
  return names;
}

/** Only what a public key is made of leaves the table. */
function trustedOn(content: Content, day: string): TrustedKey[] {
  return content
    .inForce('cards/trusted-keys', day)
    .map(({ country = '', name = '', kid = '', kty = '', crv, x, y, n, e }) => ({
      country,
      name,
      kid,
      jwk: Object.fromEntries(
        Object.entries({ kty, crv, x, y, n, e }).filter((one): one is [string, string] => Boolean(one[1])),
      ),
    }));
}

const noKey = () =>
  new Failure('not-found', 'Không có khoá ký thẻ này: danh sách khoá ở /.well-known/jwks.json.', {
    textEn: 'No such key: see /.well-known/jwks.json',
  });

/** Any page and program may read public keys (SMART Health Cards, "Determining keys associated with an issuer"). */
function openToAll(reply: FastifyReply): void {
  reply.header('access-control-allow-origin', '*');
  reply.header('cross-origin-resource-policy', 'cross-origin');
  reply.header('cache-control', `public, max-age=${MINUTES * 60}`);
}

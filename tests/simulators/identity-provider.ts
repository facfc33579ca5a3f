/**
 * A second OpenID provider for tests, as VNeID would be: a real one (oidc-provider, in memory), which can be told to misbehave in what
 * it signs. Its people sign in without a page.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import Provider from 'oidc-provider';

/** What is done to the id_token before it goes out. */
export type Misbehaviour =
  | 'wrong nonce'
  | 'no nonce'
  | 'wrong issuer'
  | 'other audience'
  | 'over'
  | 'alg none'
  | 'HS256 with the public key'
  | 'HS256 with the secret'
  | 'another key';

export interface IdentityProviderSimulator extends AsyncDisposable {
  issuer: string;
  /** `host:port`, for YBA_PEERS. */
  peer: string;
  client: { id: string; secret: string };
  /** Who signs in from now on: claims beside `sub`. */
  person(claims: Record<string, unknown>): void;
  misbehave(how: Misbehaviour | null): void;
  /** Signs in there. @param address where the relying party sent the browser @returns where the browser is sent back to */
  walk(address: string): Promise<string>;
}

const MISBEHAVIOURS: Record<string, Record<string, unknown>> = {
  'wrong nonce': { nonce: 'another' },
  'no nonce': { nonce: undefined },
  'wrong issuer': { iss: 'https://evil.example' },
  'other audience': { aud: 'another-client' },
  over: { exp: 1_700_000_000, iat: 1_699_999_000 },
};

/** @param redirectUri of the program that is tested */
export async function openIdentityProvider(redirectUri: () => string): Promise<IdentityProviderSimulator> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const client = { id: 'yba', secret: 'a secret between the two' };
  const keys = await generateKeyPair('ES256', { extractable: true });
  let person: Record<string, unknown> = {};
  let how: Misbehaviour | null = null;
  const provider = new Provider(issuer, {
    adapter: memory(),
    jwks: { keys: [{ ...(await exportJWK(keys.privateKey)), kid: 'idp', alg: 'ES256', use: 'sig' }] },
    clients: [],
    cookies: { keys: ['of the tests'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    conformIdTokenClaims: false,
    claims: { openid: ['sub', 'cccd', 'birthdate', 'name'] },
    features: { devInteractions: { enabled: false } },
    ttl: { Session: 60, Interaction: 60, Grant: 60, AccessToken: 60, IdToken: 60, AuthorizationCode: 60 },
    interactions: { url: async (_koa: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: async (_koa: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...person }),
    }),
    loadExistingGrant: async ({
      oidc,
    }: {
      oidc: { client: { clientId: string }; session: { accountId: string } };
    }) => {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  Object.assign(provider.Client, {
    find: clientFinder(provider, { ...client, redirectUri }),
  });
  provider.use(async (koa, next) => {
    await next();
    const body = koa.body as { id_token?: string } | undefined;
    if (koa.path === '/token' && typeof body?.id_token === 'string' && how !== null)
      body.id_token = await forged(body.id_token, how, keys, client.secret);
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response);
    const finish = provider as unknown as {
      interactionFinished(a: unknown, b: unknown, result: object): Promise<void>;
    };
    void finish.interactionFinished(request, response, { login: { accountId: 'somebody' } });
  });
  return {
    issuer,
    peer: `127.0.0.1:${port}`,
    client,
    person(claims) {
      person = claims;
    },
    misbehave(next) {
      how = next;
    },
    walk: (address) => walk(issuer, address),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function forged(
  token: string,
  how: Misbehaviour,
  keys: Awaited<ReturnType<typeof generateKeyPair>>,
  secret: string,
): Promise<string> {
  const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
  const changed = JSON.parse(JSON.stringify({ ...claims, ...MISBEHAVIOURS[how] }));
  if (how === 'alg none') return new UnsecuredJWT(claims).encode();
  const [alg, key] =
    how === 'HS256 with the public key'
      ? (['HS256', new TextEncoder().encode(await exportSPKI(keys.publicKey))] as const)
      : how === 'HS256 with the secret'
        ? (['HS256', new TextEncoder().encode(secret.padEnd(32, ' '))] as const)
        : ([
            'ES256',
            how === 'another key' ? (await generateKeyPair('ES256')).privateKey : keys.privateKey,
          ] as const);
  return new SignJWT(changed).setProtectedHeader({ alg, kid: 'idp' }).sign(key);
}

/** The redirect address is known only when the tested program listens, so the client is made when it is asked for. */
function clientFinder(
  provider: Provider,
  { id, secret, redirectUri }: { id: string; secret: string; redirectUri(): string },
) {
  const Client = provider.Client as unknown as new (metadata: object) => unknown;
  return async (asked: string) =>
    asked === id
      ? new Client({ client_id: id, client_secret: secret, redirect_uris: [redirectUri()] })
      : undefined;
}

/** Follows redirects within the provider with its cookies. */
async function walk(issuer: string, address: string): Promise<string> {
  const cookies = new Map<string, string>();
  let at = address;
  for (let steps = 0; steps < 10; steps += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]!.split('=');
      cookies.set(name, value);
    }
    const next = answer.headers.get('location');
    if (next === null)
      throw new Error(`the second provider stopped: ${answer.status} ${await answer.text()}`);
    at = new URL(next, issuer).href;
    if (!at.startsWith(issuer)) return at;
  }
  throw new Error('redirects without end');
}

/** oidc-provider's storage in memory. */
function memory() {
  const rows = new Map<string, Record<string, unknown>>();
  return (model: string) => {
    const key = (id: string) => `${model} ${id}`;
    const by = async (member: string, value: string) =>
      [...rows.entries()].find(([name, row]) => name.startsWith(`${model} `) && row[member] === value)?.[1];
    return {
      upsert: async (id: string, payload: Record<string, unknown>) => void rows.set(key(id), payload),
      find: async (id: string) => rows.get(key(id)),
      findByUid: (uid: string) => by('uid', uid),
      findByUserCode: (code: string) => by('userCode', code),
      consume: async (id: string) => void Object.assign(rows.get(key(id)) ?? {}, { consumed: 1 }),
      destroy: async (id: string) => void rows.delete(key(id)),
      revokeByGrantId: async () => undefined,
    };
  };
}

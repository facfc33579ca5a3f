/**
 * OAuth 2 token endpoint by oidc-provider: client credentials for system clients (RFC 6749 section 4.4). It is loaded at
 * the first token request: a station that has no partner systems does not pay its 23 MB. docs/adr/0003-access.md.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { Adapter, Client, ClientMetadata, KoaContextWithOIDC } from 'oidc-provider';
import { asFailure } from '../fhir/outcome.ts';
import { AUDIENCE } from './bearer.ts';
import type { Clients } from './clients.ts';
import type { SigningKey } from './keys.ts';
import type { Limits } from './limits.ts';
import { verifyPassword } from './password.ts';
import { parseScope, scopeWithin } from './scopes.ts';

export interface OauthParts {
  clients: Clients;
  key: SigningKey;
  limits: Limits;
  /** Address of the program, the tokens' `iss`. */
  issuer(): string;
  onDefect(error: unknown): void;
  /** A client got a token, or failed to. */
  onAnswer(client: string, outcome: 'ok' | 'failed', ip: string): void;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers the requests below `/oauth2`; the address must begin there. */
export function openOauth(parts: OauthParts): { handle: Handler } {
  let provider: Promise<Handler> | undefined;
  return {
    handle(request, response) {
      provider ??= loadProvider(parts);
      provider.then(
        (handler) => handler(request, response),
        () => {
          provider = undefined;
          response.writeHead(503, { 'Retry-After': '2', 'Cache-Control': 'no-store' }).end();
        },
      );
    },
  };
}

async function loadProvider(parts: OauthParts): Promise<Handler> {
  const { default: OidcProvider, errors } = await import('oidc-provider');
  const provider: Provider = new OidcProvider(parts.issuer(), {
    adapter: adapterOf(parts.clients),
    jwks: { keys: [parts.key.jwk as never] },
    scopes: [],
    claims: {},
    responseTypes: [],
    routes: { token: '/oauth2/token', jwks: '/oauth2/jwks' },
    ttl: { ClientCredentials: parts.limits.tokenMinutes * 60 },
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256'],
      userinfoSigningAlgValues: ['ES256'],
      introspectionSigningAlgValues: ['ES256'],
    },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clientBasedCORS: () => false,
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        getResourceServerInfo: async (context: KoaContextWithOIDC, resource: string, client: Client) => {
          if (resource !== AUDIENCE) throw new errors.InvalidTarget();
          return {
            audience: AUDIENCE,
            accessTokenFormat: 'jwt' as const,
            jwt: { sign: { alg: 'ES256' as const } },
            scope: grantedScope(context, client.metadata().fhir_scopes as string, errors.InvalidScope),
          };
        },
      },
    },
    extraClientMetadata: { properties: ['fhir_scopes'] },
  });
  provider.Client.prototype.compareClientSecret = function compare(actual: string) {
    return verifyPassword(actual, this.clientSecret ?? '') as unknown as boolean;
  };
  const tell = (outcome: 'ok' | 'failed') => (context: unknown) => {
    const koa = context as KoaContextWithOIDC;
    const { oidc, ip } = koa;
    if (koa.status === 503) koa.set('Retry-After', '2');
    parts.onAnswer(
      oidc.client?.clientId ?? String(oidc.params?.client_id ?? 'unknown').slice(0, 64),
      outcome,
      ip,
    );
  };
  provider.on('grant.success', tell('ok'));
  provider.on('grant.error', tell('failed'));
  provider.on('server_error', (_context, error) => parts.onDefect(error));
  return provider.callback();
}

/** RFC 6749 section 3.3: what was asked when all of it is allowed, everything the client has when nothing was asked. */
function grantedScope(
  context: KoaContextWithOIDC,
  registered: string,
  InvalidScope: new (description: string, scope: string) => Error,
): string {
  const parameters = context.oidc.params as { scope?: string };
  if (parameters.scope === undefined) parameters.scope = registered;
  const allowed = registered
    .split(' ')
    .map(parseScope)
    .filter((scope) => scope !== null);
  for (const text of parameters.scope.split(' ')) {
    const scope = parseScope(text);
    if (!scope) throw new InvalidScope('unknown scope', text);
    if (!scopeWithin(scope, allowed)) throw new InvalidScope('requested scope is not allowed', text);
  }
  return parameters.scope;
}

/** Clients come from our table; access tokens are JWTs and are kept nowhere. */
function adapterOf(clients: Clients): (model: string) => Adapter {
  const nothing = async () => undefined;
  return (model) => ({
    upsert: nothing,
    consume: nothing,
    destroy: nothing,
    revokeByGrantId: nothing,
    findByUid: nothing,
    findByUserCode: nothing,
    find: async (id) => {
      if (model !== 'Client') return undefined;
      return clientOf(clients, id).catch((error) => {
        throw asFailure(error)?.status === 503 ? unavailable(error) : error;
      });
    },
  });
}

/** RFC 6749 has no code for it at the token endpoint: the one of section 4.1.2.1, with status 503. */
function unavailable(cause: unknown): Error {
  return Object.assign(new Error('temporarily_unavailable', { cause }), {
    statusCode: 503,
    expose: true,
    error_description: 'The database does not answer. Try again in a few seconds.',
  });
}

async function clientOf(clients: Clients, id: string): Promise<ClientMetadata | undefined> {
  const client = await clients.readWithSecret(id);
  if (!client) return undefined;
  return {
    client_id: client.id,
    client_secret: client.secret,
    client_name: client.name,
    fhir_scopes: client.scopes,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_basic',
  };
}

/** oidc-provider, configured: which endpoints, flows, algorithms, lifetimes and claims. Loaded when somebody asks (`index.ts`). */
import { createHmac } from 'node:crypto';
import type Provider from 'oidc-provider';
import type { Client, Grant, KoaContextWithOIDC, errors as Library, Token } from 'oidc-provider';
import type { Account } from '../accounts/account.ts';
import { AUTH_METHODS } from '../client.ts';
import type { Clients } from '../clients.ts';
import type { SigningKeyPair } from '../keys.ts';
import type { Limits } from '../limits.ts';
import type { Throttle } from '../throttle.ts';
import { adapterFor } from './adapter.ts';
import type { Artifacts } from './artifacts.ts';
import { assertionRule, CLOCK_SECONDS } from './assertion-rule.ts';
import type { Browsers } from './browser.ts';
import { ASSERTION_ALGORITHMS } from './client-rules.ts';
import { compareSecrets } from './client-secrets.ts';
import { ENDPOINTS } from './endpoints.ts';
import { frame, isOfProgram } from './frame.ts';
import { asksContext, scopeOf } from './granted-scopes.ts';
import { grantLoader } from './grants.ts';
import { adaptModels, openSignedParameter } from './models.ts';
import { codeConfirmation, codeDone, codeEntry, errorPage, loggedOut, logoutQuestion } from './pages.ts';
import { accountFinder, tokenClaims } from './people.ts';
import { interactionPolicy } from './policy.ts';
import { statedPurpose } from './purpose-scope.ts';
import { IDENTITY_SCOPES } from './scopes.ts';
import { ACR_VALUES } from './strength.ts';
import { AUDIENCE, type SignedTokens } from './tokens.ts';

export interface ProviderParts {
  artifacts: Artifacts;
  browsers: Browsers;
  clients: Clients;
  limits: Limits;
  tokens: SignedTokens;
  /** The one that signs first. */
  keys: readonly SigningKeyPair[];
  issuer: string;
  /** Failed secrets of one client from one address. */
  guesses: Throttle;
  account(id: string): Promise<Account | null>;
  /** Whether the roles may state a purpose of use (content `access/purposes`). */
  mayState(roles: readonly string[], purpose: string): boolean;
  /** Calls an address of a client (kernel/outbound). */
  fetch(url: string, options: RequestInit): Promise<Response>;
  /** A client is to be told that a person's session has ended. */
  tellLogout(client: string, account: string, sid: string | undefined): Promise<void>;
}

/** Seconds. */
const CODE_SECONDS = 60;
const DEVICE_CODE_SECONDS = 600;
const INTERACTION_SECONDS = 1800;
export async function buildProvider(parts: ProviderParts): Promise<Provider> {
  const { default: OidcProvider, errors, interactionPolicy: library } = await import('oidc-provider');
  const context = () => OidcProvider.ctx;
  const { limits } = parts;
  const provider = new OidcProvider(parts.issuer, {
    adapter: adapterFor({
      artifacts: parts.artifacts,
      clients: parts.clients,
      replayed: (model) =>
        model === 'ReplayDetection'
          ? new errors.InvalidClientAuth('client assertion tokens must only be used once')
          : new errors.InvalidGrant('it was used already'),
      onClient: () => openSignedParameter(context(), parts.tokens),
    }),
    jwks: { keys: parts.keys.flatMap(({ jwk, rsa }) => [jwk, rsa]) },
    routes: ENDPOINTS,
    cookies: cookiesOf(parts.keys),
    responseTypes: ['code'],
    scopes: [...IDENTITY_SCOPES],
    claims: {
      openid: ['sub', 'acr', 'amr', 'auth_time'],
      profile: ['name', 'preferred_username'],
      fhirUser: ['fhirUser'],
    },
    acrValues: [...ACR_VALUES],
    clientAuthMethods: [...AUTH_METHODS],
    enabledJWA: algorithms(),
    clientDefaults: { id_token_signed_response_alg: 'RS256' },
    clientBasedCORS: mayCallFrom,
    clockTolerance: CLOCK_SECONDS,
    extraClientMetadata: { properties: ['fhir_scopes', 'trusted', 'introspects', 'purposes'] },
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: () => true },
    ttl: lifetimes(limits),
    rotateRefreshToken: () => true,
    issueRefreshToken: async (_context: unknown, client: Client) => client.grantTypeAllowed('refresh_token'),
    // A grant knows its session (models.ts), and ends with it: not each of its tokens.
    expiresWithSession: async () => false,
    features: features(parts, errors),
    interactions: {
      policy: interactionPolicy(library, (browser) => parts.browsers.isLocked(browser)),
      url: async (_context: unknown, { uid }: { uid: string }) => `/oauth2/interaction/${uid}`,
    },
    findAccount: accountFinder(parts),
    loadExistingGrant: grantLoader(() => provider),
    extraParams: launchParams(parts.issuer, errors),
    extraTokenClaims: async ({ oidc }: KoaContextWithOIDC, token: Token) => tokenClaims(oidc, token, parts),
    assertJwtClientAuthClaimsAndHeader: assertionRule(errors),
    renderError: async (koa: KoaContextWithOIDC, out: Record<string, string>) => {
      if (isOfProgram(koa)) koa.body = out;
      else errorPage(koa, out);
    },
    fetch: parts.fetch,
  });
  provider.proxy = true;
  adaptModels(provider, { tokens: parts.tokens, context });
  compareSecrets(provider, parts.guesses, context);
  provider.Client.prototype.backchannelLogout = function tell(account, sid) {
    return parts.tellLogout(this.clientId, account, sid);
  };
  endBrowsers(provider, parts.browsers);
  provider.use(frame);
  return provider;
}

/** Cookies are signed by what is derived from the keys, so that every program of a database knows them. */
function cookiesOf(keys: readonly SigningKeyPair[]) {
  const options = { httpOnly: true, sameSite: 'lax', signed: true };
  return {
    names: { session: 'yba_oidc', interaction: 'yba_interaction', resume: 'yba_resume' },
    long: { ...options, path: '/oauth2' },
    short: options,
    keys: [...keys]
      .sort((a, b) => a.kid.localeCompare(b.kid))
      .map(({ jwk }) =>
        createHmac('sha256', String((jwk as { d?: string }).d))
          .update('cookies')
          .digest('base64url'),
      ),
  };
}

function algorithms() {
  const ours = ['ES256'];
  return {
    clientAuthSigningAlgValues: [...ASSERTION_ALGORITHMS],
    // SMART App Launch 2.2: RSA SHA-256.
    idTokenSigningAlgValues: ['RS256', ...ours],
    userinfoSigningAlgValues: ours,
    introspectionSigningAlgValues: ours,
    authorizationSigningAlgValues: ours,
    requestObjectSigningAlgValues: ours,
    dPoPSigningAlgValues: ours,
  };
}

/** Apps of browsers call from where they may be sent back to. */
function mayCallFrom(koa: KoaContextWithOIDC, origin: string, client: Client): boolean {
  if (koa.oidc.route !== 'userinfo' && client.clientAuthMethod !== 'none') return false;
  return client.redirectUris.some((uri) => URL.parse(uri)?.origin === origin);
}

function lifetimes(limits: Limits) {
  const offline = limits.offlineDays * 86_400;
  const session = limits.sessionMinutes * 60;
  return {
    AccessToken: limits.personTokenMinutes * 60,
    IdToken: limits.personTokenMinutes * 60,
    ClientCredentials: limits.tokenMinutes * 60,
    AuthorizationCode: CODE_SECONDS,
    DeviceCode: DEVICE_CODE_SECONDS,
    Interaction: INTERACTION_SECONDS,
    Session: session,
    Grant: (_koa: unknown, grant: Grant) => (grant.sessionUid === undefined ? offline : session),
    // A new one lives as long as the one that it replaces would have: a person signs in again some day.
    RefreshToken: (koa: KoaContextWithOIDC) => {
      const { RotatedRefreshToken, Grant } = koa.oidc.entities;
      if (RotatedRefreshToken) return Math.max(1, RotatedRefreshToken.remainingTTL);
      return Grant?.sessionUid === undefined ? offline : session;
    },
  };
}

function features(parts: ProviderParts, errors: typeof Library) {
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    userinfo: { enabled: true },
    clientCredentials: { enabled: true },
    revocation: { enabled: true, allowedPolicy: ownOnly(errors) },
    introspection: { enabled: true, allowedPolicy: mayAsk },
    pushedAuthorizationRequests: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: async (koa: KoaContextWithOIDC, form: string) => logoutQuestion(koa, form),
      postLogoutSuccessSource: async (koa: KoaContextWithOIDC) => loggedOut(koa),
    },
    deviceFlow: {
      enabled: true,
      charset: 'base-20' as const,
      mask: '****-****',
      userCodeInputSource: async (koa: KoaContextWithOIDC, form: string, _out: unknown, error: unknown) =>
        codeEntry(koa, form, error),
      userCodeConfirmSource: async (
        koa: KoaContextWithOIDC,
        form: string,
        client: Client,
        device: { ip?: string; ua?: string },
        code: string,
      ) => codeConfirmation(koa, form, client, device, code),
      successSource: async (koa: KoaContextWithOIDC) => codeDone(koa),
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => AUDIENCE,
      useGrantedResource: async () => true,
      getResourceServerInfo: async (koa: KoaContextWithOIDC, resource: string, client: Client) => {
        if (resource !== AUDIENCE && resource !== `${parts.issuer}/fhir`) throw new errors.InvalidTarget();
        const registered = String(client.metadata().fhir_scopes ?? '');
        const scope = scopeOf(koa, client, registered, errors);
        await checkPurpose(koa, parts, errors);
        return { audience: AUDIENCE, accessTokenFormat: 'opaque' as const, scope };
      },
    },
  };
}

/** A purpose must be one of whoever acts: of the person as soon as it is known who that is, of systems at once. */
async function checkPurpose(
  { oidc }: KoaContextWithOIDC,
  parts: ProviderParts,
  { InvalidScope }: typeof Library,
): Promise<void> {
  const asked = typeof oidc.params?.scope === 'string' ? oidc.params.scope : '';
  const purpose = statedPurpose(asked);
  if (purpose === null) return;
  const person = oidc.entities.Account?.accountId ?? oidc.session?.accountId;
  const isSystem = oidc.route === 'token' && oidc.params?.grant_type === 'client_credentials';
  const roles = isSystem
    ? ['system-client']
    : person === undefined
      ? null
      : ((await parts.account(person))?.roles ?? []);
  if (roles === null || parts.mayState(roles, purpose)) return;
  throw new InvalidScope('requested purpose of use is not one of this person or system', purpose);
}

/** RFC 7662 section 2.1: resource servers ask about every token, a client about its own. */
async function mayAsk(_koa: unknown, client: Client, token: { clientId: string }): Promise<boolean> {
  return client.metadata().introspects === true || token.clientId === client.clientId;
}

/** RFC 7009 section 2.1: nobody takes back the tokens of another; what is not known to a public client is answered as if done. */
function ownOnly({ InvalidRequest }: typeof Library) {
  return async (_koa: unknown, client: Client, token: { clientId: string }): Promise<boolean> => {
    if (token.clientId === client.clientId) return true;
    if (client.clientAuthMethod === 'none') return false;
    throw new InvalidRequest('client is not authorized to revoke the presented token');
  };
}

const LOOPBACK = /^(http:\/\/)(?:localhost|127\.0\.0\.1|\[::1\])(?=:)/;

/** The names of this machine to itself are one: whoever is at that port of it is this program. */
function isSameServer(aud: string, base: string): boolean {
  const plain = (address: string) => address.replace(/\/$/, '').replace(LOOPBACK, '$1localhost');
  return plain(aud) === plain(base);
}

/**
 * SMART App Launch 2.2: `launch` is the handle of an EHR launch; `aud` must be the FHIR base URL, so that no token is had for a server
 * that only says it is ours.
 */
function launchParams(issuer: string, { InvalidRequest }: typeof Library) {
  const base = `${issuer}/fhir`;
  return {
    launch: null,
    aud: ({ oidc }: KoaContextWithOIDC, aud: string | undefined) => {
      if (aud === undefined ? !asksContext(oidc.requestParamScopes) : isSameServer(aud, base)) return;
      throw new InvalidRequest(`aud must be the FHIR base URL: ${base}`);
    },
  };
}

/** RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0): whoever leaves there has left here. */
function endBrowsers(provider: Provider, browsers: Browsers): void {
  const destroy = provider.Session.prototype.destroy;
  provider.Session.prototype.destroy = async function left() {
    await destroy.call(this);
    if (this.browser !== undefined && this.accountId !== undefined)
      await browsers.close(this.accountId, this.browser);
  };
}

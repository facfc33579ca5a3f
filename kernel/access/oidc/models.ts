/**
 * What oidc-provider's models do otherwise here: access tokens are signed JWTs with a row each, a Session knows the browser's session
 * that it stands on, a Grant knows its Session and the context of a launch.
 */
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC, Token } from 'oidc-provider';
import { purposeScopes } from './purpose-scope.ts';
import { looksSigned, type SignedTokens, type TokenClaims } from './tokens.ts';

/** Mark of a `jti` that was read from a verified token: a `jti` alone proves nothing. */
const VERIFIED = 'verified:';

interface Parts {
  tokens: SignedTokens;
  context(): KoaContextWithOIDC | undefined;
}

export function adaptModels(provider: Provider, parts: Parts): void {
  extend(provider.Session, ['browser']);
  extend(provider.Grant, ['sessionUid', 'context']);
  signTokens(provider, parts);
  findSigned(provider.AccessToken, parts);
  findSigned(provider.ClientCredentials, parts);
  hideHashes(provider, parts);
  keepSaved(provider);
}

/**
 * The page of device codes writes into the Session also when it refuses a stranger, who has none that was ever saved: oidc-provider would
 * end such a request with status 500.
 */
function keepSaved(provider: Provider): void {
  const { persist } = provider.Session.prototype;
  provider.Session.prototype.persist = async function kept() {
    return typeof this.exp === 'number' ? persist.call(this) : '';
  };
}

/** Further members of a model that are stored. */
function extend(model: { IN_PAYLOAD: string[] }, more: string[]): void {
  const known = [...model.IN_PAYLOAD, ...more];
  Object.defineProperty(model, 'IN_PAYLOAD', { get: () => known });
}

/** The row is stored as that of an opaque token; the value that goes out is a JWT with its `jti`. */
function signTokens(provider: Provider, { tokens, context }: Parts): void {
  for (const model of [provider.AccessToken, provider.ClientCredentials]) {
    const original = model.prototype.getValueAndPayload;
    model.prototype.getValueAndPayload = async function signed(this: Token) {
      keepPurpose(this, context()?.oidc.entities.RefreshToken?.scope);
      const { payload } = await original.call(this);
      const claims: TokenClaims = {
        ...this.extra,
        jti: this.jti,
        sub: this.accountId ?? this.clientId,
        client_id: this.clientId,
        ...(this.scope !== undefined && { scope: this.scope }),
        iat: Number(payload.iat),
        exp: Number(payload.exp),
      };
      return { value: await tokens.sign(claims, provider.issuer), payload };
    };
  }
}

/** Who refreshes with fewer scopes may not leave out what the data is for: the token would be for more than was consented. */
function keepPurpose(token: Token, refreshed: string | undefined): void {
  const left = purposeScopes(refreshed).filter((one) => !token.scope?.split(' ').includes(one));
  if (left.length > 0) token.scope = [token.scope ?? '', ...left].join(' ').trim();
}

/** A token is looked up by its `jti` after its signature was verified; userinfo (OpenID Connect Core 5.3) takes those of the record. */
function findSigned(model: Provider['AccessToken'], { tokens, context }: Parts): void {
  const original = model.find.bind(model);
  model.find = async (value, options) => {
    const jti = value.startsWith(VERIFIED)
      ? value.slice(VERIFIED.length)
      : looksSigned(value)
        ? (await tokens.verify(value))?.jti
        : undefined;
    const token = jti === undefined ? undefined : await original(jti, options);
    if (token && context()?.oidc.route === 'userinfo') delete token.aud;
    return token;
  };
}

/** A device code that a person's typing led to goes by its hash (`artifacts.ts`); whoever polls must bring the code itself. */
function hideHashes(provider: Provider, { context }: Parts): void {
  const original = provider.DeviceCode.find.bind(provider.DeviceCode);
  provider.DeviceCode.find = async (value, options) =>
    value.startsWith('#') && context()?.oidc.route === 'token' ? undefined : original(value, options);
}

/**
 * oidc-provider refuses JWTs at introspection and revocation, because its own are kept nowhere. Ours are: the parameter is replaced by
 * the `jti` that was verified, or by what no token has.
 */
export async function openSignedParameter(
  context: KoaContextWithOIDC | undefined,
  tokens: SignedTokens,
): Promise<void> {
  const { route, params } = context?.oidc ?? {};
  if ((route !== 'introspection' && route !== 'revocation') || params === undefined) return;
  if (typeof params.token === 'string' && params.token.startsWith(VERIFIED)) params.token = 'none';
  if (!looksSigned(params.token)) return;
  const claims = await tokens.verify(params.token);
  params.token = claims === null ? 'none' : `${VERIFIED}${claims.jti}`;
}

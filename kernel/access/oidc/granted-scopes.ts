/** Which scopes a request is given: of what is registered, of what was granted, of what is asked. */
import { decodeJwt } from 'jose';
import type { Client, Grant, KoaContextWithOIDC, errors as Library } from 'oidc-provider';
import { IDENTITY_SCOPES, refusedScope } from './scopes.ts';
import { AUDIENCE } from './tokens.ts';

/** RFC 6749 section 3.3: what was asked when all of it is allowed; a system gets all that it has when it asks nothing. */
export function scopeOf(
  koa: KoaContextWithOIDC,
  client: Client,
  registered: string,
  { InvalidScope }: typeof Library,
): string {
  const { params, route, entities } = koa.oidc;
  const held = within(registered, entities.Grant, purposesOf(client));
  if (params === undefined) return held;
  if (params.scope === undefined && route === 'token' && params.grant_type === 'client_credentials')
    params.scope = registered;
  if (asksOffline(koa) && client.grantTypeAllowed('refresh_token'))
    params.scope = [...new Set([...String(params.scope ?? '').split(' '), 'offline_access'])]
      .join(' ')
      .trim();
  const asked = params.scope;
  if (typeof asked !== 'string' || asked === '') return held;
  const refused = refusedScope(asked, registered, purposesOf(client));
  if (refused === null) return asked;
  const description = refused.reason === 'unknown' ? 'unknown scope' : 'requested scope is not allowed';
  throw new InvalidScope(description, refused.scope);
}

/** Purposes of use that the client was registered for. */
export function purposesOf(client: Client): string[] {
  const { purposes } = client.metadata();
  return Array.isArray(purposes) ? purposes.map(String) : [];
}

/** What is registered, and what of a grant lies within it without standing there letter by letter. */
function within(registered: string, grant: Grant | undefined, purposes: readonly string[]): string {
  const given = grant?.getResourceScope(AUDIENCE).split(' ') ?? [];
  const narrower = given.filter(
    (scope) => scope !== '' && refusedScope(scope, registered, purposes) === null,
  );
  return [...new Set([...registered.split(' '), ...narrower])].join(' ');
}

/**
 * OpenID Connect (section 11) drops `offline_access` unless `prompt=consent` stands beside it; SMART App Launch asks without. Consent is
 * asked here in any case, unless the client is the house's own.
 */
function asksOffline(koa: KoaContextWithOIDC): boolean {
  const { route, body, entities } = koa.oidc;
  if (route !== 'authorization' && route !== 'pushed_authorization_request') return false;
  const pushed = entities.PushedAuthorizationRequest;
  const scope = pushed ? decodeJwt(pushed.request).scope : (body ?? koa.query).scope;
  return typeof scope === 'string' && scope.split(' ').includes('offline_access');
}

/** True when an app asks for one person's data, or for what it was launched with. */
export function asksContext(scopes: Iterable<string>): boolean {
  return [...scopes].some((scope) => /^(launch|launch\/.*|patient\/.*)$/.test(scope));
}

/** Grants scopes, both as those of OpenID Connect and as those of the record's tokens. */
export function addScopes(grant: Grant, scopes: readonly string[]): void {
  const identity = scopes.filter((scope) => (IDENTITY_SCOPES as readonly string[]).includes(scope));
  if (identity.length > 0) grant.addOIDCScope(identity.join(' '));
  if (scopes.length > 0) grant.addResourceScope(AUDIENCE, scopes.join(' '));
}

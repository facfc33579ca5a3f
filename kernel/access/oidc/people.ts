/** Who acts in a request, and what tokens say of that person. */
import type { KoaContextWithOIDC, Token } from 'oidc-provider';
import type { Account } from '../accounts/account.ts';
import { purposeClaim } from './purpose-scope.ts';

interface PeopleParts {
  account(id: string): Promise<Account | null>;
  issuer: string;
}

/** Called whenever a request has a person: the moment at which a Session learns on which browser's session it stands. */
export function accountFinder({ account, issuer }: PeopleParts) {
  return async ({ oidc }: KoaContextWithOIDC, id: string) => {
    const login = oidc.result?.login;
    if (login?.browser !== undefined && oidc.session?.accountId === login.accountId)
      oidc.session.browser = login.browser;
    const found = await account(id);
    if (!found?.active) return undefined;
    return {
      accountId: found.id,
      claims: async () => ({
        sub: found.id,
        name: found.name,
        preferred_username: found.id,
        fhirUser: fhirUserOf(found, issuer),
      }),
    };
  };
}

/** SMART App Launch 2.2, "fhirUser": the address of the person's own resource; undefined when there is none. */
function fhirUserOf(account: Account, issuer: string): string | undefined {
  if (account.practitioner !== null) return `${issuer}/fhir/Practitioner/${account.practitioner}`;
  return account.person ? `${issuer}/fhir/Patient/${account.person}` : undefined;
}

/** What introspection says beside the scopes (SMART 2.2, "Token Introspection"). */
export async function tokenClaims(
  { entities }: KoaContextWithOIDC['oidc'],
  token: Token,
  { account, issuer }: PeopleParts,
) {
  const { Grant, AccessToken } = entities;
  const scopes = Grant?.getOIDCScope?.().split(' ') ?? [];
  const person = AccessToken?.accountId ?? Grant?.accountId;
  const found = scopes.includes('fhirUser') && person !== undefined ? await account(person) : null;
  const fhirUser = found ? fhirUserOf(found, issuer) : undefined;
  const { authTime } = entities.AuthorizationCode ?? entities.RefreshToken ?? entities.DeviceCode ?? {};
  return {
    ...Grant?.context,
    ...(fhirUser !== undefined && { fhirUser }),
    // RFC 9068 section 2.2.1, RFC 9470: when the person last proved who they are.
    ...(authTime !== undefined && { auth_time: authTime }),
    ...purposeClaim(token.scope),
  };
}

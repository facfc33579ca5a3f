/** Scopes that are not about resources: OpenID Connect's, and those of a SMART launch. Pure. */
import { parseScope, scopeWithin } from '../scopes.ts';
import { isPurposeScope, purposeOfScope } from './purpose-scope.ts';

/** OpenID Connect Core 5.4 and 11; SMART App Launch 2.2, "Scopes for requesting identity data" and "context data". */
export const IDENTITY_SCOPES = [
  'openid',
  'profile',
  'fhirUser',
  'offline_access',
  'online_access',
  'launch',
  'launch/patient',
  'launch/encounter',
] as const;

const IDENTITY: ReadonlySet<string> = new Set(IDENTITY_SCOPES);

export function isIdentityScope(text: string): boolean {
  return IDENTITY.has(text);
}

/** True for what a client may be registered for. */
export function isScope(text: string): boolean {
  return isIdentityScope(text) || parseScope(text) !== null;
}

/** Why a scope is not given: there is none such, or the client is not registered for it. */
export type ScopeRefusal = { scope: string; reason: 'unknown' | 'not-allowed' };

/**
 * What a client may be given of what it asks for.
 * @param asked scopes with a space between
 * @param registered what the client is registered for
 * @param purposes of use that it is registered for; a token is for one
 * @returns the refusal of the first scope that is not given, or null
 */
export function refusedScope(
  asked: string,
  registered: string,
  purposes: readonly string[] = [],
): ScopeRefusal | null {
  const own = registered.split(' ');
  const allowed = own.map(parseScope).filter((scope) => scope !== null);
  let purpose: string | null = null;
  for (const scope of asked.split(' ')) {
    if (isPurposeScope(scope)) {
      const code = purposeOfScope(scope);
      if (code === null) return { scope, reason: 'unknown' };
      // An emergency is stated for one person and with a reason, never for a token.
      if (code === 'BTG' || !purposes.includes(code) || (purpose ?? code) !== code)
        return { scope, reason: 'not-allowed' };
      purpose = code;
      continue;
    }
    if (isIdentityScope(scope)) {
      if (own.includes(scope)) continue;
      return { scope, reason: 'not-allowed' };
    }
    const parsed = parseScope(scope);
    if (!parsed) return { scope, reason: 'unknown' };
    if (!scopeWithin(parsed, allowed)) return { scope, reason: 'not-allowed' };
  }
  return null;
}

/**
 * The purpose of use of a token (IHE IUA): asked as a scope, `purpose_of_use=TREAT` or `purpose_of_use=<system>|TREAT`, so that it
 * goes through consent, refresh and introspection like the rest of what was given; told as claim `extensions.ihe_iua`. Pure.
 */

export const PURPOSE_SYSTEM = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';

const HEAD = 'purpose_of_use=';
const FORM = /^purpose_of_use=(?:([^|\s]+)\|)?([A-Z]{3,12})$/;

/** The code of a scope that asks for a purpose; null for any other scope, and for a purpose of another system. */
export function purposeOfScope(scope: string): string | null {
  const [, system = PURPOSE_SYSTEM, code] = FORM.exec(scope) ?? [];
  return code !== undefined && system === PURPOSE_SYSTEM ? code : null;
}

/** True for every scope of the form, also one of which nothing can be made. */
export function isPurposeScope(scope: string): boolean {
  return scope.startsWith(HEAD);
}

/** The purpose among scopes with a space between; null when none is stated. */
export function statedPurpose(scopes = ''): string | null {
  return (
    scopes
      .split(' ')
      .map(purposeOfScope)
      .find((code) => code !== null) ?? null
  );
}

/** What of the scopes states a purpose. */
export function purposeScopes(scopes = ''): string[] {
  return scopes.split(' ').filter(isPurposeScope);
}

/** The claim of a token, and what introspection says. */
export function purposeClaim(scopes = ''): Record<string, unknown> {
  const code = statedPurpose(scopes);
  if (code === null) return {};
  return { extensions: { ihe_iua: { purpose_of_use: [{ system: PURPOSE_SYSTEM, code }] } } };
}

/** When a person must sign in, prove more, or consent (oidc-provider's interaction policy with ours added). */
import type { KoaContextWithOIDC, interactionPolicy as Library } from 'oidc-provider';
import { strongEnough } from './strength.ts';

/** @param isLocked whether a browser's session (SHA-256, base64url) waits for its password after a pause */
export function interactionPolicy(
  library: typeof Library,
  isLocked: (browser: string) => Promise<boolean>,
): unknown {
  const policy = library.base();
  const login = policy.get('login');
  const { Check } = library;
  login.checks.add(
    new Check('locked', 'the session is locked after a pause', 'login_required', async ({ oidc }) => {
      if (oidc.result?.login || oidc.session?.browser === undefined) return false;
      return isLocked(oidc.session.browser);
    }),
  );
  login.checks.add(
    new Check(
      'acr_values',
      'a stronger proof is asked for',
      'login_required',
      ({ oidc }) => !oidc.result?.login && !strongEnough(oidc.acr, acrValuesOf(oidc.params)),
      ({ oidc }) => ({ acr_values: acrValuesOf(oidc.params) }),
    ),
  );
  const consent = policy.get('consent');
  // RFC 8252 section 8.6 asks consent of native apps that anybody can imitate; ours have claimed addresses and are trusted.
  consent.checks.remove('native_client_prompt');
  consent.checks.add(
    new Check('native_client_prompt', 'native clients need consent', 'interaction_required', ({ oidc }) => {
      if (oidc.client?.applicationType !== 'native' || isTrusted(oidc.client)) return false;
      return !oidc.result?.consent;
    }),
  );
  return policy;
}

export function isTrusted(client: { metadata(): Record<string, unknown> }): boolean {
  return client.metadata().trusted === true;
}

function acrValuesOf(params: KoaContextWithOIDC['oidc']['params']): string[] {
  return typeof params?.acr_values === 'string' ? params.acr_values.split(' ') : [];
}

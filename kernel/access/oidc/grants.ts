/** On which grant an authorization request stands. */
import type Provider from 'oidc-provider';
import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import { addScopes, asksContext } from './granted-scopes.ts';
import { isTrusted } from './policy.ts';

/** One grant for a client and a session; the house's own clients get what they ask, for others the consent page adds it. */
export function grantLoader(provider: () => Provider) {
  return async (koa: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { oidc } = koa;
    const { client, session } = oidc;
    if (!client || !session) return undefined;
    const { Grant } = provider();
    const consented = oidc.result?.consent?.grantId;
    if (consented !== undefined) return Grant.find(consented);
    // Which record it is, is said each time: a grant of before may be another's.
    if (asksContext(oidc.requestParamScopes)) return undefined;
    const offline = oidc.requestParamScopes.has('offline_access');
    const known = session.grantIdFor(client.clientId);
    const found = known === undefined ? undefined : await Grant.find(known);
    const grant = found && (found.sessionUid === undefined) === offline ? found : undefined;
    if (!isTrusted(client)) return grant;
    const own =
      grant ??
      new Grant({
        accountId: session.accountId,
        clientId: client.clientId,
        ...(!offline && { sessionUid: session.uid }),
      });
    addScopes(own, [...oidc.requestParamScopes]);
    await own.save();
    return own;
  };
}

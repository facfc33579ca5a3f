/** Secrets of clients: several may hold at once, and nobody guesses them. */
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { verifyPassword } from '../password.ts';
import type { Throttle } from '../throttle.ts';

/** Any of a client's secrets; too many wrong ones from one address are not even compared. */
export function compareSecrets(
  provider: Provider,
  guesses: Throttle,
  context: () => KoaContextWithOIDC | undefined,
): void {
  provider.Client.prototype.compareClientSecret = async function compare(actual: string) {
    const key = `${this.clientId} ${context()?.ip}`;
    try {
      guesses.check(key);
    } catch (cause) {
      throw Object.assign(new Error('invalid_client', { cause }), {
        statusCode: 429,
        expose: true,
        error_description: 'too many wrong secrets, wait a minute',
      });
    }
    for (const hash of (this.clientSecret ?? '').split(' '))
      if (await verifyPassword(actual, hash)) return true;
    guesses.count(key);
    return false;
  };
}

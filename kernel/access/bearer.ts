/** Bearer tokens of system clients: signature checked once, then remembered until the token ends. */
import { importJWK, type JWK, jwtVerify } from 'jose';
import type { Clients } from './clients.ts';
import type { SigningKey } from './keys.ts';
import { parseScope, type Scope } from './scopes.ts';

export interface BearerClient {
  id: string;
  name: string;
  scopes: readonly Scope[];
}

/** What the tokens are for: the audience of every access token of this program. */
export const AUDIENCE = 'urn:yba:fhir';

interface Kept {
  client: BearerClient;
  /** Epoch milliseconds: end of the token, and when the client must be looked up again. */
  ends: number;
  lookAgain: number;
}

const LOOK_AGAIN_MS = 10_000;
const MAX_KEPT = 10_000;

/** @returns the client of a token; null when it is no token of ours, over, or its client was closed */
export async function openBearer(key: SigningKey, clients: Clients, now: () => Date) {
  const { d: _private, ...publicJwk } = key.jwk as JWK & { d?: string };
  const publicKey = await importJWK(publicJwk, 'ES256');
  const kept = new Map<string, Kept>();
  const asking = new Map<string, Promise<Kept | null>>();

  async function check(token: string, at: number): Promise<Kept | null> {
    const proved = await jwtVerify(token, publicKey, {
      audience: AUDIENCE,
      algorithms: ['ES256'],
      currentDate: new Date(at),
    }).catch(() => null);
    const id = proved?.payload.client_id;
    if (!proved || typeof id !== 'string') return null;
    const client = await clients.read(id);
    if (!client) return null;
    const scopes = String(proved.payload.scope ?? '')
      .split(' ')
      .map(parseScope)
      .filter((scope) => scope !== null);
    return {
      client: { id, name: client.name, scopes },
      ends: (proved.payload.exp ?? 0) * 1000,
      lookAgain: at + LOOK_AGAIN_MS,
    };
  }

  return async (token: string): Promise<BearerClient | null> => {
    const at = now().getTime();
    const known = kept.get(token);
    if (known && known.lookAgain > at && known.ends > at) return known.client;
    // Requests that come together with one token ask once.
    const asked = asking.get(token) ?? check(token, at).finally(() => asking.delete(token));
    asking.set(token, asked);
    const checked = await asked;
    kept.delete(token);
    if (!checked) return null;
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(token, checked);
    return checked.client;
  };
}

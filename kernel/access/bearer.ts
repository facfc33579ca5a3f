/** Bearer tokens of systems and of people's apps: signature checked once, then remembered until the token ends. */
import type { Account } from './accounts/account.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { Client } from './client.ts';
import type { Clients } from './clients.ts';
import type { Artifacts } from './oidc/artifacts.ts';
import { statedPurpose } from './oidc/purpose-scope.ts';
import type { SignedTokens, TokenClaims } from './oidc/tokens.ts';
import { parseScope, type Scope } from './scopes.ts';

export interface Bearer {
  /** Id of the token (`jti`). */
  token: string;
  client: Pick<Client, 'id' | 'name' | 'trusted' | 'unit' | 'purposes'>;
  scopes: readonly Scope[];
  /** Purpose of use that the token was given for; null when none was stated. */
  purpose: string | null;
  /** Of a person's token: when the person had signed in, epoch seconds; 0 when nobody knows. */
  signedInAt: number;
  /** Of a person's token; null for a system's. */
  account: Account | null;
  /** What the launch said beside the scopes (SMART: `patient`, `encounter`). */
  context: Record<string, unknown>;
}

interface Kept {
  bearer: Bearer;
  /** Epoch milliseconds: end of the token, and when it must be asked again whether all of it still stands. */
  ends: number;
  lookAgain: number;
}

export interface BearerParts {
  tokens: SignedTokens;
  artifacts: Artifacts;
  clients: Clients;
  accounts: Pick<Accounts, 'read'>;
  now(): Date;
}

const LOOK_AGAIN_MS = 10_000;
const MAX_KEPT = 10_000;

export interface Bearers {
  /** Who a token speaks for; null when it is none of ours, over or taken back, or its client, account or session was closed. */
  read(token: string): Promise<Bearer | null>;
  /** Asks anew about every token: something was taken back. */
  forget(): void;
}

export function openBearer(parts: BearerParts): Bearers {
  const kept = new Map<string, Kept>();
  const asking = new Map<string, Promise<Kept | null>>();

  async function check(token: string, at: number): Promise<Kept | null> {
    const claims = await parts.tokens.verify(token);
    const bearer = claims && (await standing(parts, claims));
    return bearer && { bearer, ends: claims.exp * 1000, lookAgain: at + LOOK_AGAIN_MS };
  }

  async function read(token: string): Promise<Bearer | null> {
    const at = parts.now().getTime();
    const known = kept.get(token);
    if (known && known.lookAgain > at && known.ends > at) return known.bearer;
    // Requests that come together with one token ask once.
    const asked = asking.get(token) ?? check(token, at).finally(() => asking.delete(token));
    asking.set(token, asked);
    const checked = await asked;
    kept.delete(token);
    if (!checked) return null;
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(token, checked);
    return checked.bearer;
  }

  return { read, forget: () => kept.clear() };
}

async function standing(parts: BearerParts, claims: TokenClaims): Promise<Bearer | null> {
  const { artifacts, clients, accounts } = parts;
  const [ofPerson, ofSystem, client] = await Promise.all([
    artifacts.find('AccessToken', claims.jti),
    artifacts.find('ClientCredentials', claims.jti),
    clients.read(claims.client_id),
  ]);
  const row = ofPerson ?? ofSystem;
  if (!row || !client || row.clientId !== client.id) return null;
  const context = (row.extra ?? {}) as Record<string, unknown>;
  const bearer: Bearer = {
    token: claims.jti,
    client,
    scopes: scopesOf(claims.scope),
    purpose: statedPurpose(claims.scope),
    signedInAt: typeof context.auth_time === 'number' ? context.auth_time : 0,
    account: null,
    context,
  };
  if (!ofPerson) return bearer;
  const [grant, account] = await Promise.all([
    artifacts.find('Grant', String(ofPerson.grantId)),
    accounts.read(claims.sub),
  ]);
  return grant && account?.active ? { ...bearer, account } : null;
}

function scopesOf(text = ''): Scope[] {
  return text
    .split(' ')
    .map(parseScope)
    .filter((scope) => scope !== null);
}

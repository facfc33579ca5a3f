/** Who an account or client is at this moment: for what goes on in its name while it sends no request. */
import type { Accounts } from './accounts/accounts.ts';
import { actorOfAccount, actorOfSystem } from './authenticate.ts';
import type { Clients } from './clients.ts';
import type { Actor } from './contract.ts';
import type { Purposes } from './policy/purposes.ts';
import { parseScope, type Scope } from './scopes.ts';
import type { Apps } from './smart/apps.ts';

/** In whose name: an account or a client by itself, or an account through a client. */
export interface Standing {
  id: string;
  client: string | null;
}

interface StandingParts {
  clients: Pick<Clients, 'read'>;
  accounts: Pick<Accounts, 'read'>;
  apps: Pick<Apps, 'granted'>;
  /** Patients whom a citizen may act for. */
  personsOf(person: string): Promise<readonly string[]>;
  purposes: Pick<Purposes, 'standard'>;
}

/**
 * With the roles, unit and scopes of now; null when the account or client is closed, or the person has taken back what the
 * application was given.
 */
export async function actorNow(parts: StandingParts, { id, client }: Standing): Promise<Actor | null> {
  const { clients, accounts, apps } = parts;
  if (client === null) {
    const system = await clients.read(id);
    if (system) return actorOfSystem(parts, system, '', scopesOf(system.scopes.split(' ')));
  }
  const account = await accounts.read(id);
  if (!account?.active) return null;
  const persons = account.person === null ? {} : { persons: await parts.personsOf(account.person) };
  const actor: Actor = { ...actorOfAccount(parts, account, ''), ...persons };
  if (client === null) return actor;
  const [application, granted] = await Promise.all([clients.read(client), apps.granted(id, client)]);
  if (!application || !granted) return null;
  const launch = { patient: granted.patient, encounter: null };
  return { ...actor, client, scopes: scopesOf(granted.scopes), launch };
}

function scopesOf(texts: readonly string[]): Scope[] {
  return texts.map(parseScope).filter((scope) => scope !== null);
}

/** Who is signed in, as far as the page needs to know; and the pause while an expired session is renewed. */
import { useSyncExternalStore } from 'react';
import type { Role } from '../../../kernel/access/contract.ts';
import { sweepDrafts } from './draft-store.ts';

/** Answer of `GET /api/access/me`. */
export interface Me {
  id: string;
  name: string;
  roles: Role[];
  /** Organization id of the unit; null for province-wide roles. */
  unit: string | null;
  unitName: string | null;
  /** True in the demo province: the label is shown. */
  demo: boolean;
}

export type Session =
  | { state: 'unknown' | 'none' }
  /** `expired`: the server forgot the session; the screen stays, the re-sign-in dialog stands over it. */
  | { state: 'here' | 'expired'; me: Me };

let session: Session = { state: 'unknown' };
const listeners = new Set<() => void>();
const waiting = new Set<() => void>();

export function currentSession(): Session {
  return session;
}

export function useSession(): Session {
  return useSyncExternalStore(subscribe, currentSession, currentSession);
}

/** Who I am, for screens (which are only drawn while signed in). */
export function useMe(): Me {
  const now = useSession();
  if (!('me' in now)) throw new Error('a screen was drawn without a session');
  return now.me;
}

/** True when I have one of the roles; an empty list means everyone. */
export function hasRole(me: Me, roles: readonly Role[]): boolean {
  return roles.length === 0 || roles.some((role) => me.roles.includes(role));
}

export function signedIn(me: Me): void {
  const another = 'me' in session && session.me.id !== me.id;
  set({ state: 'here', me });
  sweepDrafts();
  // Another person took over the screen: nothing of the first one may stay on it.
  if (another) window.location.assign('/');
  for (const go of waiting) go();
  waiting.clear();
}

export function signedOut(): void {
  set({ state: 'none' });
}

/** Called by the data source on 401: resolves when the person has signed in again over the screen. */
export function renewed(): Promise<void> {
  if (session.state === 'here') set({ state: 'expired', me: session.me });
  return new Promise((resolve) => waiting.add(resolve));
}

function set(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

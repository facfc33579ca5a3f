/** Signing in and out, and finding out who is signed in. */
import { api } from '../ui/data/api.ts';
import { removeAllDrafts } from '../ui/data/draft-store.ts';
import { ApiFailure } from '../ui/data/failure.ts';
import { queries } from '../ui/data/query.ts';
import { type Me, signedIn, signedOut } from '../ui/data/session.ts';

/** Asks who is signed in; waits for the server when it cannot be reached. */
export async function resume(): Promise<void> {
  try {
    signedIn(await api.get<Me>('/api/access/me', { impatient: true }));
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 401) signedOut();
    else throw error;
  }
}

/** @throws ApiFailure with a sentence when name or password are wrong */
export async function signIn(username: string, password: string): Promise<void> {
  await api.post('/api/access/sign-in', { username, password }, { impatient: true });
  signedIn(await api.get<Me>('/api/access/me', { impatient: true }));
}

/** Ends the session here even when the server cannot be told; nothing personal stays on the machine. */
export async function signOut(): Promise<void> {
  await api.post('/api/access/sign-out', undefined, { impatient: true }).catch(() => undefined);
  removeAllDrafts();
  queries.clear();
  signedOut();
  window.location.assign('/');
}

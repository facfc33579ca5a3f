/** Signing in and out, and finding out who is signed in. */
import { api } from '../ui/data/api.ts';
import { removeAllDrafts } from '../ui/data/draft-store.ts';
import { ApiFailure } from '../ui/data/failure.ts';
import { queries } from '../ui/data/query.ts';
import { type Me, signedIn, signedOut } from '../ui/data/session.ts';

/** What a sign-in still needs after the first proof; the answer of the server. */
export interface Missing {
  next: 'second-factor' | 'new-password' | 'enrol';
  username: string;
  name: string;
  factors: { totp: boolean; passkey: boolean; recoveryCode: boolean };
  password: 'handed-over' | 'too-old' | 'too-short' | null;
  deviceBound: boolean;
}

/** Who is signed in, or the next step; recovery codes when the step was the first factor of the account. */
export type Entered = (Me | Missing) & { recoveryCodes?: string[] };

/** Ways that the sign-in page may offer. */
export interface Ways {
  passkey: boolean;
  citizenCode: boolean;
  minutes: number;
  /** The demo province: its accounts may be shown. */
  demo: boolean;
}

const now = { impatient: true } as const;
let begun = false;

/** The frame waits so long for its first screen: drawn together they are in sight sooner than one after the other. */
const LONGEST_MS = 1_000;
let screenIsHere: Promise<unknown> = Promise.resolve();

/** @param screen the first screen, with what it reads */
export function drawWith(screen: Promise<unknown>): void {
  screenIsHere = Promise.race([screen, new Promise((go) => setTimeout(go, LONGEST_MS))]);
}

/** Asks who is signed in; waits for the server when it cannot be reached. */
export async function resume(): Promise<void> {
  try {
    const me = await api.get<Me>('/api/access/me', now);
    await screenIsHere;
    signedIn(me);
  } catch (error) {
    if (!(error instanceof ApiFailure && error.status === 401)) throw error;
    begun = (error.details as { half?: boolean } | null)?.half === true;
    signedOut();
  }
}

/** The sign-in that was begun in this browser before the page was loaded again; null when there is none. */
export async function missingNow(): Promise<Missing | null> {
  if (!begun) return null;
  begun = false;
  return api.get<Missing>('/api/access/sign-in', now).catch(() => null);
}

export const readWays = (): Promise<Ways> => api.get<Ways>('/api/access/sign-in/ways', now);

/** One step of signing in. @throws ApiFailure with a sentence when something is wrong */
export const enter = (step: string, body: object): Promise<Entered> =>
  api.post<Entered>(`/api/access/${step}`, body, now);

export function isMissing(entered: Me | Missing): entered is Missing {
  return 'next' in entered;
}

let entered = false;

/** True when the person who is signed in proved it on this page, since it was loaded. */
export const cameInHere = (): boolean => entered;

/** The last step is done: the screens open. */
export async function comeIn(): Promise<void> {
  entered = true;
  signedIn(await api.get<Me>('/api/access/me', now));
}

/** Ends the session here even when the server cannot be told; nothing personal stays on the machine. */
export async function signOut(): Promise<void> {
  await api.post('/api/access/sign-out', undefined, now).catch(() => undefined);
  removeAllDrafts();
  queries.clear();
  signedOut();
  window.location.assign('/');
}

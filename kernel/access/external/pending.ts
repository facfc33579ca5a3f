/** Sign-ins on their way to a provider and back: table `access.external_sign_in`. Its SQL is here and nowhere else. */
import type { Pool } from 'pg';
import { hashOfToken } from '../sessions/cookie.ts';
import type { Expected } from './relying-party.ts';

export interface PendingSignIn extends Expected {
  provider: string;
  /** Local path. */
  next: string;
}

export interface Pending {
  /** @param browser value of the cookie that binds it */
  put(browser: string, pending: PendingSignIn): Promise<void>;
  /** Counts once; null when there is none for this state in this browser, or its time is over. */
  take(browser: string, state: string): Promise<PendingSignIn | null>;
  sweep(): Promise<void>;
}

/** The person signs in elsewhere in between. */
export const PENDING_MINUTES = 15;

export function openPending(pool: Pool, now: () => Date): Pending {
  return {
    async put(browser, { state, nonce, verifier, provider, next }) {
      await pool.query(
        `insert into access.external_sign_in (state_hash, browser, provider, nonce, verifier, next, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [
          hashOfToken(state),
          hashOfToken(browser),
          provider,
          nonce,
          verifier,
          next,
          new Date(now().getTime() + PENDING_MINUTES * 60_000),
        ],
      );
    },
    async take(browser, state) {
      const { rows } = await pool.query<Omit<PendingSignIn, 'state'>>(
        `delete from access.external_sign_in where state_hash = $1 and browser = $2 and expires_at > $3
         returning provider, nonce, verifier, next`,
        [hashOfToken(state), hashOfToken(browser), now()],
      );
      return rows[0] ? { ...rows[0], state } : null;
    },
    async sweep() {
      await pool.query('delete from access.external_sign_in where expires_at < $1', [now()]);
    },
  };
}

/** Passkeys and the challenges they answer: tables `access.passkey`, `access.challenge`. Their SQL is here and nowhere else. */
import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Limits } from '../limits.ts';

export interface Passkey {
  /** Credential id, base64url. */
  credential: string;
  account: string;
  /** COSE. */
  publicKey: Buffer;
  counter: number;
  aaguid: string;
  transports: string[];
  /** Flag BE: it may be copied to other devices. */
  synced: boolean;
  /** Flag BS: it has been. */
  backedUp: boolean;
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
}

export type Purpose = 'register' | 'sign-in' | 'proof';

export interface Passkeys {
  read(credential: string): Promise<Passkey | null>;
  of(account: string): Promise<Passkey[]>;
  /** False when the credential is known already, of whomever. */
  add(passkey: Omit<Passkey, 'createdAt' | 'lastUsedAt'>): Promise<boolean>;
  used(credential: string, counter: number, backedUp: boolean): Promise<void>;
  rename(account: string, credential: string, name: string): Promise<boolean>;
  remove(account: string, credential: string): Promise<boolean>;
  /** What the account is called towards authenticators: nothing that names the person (WebAuthn §14.6.1). */
  handleOf(account: string): Promise<string>;
  /** A new challenge for a browser; an earlier one for the same purpose is worth nothing. @returns base64url */
  challenge(browser: Buffer, purpose: Purpose): Promise<string>;
  /** The challenge, once; null when there is none or its time is over. */
  takeChallenge(browser: Buffer, purpose: Purpose): Promise<string | null>;
  sweep(): Promise<void>;
}

const COLUMNS = `credential, account, public_key as "publicKey", counter, aaguid, transports, synced,
  backed_up as "backedUp", name, created_at as "createdAt", last_used_at as "lastUsedAt"`;
const CHALLENGE_BYTES = 32;

export function openPasskeys(pool: Pool, limits: Limits, now: () => Date): Passkeys {
  const read = async (condition: string, value: string): Promise<Passkey[]> => {
    const sql = `select ${COLUMNS} from access.passkey where ${condition} = $1 order by created_at`;
    const { rows } = await pool.query<Passkey>(sql, [value]);
    return rows.map((row) => ({ ...row, counter: Number(row.counter) }));
  };
  const change = async (sql: string, values: unknown[]) => (await pool.query(sql, values)).rowCount === 1;

  return {
    read: async (credential) => (await read('credential', credential))[0] ?? null,
    of: (account) => read('account', account),
    add: ({ credential, account, publicKey, counter, aaguid, transports, synced, backedUp, name }) =>
      change(
        `insert into access.passkey
           (credential, account, public_key, counter, aaguid, transports, synced, backed_up, name, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
        [credential, account, publicKey, counter, aaguid, transports, synced, backedUp, name, now()],
      ),
    used: async (credential, counter, backedUp) => {
      await pool.query(
        'update access.passkey set counter = $2, backed_up = $3, last_used_at = $4 where credential = $1',
        [credential, counter, backedUp, now()],
      );
    },
    rename: (account, credential, name) =>
      change('update access.passkey set name = $3 where account = $1 and credential = $2', [
        account,
        credential,
        name,
      ]),
    remove: (account, credential) =>
      change('delete from access.passkey where account = $1 and credential = $2', [account, credential]),
    async handleOf(account) {
      const sql = 'select user_handle::text as handle from access.account where id = $1';
      return (await pool.query<{ handle: string }>(sql, [account])).rows[0]!.handle;
    },
    async challenge(browser, purpose) {
      const challenge = randomBytes(CHALLENGE_BYTES).toString('base64url');
      await pool.query(
        `insert into access.challenge (browser, purpose, challenge, expires_at) values ($1, $2, $3, $4)
         on conflict (browser, purpose) do update set challenge = excluded.challenge, expires_at = excluded.expires_at`,
        [browser, purpose, challenge, new Date(now().getTime() + limits.challengeMinutes * 60_000)],
      );
      return challenge;
    },
    async takeChallenge(browser, purpose) {
      const { rows } = await pool.query<{ challenge: string; expiresAt: Date }>(
        `delete from access.challenge where browser = $1 and purpose = $2
         returning challenge, expires_at as "expiresAt"`,
        [browser, purpose],
      );
      const [row] = rows;
      return row && row.expiresAt > now() ? row.challenge : null;
    },
    async sweep() {
      await pool.query('delete from access.challenge where expires_at < $1', [now()]);
    },
  };
}

/** Sign-in sessions of browsers: a random token in a cookie, its hash in table `access.session`. */
import { createHash, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Notices } from '../../store/index.ts';
import type { Account } from '../accounts/accounts.ts';
import type { Limits } from '../limits.ts';

export interface Session {
  account: Account;
  /** Idle too long: signing in again with the password opens a new one. */
  locked: boolean;
}

export interface Sessions {
  /** Token for the cookie. */
  open(account: Account, from: { ip: string; agent: string }): Promise<string>;
  /** The session of a cookie; null when there is none or its time is over. Counts as activity unless it is locked. */
  read(token: string): Promise<Session | null>;
  close(token: string): Promise<void>;
  /** Sessions were removed from the table: every process reads it again. */
  reread(): Promise<void>;
  /** Deletes what is over. */
  sweep(): Promise<void>;
}

interface Kept {
  account: Account;
  seenAt: number;
  createdAt: number;
  /** When the row was last read: others may have closed the account since. */
  readAt: number;
  /** When `seen_at` was last written. */
  writtenAt: number;
}

const ENDED = 'session-ended';
const REREAD = 'sessions-reread';
const REREAD_MS = 5_000;
const WRITE_SEEN_MS = 30_000;

const ACCOUNT = `a.id, a.name, a.roles, a.unit, a.practitioner, a.demo, a.active,
  a.locked_until as "lockedUntil", a.last_sign_in as "lastSignIn"`;

/** @param notices by which processes tell each other which sessions have ended, before they read the table again */
export function openSessions(pool: Pool, limits: Limits, now: () => Date, notices: Notices): Sessions {
  const kept = new Map<string, Kept>();
  notices.on(ENDED, {
    heard: (key) => void kept.delete(String(key)),
    connected: () => kept.clear(),
  });
  notices.on(REREAD, { heard: () => kept.clear() });

  async function load(hash: Buffer, key: string, at: number): Promise<Kept | null> {
    const { rows } = await pool.query<Account & { createdAt: Date; seenAt: Date }>(
      `select ${ACCOUNT}, s.created_at as "createdAt", s.seen_at as "seenAt"
       from access.session s join access.account a on a.id = s.account
       where s.token_hash = $1 and a.active`,
      [hash],
    );
    const row = rows[0];
    if (!row) {
      kept.delete(key);
      return null;
    }
    const { createdAt, seenAt, ...account } = row;
    const before = kept.get(key);
    const entry: Kept = {
      account,
      createdAt: createdAt.getTime(),
      seenAt: Math.max(seenAt.getTime(), before?.seenAt ?? 0),
      readAt: at,
      writtenAt: seenAt.getTime(),
    };
    kept.set(key, entry);
    return entry;
  }

  return {
    async open(account, { ip, agent }) {
      const token = randomBytes(32).toString('base64url');
      await pool.query(
        'insert into access.session (token_hash, account, created_at, seen_at, ip, agent) values ($1, $2, $3, $3, $4, $5)',
        [hashOf(token), account.id, now(), ip, agent.slice(0, 300)],
      );
      return token;
    },
    async read(token) {
      const hash = hashOf(token);
      const key = hash.toString('base64');
      const at = now().getTime();
      let entry = kept.get(key) ?? null;
      if (!entry || at - entry.readAt > REREAD_MS) entry = await load(hash, key, at);
      if (!entry) return null;
      if (at - entry.createdAt > limits.sessionMinutes * 60_000) return null;
      if (at - entry.seenAt > idleMs(limits, entry.account)) return { account: entry.account, locked: true };
      entry.seenAt = at;
      if (at - entry.writtenAt > WRITE_SEEN_MS) {
        entry.writtenAt = at;
        await pool.query('update access.session set seen_at = $2 where token_hash = $1', [hash, now()]);
      }
      return { account: entry.account, locked: false };
    },
    async close(token) {
      const hash = hashOf(token);
      const key = hash.toString('base64');
      kept.delete(key);
      await pool.query('delete from access.session where token_hash = $1', [hash]);
      await notices.send(ENDED, key);
    },
    async reread() {
      kept.clear();
      await notices.send(REREAD);
    },
    async sweep() {
      const oldest = now().getTime() - limits.sessionMinutes * 60_000;
      await pool.query('delete from access.session where created_at < $1', [new Date(oldest)]);
      for (const [key, entry] of kept) if (entry.createdAt < oldest) kept.delete(key);
    },
  };
}

function idleMs(limits: Limits, account: Account): number {
  const minutes = account.roles.includes('administrator')
    ? limits.idleMinutesAdministrator
    : limits.idleMinutes;
  return minutes * 60_000;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

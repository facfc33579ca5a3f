/** Sign-in sessions of browsers: a random token in a cookie, its hash in table `access.session`. */
import type { Pool } from 'pg';
import type { Notices } from '../../store/index.ts';
import { type Account, accountColumns, hasEnded } from '../accounts/account.ts';
import type { Limits } from '../limits.ts';
import { hashOfToken, newToken } from './cookie.ts';

/** `half`: the password was right, something is still missing, and nothing else is open to the session. */
export type Strength = 'half' | 'full';

export interface Session {
  id: string;
  account: Account;
  strength: Strength;
  /** How the person proved who they are (RFC 8176). */
  methods: readonly string[];
  /** When they last did. */
  provedAt: Date;
  createdAt: Date;
  /** Idle too long: signing in again with the password opens a new one. */
  locked: boolean;
}

/** One of an account's sessions, as its owner sees it. */
export interface OwnSession {
  id: string;
  createdAt: Date;
  seenAt: Date;
  ip: string;
  agent: string;
  methods: string[];
}

export interface NewSession {
  account: Account;
  ip: string;
  agent: string;
  strength: Strength;
  methods: readonly string[];
  /** An earlier session that this one goes on with: its end does not move, and what stands on it stays (oidc). */
  createdAt?: Date;
  id?: string;
  /** When the strongest method was proved, if that was earlier. */
  provedAt?: Date;
}

export interface Sessions {
  /** Token for the cookie. */
  open(session: NewSession): Promise<string>;
  /** The session of a cookie; null when there is none or its time is over. Counts as activity unless it is locked. */
  read(token: string): Promise<Session | null>;
  /** More was proved: the same session under a new token, the old one is worth nothing. Null when it is gone. */
  rise(token: string, to: { strength: Strength; methods: readonly string[] }): Promise<string | null>;
  close(token: string): Promise<void>;
  /** Full sessions of an account that are not over, the last seen first. */
  listOf(account: string): Promise<OwnSession[]>;
  /** False when the account has no such session. */
  closeOne(account: string, id: string): Promise<boolean>;
  /** Ends all sessions of the account but one. @returns how many */
  closeOthers(account: string, id: string): Promise<number>;
  /** Sessions were removed from the table, or accounts changed: every process reads it again. */
  reread(): Promise<void>;
  /** Deletes what is over. */
  sweep(): Promise<void>;
}

interface Kept extends Omit<Session, 'locked'> {
  seenAt: number;
  /** When the row was last read: others may have closed the account since. */
  readAt: number;
  /** When `seen_at` was last written. */
  writtenAt: number;
}

const ENDED = 'session-ended';
const REREAD = 'sessions-reread';
const REREAD_MS = 5_000;
const WRITE_SEEN_MS = 30_000;
const MINUTE_MS = 60_000;

/** @param notices by which processes tell each other which sessions have ended, before they read the table again */
export function openSessions(pool: Pool, limits: Limits, now: () => Date, notices: Notices): Sessions {
  const kept = new Map<string, Kept>();
  notices.on(ENDED, {
    heard: (key) => void kept.delete(String(key)),
    connected: () => kept.clear(),
  });
  notices.on(REREAD, { heard: () => kept.clear() });
  const forget = async (hash: Buffer) => {
    const key = hash.toString('base64');
    kept.delete(key);
    await notices.send(ENDED, key);
  };

  async function load(hash: Buffer, key: string, at: number): Promise<Kept | null> {
    const entry = await readRow(pool, hash, at, kept.get(key)?.seenAt ?? 0);
    if (entry) kept.set(key, entry);
    else kept.delete(key);
    return entry;
  }

  async function closeWhere(condition: string, values: unknown[]): Promise<number> {
    const sql = `delete from access.session where ${condition} returning token_hash`;
    const { rows } = await pool.query<{ token_hash: Buffer }>(sql, values);
    await Promise.all(rows.map((row) => forget(row.token_hash)));
    return rows.length;
  }

  return {
    async open({ account, ip, agent, strength, methods, createdAt = now(), provedAt = now(), id }) {
      const token = newToken();
      await pool.query(
        `insert into access.session (token_hash, account, created_at, seen_at, proved_at, ip, agent, strength, methods, id)
         values ($1, $2, $3, $4, $9, $5, $6, $7, $8, coalesce($10::uuid, gen_random_uuid()))`,
        [
          hashOfToken(token),
          account.id,
          createdAt,
          now(),
          ip,
          agent.slice(0, 300),
          strength,
          methods,
          provedAt,
          id ?? null,
        ],
      );
      return token;
    },
    async read(token) {
      const hash = hashOfToken(token);
      const key = hash.toString('base64');
      const at = now().getTime();
      let entry = kept.get(key) ?? null;
      if (!entry || at - entry.readAt > REREAD_MS) entry = await load(hash, key, at);
      if (!entry || hasEnded(entry.account, now())) return null;
      if (at - entry.createdAt.getTime() > wholeMs(limits, entry)) return null;
      const { seenAt, readAt: _, writtenAt, ...session } = entry;
      if (at - seenAt > idleMs(limits, entry.account))
        return entry.strength === 'half' ? null : { ...session, locked: true };
      entry.seenAt = at;
      if (at - writtenAt > WRITE_SEEN_MS) {
        entry.writtenAt = at;
        await pool.query('update access.session set seen_at = $2 where token_hash = $1', [hash, now()]);
      }
      return { ...session, locked: false };
    },
    async rise(token, { strength, methods }) {
      const [old, fresh] = [hashOfToken(token), newToken()];
      const { rowCount } = await pool.query(
        `update access.session set token_hash = $2, strength = $3, methods = $4, proved_at = $5, seen_at = $5
         where token_hash = $1`,
        [old, hashOfToken(fresh), strength, methods, now()],
      );
      await forget(old);
      return rowCount === 1 ? fresh : null;
    },
    close: async (token) => {
      const hash = hashOfToken(token);
      await pool.query('delete from access.session where token_hash = $1', [hash]);
      await forget(hash);
    },
    async listOf(account) {
      const { rows } = await pool.query<OwnSession>(
        `select id, created_at as "createdAt", seen_at as "seenAt", ip, agent, methods from access.session
         where account = $1 and strength = 'full' and created_at > $2 order by seen_at desc`,
        [account, new Date(now().getTime() - limits.sessionMinutes * MINUTE_MS)],
      );
      return rows;
    },
    closeOne: async (account, id) => (await closeWhere('account = $1 and id::text = $2', [account, id])) > 0,
    closeOthers: (account, id) => closeWhere('account = $1 and id::text <> $2', [account, id]),
    async reread() {
      kept.clear();
      await notices.send(REREAD);
    },
    async sweep() {
      const oldest = new Date(now().getTime() - limits.sessionMinutes * MINUTE_MS);
      await pool.query('delete from access.session where created_at < $1', [oldest]);
      for (const [key, entry] of kept) if (entry.createdAt < oldest) kept.delete(key);
    },
  };
}

async function readRow(pool: Pool, hash: Buffer, at: number, seenBefore: number): Promise<Kept | null> {
  type Row = Account & {
    sessionId: string;
    sessionAt: Date;
    seenAt: Date;
    provedAt: Date | null;
    strength: Strength;
    methods: string[];
  };
  const { rows } = await pool.query<Row>(
    `select ${accountColumns('a.')}, s.id as "sessionId", s.created_at as "sessionAt", s.seen_at as "seenAt",
       s.proved_at as "provedAt", s.strength, s.methods
     from access.session s join access.account a on a.id = s.account
     where s.token_hash = $1 and a.active`,
    [hash],
  );
  const [row] = rows;
  if (!row) return null;
  const { sessionId, sessionAt, seenAt, provedAt, strength, methods, ...account } = row;
  return {
    id: sessionId,
    account,
    strength,
    methods,
    createdAt: sessionAt,
    provedAt: provedAt ?? sessionAt,
    seenAt: Math.max(seenAt.getTime(), seenBefore),
    readAt: at,
    writtenAt: seenAt.getTime(),
  };
}

/** How long a session lasts however busy it is. */
function wholeMs(limits: Limits, { account, strength }: Pick<Session, 'account' | 'strength'>): number {
  if (strength === 'half') return limits.halfSessionMinutes * MINUTE_MS;
  return (account.person === null ? limits.sessionMinutes : limits.sessionMinutesCitizen) * MINUTE_MS;
}

function idleMs(limits: Limits, account: Account): number {
  if (account.person !== null) return limits.idleMinutesCitizen * MINUTE_MS;
  const minutes = account.roles.includes('administrator')
    ? limits.idleMinutesAdministrator
    : limits.idleMinutes;
  return minutes * MINUTE_MS;
}

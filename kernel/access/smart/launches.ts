/** Handles of launches from our own screens (SMART App Launch 2.2, "EHR launch"): table `access.launch`. */
import { createHash, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';

export interface LaunchContext {
  /** Ids; null when the launch has none. */
  patient: string | null;
  encounter: string | null;
  intent: string | null;
}

export interface Launches {
  /** The value of parameter `launch`: good once, for this account and client, for some minutes. */
  begin(client: string, account: string, context: LaunchContext): Promise<string>;
  /** What a handle stands for, without using it up; null when it is none, over, used, or of another account or client. */
  look(handle: string, client: string, account: string): Promise<LaunchContext | null>;
  /** Uses a handle up. Null as above: of two that come together one gets it. */
  take(handle: string, client: string, account: string): Promise<LaunchContext | null>;
  /** Forgets what is over. */
  sweep(): Promise<void>;
}

/** From the press of the button to consent. */
const MINUTES = 10;
const MINE = 'handle_hash = $1 and client = $2 and account = $3 and used_at is null and ends_at > $4';

export function openLaunches(pool: Pool, now: () => Date): Launches {
  const one = async (sql: string, handle: string, client: string, account: string) =>
    (await pool.query<LaunchContext>(sql, [hashOf(handle), client, account, now()])).rows[0] ?? null;
  return {
    async begin(client, account, { patient, encounter, intent }) {
      const handle = randomBytes(32).toString('base64url');
      const ends = new Date(now().getTime() + MINUTES * 60_000);
      await pool.query(
        `insert into access.launch (handle_hash, client, account, patient, encounter, intent, ends_at)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [hashOf(handle), client, account, patient, encounter, intent, ends],
      );
      return handle;
    },
    look: (handle, client, account) =>
      one(`select patient, encounter, intent from access.launch where ${MINE}`, handle, client, account),
    take: (handle, client, account) =>
      one(
        `update access.launch set used_at = $4 where ${MINE} returning patient, encounter, intent`,
        handle,
        client,
        account,
      ),
    async sweep() {
      await pool.query('delete from access.launch where ends_at < $1', [now()]);
    },
  };
}

function hashOf(handle: string): Buffer {
  return createHash('sha256').update(handle).digest();
}

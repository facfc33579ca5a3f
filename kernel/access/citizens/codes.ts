/** One-time codes that citizens sign in with: table `access.one_time_code`. Its SQL is here and nowhere else. */
import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { Pool } from 'pg';
import type { Limits } from '../limits.ts';

export interface Codes {
  /** A new code for a browser; one it had is worth nothing. @param person null = nobody is signed in by it. @returns six digits */
  make(browser: Buffer, person: string | null): Promise<string>;
  /** The person a right code signs in, once; null when it is wrong, too old, tried too often, or means nobody. */
  take(browser: Buffer, code: string): Promise<string | null>;
  sweep(): Promise<void>;
}

export function openCodes(pool: Pool, limits: Limits, now: () => Date): Codes {
  return {
    async make(browser, person) {
      const code = String(randomInt(1_000_000)).padStart(6, '0');
      await pool.query(
        `insert into access.one_time_code (browser, person, hash, created_at, expires_at) values ($1, $2, $3, $4, $5)
         on conflict (browser) do update set person = excluded.person, hash = excluded.hash, tries = 0,
           created_at = excluded.created_at, expires_at = excluded.expires_at`,
        [
          browser,
          person,
          hashOf(browser, code),
          now(),
          new Date(now().getTime() + limits.oneTimeCodeMinutes * 60_000),
        ],
      );
      return code;
    },
    async take(browser, code) {
      // The try is counted before anything is compared: of many at once none goes uncounted.
      const { rows } = await pool.query<{ hash: Buffer; person: string | null }>(
        `update access.one_time_code set tries = tries + 1
         where browser = $1 and expires_at > $2 and tries < $3 returning hash, person`,
        [browser, now(), limits.oneTimeCodeTries],
      );
      const [row] = rows;
      const right = timingSafeEqual(row?.hash ?? Buffer.alloc(32), hashOf(browser, code.replace(/\s/g, '')));
      if (!row || !right || row.person === null) return null;
      const { rowCount } = await pool.query(
        'delete from access.one_time_code where browser = $1 and hash = $2',
        [browser, row.hash],
      );
      return rowCount === 1 ? row.person : null;
    },
    async sweep() {
      await pool.query('delete from access.one_time_code where expires_at < $1', [now()]);
    },
  };
}

function hashOf(browser: Buffer, code: string): Buffer {
  return createHash('sha256').update(browser).update(`|${code}`).digest();
}

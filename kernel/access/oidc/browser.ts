/** The browser's session (cookie `yba_session`) as the OpenID provider needs it: who, how proved, when. */
import type { Pool } from 'pg';
import type { Limits } from '../limits.ts';
import type { Sessions } from '../sessions/sessions.ts';

export interface BrowserSession {
  account: string;
  name: string;
  /** `access.session.id`: what a Session of the provider stands on. */
  browser: string;
  /** RFC 8176. */
  methods: string[];
  /** Epoch seconds of the last proof. */
  at: number;
}

export interface Browsers {
  /** @param token value of the cookie. Null when there is no session, or it is over, only half proved, or waits for its password. */
  read(token: string | undefined): Promise<BrowserSession | null>;
  /** True also when it is over. */
  isLocked(browser: string): Promise<boolean>;
  /** Of the account; nothing when it is over already. */
  close(account: string, browser: string): Promise<void>;
}

export function openBrowsers(pool: Pool, sessions: Sessions, limits: Limits, now: () => Date): Browsers {
  return {
    async read(token) {
      const session = token === undefined ? null : await sessions.read(token);
      if (!session || session.locked || session.strength !== 'full') return null;
      const { account, id, methods, provedAt } = session;
      return {
        account: account.id,
        name: account.name,
        browser: id,
        methods: [...methods],
        at: Math.floor(provedAt.getTime() / 1000),
      };
    },
    async isLocked(browser) {
      const { rows } = await pool.query(
        `select 1 from access.session s join access.account a on a.id = s.account
         where s.id = $1 and s.seen_at > $2::timestamptz - make_interval(mins =>
           case when a.person is not null then $3::int when 'administrator' = any (a.roles) then $4::int else $5::int end)`,
        [browser, now(), limits.idleMinutesCitizen, limits.idleMinutesAdministrator, limits.idleMinutes],
      );
      return rows.length === 0;
    },
    async close(account, browser) {
      await sessions.closeOne(account, browser);
    },
  };
}

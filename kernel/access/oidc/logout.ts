/**
 * Sessions of oidc-provider end with the browser's session on which they stand: grants without offline access end, and clients are told
 * (OpenID Connect Back-Channel Logout 1.0). What is to be told is a row until the client has answered, so `kill -9` forgets nobody.
 */
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Outbound } from '../../outbound/outbound.ts';
import { inTransaction } from '../../store/transaction.ts';
import { type Authorizations, hashOf, type Payload, type SessionLimits, sessionStands } from './artifacts.ts';
import type { SignedTokens } from './tokens.ts';

export interface Logouts {
  /** Ends every Session whose browser's session is over. @returns how many */
  endOver(): Promise<number>;
  /** Ends one Session. */
  end(uid: string): Promise<void>;
  /** A client is to be told of one. */
  tell(client: string, account: string, sid: string | undefined): Promise<void>;
  /** Sends what is due. @returns how many clients answered */
  send(): Promise<number>;
}

interface Parts {
  pool: Pool;
  limits: SessionLimits;
  now(): Date;
  issuer(): string;
  tokens: SignedTokens;
  outbound: Outbound;
  /** Given up after a day. */
  onLost(client: string, account: string, error: string): void;
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** Seconds that a logout token is good for: section 2.4 asks for a short time. */
const TOKEN_SECONDS = 120;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;
const GIVE_UP_MS = 24 * 3_600_000;
const AT_ONCE = 20;
const WITHIN_MS = 10_000;

interface EndedSession {
  id: Buffer;
  account: string;
  payload: Payload & { authorizations?: Authorizations };
}

interface Notice {
  id: string;
  client: string;
  account: string;
  sid: string | null;
  tries: number;
  created_at: Date;
  uri: string | null;
}

export function openLogouts(parts: Parts): Logouts {
  const { pool, now } = parts;

  /** @param which condition on `x`, by the values from $2 on */
  const endWhere = (which: string, values: unknown[]): Promise<number> =>
    inTransaction(pool, async (connection) => {
      const { rows } = await connection.query<EndedSession>(
        `delete from access.oidc_artifact where (model, id) in (
           select model, id from access.oidc_artifact x
           where x.model = 'Session' and $1::timestamptz is not null and ${which} for update skip locked limit 200)
         returning id, account, payload`,
        [now(), ...values],
      );
      for (const { account, payload } of rows)
        for (const [client, { sid, grantId, persistsLogout }] of Object.entries(
          payload.authorizations ?? {},
        )) {
          if (grantId !== undefined && !persistsLogout)
            await connection.query(
              `delete from access.oidc_artifact where grant_id = $1 or (model = 'Grant' and id = $1)`,
              [hashOf('Grant', grantId)],
            );
          await connection.query(NOTICE, [randomUUID(), client, account, sid ?? null, now()]);
        }
      return rows.length;
    });

  return {
    endOver: () => endWhere(`x.browser is not null and not ${sessionStands(parts.limits)}`, []),
    end: async (uid) => void (await endWhere('x.uid = $2', [uid])),
    async tell(client, account, sid) {
      await pool.query(NOTICE, [randomUUID(), client, account, sid ?? null, now()]);
    },
    async send() {
      let answered = 0;
      for (const notice of await due(pool, now())) if (await deliver(parts, notice)) answered += 1;
      return answered;
    },
  };
}

const NOTICE = `insert into access.logout_notice (id, client, account, sid, next_at, created_at)
  select $1, id, $3, $4, $5, $5 from access.client where id = $2 and active and backchannel_logout is not null`;

/** Takes notices out of the way of other programs for as long as a call may take. */
async function due(pool: Pool, at: Date): Promise<Notice[]> {
  const { rows } = await pool.query<Notice>(
    `update access.logout_notice n set next_at = $2, tries = tries + 1
     from access.client c
     where c.id = n.client and n.id in (
       select id from access.logout_notice where next_at <= $1 order by next_at limit ${AT_ONCE} for update skip locked)
     returning n.id, n.client, n.account, n.sid, n.tries, n.created_at, case when c.active then c.backchannel_logout end as uri`,
    [at, new Date(at.getTime() + 2 * WITHIN_MS)],
  );
  return rows;
}

async function deliver(parts: Parts, notice: Notice): Promise<boolean> {
  const { pool, now } = parts;
  const fault = notice.uri === null ? null : await post(parts, notice, notice.uri);
  const late = now().getTime() - notice.created_at.getTime() > GIVE_UP_MS;
  if (fault === null || late) {
    await pool.query('delete from access.logout_notice where id = $1', [notice.id]);
    if (fault !== null) parts.onLost(notice.client, notice.account, fault);
    return fault === null;
  }
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(notice.tries - 1, 12));
  await pool.query('update access.logout_notice set next_at = $2, last_error = $3 where id = $1', [
    notice.id,
    new Date(now().getTime() + pause),
    fault.slice(0, 500),
  ]);
  return false;
}

/** @returns what went wrong; null when the client took it (section 2.5) */
async function post(
  { tokens, issuer, outbound, now }: Parts,
  notice: Notice,
  uri: string,
): Promise<string | null> {
  const iat = Math.floor(now().getTime() / 1000);
  const token = await tokens.signAs('logout+jwt', {
    iss: issuer(),
    aud: notice.client,
    sub: notice.account,
    iat,
    exp: iat + TOKEN_SECONDS,
    jti: randomUUID(),
    events: { [EVENT]: {} },
    ...(notice.sid !== null && { sid: notice.sid }),
  });
  try {
    const { status, body } = await outbound.send({
      method: 'POST',
      url: uri,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: token }).toString(),
      within: WITHIN_MS,
      most: 64 * 1024,
    });
    for await (const _chunk of body);
    return status === 200 || status === 204 ? null : `status ${status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

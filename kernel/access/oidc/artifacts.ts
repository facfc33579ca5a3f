/**
 * What oidc-provider keeps, in table `access.oidc_artifact`: nothing of it is in the memory of a program, so that several programs
 * share it and `kill -9` loses none. Rows are found by the SHA-256 of the value that the other side shows; the value is not there.
 */
import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { Limits } from '../limits.ts';

/** The part of a stored model that this room looks at. */
export interface Payload extends Record<string, unknown> {
  jti?: string;
  grantId?: string;
  uid?: string;
  userCode?: string;
  accountId?: string;
  clientId?: string;
  sessionUid?: string;
  /** Of a Session and a login: id of the browser's session. */
  browser?: string;
  consumed?: number;
  /** Epoch seconds. */
  exp?: number;
}

/** The part of a Session that logout needs: by client, its `sid`, grant, and whether that outlives the logout. */
export type Authorizations = Record<string, { sid?: string; grantId?: string; persistsLogout?: boolean }>;

export interface Artifacts {
  save(model: string, id: string, payload: Payload, seconds: number): Promise<void>;
  /** False when there was one already: what counts once is there. */
  saveOnce(model: string, id: string, payload: Payload, seconds: number): Promise<boolean>;
  find(model: string, id: string): Promise<Payload | undefined>;
  findByUid(uid: string): Promise<Payload | undefined>;
  findByUserCode(code: string): Promise<Payload | undefined>;
  /** False when another request was first. */
  consume(model: string, id: string): Promise<boolean>;
  destroy(model: string, id: string): Promise<void>;
  /** Ends a grant and everything that was given under it. */
  endGrant(grantId: string): Promise<void>;
  /** Ends everything of one model that was given under a grant. */
  revoke(model: string, grantId: string): Promise<void>;
  /** Deletes what is over. */
  sweep(): Promise<void>;
}

/** What decides whether a browser's session still counts. */
export type SessionLimits = Pick<Limits, 'sessionMinutes' | 'sessionMinutesCitizen'>;

/** An account `a` is open; `$1` is now. */
const ACCOUNT_STANDS = `a.active and (a.ends_on is null or a.ends_on >= ($1::timestamptz at time zone 'Asia/Ho_Chi_Minh')::date)`;

/** A Session `x` stands while its browser's session does and the account is open; `$1` is now. */
export function sessionStands({ sessionMinutes, sessionMinutesCitizen }: SessionLimits): string {
  const minutes = `case when a.person is null then ${sessionMinutes} else ${sessionMinutesCitizen} end`;
  return `exists (select 1 from access.session s join access.account a on a.id = s.account
    where s.id = x.browser and s.account = x.account and ${ACCOUNT_STANDS}
      and s.created_at > $1::timestamptz - make_interval(mins => ${minutes}))`;
}

/** What a row `t` of these models needs to stand. A Grant for offline access needs its account only, any other its Session as well. */
function conditions(limits: SessionLimits): Record<string, string> {
  return {
    Session: `(t.browser is null or exists (select 1 from access.oidc_artifact x
      where x.model = t.model and x.id = t.id and ${sessionStands(limits)}))`,
    Grant: `exists (select 1 from access.account a where a.id = t.account and ${ACCOUNT_STANDS})
      and (t.session_uid is null or exists (select 1 from access.oidc_artifact x
        where x.model = 'Session' and x.uid = t.session_uid and ${sessionStands(limits)}))`,
  };
}

/** Whether a Grant `t` counts; `$1` is now. */
export function grantStands(limits: SessionLimits): string {
  return conditions(limits).Grant!;
}

interface Row {
  payload: Payload;
  consumed_at: Date | null;
}

export function openArtifacts(pool: Pool, limits: SessionLimits, now: () => Date): Artifacts {
  const stands = conditions(limits);
  const one = async (sql: string, values: unknown[], jti?: string): Promise<Payload | undefined> => {
    const row = (await pool.query<Row>(sql, values)).rows[0];
    return row && revive(row, jti);
  };
  const standing = (model: string) => `and ${stands[model] ?? '$1::timestamptz is not null'}`;
  return {
    async save(model, id, payload, seconds) {
      await pool.query(
        `${INSERT} on conflict (model, id) do update set payload = excluded.payload, grant_id = excluded.grant_id,
           uid = excluded.uid, user_code = excluded.user_code, browser = excluded.browser,
           session_uid = excluded.session_uid, account = excluded.account, client = excluded.client,
           consumed_at = coalesce(oidc_artifact.consumed_at, excluded.consumed_at), ends_at = excluded.ends_at`,
        valuesOf(model, id, payload, seconds),
      );
    },
    async saveOnce(model, id, payload, seconds) {
      const { rowCount } = await pool.query(
        `${INSERT} on conflict do nothing`,
        valuesOf(model, id, payload, seconds),
      );
      return rowCount === 1;
    },
    find: (model, id) =>
      one(
        `select payload, consumed_at from access.oidc_artifact t where model = $2 and id = $3 ${standing(model)}`,
        [now(), model, hashOf(model, id)],
        id,
      ),
    findByUid: (uid) =>
      one(
        `select payload, consumed_at from access.oidc_artifact t where model = 'Session' and uid = $2 ${standing('Session')}`,
        [now(), uid],
      ),
    async findByUserCode(code) {
      const { rows } = await pool.query<Row & { id: Buffer }>(
        `select id, payload, consumed_at from access.oidc_artifact where model = 'DeviceCode' and user_code = $1`,
        [code],
      );
      return rows[0] && revive(rows[0], `#${rows[0].id.toString('base64url')}`);
    },
    async consume(model, id) {
      const { rowCount } = await pool.query(
        `update access.oidc_artifact set consumed_at = now() where model = $1 and id = $2 and consumed_at is null`,
        [model, hashOf(model, id)],
      );
      return rowCount === 1;
    },
    async destroy(model, id) {
      await pool.query('delete from access.oidc_artifact where model = $1 and id = $2', [
        model,
        hashOf(model, id),
      ]);
    },
    async endGrant(grantId) {
      await pool.query(
        `delete from access.oidc_artifact where grant_id = $1 or (model = 'Grant' and id = $1)`,
        [hashOf('Grant', grantId)],
      );
    },
    async revoke(model, grantId) {
      await pool.query('delete from access.oidc_artifact where model = $1 and grant_id = $2', [
        model,
        hashOf('Grant', grantId),
      ]);
    },
    async sweep() {
      await pool.query(`delete from access.oidc_artifact where ends_at < now() - interval '1 minute'`);
    },
  };
}

const INSERT = `insert into access.oidc_artifact
  (model, id, payload, grant_id, uid, user_code, browser, session_uid, account, client, consumed_at, ends_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, to_timestamp($11::float8), now() + make_interval(secs => $12))`;

function valuesOf(model: string, id: string, payload: Payload, seconds: number): unknown[] {
  const { jti: _value, consumed, ...kept } = payload;
  const grant = typeof kept.grantId === 'string' && model !== 'Interaction' ? kept.grantId : null;
  return [
    model,
    hashOf(model, id),
    JSON.stringify(model === 'Interaction' ? withoutCookie(kept) : kept),
    grant === null ? null : hashOf('Grant', grant),
    model === 'Session' ? (kept.uid ?? null) : null,
    model === 'DeviceCode' ? (kept.userCode ?? null) : null,
    model === 'Session' ? (kept.browser ?? null) : null,
    model === 'Grant' ? (kept.sessionUid ?? null) : null,
    kept.accountId ?? null,
    kept.clientId ?? null,
    consumed ?? null,
    seconds,
  ];
}

/** An Interaction would hold the value of its Session's cookie. */
function withoutCookie(payload: Payload): Payload {
  const { session, ...rest } = payload as Payload & { session?: Record<string, unknown> };
  if (session === undefined) return payload;
  const { cookie: _value, ...kept } = session;
  return { ...rest, session: kept };
}

function revive({ payload, consumed_at }: Row, jti: string | undefined): Payload {
  return {
    ...payload,
    ...(jti !== undefined && { jti }),
    ...(consumed_at !== null && { consumed: Math.floor(consumed_at.getTime() / 1000) }),
  };
}

/**
 * 32 bytes that tell nothing of the value. A device code that was found by what a person typed has no value here, only its hash:
 * it goes by `#<hash>` between the steps of that page, and by nothing else at the token endpoint (`models.ts`).
 */
export function hashOf(model: string, id: string): Buffer {
  if (model === 'DeviceCode' && id.startsWith('#')) return Buffer.from(id.slice(1), 'base64url');
  return createHash('sha256').update(`${model}:${id}`).digest();
}

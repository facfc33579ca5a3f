/** Applications that a person let in: which, with what, since when, last used; and their end. */
import type { Pool } from 'pg';
import type { Limits } from '../limits.ts';
import { AUDIENCE, grantStands } from '../oidc/index.ts';
import type { ConsentItem, DataNames } from './consent-items.ts';
import { consentItems } from './consent-items.ts';

export interface GivenApp {
  client: string;
  name: string;
  items: ConsentItem[];
  /** Also while the person is away. */
  offline: boolean;
  /** Patient id of the record, when it is one. */
  patient: string | null;
  /** ISO instants. */
  since: string;
  lastUsed: string | null;
}

export interface Apps {
  list(account: string): Promise<GivenApp[]>;
  /** What the account lets the client do now, by the newest grant that stands; null when nothing. */
  granted(account: string, client: string): Promise<{ scopes: string[]; patient: string | null } | null>;
  /** Ends everything that was given to the client; answers how many grants. Tokens end with them. */
  revoke(account: string, client: string): Promise<number>;
  /** Notes that a token of the account was used. */
  used(account: string, client: string): Promise<void>;
}

interface Row {
  client: string;
  name: string;
  payload: {
    iat?: number;
    resources?: Record<string, string>;
    openid?: { scope?: string };
    context?: { patient?: string };
    sessionUid?: string;
  };
  used: Date | null;
}

export function openApps(pool: Pool, now: () => Date, limits: Limits, names: DataNames): Apps {
  return {
    async list(account) {
      const { rows } = await pool.query<Row>(
        `select t.client, c.name, t.payload, u.used_at as used
         from access.oidc_artifact t join access.client c on c.id = t.client
           left join access.app_use u on u.account = t.account and u.client = t.client
         where t.model = 'Grant' and t.account = $2 and t.ends_at > now() and ${grantStands(limits)}
         order by c.name, t.ends_at desc`,
        [now(), account],
      );
      return rows.map((row) => givenApp(row, names));
    },
    async granted(account, client) {
      const { rows } = await pool.query<Pick<Row, 'payload'>>(
        `select t.payload from access.oidc_artifact t where t.model = 'Grant' and t.account = $2 and t.client = $3
           and t.ends_at > now() and ${grantStands(limits)} order by t.ends_at desc limit 1`,
        [now(), account, client],
      );
      const payload = rows[0]?.payload;
      return payload ? { scopes: scopesIn(payload), patient: payload.context?.patient ?? null } : null;
    },
    async revoke(account, client) {
      const { rowCount } = await pool.query(
        `with gone as (delete from access.oidc_artifact where model = 'Grant' and account = $1 and client = $2 returning id),
           under as (delete from access.oidc_artifact where grant_id in (select id from gone))
         select id from gone`,
        [account, client],
      );
      return rowCount ?? 0;
    },
    async used(account, client) {
      await pool.query(
        `insert into access.app_use (account, client, used_at) values ($1, $2, $3)
         on conflict (account, client) do update set used_at = greatest(app_use.used_at, excluded.used_at)`,
        [account, client, now()],
      );
    },
  };
}

function givenApp({ client, name, payload, used }: Row, names: DataNames): GivenApp {
  const { iat = 0, context, sessionUid } = payload;
  const scopes = scopesIn(payload);
  return {
    client,
    name,
    items: consentItems([...new Set(scopes)], names),
    offline: sessionUid === undefined,
    patient: context?.patient ?? null,
    since: new Date(iat * 1000).toISOString(),
    lastUsed: used?.toISOString() ?? null,
  };
}

function scopesIn({ resources = {}, openid }: Row['payload']): string[] {
  return `${resources[AUDIENCE] ?? ''} ${openid?.scope ?? ''}`.split(' ').filter((one) => one !== '');
}

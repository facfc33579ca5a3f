/** OAuth clients (partner systems, apps, kiosks): tables `access.client` and `access.client_secret`. Their SQL is here and nowhere else. */
import type { JSONWebKeySet } from 'jose';
import type { Pool } from 'pg';
import { Failure } from '../failure.ts';
import type { Client } from './client.ts';
import { checkClient } from './oidc/client-rules.ts';
import { hashPassword } from './password.ts';

export type { AuthMethod, Client, GrantType } from './client.ts';

/** A client to be registered: what is left out is that of a system client with a secret. */
export type NewClient = Pick<Client, 'id' | 'name' | 'scopes'> &
  Partial<Omit<Client, 'id' | 'name' | 'scopes' | 'active'>> & { secret?: string };

export interface Clients {
  /** With the PHC hashes of its secrets, newest first, for the token endpoint. Null when it is closed. */
  readWithSecrets(id: string): Promise<(Client & { secrets: string[] }) | null>;
  /** Null when it is closed. */
  read(id: string): Promise<Client | null>;
  list(): Promise<Client[]>;
  /** Fails with `conflict` when the id is taken, `invalid-parameter` when what is registered contradicts itself. */
  add(client: NewClient): Promise<void>;
  setActive(id: string, active: boolean): Promise<void>;
  /**
   * A further secret; the ones before it end then. Fails with `not-found`, `invalid-parameter`.
   * @param oldEnd when the others end
   */
  addSecret(id: string, secret: string, oldEnd: Date): Promise<void>;
  /** Other public keys. Fails with `not-found`, `invalid-parameter`. */
  setKeys(id: string, jwks: JSONWebKeySet): Promise<void>;
}

const COLUMNS = `c.id, c.name, c.scopes, c.active, c.grants, c.auth_method as "authMethod", c.application,
  c.redirect_uris as "redirectUris", c.logout_redirect_uris as "logoutRedirectUris", c.jwks, c.jwks_uri as "jwksUri",
  c.backchannel_logout as "backchannelLogout", c.launch_url as "launchUrl", c.trusted, c.introspects,
  c.unit, c.purposes`;

const SECRETS = `array(select s.hash from access.client_secret s
  where s.client = c.id and (s.ends_at is null or s.ends_at > now()) order by s.created_at desc) as secrets`;

export function openClients(pool: Pool): Clients {
  const change = async (id: string, sql: string, values: unknown[]) => {
    const { rowCount } = await pool.query(sql, [id, ...values]);
    if (rowCount === 0)
      throw new Failure('not-found', `Không có máy khách "${id}".`, { textEn: `No client "${id}".` });
  };
  const read = async (id: string): Promise<Client | null> =>
    (await pool.query<Client>(`select ${COLUMNS} from access.client c where c.id = $1 and c.active`, [id]))
      .rows[0] ?? null;
  return {
    read,
    async readWithSecrets(id) {
      const sql = `select ${COLUMNS}, ${SECRETS} from access.client c where c.id = $1 and c.active`;
      return (await pool.query<Client & { secrets: string[] }>(sql, [id])).rows[0] ?? null;
    },
    list: async () => (await pool.query<Client>(`select ${COLUMNS} from access.client c order by c.id`)).rows,
    add: (client) => add(pool, client),
    setActive: (id, active) => change(id, 'update access.client set active = $2 where id = $1', [active]),
    async addSecret(id, secret, oldEnd) {
      const client = await read(id);
      if (client) checkClient({ ...client, secret });
      const hash = await hashPassword(secret);
      await change(
        id,
        `with known as (select id from access.client where id = $1),
           older as (update access.client_secret set ends_at = least(ends_at, $3) where client = $1)
         insert into access.client_secret (client, hash) select id, $2 from known`,
        [hash, oldEnd],
      );
    },
    async setKeys(id, jwks) {
      const client = await read(id);
      if (client) checkClient({ ...client, jwks, jwksUri: null });
      await change(id, 'update access.client set jwks = $2, jwks_uri = null where id = $1', [
        JSON.stringify(jwks),
      ]);
    },
  };
}

async function add(pool: Pool, asked: NewClient): Promise<void> {
  const client = complete(asked);
  checkClient({ ...client, secret: asked.secret });
  const hash = asked.secret === undefined ? null : await hashPassword(asked.secret);
  const { rowCount } = await pool.query(
    `with made as (
       insert into access.client (id, name, scopes, grants, auth_method, application, redirect_uris,
         logout_redirect_uris, jwks, jwks_uri, backchannel_logout, launch_url, trusted, introspects, unit, purposes)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $16, $17)
       on conflict do nothing returning id),
     secret as (insert into access.client_secret (client, hash) select id, $15 from made where $15::text is not null)
     select id from made`,
    [
      client.id,
      client.name,
      client.scopes,
      client.grants,
      client.authMethod,
      client.application,
      client.redirectUris,
      client.logoutRedirectUris,
      client.jwks === null ? null : JSON.stringify(client.jwks),
      client.jwksUri,
      client.backchannelLogout,
      client.launchUrl,
      client.trusted,
      client.introspects,
      hash,
      client.unit,
      client.purposes,
    ],
  );
  if (rowCount === 0)
    throw new Failure('conflict', `Máy khách "${client.id}" đã có.`, {
      textEn: `Client "${client.id}" exists.`,
    });
}

function complete({ secret, ...asked }: NewClient): Client {
  const keys = asked.jwks != null || asked.jwksUri != null;
  return {
    active: true,
    grants: ['client_credentials'],
    authMethod: secret !== undefined ? 'client_secret_basic' : keys ? 'private_key_jwt' : 'none',
    application: 'web',
    redirectUris: [],
    logoutRedirectUris: [],
    jwks: null,
    jwksUri: null,
    backchannelLogout: null,
    launchUrl: null,
    trusted: false,
    introspects: false,
    unit: null,
    purposes: [],
    ...asked,
  };
}

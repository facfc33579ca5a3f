/**
 * Readers of the tables from outside the program: a login of PostgreSQL that sees the schema `views` and nothing else, and of
 * each table the rows that the policy of kernel/access gives its roles and its unit. It reads and never writes.
 */
import type { Pool, PoolClient } from 'pg';
import { Failure } from '../../kernel/failure.ts';
import type { ResourceType } from '../../kernel/fhir/types.ts';
import { inTransaction } from '../../kernel/store/index.ts';
import type { Mask } from '../../kernel/store/sight.ts';
import { viewStates } from './views.ts';

export interface Analyst {
  login: string;
  /** Roles of `content/access/policies.csv`. */
  roles: string[];
  /** Organization id; null = the province. */
  unit: string | null;
}

/** What the policy gives an analyst of a type. */
export interface Reading {
  /** How far the roles reach when they search it. */
  reach: 'none' | 'unit' | 'care' | 'province';
  /** Categories that are hidden, as bits of the record's column `sec`. */
  mask: Mask;
  /** By which names, and for which purpose, persons' rules of consent are asked; null = they are not. */
  consent: { names: readonly string[]; purpose: string } | null;
  /** The type's number in the store. */
  type: number;
}

export type ReadingOf = (analyst: Analyst, type: ResourceType) => Promise<Reading>;

const LOGIN = /^[a-z][a-z0-9_]{2,40}$/;
/** What a login of an analyst may use of the server in one question. */
const LIMITS = [
  'default_transaction_read_only = on',
  `statement_timeout = '5min'`,
  `idle_in_transaction_session_timeout = '5min'`,
  'search_path = views',
];

/**
 * Makes the login, or gives it another password, roles and unit.
 * @param days how long a visit that ended opens a person to the unit
 * @throws Failure `invalid-parameter` for a name that is none, `conflict` for a login of PostgreSQL that is no analyst
 */
export async function addAnalyst(
  pool: Pool,
  analyst: Analyst,
  { password, days, readingOf }: { password: string; days: number; readingOf: ReadingOf },
): Promise<void> {
  const { login, roles, unit } = analyst;
  if (!LOGIN.test(login)) {
    throw new Failure(
      'invalid-parameter',
      `"${login}" không phải tên đăng nhập (chữ thường, số, _; 3–41 ký tự).`,
      {
        textEn: `"${login}" is no login: 3 to 41 lower-case letters, digits and _.`,
      },
    );
  }
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ role: boolean; known: boolean }>(
      `select exists (select from pg_roles where rolname = $1) as role, exists (select from view_analyst where login = $1) as known`,
      [login],
    );
    if (rows[0]!.role && !rows[0]!.known) throw taken(login);
    await run(
      client,
      rows[0]!.role ? 'alter role %I login password %L' : 'create role %I login password %L noinherit',
      login,
      password,
    );
    for (const limit of LIMITS) await run(client, `alter role %I set ${limit}`, login);
    await run(client, 'grant usage on schema views to %I', login);
    await client.query(
      `insert into view_analyst (login, roles, unit, days) values ($1, $2, $3, $4)
       on conflict (login) do update set roles = excluded.roles, unit = excluded.unit, days = excluded.days`,
      [login, roles, unit, days],
    );
    await applyReading(client, pool, analyst, readingOf);
  });
}

/** Ends a login. @throws Failure `not-found` */
export async function removeAnalyst(pool: Pool, login: string): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rowCount } = await client.query('delete from view_analyst where login = $1', [login]);
    if (rowCount === 0) {
      throw new Failure('not-found', `Không có người phân tích "${login}".`, {
        textEn: `There is no analyst "${login}".`,
      });
    }
    if ((await client.query('select from pg_roles where rolname = $1', [login])).rowCount === 0) return;
    await run(client, 'drop owned by %I', login);
    await run(client, 'drop role %I', login);
  });
}

export async function listAnalysts(pool: Pool): Promise<Analyst[]> {
  return (await pool.query<Analyst>('select login, roles, unit from view_analyst order by login')).rows;
}

/** After a new table, or a change of the policy: everybody's rights as the policy of now says. */
export async function refreshAnalysts(pool: Pool, readingOf: ReadingOf): Promise<void> {
  for (const analyst of await listAnalysts(pool))
    await inTransaction(pool, (client) => applyReading(client, pool, analyst, readingOf));
}

async function applyReading(
  client: PoolClient,
  pool: Pool,
  analyst: Analyst,
  readingOf: ReadingOf,
): Promise<void> {
  const { login } = analyst;
  // A login that the operator dropped, or that did not come along with a dump, keeps its place and has no rights to be told.
  const there = await client.query('select from pg_roles where rolname = $1', [login]);
  if (there.rowCount === 0) return;
  await run(client, 'revoke all on all tables in schema views from %I', login);
  await client.query('delete from view_reach where login = $1', [login]);
  for (const { name, definition } of await viewStates(pool)) {
    const { reach, mask, consent, type } = await readingOf(analyst, definition.resource);
    if (reach === 'none') continue;
    await client.query(
      `insert into view_reach (login, name, reach, hidden, hidden_own, asks, names, purpose, type)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        login,
        name,
        reach,
        mask.elsewhere,
        mask.own,
        consent !== null,
        consent?.names ?? [],
        consent?.purpose ?? '',
        type,
      ],
    );
    await client.query('select view_grant($1)', [name]);
  }
}

/** SQLSTATE insufficient_privilege. */
const NOT_ALLOWED = '42501';

/** DDL takes no parameters: PostgreSQL itself quotes them. */
async function run(client: PoolClient, format: string, ...values: string[]): Promise<void> {
  const marks = values.map((_, at) => `, $${at + 2}::text`).join('');
  const { rows } = await client.query<{ sql: string }>(`select format($1${marks}) as sql`, [
    format,
    ...values,
  ]);
  try {
    await client.query(rows[0]!.sql);
  } catch (error) {
    if ((error as { code?: string }).code !== NOT_ALLOWED) throw error;
    throw new Failure(
      'forbidden',
      'Tài khoản cơ sở dữ liệu của chương trình không được tạo đăng nhập. Hãy cấp CREATEROLE cho nó.',
      {
        textEn: "The program's database account may not make logins: give it CREATEROLE.",
        cause: error,
      },
    );
  }
}

function taken(login: string): Failure {
  return new Failure(
    'conflict',
    `Cơ sở dữ liệu đã có tài khoản "${login}" không phải người phân tích. Hãy chọn tên khác.`,
    {
      textEn: `The database has a role "${login}" that is no analyst: choose another name.`,
    },
  );
}

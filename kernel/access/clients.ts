/** System clients (partners, analysers, scripts): table `access.client`. Its SQL is here and nowhere else. */
import type { Pool } from 'pg';
import { Failure } from '../failure.ts';
import { hashPassword } from './password.ts';
import { parseScope } from './scopes.ts';

export interface Client {
  id: string;
  name: string;
  /** What it may ask for, separated by spaces: `system/*.cruds`. */
  scopes: string;
  active: boolean;
}

export interface Clients {
  /** With the PHC hash of its secret, for the token endpoint. */
  readWithSecret(id: string): Promise<(Client & { secret: string }) | null>;
  read(id: string): Promise<Client | null>;
  list(): Promise<Client[]>;
  /** Fails with `conflict` when the id is taken, `invalid-parameter` on a scope that is none. */
  add(client: { id: string; name: string; secret: string; scopes: string }): Promise<void>;
  setActive(id: string, active: boolean): Promise<void>;
}

const COLUMNS = 'id, name, scopes, active';

export function openClients(pool: Pool): Clients {
  return {
    async readWithSecret(id) {
      const sql = `select ${COLUMNS}, secret from access.client where id = $1 and active`;
      return (await pool.query<Client & { secret: string }>(sql, [id])).rows[0] ?? null;
    },
    async read(id) {
      const sql = `select ${COLUMNS} from access.client where id = $1 and active`;
      return (await pool.query<Client>(sql, [id])).rows[0] ?? null;
    },
    list: async () => (await pool.query<Client>(`select ${COLUMNS} from access.client order by id`)).rows,
    async add({ id, name, secret, scopes }) {
      checkClient(id, secret, scopes);
      const { rowCount } = await pool.query(
        'insert into access.client (id, name, secret, scopes) values ($1, $2, $3, $4) on conflict do nothing',
        [id, name, await hashPassword(secret), scopes],
      );
      if (rowCount === 0)
        throw new Failure('conflict', `Máy khách "${id}" đã có.`, { textEn: `Client "${id}" exists.` });
    },
    async setActive(id, active) {
      const { rowCount } = await pool.query('update access.client set active = $2 where id = $1', [
        id,
        active,
      ]);
      if (rowCount === 0)
        throw new Failure('not-found', `Không có máy khách "${id}".`, { textEn: `No client "${id}".` });
    },
  };
}

function checkClient(id: string, secret: string, scopes: string): void {
  if (!/^[\x21-\x39\x3b-\x7e]{1,100}$/.test(id)) {
    throw new Failure('invalid-parameter', `Mã máy khách "${id}" không hợp lệ.`, {
      textEn: 'A client id has 1 to 100 printable characters without ":".',
    });
  }
  if (secret.length < 6) {
    throw new Failure('invalid-parameter', 'Mật khẩu máy khách quá ngắn (ít nhất 6 ký tự).', {
      textEn: 'The client secret needs at least 6 characters.',
    });
  }
  for (const scope of scopes.split(' ')) {
    if (parseScope(scope)) continue;
    throw new Failure('invalid-parameter', `Phạm vi "${scope}" không hợp lệ.`, {
      textEn: `"${scope}" is no scope like system/*.cruds or system/Patient.rs.`,
    });
  }
}

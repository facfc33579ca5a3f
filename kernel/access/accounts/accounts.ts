/** Accounts of staff: table `access.account`. Its SQL is here and nowhere else. */
import type { Pool } from 'pg';
import { Failure } from '../../failure.ts';
import type { Role } from '../contract.ts';
import type { Limits } from '../limits.ts';
import { checkNewPassword, hashPassword, NOBODY, verifyPassword } from '../password.ts';

export interface Account {
  id: string;
  name: string;
  roles: Role[];
  unit: string | null;
  practitioner: string | null;
  demo: boolean;
  active: boolean;
  lockedUntil: Date | null;
  lastSignIn: Date | null;
}

export interface NewAccount {
  id: string;
  name: string;
  roles: Role[];
  unit: string | null;
  practitioner: string | null;
  password: string;
  /** Demo accounts may have simple passwords; they keep the program on the loopback address. */
  demo?: boolean;
}

export interface Accounts {
  /** The account when the password is right; counts failures and locks. Fails with `sign-in-required`, always the same words. */
  prove(id: string, password: string): Promise<Account>;
  read(id: string): Promise<Account | null>;
  list(): Promise<Account[]>;
  /** Fails with `conflict` when the name is taken, `business-rule` when the password is weak. */
  add(account: NewAccount): Promise<void>;
  setPassword(id: string, password: string): Promise<void>;
  unlock(id: string): Promise<void>;
  setActive(id: string, active: boolean): Promise<void>;
  /** True while an active demo account exists. */
  anyDemo(): Promise<boolean>;
}

const COLUMNS = `id, name, roles, unit, practitioner, demo, active, locked_until as "lockedUntil", last_sign_in as "lastSignIn"`;

/** @param sessionsEnded told after sessions of an account were removed */
export function openAccounts(
  pool: Pool,
  limits: Limits,
  now: () => Date,
  sessionsEnded: () => Promise<void>,
): Accounts {
  const one = async (sql: string, values: unknown[]): Promise<Account | null> =>
    (await pool.query<Account>(sql, values)).rows[0] ?? null;
  const change = async (id: string, sql: string, values: unknown[]) => {
    const { rowCount } = await pool.query(sql, [id, ...values]);
    if (rowCount === 0)
      throw new Failure('not-found', `Không có tài khoản "${id}".`, { textEn: `No account "${id}".` });
  };
  const endSessions = async (id: string) => {
    await pool.query('delete from access.session where account = $1', [id]);
    await sessionsEnded();
  };

  return {
    prove: (id, password) => prove(pool, limits, now(), fold(id), password),
    read: (id) => one(`select ${COLUMNS} from access.account where id = $1`, [fold(id)]),
    list: async () =>
      (await pool.query<Account>(`select ${COLUMNS} from access.account order by unit, id`)).rows,
    async add({ id, name, roles, unit, practitioner, password, demo = false }) {
      if (!/^[a-z0-9][a-z0-9._-]{1,63}$/.test(fold(id))) {
        throw new Failure('invalid-parameter', `Tên đăng nhập "${id}" không hợp lệ.`, {
          textEn: 'Sign-in names are 2 to 64 of a-z 0-9 . _ -',
        });
      }
      if (!demo) checkNewPassword(password, id, limits);
      const { rowCount } = await pool.query(
        `insert into access.account (id, name, roles, unit, practitioner, password, demo)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
        [fold(id), name, roles, unit, practitioner, await hashPassword(password), demo],
      );
      if (rowCount === 0)
        throw new Failure('conflict', `Tài khoản "${id}" đã có.`, { textEn: `Account "${id}" exists.` });
    },
    async setPassword(id, password) {
      checkNewPassword(password, id, limits);
      const hash = await hashPassword(password);
      await change(
        fold(id),
        `update access.account set password = $2, password_at = now(), failures = 0, locked_until = null where id = $1`,
        [hash],
      );
      await endSessions(fold(id));
    },
    unlock: (id) =>
      change(fold(id), 'update access.account set failures = 0, locked_until = null where id = $1', []),
    async setActive(id, active) {
      await change(fold(id), 'update access.account set active = $2 where id = $1', [active]);
      if (!active) await endSessions(fold(id));
    },
    anyDemo: async () =>
      (await one(`select ${COLUMNS} from access.account where demo and active limit 1`, [])) !== null,
  };
}

/** A locked, closed or unknown account and a wrong password get one answer after the same work. */
async function prove(pool: Pool, limits: Limits, now: Date, id: string, password: string): Promise<Account> {
  const { rows } = await pool.query<Account & { password: string }>(
    `select ${COLUMNS}, password from access.account where id = $1`,
    [id],
  );
  const found = rows[0];
  const right = await verifyPassword(password, found?.password ?? NOBODY);
  const open = found?.active === true && (found.lockedUntil === null || found.lockedUntil <= now);
  if (found && right && open) {
    await pool.query(
      'update access.account set failures = 0, locked_until = null, last_sign_in = $2 where id = $1',
      [id, now],
    );
    const { password: _, ...account } = found;
    return account;
  }
  if (found && open) {
    await pool.query(
      `update access.account
       set failures = case when failures + 1 >= $2 then 0 else failures + 1 end,
           locked_until = case when failures + 1 >= $2 then $3::timestamptz else locked_until end
       where id = $1`,
      [id, limits.failuresBeforeLock, new Date(now.getTime() + limits.lockMinutes * 60_000)],
    );
  }
  throw new Failure(
    'sign-in-required',
    `Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang bị khóa. Sai ${limits.failuresBeforeLock} lần thì tài khoản bị khóa; hãy nhờ người quản trị mở.`,
    { textEn: 'Wrong name or password, or the account is locked.' },
  );
}

function fold(id: string): string {
  return id.trim().toLowerCase();
}

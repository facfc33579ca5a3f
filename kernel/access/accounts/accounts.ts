/** Accounts: table `access.account`, and the passwords that they had. Its SQL of changing is here, of lists in `listing.ts`. */
import { randomInt, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { Failure } from '../../failure.ts';
import type { Role } from '../contract.ts';
import type { Limits } from '../limits.ts';
import { hashPassword, NOBODY, verifyPassword } from '../password.ts';
import type { PasswordRules } from '../passwords/rules.ts';
import { type Account, accountColumns, stateOf } from './account.ts';

export interface NewAccount {
  id: string;
  name: string;
  roles: Role[];
  unit: string | null;
  practitioner: string | null;
  /** Patient id: a citizen's own account. Only those of the demo have a password (`ofCitizen` makes the others). */
  person?: string;
  password: string;
  /** Demo accounts may have simple passwords and no second factor; they keep the program on the loopback address. */
  demo?: boolean;
}

/** An account of the staff register, without a password until one is handed over. */
export type Opened = Omit<NewAccount, 'password' | 'demo' | 'person'> & { endsOn: string | null };

export interface Accounts {
  /** The account when the password is right; counts failures and locks. Fails with `sign-in-required`, always the same words. */
  prove(id: string, password: string): Promise<Account>;
  /** The sign-in is complete: failures are forgotten, the account is in use. */
  cameIn(id: string): Promise<void>;
  /** A wrong code or key after the right password: counts as a wrong password does. */
  failed(id: string): Promise<void>;
  read(id: string): Promise<Account | null>;
  /** By what passkeys know it by. */
  byHandle(handle: string): Promise<Account | null>;
  /** The account of a citizen, made when there is none yet. */
  ofCitizen(person: string, name: string): Promise<Account>;
  /** Accounts of staff; citizens have theirs by the hundred thousand. */
  list(): Promise<Account[]>;
  ofPractitioners(practitioners: readonly string[]): Promise<Account[]>;
  /** Fails with `conflict` when the name is taken, `business-rule` when the password is weak. */
  add(account: NewAccount): Promise<void>;
  /** Opens an account of the register; its name gets a number when it is taken. @returns the sign-in name */
  open(account: Opened): Promise<string>;
  /** The person's own new password. Ends every session. Fails with `business-rule` when it is weak or was had before. */
  setPassword(id: string, password: string): Promise<void>;
  /** True for the password in use; counts nothing. */
  isPassword(id: string, password: string): Promise<boolean>;
  /** A password made here, to be changed at the first sign-in. Ends every session, opens a lock. */
  handOver(id: string): Promise<{ password: string; until: Date }>;
  unlock(id: string): Promise<void>;
  /** Closing ends every session and tells the listeners of `onEnded`. */
  setActive(id: string, active: boolean, why?: 'left' | 'unused' | 'by-hand'): Promise<void>;
  /** Roles, unit, name and last day; sessions go on with the new rights within seconds. */
  change(
    id: string,
    to: Partial<Pick<Account, 'name' | 'roles' | 'unit' | 'endsOn' | 'inRegister'>>,
  ): Promise<void>;
  endSessions(id: string): Promise<void>;
  /** Called with the id of every account that was closed here: tokens of the account end as well. */
  onEnded(listener: (id: string) => void | Promise<void>): void;
  /** True while an active demo account exists. */
  anyDemo(): Promise<boolean>;
}

export interface AccountParts {
  pool: Pool;
  limits: Limits;
  now(): Date;
  rules: PasswordRules;
  /** True when the account has a code generator or a passkey. */
  hasSecondFactor(id: string): Promise<boolean>;
  /** Told after sessions of an account were removed or its rights were changed. */
  sessionsChanged(): Promise<void>;
}

/** No hash begins so: an account that waits for its first password has one that nothing matches. */
const NO_PASSWORD = '';
const COLUMNS = accountColumns();

export function openAccounts(parts: AccountParts): Accounts {
  const { pool, limits, now, rules } = parts;
  const ended: ((id: string) => void | Promise<void>)[] = [];
  const one = async (sql: string, values: unknown[]): Promise<Account | null> =>
    (await pool.query<Account>(sql, values)).rows[0] ?? null;
  const many = async (condition: string, values: unknown[]): Promise<Account[]> =>
    (await pool.query<Account>(`select ${COLUMNS} from access.account where ${condition}`, values)).rows;
  const read = (id: string) => one(`select ${COLUMNS} from access.account where id = $1`, [foldId(id)]);
  const change = async (id: string, sql: string, values: unknown[]) => {
    const { rowCount } = await pool.query(sql, [id, ...values]);
    if (rowCount === 0) throw noAccount(id);
  };
  const endSessions = async (id: string) => {
    await pool.query('delete from access.session where account = $1', [id]);
    await parts.sessionsChanged();
  };

  return {
    prove: (id, password) => prove(parts, foldId(id), password),
    cameIn: (id) =>
      change(
        id,
        'update access.account set failures = 0, locked_until = null, last_sign_in = $2 where id = $1',
        [now()],
      ),
    failed: (id) => countFailure(parts, id),
    read,
    byHandle: (handle) => one(`select ${COLUMNS} from access.account where user_handle::text = $1`, [handle]),
    ofCitizen: (person, name) => citizenAccount(parts, person, name),
    list: () => many('person is null order by unit, id', []),
    ofPractitioners: (practitioners) => many('practitioner = any($1)', [practitioners]),
    add: (account) => add(parts, account),
    open: (account) => openWithoutPassword(parts, account),
    async setPassword(id, password) {
      const account = await read(id);
      if (!account) throw noAccount(id);
      const hasSecondFactor = await parts.hasSecondFactor(account.id);
      const { short } = await rules.check(password, { id: account.id, name: account.name, hasSecondFactor });
      if (account.roles.includes('administrator')) await refuseUsed(pool, account.id, password, limits);
      await storePassword(parts, account.id, password, { short });
      await endSessions(account.id);
    },
    async isPassword(id, password) {
      const sql = 'select password from access.account where id = $1';
      const { rows } = await pool.query<{ password: string }>(sql, [foldId(id)]);
      return verifyPassword(password, rows[0]?.password ?? NOBODY);
    },
    async handOver(id) {
      const account = await read(id);
      if (!account || account.person !== null) throw noAccount(id);
      const password = madePassword();
      const until = new Date(now().getTime() + limits.firstPasswordDays * 86_400_000);
      await storePassword(parts, account.id, password, { short: false, until });
      await endSessions(account.id);
      return { password, until };
    },
    unlock: (id) =>
      change(foldId(id), 'update access.account set failures = 0, locked_until = null where id = $1', []),
    async setActive(id, active, why = 'by-hand') {
      const key = foldId(id);
      await change(
        key,
        `update access.account set active = $2, closed_why = $3,
        last_sign_in = case when $2 then $4 else last_sign_in end where id = $1`,
        [active, active ? null : why, now()],
      );
      if (active) return;
      await endSessions(key);
      for (const listener of ended) await listener(key);
    },
    async change(id, to) {
      await change(
        foldId(id),
        `update access.account set name = coalesce($2, name), roles = coalesce($3, roles),
           unit = case when $4 then $5 else unit end, ends_on = case when $6 then $7::date else ends_on end,
           in_register = coalesce($8, in_register)
         where id = $1`,
        [to.name, to.roles, 'unit' in to, to.unit, 'endsOn' in to, to.endsOn, to.inRegister],
      );
      await parts.sessionsChanged();
    },
    endSessions: (id) => endSessions(foldId(id)),
    onEnded: (listener) => void ended.push(listener),
    anyDemo: async () =>
      (await one(`select ${COLUMNS} from access.account where demo and active limit 1`, [])) !== null,
  };
}

/** Names are one whatever their case. */
export function foldId(id: string): string {
  return id.trim().toLowerCase();
}

/** A locked, closed or unknown account and a wrong password get one answer after the same work. */
async function prove(parts: AccountParts, id: string, password: string): Promise<Account> {
  const { pool, limits } = parts;
  const now = parts.now();
  const { rows } = await pool.query<Account & { password: string }>(
    `select ${COLUMNS}, password from access.account where id = $1`,
    [id],
  );
  const found = rows[0];
  const right = await verifyPassword(password, found?.password ?? NOBODY);
  const open = found !== undefined && stateOf(found, limits, now) === 'open';
  const inTime = found?.passwordUntil == null || found.passwordUntil > now;
  if (found && right && open && inTime) {
    const { password: _, ...account } = found;
    return account;
  }
  if (found && open) await countFailure(parts, id);
  throw wrongCredentials(limits);
}

/** The one answer to whoever is not let in. */
export function wrongCredentials(limits: Limits): Failure {
  return new Failure(
    'sign-in-required',
    `Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang bị khóa. Sai ${limits.failuresBeforeLock} lần thì tài khoản bị khóa; hãy nhờ người quản trị mở.`,
    { textEn: 'Wrong name or password, or the account is locked.' },
  );
}

async function countFailure({ pool, limits, now }: AccountParts, id: string): Promise<void> {
  await pool.query(
    `update access.account
     set failures = case when failures + 1 >= $2 then 0 else failures + 1 end,
         locked_until = case when failures + 1 >= $2 then $3::timestamptz else locked_until end
     where id = $1`,
    [id, limits.failuresBeforeLock, new Date(now().getTime() + limits.lockMinutes * 60_000)],
  );
}

async function add({ pool, rules, now }: AccountParts, account: NewAccount): Promise<void> {
  const { name, roles, unit, practitioner, person, password, demo = false } = account;
  const id = foldId(account.id);
  if (!/^[a-z0-9][a-z0-9._-]{1,63}$/.test(id)) {
    throw new Failure('invalid-parameter', `Tên đăng nhập "${account.id}" không hợp lệ.`, {
      textEn: 'Sign-in names are 2 to 64 of a-z 0-9 . _ -',
      expression: 'id',
    });
  }
  if (person !== undefined && !demo) throw noPasswordOfCitizens();
  if (!demo) await rules.check(password, { id, name, hasSecondFactor: false });
  const { rowCount } = await pool.query(
    `insert into access.account (id, name, roles, unit, practitioner, person, password, demo, created_at, password_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) on conflict do nothing`,
    [id, name, roles, unit, practitioner, person ?? null, await hashPassword(password), demo, now()],
  );
  if (rowCount === 0)
    throw new Failure('conflict', `Tài khoản "${account.id}" đã có.`, {
      textEn: `Account "${account.id}" exists.`,
      expression: 'id',
    });
}

async function openWithoutPassword({ pool, now }: AccountParts, account: Opened): Promise<string> {
  const { name, roles, unit, practitioner, endsOn } = account;
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? account.id : `${account.id}${number}`;
    const { rowCount } = await pool.query(
      `insert into access.account
         (id, name, roles, unit, practitioner, password, password_once, ends_on, in_register, created_at, password_at)
       values ($1, $2, $3, $4, $5, $6, true, $7, true, $8, $8) on conflict do nothing`,
      [id, name, roles, unit, practitioner, NO_PASSWORD, endsOn, now()],
    );
    if (rowCount === 1) return id;
  }
}

/** Nothing of the person is in the sign-in name: it stands in every line of the audit. */
async function citizenAccount({ pool, now }: AccountParts, person: string, name: string): Promise<Account> {
  const { rows } = await pool.query<Account>(
    `insert into access.account (id, name, roles, password, person, created_at, password_at)
     values ($1, $2, '{citizen}', $3, $4, $5, $5)
     on conflict (person) where person is not null do update set name = excluded.name
     returning ${COLUMNS}`,
    [`cd-${randomUUID()}`, name, NO_PASSWORD, person, now()],
  );
  return rows[0]!;
}

/** The password that was is kept among the old ones. @param more.until given for one that somebody else hands over */
async function storePassword(
  { pool, limits, now }: AccountParts,
  id: string,
  password: string,
  more: { short: boolean; until?: Date },
): Promise<void> {
  const hash = await hashPassword(password);
  await pool.query(
    `with old as (
       insert into access.old_password (account, password, until)
       select id, password, greatest($3, (select max(until) from access.old_password where account = $1) + interval '1 microsecond')
       from access.account where id = $1 and password <> ''
     )
     update access.account set password = $2, password_at = $3, password_short = $4, password_once = $5, password_until = $6,
       failures = 0, locked_until = null where id = $1`,
    [id, hash, now(), more.short, more.until !== undefined, more.until ?? null],
  );
  await pool.query(
    `delete from access.old_password where account = $1 and until not in
       (select until from access.old_password where account = $1 order by until desc limit $2)`,
    [id, limits.passwordHistoryAdministrator],
  );
}

/** The password in use and the last ones before it, as many as the law counts. */
async function refuseUsed(pool: Pool, id: string, password: string, limits: Limits): Promise<void> {
  const { rows } = await pool.query<{ password: string }>(
    `(select password from access.account where id = $1 and password <> '')
     union all
     (select password from access.old_password where account = $1 order by until desc limit $2)`,
    [id, limits.passwordHistoryAdministrator - 1],
  );
  for (const old of rows) {
    if (!(await verifyPassword(password, old.password))) continue;
    throw new Failure(
      'business-rule',
      `Mật khẩu này đã dùng. Tài khoản quản trị không dùng lại ${limits.passwordHistoryAdministrator} mật khẩu gần nhất.`,
      {
        textEn: `Administrators never reuse their last ${limits.passwordHistoryAdministrator} passwords.`,
        expression: 'password',
      },
    );
  }
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz';

/** Easy to read out and to type: `kzvq-mtrb-81Hw-xpgs`; 70 bits. */
function madePassword(): string {
  const pick = (from: string, count: number) =>
    Array.from({ length: count }, () => from[randomInt(from.length)]!).join('');
  const mixed = `${pick('23456789', 2)}${pick(LETTERS.toUpperCase(), 1)}${pick(LETTERS, 1)}`;
  return [pick(LETTERS, 4), pick(LETTERS, 4), mixed, pick(LETTERS, 4)].join('-');
}

function noPasswordOfCitizens(): Failure {
  return new Failure(
    'business-rule',
    'Người dân đăng nhập bằng mã một lần hoặc khóa truy cập, không bằng mật khẩu.',
    {
      textEn: 'Citizens sign in by one-time code or passkey and have no password.',
      expression: 'person',
    },
  );
}

function noAccount(id: string): Failure {
  return new Failure('not-found', `Không có tài khoản "${id}".`, { textEn: `No account "${id}".` });
}

/** `yba user`: accounts of staff, for the operator of the program. */
import { randomBytes } from 'node:crypto';
import { type Account, stateOf } from '../../kernel/access/accounts/account.ts';
import { foldId } from '../../kernel/access/accounts/accounts.ts';
import { reviewsOf, type Verdict } from '../../kernel/access/accounts/reviews.ts';
import { signOff, toReview } from '../../kernel/access/accounts/sign-off.ts';
import { STAFF_ROLES } from '../../kernel/access/accounts/staff-roles.ts';
import type { Role } from '../../kernel/access/contract.ts';
import type { House } from '../house.ts';
import { type Command, print, required, UsageError, withHouse } from './command.ts';

const VERBS = ['list', 'add', 'password', 'reset', 'unlock', 'disable', 'close', 'open', 'factors', 'review'];

export const user: Command = {
  name: 'user',
  summary: 'list, add, reset, unlock, disable, open and review accounts of staff',
  options: {
    name: { type: 'string' },
    roles: { type: 'string' },
    unit: { type: 'string' },
    practitioner: { type: 'string' },
    password: { type: 'string' },
    state: { type: 'string' },
    by: { type: 'string' },
    close: { type: 'string' },
  },
  help: `yba user list [--unit cs-25D01] [--state open|locked|unused|left|closed]
yba user add <sign-in name> --name "Nguyễn Thị Hà" --roles doctor,nurse [--unit cs-25D01] [--practitioner id] [--password …]
yba user password <sign-in name> [--password …]
yba user reset <sign-in name>      a password to hand over, changed at the first sign-in
yba user factors <sign-in name>    takes away a lost second factor
yba user unlock | disable | open <sign-in name>
yba user review                    units whose accounts are due to be reviewed
yba user review <unit>             the accounts that the unit's review is about
yba user review <unit> --by <sign-in name> [--close ba.cu,thuc.tap]     signs the review off: those named are closed, the others kept

Without --password one is made and printed. "close" is another word for "disable". Administrators and privacy officers add a second
factor at their first sign-in. Roles: ${STAFF_ROLES.join(', ')}.
`,
  async run(values, [verb = '', id = '', ...more]) {
    if (!VERBS.includes(verb) || more.length > 0) throw new UsageError('See "yba user --help".');
    const looks = verb === 'list' || (verb === 'review' && values.by === undefined);
    if (verb !== 'list' && verb !== 'review' && id === '')
      throw new UsageError(`yba user ${verb} needs a sign-in name.`);
    return withHouse(async (house) => {
      await carryOut(house, verb, id, values);
      // A review that is signed has its own lines.
      if (!looks && verb !== 'review')
        await house.kernel.gate.system('yba user').note(verb, `account/${id}`, null);
      return 0;
    });
  },
};

async function carryOut(
  house: House,
  verb: string,
  id: string,
  values: Record<string, unknown>,
): Promise<void> {
  const { accounts, factors } = house.access;
  switch (verb) {
    case 'list':
      return list(house, values);
    case 'review':
      return values.by === undefined ? review(house, id) : signReview(house, id, values);
    case 'add':
      return add(accounts, id, values);
    case 'password': {
      const password = passwordOf(values);
      await accounts.setPassword(id, password.text);
      return told(id, password);
    }
    case 'reset': {
      const { password, until } = await accounts.handOver(id);
      return print(`${id}: ${password} (until ${until.toISOString().slice(0, 10)})`);
    }
    case 'factors':
      if ((await accounts.read(id)) === null) throw new UsageError(`There is no account "${id}".`);
      await factors.removeAll(id);
      return accounts.endSessions(id);
    case 'unlock':
      return accounts.unlock(id);
    default:
      return accounts.setActive(id, verb === 'open');
  }
}

async function list(house: House, { unit, state }: Record<string, unknown>): Promise<void> {
  const { access, kernel } = house;
  for (const one of await access.accounts.list()) {
    const now = stateOf(one, access.limits, kernel.settings.now());
    if ((unit !== undefined && one.unit !== unit) || (state !== undefined && now !== state)) continue;
    printAccount(house, one);
  }
}

function printAccount({ access, kernel }: House, one: Account): void {
  const state = stateOf(one, access.limits, kernel.settings.now());
  print(
    `${one.id.padEnd(20)} ${state.padEnd(7)} ${(one.unit ?? '-').padEnd(12)} ${one.roles.join(',').padEnd(24)} ${one.name}`,
  );
}

/** @param unit '' = which units are due */
async function review(house: House, unit: string): Promise<void> {
  const { access, kernel } = house;
  if (unit !== '') {
    const accounts = toReview(await access.accounts.list(), unit);
    for (const one of accounts) printAccount(house, one);
    if (accounts.length === 0) print(`${unit} has no open account.`);
    return;
  }
  const all = reviewsOf(
    await access.accounts.list(),
    await access.reviews.last(),
    access.limits,
    kernel.settings.now(),
  );
  const rows = all.filter(({ overdue }) => overdue);
  for (const { unit, accounts, last } of rows) {
    const when =
      last === null
        ? 'never reviewed'
        : `last on ${last.reviewedAt.toISOString().slice(0, 10)} by ${last.reviewer}`;
    print(`${unit.padEnd(16)} ${String(accounts).padStart(4)} accounts, ${when}`);
  }
  if (rows.length === 0) print('No unit is due.');
}

/** @param values.by who has looked at the accounts and answers for it */
async function signReview(
  { access, kernel }: House,
  unit: string,
  values: Record<string, unknown>,
): Promise<void> {
  const by = await access.accounts.read(String(values.by));
  if (unit === '' || !by?.active || by.person !== null)
    throw new UsageError(
      'yba user review <unit> --by <sign-in name> needs a unit and the open account of who has looked.',
    );
  const closed = String(values.close ?? '')
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(foldId);
  const accounts = toReview(await access.accounts.list(), unit).map(({ id }) => id);
  const verdicts = [...new Set([...accounts, ...closed])].map((account): Verdict => {
    return { account, verdict: closed.includes(account) ? 'close' : 'keep' };
  });
  const gate = kernel.gate.system('yba user');
  await signOff(
    {
      accounts: access.accounts,
      reviews: access.reviews,
      now: kernel.settings.now,
      note: (action, what) => gate.note(action, `${what} by ${by.id}`, null),
    },
    unit,
    by,
    verdicts,
  );
  print(`${unit}: ${verdicts.length - closed.length} kept, ${closed.length} closed, signed by ${by.id}.`);
}

async function add(
  accounts: House['access']['accounts'],
  id: string,
  values: Record<string, unknown>,
): Promise<void> {
  const roles = required(values.roles, 'roles').split(',') as Role[];
  const unknown = roles.find((role) => !STAFF_ROLES.includes(role));
  if (unknown !== undefined)
    throw new UsageError(`There is no role "${unknown}"; roles are ${STAFF_ROLES.join(', ')}.`);
  const password = passwordOf(values);
  await accounts.add({
    id,
    name: required(values.name, 'name'),
    roles,
    unit: typeof values.unit === 'string' ? values.unit : null,
    practitioner: typeof values.practitioner === 'string' ? values.practitioner : null,
    password: password.text,
  });
  told(id, password);
}

function passwordOf({ password }: Record<string, unknown>): { text: string; made: boolean } {
  if (typeof password === 'string') return { text: password, made: false };
  return { text: `${randomBytes(12).toString('base64url')}-aA1`, made: true };
}

function told(id: string, { text, made }: { text: string; made: boolean }): void {
  print(made ? `${id}: ${text}` : `${id}: done`);
}

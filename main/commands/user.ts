/** `yba user`: accounts of staff, for the operator of the program. */
import { randomBytes } from 'node:crypto';
import type { Role } from '../../kernel/access/contract.ts';
import type { House } from '../house.ts';
import { type Command, print, required, UsageError, withHouse } from './command.ts';

export const ROLES: readonly Role[] = [
  'reception',
  'nurse',
  'doctor',
  'laboratory',
  'cashier',
  'station-head',
  'insurance',
  'surveillance',
  'province-operator',
  'administrator',
];

export const user: Command = {
  name: 'user',
  summary: 'list, add, password, unlock, close and open accounts of staff',
  options: {
    name: { type: 'string' },
    roles: { type: 'string' },
    unit: { type: 'string' },
    practitioner: { type: 'string' },
    password: { type: 'string' },
  },
  help: `yba user list
yba user add <sign-in name> --name "Nguyễn Thị Hà" --roles doctor,nurse [--unit cs-25D01] [--practitioner id] [--password …]
yba user password <sign-in name> [--password …]
yba user unlock | close | open <sign-in name>

Without --password one is made and printed. Roles: ${ROLES.join(', ')}.
`,
  async run(values, [verb = '', id = '', ...more]) {
    if (!['list', 'add', 'password', 'unlock', 'close', 'open'].includes(verb) || more.length > 0) {
      throw new UsageError('See "yba user --help".');
    }
    if (verb !== 'list' && id === '') throw new UsageError(`yba user ${verb} needs a sign-in name.`);
    return withHouse(async (house) => {
      await carryOut(house, verb, id, values);
      if (verb !== 'list') await house.kernel.gate.system('yba user').note(verb, `account/${id}`, null);
      return 0;
    });
  },
};

async function carryOut(
  { access }: House,
  verb: string,
  id: string,
  values: Record<string, unknown>,
): Promise<void> {
  const { accounts } = access;
  switch (verb) {
    case 'list':
      for (const one of await accounts.list()) {
        const state = !one.active
          ? 'closed'
          : one.lockedUntil && one.lockedUntil > new Date()
            ? 'locked'
            : 'open';
        print(
          `${one.id.padEnd(20)} ${state.padEnd(7)} ${(one.unit ?? '-').padEnd(12)} ${one.roles.join(',').padEnd(24)} ${one.name}`,
        );
      }
      return;
    case 'add':
      return add(accounts, id, values);
    case 'password': {
      const password = passwordOf(values);
      await accounts.setPassword(id, password.text);
      return told(id, password);
    }
    case 'unlock':
      return accounts.unlock(id);
    default:
      return accounts.setActive(id, verb === 'open');
  }
}

async function add(
  accounts: House['access']['accounts'],
  id: string,
  values: Record<string, unknown>,
): Promise<void> {
  const roles = required(values.roles, 'roles').split(',') as Role[];
  const unknown = roles.find((role) => !ROLES.includes(role));
  if (unknown !== undefined)
    throw new UsageError(`There is no role "${unknown}"; roles are ${ROLES.join(', ')}.`);
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

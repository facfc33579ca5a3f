/** `yba views`: the plain tables of the record, and who reads them from outside. */
import { randomBytes } from 'node:crypto';
import {
  addAnalyst,
  listAnalysts,
  rebuildView,
  refreshAnalysts,
  removeAnalyst,
  viewStates,
} from '../../engines/views/index.ts';
import { STAFF_ROLES } from '../../kernel/access/accounts/staff-roles.ts';
import type { Role } from '../../kernel/access/contract.ts';
import { readingOfAnalysts } from '../analysts.ts';
import type { House } from '../house.ts';
import { type Command, print, required, UsageError, withHouse } from './command.ts';

export const views: Command = {
  name: 'views',
  summary: 'shows and rebuilds the plain tables of the record; logins that read them',
  options: { roles: { type: 'string' }, unit: { type: 'string' }, password: { type: 'string' } },
  help: `yba views status
yba views rebuild <name>
yba views analyst list
yba views analyst add <login> --roles <role,role> [--unit <Organization id>] [--password <password>]
yba views analyst remove <login>

The tables lie in the schema "views" of the database and are kept by the program within seconds. "rebuild" makes one anew from
the record while the program works. An analyst's login of PostgreSQL sees these tables only, of each the rows that
content/access/policies.csv gives its roles and unit, without what sensitive-reading.csv or a person's restriction hides from
them, and writes nothing. Without --password one is made and printed.
`,
  async run(values, [verb = '', ...words]) {
    if (verb === 'status' && words.length === 0) return withHouse(showStatus);
    if (verb === 'rebuild' && words.length === 1) return withHouse((house) => rebuild(house, words[0]!));
    if (verb === 'analyst') return withHouse((house) => analyst(house, values, words));
    throw new UsageError('See "yba views --help".');
  },
};

async function showStatus({ kernel }: House): Promise<number> {
  for (const { name, built, building, seen, total, moved, level } of await viewStates(kernel.pool)) {
    const state = building
      ? `đang dựng lại ${percentOf(seen, total)} % (${seen}/${total})`
      : level
        ? 'theo kịp bản ghi'
        : `đang theo, lần cuối ${moved?.toISOString() ?? 'chưa'}`;
    print(`${name.padEnd(20)} ${state}${built ? `, dựng lại lúc ${built.toISOString()}` : ''}`);
  }
  return 0;
}

async function rebuild({ kernel }: House, name: string): Promise<number> {
  let last = -1;
  await rebuildView(kernel, name, ({ seen, total }) => {
    const percent = percentOf(seen, total);
    if (percent < last + 10) return;
    last = percent;
    print(`${name} ${percent} % (${seen}/${total})`);
  });
  print(`${name}: đã dựng lại.`);
  return 0;
}

const percentOf = (seen: number, total: number) =>
  total === 0 ? 100 : Math.min(100, Math.floor((100 * seen) / total));

async function analyst(house: House, values: Record<string, unknown>, words: string[]): Promise<number> {
  const { pool, gate } = house.kernel;
  const [verb = '', login = '', ...more] = words;
  if (verb === 'list' && login === '') {
    for (const one of await listAnalysts(pool))
      print(`${one.login.padEnd(24)} ${one.roles.join(',')}  ${one.unit ?? 'cả tỉnh'}`);
    return 0;
  }
  if (!['add', 'remove'].includes(verb) || login === '' || more.length > 0)
    throw new UsageError('See "yba views --help".');
  if (verb === 'remove') await removeAnalyst(pool, login);
  else {
    const password =
      typeof values.password === 'string' ? values.password : randomBytes(18).toString('base64url');
    const days = house.access.limits.careDays;
    const unit = typeof values.unit === 'string' ? values.unit : null;
    const roles = required(values.roles, 'roles').split(',');
    const unknown = roles.find((role) => !STAFF_ROLES.includes(role as Role));
    if (unknown !== undefined)
      throw new UsageError(`There is no role "${unknown}"; roles are ${STAFF_ROLES.join(', ')}.`);
    const readingOf = readingOfAnalysts(house);
    await addAnalyst(pool, { login, roles, unit }, { password, days, readingOf });
    await refreshAnalysts(pool, readingOf);
    print(`${login}:${password}`);
  }
  await gate.system('yba views').note(verb, `analyst/${login}`, null);
  return 0;
}

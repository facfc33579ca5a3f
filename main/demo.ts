/** The demo province: its accounts, and its people on the first start. */
import type { Role } from '../kernel/access/contract.ts';
import { readFact, writeFact } from './facts.ts';
import type { House } from './house.ts';

/** One word for all of them: they exist only in the demo province, which keeps to the loopback address. */
export const DEMO_PASSWORD = 'demo';

export interface DemoAccount {
  username: string;
  name: string;
  /** What the account is for, in Vietnamese. */
  note: string;
}

/** Fills an empty demo province and returns true; later calls only make sure that the accounts are there. */
export async function createDemo(
  house: House,
  people: number,
  log: (sentence: string) => void,
): Promise<boolean> {
  await addAccounts(house);
  if ((await readFact(house.kernel.pool, 'demo')) !== null) return false;
  log(`Đang dựng tỉnh mẫu với ${people} người dân …`);
  await writeFact(house.kernel.pool, 'demo', { people });
  return true;
}

/** Lines of `content/demo/accounts.csv`. */
export function demoAccounts(house: House): DemoAccount[] {
  return house.kernel.content
    .table('demo/accounts')
    .map((row) => ({ username: row.username!, name: row.name!, note: row.note! }));
}

async function addAccounts({ kernel, access }: House): Promise<void> {
  for (const row of kernel.content.table('demo/accounts')) {
    if (await access.accounts.read(row.username!)) continue;
    await access.accounts.add({
      id: row.username!,
      name: row.name!,
      roles: row.roles!.split(' ') as Role[],
      unit: row.unit || null,
      practitioner: row.practitioner || null,
      password: DEMO_PASSWORD,
      demo: true,
    });
  }
}

/** The demo accounts as the sign-in page and the start show them: whoever tries the program need look for nothing. */
import type { FastifyInstance } from 'fastify';
import { Failure } from '../kernel/failure.ts';
import { sid } from '../kernel/fhir/systems.ts';
import type { Patient } from '../kernel/fhir/types.ts';
import { DEMO_PASSWORD } from './demo.ts';
import type { House } from './house.ts';

export interface DemoAccount {
  username: string;
  name: string;
  /** What the account is for. */
  note: string;
  noteEn: string;
  /** Of a citizen: what a one-time code is asked for with. */
  citizen?: { number: string; phone: string | null };
}

/** Rows of `content/demo/accounts.csv` that have an account: that of the citizen waits until there are people. */
export async function demoAccounts({ kernel, access }: House): Promise<DemoAccount[]> {
  const rows = await Promise.all(
    kernel.content.table('demo/accounts').map(async ({ username = '', note = '', name_en = '' }) => {
      const account = await access.accounts.read(username);
      if (!account?.demo) return null;
      const shown = { username, name: account.name, note, noteEn: name_en };
      return account.person === null ? shown : { ...shown, citizen: await numbersOf(kernel, account.person) };
    }),
  );
  return rows.filter((row) => row !== null);
}

async function numbersOf({ store }: House['kernel'], person: string) {
  const stored = await store.read('Patient', person);
  const { identifier = [], telecom = [] } = JSON.parse(stored?.body.toString('utf8') ?? '{}') as Patient;
  return {
    number: identifier.find(({ system }) => system === sid.cccd)?.value ?? '',
    phone: telecom.find(({ system }) => system === 'phone')?.value ?? null,
  };
}

/** `GET /api/demo/accounts` → `{password, rows: DemoAccount[]}`; 404 in a real province. Before signing in, so for anyone. */
export function demoAccountRoute(app: FastifyInstance, house: House): void {
  app.get('/api/demo/accounts', async () => {
    if (!house.demo)
      throw new Failure('not-found', 'Tài khoản mẫu chỉ có trong tỉnh trình diễn.', {
        textEn: 'Demo accounts exist only in the demo province.',
      });
    return { password: DEMO_PASSWORD, rows: await demoAccounts(house) };
  });
}

/** Accounts of staff as whoever looks after them sees them. */
import { foldText } from '../../text/fold.ts';
import type { Limits } from '../limits.ts';
import { type Account, type AccountState, stateOf } from './account.ts';

export interface AccountQuery {
  /** Part of the name or the sign-in name, with or without marks. */
  text: string;
  /** Organization id; null = all. */
  unit: string | null;
  role: string;
  state: string;
  /** Sign-in name after which the page begins. */
  after: string;
  count: number;
}

export interface AccountRow {
  id: string;
  name: string;
  roles: string[];
  unit: string | null;
  state: AccountState;
  /** Nobody has closed it: it is in the unit's review. */
  active: boolean;
  /** Handed over and not used yet, or nothing handed over yet. */
  waits: boolean;
  lastSignIn: Date | null;
  endsOn: string | null;
  inRegister: boolean;
  demo: boolean;
}

export interface AccountPage {
  rows: AccountRow[];
  total: number;
  next?: string;
}

export function rowOf(account: Account, limits: Limits, now: Date): AccountRow {
  const { id, name, roles, unit, active, lastSignIn, endsOn, inRegister, demo, passwordOnce } = account;
  return {
    id,
    name,
    roles,
    unit,
    state: stateOf(account, limits, now),
    active,
    waits: passwordOnce,
    lastSignIn,
    endsOn,
    inRegister,
    demo,
  };
}

/** One page, by sign-in name. Pure: a province has some thousand staff. */
export function pageOf(
  accounts: readonly Account[],
  query: AccountQuery,
  limits: Limits,
  now: Date,
): AccountPage {
  const words = foldText(query.text).split(/\s+/).filter(Boolean);
  const found = accounts
    .map((account) => rowOf(account, limits, now))
    .filter((row) => {
      const text = foldText(`${row.name} ${row.id}`);
      return (
        words.every((word) => text.includes(word)) &&
        (query.unit === null || row.unit === query.unit) &&
        (query.role === '' || row.roles.includes(query.role)) &&
        (query.state === '' || row.state === query.state || (query.state === 'waits' && row.waits))
      );
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const page = found.filter(({ id }) => id > query.after);
  const rows = page.slice(0, query.count);
  return {
    rows,
    total: found.length,
    ...(page.length > rows.length ? { next: rows.at(-1)!.id } : {}),
  };
}

/** An account: a named person who signs in. What may be done with it at an instant is decided here. Pure. */
import { vietnamDay } from '../../text/vietnam-time.ts';
import type { Role } from '../contract.ts';
import type { Limits } from '../limits.ts';

export interface Account {
  id: string;
  name: string;
  roles: Role[];
  /** Organization id. */
  unit: string | null;
  practitioner: string | null;
  /** Patient id of a citizen's own account. */
  person: string | null;
  demo: boolean;
  active: boolean;
  /** Why it is not active. */
  closedWhy: 'left' | 'unused' | 'by-hand' | null;
  lockedUntil: Date | null;
  createdAt: Date;
  lastSignIn: Date | null;
  passwordAt: Date;
  /** Handed over by somebody: to be changed at the first sign-in, and worth nothing from `passwordUntil` on. */
  passwordOnce: boolean;
  passwordUntil: Date | null;
  /** Long enough only beside a second factor. */
  passwordShort: boolean;
  /** Last day of the post, ISO date; null = open. */
  endsOn: string | null;
  /** True when the staff register opened it or has taken it over. */
  inRegister: boolean;
}

/** Columns of `access.account` as an `Account`. @param of alias of the table, with its dot */
export function accountColumns(of = ''): string {
  return `${of}id, ${of}name, ${of}roles, ${of}unit, ${of}practitioner, ${of}person, ${of}demo, ${of}active,
    ${of}closed_why as "closedWhy", ${of}locked_until as "lockedUntil", ${of}created_at as "createdAt",
    ${of}last_sign_in as "lastSignIn", ${of}password_at as "passwordAt", ${of}password_once as "passwordOnce",
    ${of}password_until as "passwordUntil", ${of}password_short as "passwordShort",
    to_char(${of}ends_on, 'YYYY-MM-DD') as "endsOn", ${of}in_register as "inRegister"`;
}

const DAY_MS = 86_400_000;

export type AccountState = 'open' | 'closed' | 'left' | 'unused' | 'locked';

/** What an account is worth at an instant; only `open` signs in. Whoever left has left at midnight in Viet Nam. */
export function stateOf(account: Account, limits: Limits, now: Date): AccountState {
  if (!account.active)
    return account.closedWhy === null || account.closedWhy === 'by-hand' ? 'closed' : account.closedWhy;
  if (hasEnded(account, now)) return 'left';
  if (isUnused(account, limits, now)) return 'unused';
  return account.lockedUntil !== null && account.lockedUntil > now ? 'locked' : 'open';
}

export function hasEnded({ endsOn }: Pick<Account, 'endsOn'>, now: Date): boolean {
  return endsOn !== null && endsOn < vietnamDay(now);
}

/** Accounts of the demo province and of citizens do not fall into disuse. */
export function isUnused(account: Account, limits: Limits, now: Date): boolean {
  if (account.demo || account.person !== null) return false;
  const used = Math.max(account.lastSignIn?.getTime() ?? 0, account.passwordAt.getTime());
  return now.getTime() - used > limits.unusedDays * DAY_MS;
}

/** Why a new password must be chosen before anything else; null when it need not. Demo accounts keep theirs. */
export function passwordDue(
  account: Account,
  hasSecondFactor: boolean,
  limits: Limits,
  now: Date,
): 'handed-over' | 'too-old' | 'too-short' | null {
  if (account.demo) return null;
  if (account.passwordOnce) return 'handed-over';
  const age = now.getTime() - account.passwordAt.getTime();
  if (account.roles.includes('administrator') && age > limits.passwordDaysAdministrator * DAY_MS)
    return 'too-old';
  return account.passwordShort && !hasSecondFactor ? 'too-short' : null;
}

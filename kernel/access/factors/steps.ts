/** What is missing between the password and a session that may do something. Pure. */
import { type Account, passwordDue } from '../accounts/account.ts';
import type { Limits } from '../limits.ts';
import type { Duty } from './rules.ts';

/** What an account can prove itself by, besides its password. */
export interface Factors {
  totp: boolean;
  passkeys: number;
  /** Codes that are left. */
  recoveryCodes: number;
}

export type Step = 'second-factor' | 'new-password' | 'enrol';

export function hasSecondFactor({ totp, passkeys }: Factors): boolean {
  return totp || passkeys > 0;
}

/** The next step of a sign-in; null when the session may become full. */
export function nextStep(
  account: Account,
  methods: readonly string[],
  factors: Factors,
  duty: Duty,
  limits: Limits,
  now: Date,
): Step | null {
  const has = hasSecondFactor(factors);
  if (has && !methods.includes('mfa')) return 'second-factor';
  if (methods.includes('pwd') && passwordDue(account, has, limits, now) !== null) return 'new-password';
  return duty.duty === 'must' && !has ? 'enrol' : null;
}

/** Who must have a second factor, and which: dated content, `content/access/second-factor.csv`. Pure. */
import type { Row } from '../../content/content.ts';
import { isInternal } from '../../outbound/address.ts';
import type { Account } from '../accounts/account.ts';

export interface Duty {
  duty: 'must' | 'recommended' | 'none';
  /** Passkeys of the account may not be copied to other devices. */
  deviceBound: boolean;
}

/**
 * @param rows rows of the table in force
 * @param ip where the request comes from: within the house (private networks) or from outside
 */
export function dutyOf(
  account: Pick<Account, 'roles' | 'demo' | 'person'>,
  ip: string,
  rows: readonly Row[],
): Duty {
  // Demo accounts sign in by password alone, whatever their roles; they exist in the demo province only (YBA_DEMO).
  if (account.demo || account.person !== null) return { duty: 'none', deviceBound: false };
  const meant = rows.filter(
    ({ role, from }) =>
      (role === '*' || account.roles.some((own) => own === role)) && (from === 'anywhere' || !isInternal(ip)),
  );
  const has = (duty: string) => meant.some((row) => row.duty === duty);
  return {
    duty: has('must') ? 'must' : has('recommended') ? 'recommended' : 'none',
    deviceBound: meant.some((row) => row.duty === 'must' && row.device_bound === 'yes'),
  };
}

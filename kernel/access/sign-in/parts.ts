/** What the routes of people who sign in share. */
import type { Row } from '../../content/content.ts';
import type { Store } from '../../store/contract.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Actor } from '../contract.ts';
import type { FactorStore } from '../factors/factors.ts';
import type { Limits } from '../limits.ts';
import type { Ceremonies } from '../passkeys/ceremony.ts';
import type { Passkeys } from '../passkeys/passkeys.ts';
import type { Purposes } from '../policy/purposes.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Throttle } from '../throttle.ts';

export interface SignInParts {
  accounts: Accounts;
  sessions: Sessions;
  factors: FactorStore;
  passkeys: Passkeys;
  ceremonies: Ceremonies;
  limits: Limits;
  store: Pick<Store, 'audit' | 'read'>;
  now(): Date;
  /** Rows of `access/second-factor` in force. */
  duties(): readonly Row[];
  /** Tries for one account, and failures from one address, within a minute. */
  tries: { byAccount: Throttle; byAddress: Throttle };
  /** The answer of `GET /api/access/me`. */
  me(actor: Actor): Promise<object>;
  /** For what roles act. */
  purposes: Pick<Purposes, 'standard'>;
  /** Patients whom a citizen may act for. */
  personsOf(person: string): Promise<readonly string[]>;
}

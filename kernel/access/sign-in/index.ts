/** Accounts, sessions and everything that people prove themselves by, put together; `routes` serves it. */
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import type { Content } from '../../content/content.ts';
import type { Keyring } from '../../keys/index.ts';
import type { Store } from '../../store/contract.ts';
import type { Notices } from '../../store/index.ts';
import { vietnamDay } from '../../text/vietnam-time.ts';
import { type Accounts, openAccounts } from '../accounts/accounts.ts';
import { type FactorStore, openFactors } from '../factors/factors.ts';
import { factorRoutes } from '../factors/routes.ts';
import { hasSecondFactor } from '../factors/steps.ts';
import type { Limits } from '../limits.ts';
import { openCeremonies } from '../passkeys/ceremony.ts';
import { openPasskeys } from '../passkeys/passkeys.ts';
import { passkeyRoutes } from '../passkeys/routes.ts';
import { openPasswordRules } from '../passwords/rules.ts';
import { sessionRoutes } from '../sessions/routes.ts';
import { openSessions, type Sessions } from '../sessions/sessions.ts';
import { openThrottle, type Shared } from '../throttle.ts';
import type { SignInParts } from './parts.ts';
import { signInRoutes } from './routes.ts';

export interface SignIn {
  accounts: Accounts;
  sessions: Sessions;
  factors: FactorStore;
  personsOf: SignInParts['personsOf'];
  /** The parts that further routes of people need; `me` is the answer of `GET /api/access/me`. */
  parts(me: SignInParts['me']): SignInParts;
  routes(app: FastifyInstance, parts: SignInParts): void;
  /** Forgets what is over. */
  sweep(): Promise<void>;
}

export interface Opening {
  pool: Pool;
  store: Store;
  content: Content;
  limits: Limits;
  keys: Keyring;
  notices: Notices;
  now(): Date;
  /** The program's own address, to which passkeys belong. */
  issuer(): string;
  /** File of breached passwords, or null. */
  breached: string | null;
  /** Patients whom a citizen may act for, themselves first. */
  personsOf: SignInParts['personsOf'];
}

/**
 * Failures a minute from one address (a whole hospital may stand behind it) and tries for one account: above what people
 * need, below what guessing needs.
 */
const FAILURES_BY_ADDRESS = 60;
const TRIES_BY_ACCOUNT = 10;

export async function openSignIn(opening: Opening): Promise<SignIn> {
  const { pool, content, limits, keys, notices, now, personsOf } = opening;
  const sessions = openSessions(pool, limits, now, notices);
  const factors = openFactors(pool, keys, now);
  const passkeys = openPasskeys(pool, limits, now);
  const accounts = openAccounts({
    pool,
    limits,
    now,
    rules: await openPasswordRules(content, limits, opening.breached),
    hasSecondFactor: async (id) => hasSecondFactor(await factors.of(id)),
    sessionsChanged: () => sessions.reread(),
  });
  const tries = {
    byAccount: openThrottle(TRIES_BY_ACCOUNT, now, sharedTries(notices, 'account')),
    byAddress: openThrottle(FAILURES_BY_ADDRESS, now, sharedTries(notices, 'address')),
  };
  return {
    accounts,
    sessions,
    factors,
    personsOf,
    parts: (me) => ({
      accounts,
      sessions,
      factors,
      passkeys,
      ceremonies: openCeremonies({ passkeys, limits, address: opening.issuer }),
      limits,
      store: opening.store,
      now,
      duties: () => content.inForce('access/second-factor', vietnamDay(now())),
      tries,
      me,
      personsOf,
    }),
    routes(app, parts) {
      signInRoutes(app, parts);
      factorRoutes(app, parts);
      passkeyRoutes(app, parts);
      sessionRoutes(app, parts);
    },
    sweep: async () => {
      await Promise.all([sessions.sweep(), passkeys.sweep()]);
    },
  };
}

function sharedTries(notices: Notices, of: string): Shared {
  const subject = `tries-by-${of}`;
  return {
    tell: (key) => void notices.send(subject, key),
    onTold: (listener) => void notices.on(subject, { heard: (key) => listener(String(key)) }),
  };
}

/** Accounts, sessions and everything that people prove themselves by, put together; `routes` serves it. */
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import type { Content } from '../../content/content.ts';
import type { Organization } from '../../fhir/types.ts';
import type { Keyring } from '../../keys/index.ts';
import type { Outbound } from '../../outbound/outbound.ts';
import type { Store } from '../../store/contract.ts';
import type { Notices } from '../../store/index.ts';
import { vietnamDay } from '../../text/vietnam-time.ts';
import { type Accounts, openAccounts } from '../accounts/accounts.ts';
import { openReviews, type Reviews } from '../accounts/reviews.ts';
import { accountRoutes } from '../accounts/routes.ts';
import { openCodes } from '../citizens/codes.ts';
import type { Messenger } from '../citizens/messenger.ts';
import { citizenRoutes } from '../citizens/routes.ts';
import { openPending } from '../external/pending.ts';
import type { ExternalProvider } from '../external/providers.ts';
import { openRelyingParty } from '../external/relying-party.ts';
import { externalRoutes } from '../external/routes.ts';
import { type FactorStore, openFactors } from '../factors/factors.ts';
import { factorRoutes } from '../factors/routes.ts';
import { hasSecondFactor } from '../factors/steps.ts';
import type { Limits } from '../limits.ts';
import { openCeremonies } from '../passkeys/ceremony.ts';
import { relyingPartyOf } from '../passkeys/party.ts';
import { openPasskeys } from '../passkeys/passkeys.ts';
import { passkeyRoutes } from '../passkeys/routes.ts';
import { openPasswordRules } from '../passwords/rules.ts';
import { beginCeremony } from '../sessions/cookie.ts';
import { sessionRoutes } from '../sessions/routes.ts';
import { openSessions, type Sessions } from '../sessions/sessions.ts';
import { MINUTE_MS, openThrottle, type Shared } from '../throttle.ts';
import type { SignInParts } from './parts.ts';
import { signInRoutes } from './routes.ts';

export interface SignIn {
  accounts: Accounts;
  sessions: Sessions;
  factors: FactorStore;
  reviews: Reviews;
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
  /** True in the demo province. */
  demo: boolean;
  /** The program's own address, to which passkeys belong. */
  issuer(): string;
  /** File of breached passwords, or null. */
  breached: string | null;
  /** Sends one-time codes to phones; null = none. */
  messenger: Messenger | null;
  /** Providers of others that may say who somebody is. */
  identityProviders: readonly ExternalProvider[];
  outbound: Outbound;
  /** Patients whom a citizen may act for, themselves first. */
  personsOf: SignInParts['personsOf'];
  purposes: SignInParts['purposes'];
  log(sentence: string, error?: unknown): void;
}

/**
 * Failures a minute from one address (a whole hospital may stand behind it) and tries for one account: above what people
 * need, below what guessing needs.
 */
const FAILURES_BY_ADDRESS = 60;
const TRIES_BY_ACCOUNT = 10;
const TEN_MINUTES = 10 * MINUTE_MS;
const DAY = 24 * 60 * MINUTE_MS;

export async function openSignIn(opening: Opening): Promise<SignIn> {
  const { pool, content, limits, keys, notices, now, personsOf } = opening;
  const sessions = openSessions(pool, limits, now, notices);
  const factors = openFactors(pool, keys, now);
  const passkeys = openPasskeys(pool, limits, now);
  const reviews = openReviews(pool);
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
  const limited = (most: number, of: string, window: number) =>
    openThrottle(most, now, sharedTries(notices, of), window);
  const citizens = {
    codes: openCodes(pool, limits, now),
    messenger: opening.messenger,
    find: opening.store.search.bind(opening.store),
    asked: {
      byPhone: limited(limits.oneTimeCodesByPhone, 'phone', TEN_MINUTES),
      byPhoneInADay: limited(limits.oneTimeCodesByPhoneInADay, 'phone-day', DAY),
      byAddress: limited(limits.oneTimeCodesByAddress, 'code-address', TEN_MINUTES),
    },
    log: opening.log,
  };
  const external = {
    providers: opening.identityProviders,
    relyingParty: openRelyingParty(opening.outbound),
    pending: openPending(pool, now),
    find: opening.store.search.bind(opening.store),
    issuer: opening.issuer,
    log: opening.log,
  };
  return {
    accounts,
    sessions,
    factors,
    reviews,
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
      purposes: opening.purposes,
      personsOf,
    }),
    routes(app, parts) {
      signInRoutes(app, parts);
      factorRoutes(app, parts);
      passkeyRoutes(app, parts);
      sessionRoutes(app, parts);
      accountRoutes(app, { ...parts, reviews, unitNames: unitNamesOf(opening.store) });
      citizenRoutes(app, { ...parts, ...citizens });
      externalRoutes(app, { ...parts, ...external });
      /**
       * What the sign-in page may offer. The browser gets its ceremony here: a code that is asked for while the page asks for a
       * passkey would else be bound to a cookie that the other answer replaces.
       */
      app.get('/api/access/sign-in/ways', async (request, reply) => {
        beginCeremony(request, reply, limits.oneTimeCodeMinutes * 60);
        return {
          passkey: relyingPartyOf(opening.issuer()) !== null,
          citizenCode: opening.messenger !== null,
          minutes: limits.oneTimeCodeMinutes,
          demo: opening.demo,
        };
      });
    },
    sweep: async () => {
      await Promise.all([
        sessions.sweep(),
        passkeys.sweep(),
        citizens.codes.sweep(),
        external.pending.sweep(),
      ]);
    },
  };
}

/** Organisations are everyone's: their names are read without policy. */
function unitNamesOf(store: Store) {
  return async (ids: readonly string[]): Promise<Record<string, string>> => {
    const found = await Promise.all(ids.map((id) => store.read('Organization', id)));
    const names = found.flatMap((stored, at) => {
      const unit =
        stored && !stored.deleted ? (JSON.parse(stored.body.toString('utf8')) as Organization) : null;
      return unit?.name === undefined ? [] : [[ids[at]!, unit.name] as const];
    });
    return Object.fromEntries(names);
  };
}

function sharedTries(notices: Notices, of: string): Shared {
  const subject = `tries-by-${of}`;
  return {
    tell: (key) => void notices.send(subject, key),
    onTold: (listener) => void notices.on(subject, { heard: (key) => listener(String(key)) }),
  };
}

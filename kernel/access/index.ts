/** Who may do what: sign-in, tokens, policies, care, break-glass, audit. The front door of this room. */
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import type { Content } from '../content/content.ts';
import type { Events } from '../events/contract.ts';
import type { Keyring } from '../keys/index.ts';
import type { Outbound } from '../outbound/outbound.ts';
import type { Store } from '../store/contract.ts';
import type { Notices } from '../store/index.ts';
import type { Accounts } from './accounts/accounts.ts';
import { auditLine } from './audit.ts';
import { type AuditEvents, openAuditEvents } from './audit-events.ts';
import { authenticateRequests, proofOf, tokenActor } from './authenticate.ts';
import { openBearer } from './bearer.ts';
import { openCare } from './care.ts';
import { sweepCare } from './care-table.ts';
import type { Messenger } from './citizens/messenger.ts';
import { type Clients, openClients } from './clients.ts';
import type { Actor } from './contract.ts';
import { readEmergencyRules } from './emergency/rules.ts';
import type { ExternalProvider } from './external/providers.ts';
import { type ProofNeed, requireProof } from './factors/require-proof.ts';
import { type BreakGlass, openBreakGlass } from './glass.ts';
import { breakGlassOf } from './glass-header.ts';
import { type Guard, openGuard } from './guard.ts';
import { openGuardians } from './guardians/index.ts';
import { type Limits, readLimits } from './limits.ts';
import { type Oidc, type OidcParts, openOidc } from './oidc/index.ts';
import { openParts } from './policy/parts.ts';
import { accessRules } from './policy/rules.ts';
import { accessRoutes } from './routes.ts';
import { openSignIn, type SignIn } from './sign-in/index.ts';
import { openSmart } from './smart/index.ts';
import { openStaffRegister, type StaffRegister } from './staff/register.ts';
import { actorNow, type Standing } from './standing.ts';
import { openThrottle } from './throttle.ts';
import { sweepVisits } from './visits.ts';

export { oauthAddresses, smartConfiguration } from './smart/configuration.ts';

/** Schema of the room, applied under the area `access`. */
export const accessSchema = fileURLToPath(new URL('schema', import.meta.url));

const SWEEP_MS = 3_600_000;
/** Pushed to the data protection officer with every emergency opening. */
const OPENINGS_TOPIC = 'emergency-openings';
/** How soon applications learn that a session has ended. */
const TEND_MS = 5_000;
/** Wrong secrets a minute of one client from one address. */
const WRONG_SECRETS = 10;
/** Codes of devices a minute that are typed at one address: each takes two steps. */
const TYPED_CODES = 20;

export interface AccessParts {
  pool: Pool;
  store: Store;
  content: Content;
  now(): Date;
  /** True in the demo province. */
  demo: boolean;
  /** Calls to addresses of clients. */
  outbound: Outbound;
  /** Seals secrets that must be read again (kernel/keys). */
  keys: Keyring;
  /** Tells other processes of sessions that have ended. */
  notices: Notices;
  /** Address of the program without a path, the issuer of tokens; known once it listens. */
  issuer(): string;
  /** File of breached passwords (YBA_BREACHED), or null. */
  breached: string | null;
  /** Sends one-time codes to phones (YBA_MESSENGER); null = none. */
  messenger: Messenger | null;
  /** Providers of others that may say who somebody is (VNeID). */
  identityProviders: readonly ExternalProvider[];
  log(sentence: string, error?: unknown): void;
}

export interface Access {
  guard: Guard;
  accounts: Accounts;
  clients: Clients;
  /** The OpenID provider: keys, tokens, logouts. */
  oidc: Oidc;
  glass: BreakGlass;
  limits: Limits;
  /** Code generators, recovery codes, and the reviews of units' accounts. */
  factors: SignIn['factors'];
  reviews: SignIn['reviews'];
  /** By which accounts follow the staff register. */
  register: StaffRegister;
  /** Fails unless the person behind the request has proved who they are not long ago; see factors/require-proof.ts. */
  requireProof(request: FastifyRequest, need?: Partial<ProofNeed>): Actor;
  auditEvents: AuditEvents;
  /** Address of the program without a path, as it stands in tokens. */
  issuer(): string;
  /** The actor a request proved; null when nobody is signed in. */
  actorOf(request: FastifyRequest): Actor | null;
  /** For whom an access token of ours speaks that a request carries elsewhere than in its header; null when it is none, or over. */
  tokenActor(request: FastifyRequest, token: string): Promise<Actor | null>;
  /** Who an account or client is now, without a request of its own; null when it was closed. See standing.ts. */
  actorNow(who: Standing): Promise<Actor | null>;
  /** The purpose of use that roles stand for, HL7 v3. */
  purposeOf(roles: Actor['roles']): string;
  /** The program itself under a name, reaching everything; named in the audit. */
  systemActor(name: string): Actor;
  /** Keeps views by the change feed, and forgets what is over. */
  follow(events: Events): void;
  /** Adds the authentication hook and the routes of sign-in and tokens. `@fastify/cookie` must be registered. */
  mount(app: FastifyInstance): void;
}

export async function openAccess(parts: AccessParts): Promise<Access> {
  const { pool, store, content, now } = parts;
  const limits = readLimits(content, now().toISOString().slice(0, 10));
  const guardians = openGuardians(parts);
  const rules = accessRules(content, now);
  const { purposes } = rules;
  const signIn = await openSignIn({ ...parts, limits, purposes, personsOf: guardians.personsOf });
  const { accounts, sessions } = signIn;
  const register = openStaffRegister({ ...parts, accounts, limits, actor: programActor('staff-register') });
  const clients = openClients(pool);
  const emergency = readEmergencyRules(content, now().toISOString().slice(0, 10), limits.breakGlassMinutes);
  const glass = openBreakGlass(pool, emergency, now);
  const systemActors = new WeakSet<Actor>();
  const care = openCare({
    pool,
    store,
    days: limits.careDays,
    kinds: rules.care,
    needsCarer: rules.needsCarer,
    now,
  });
  const guard = openGuard({
    store,
    veilsOf: guardians.veilsOf,
    glass,
    policies: rules.policies,
    sightRules: rules.sight,
    units: openParts(store, rules.isAuthority, () => now().getTime()),
    now,
    care,
    isSystem: (actor) => systemActors.has(actor),
  });
  const oidc = openOidc({
    keys: parts.keys,
    pool,
    clients,
    sessions,
    limits,
    now,
    issuer: parts.issuer,
    outbound: parts.outbound,
    guesses: openThrottle(WRONG_SECRETS, now),
    typed: openThrottle(TYPED_CODES, now),
    account: (id) => accounts.read(id),
    mayState: purposes.allowed,
    ...tokenListeners(parts),
  });
  const breakGlass = breakGlassOf({ glass, store, rules: emergency, proofMinutes: limits.proofMinutes, now });
  const bearer = openBearer({ ...oidc, clients, accounts, now });
  const smart = openSmart({ ...parts, guard, limits, oidc, clients, forgetTokens: () => bearer.forget() });

  return {
    guard,
    accounts,
    clients,
    oidc,
    glass,
    limits,
    register,
    factors: signIn.factors,
    reviews: signIn.reviews,
    requireProof: (request, need) =>
      requireProof(request, { maxAgeMinutes: limits.proofMinutes, ...need }, now()),
    issuer: parts.issuer,
    auditEvents: openAuditEvents(pool, now, parts.issuer),
    tokenActor: (request, token) =>
      tokenActor(
        { personsOf: signIn.personsOf, purposes, bearer: bearer.read, onUsed: smart.used, breakGlass },
        request,
        token,
      ),
    actorOf(request) {
      const proof = proofOf(request);
      return proof.kind === 'actor' ? proof.actor : null;
    },
    actorNow: (who) =>
      actorNow(
        {
          clients,
          accounts,
          apps: smart.apps,
          personsOf: signIn.personsOf,
          purposes,
        },
        who,
      ),
    purposeOf: purposes.standard,
    systemActor(name) {
      const actor = programActor(name);
      systemActors.add(actor);
      return actor;
    },
    follow(events) {
      care.follow(events);
      smart.tend();
      register.follow(events);
      events.allowTopic(OPENINGS_TOPIC, (actor) => actor.roles.includes('privacy-officer'));
      glass.onOpening(({ id, refused }) => events.publish(OPENINGS_TOPIC, { id, refused }));
      const sweep = () =>
        void Promise.all([
          signIn.sweep(),
          sweepVisits(pool, now()),
          sweepCare(pool, now()),
          oidc.sweep(),
        ]).catch(() => undefined);
      sweep();
      setInterval(sweep, SWEEP_MS).unref();
      setInterval(() => void oidc.tend().catch(() => undefined), TEND_MS).unref();
    },
    mount(app) {
      smart.answerOrigins(app);
      authenticateRequests(app, {
        sessions,
        purposes,
        personsOf: signIn.personsOf,
        bearer: bearer.read,
        onUsed: smart.used,
        breakGlass,
      });
      smart.mount(app);
      accessRoutes(app, {
        signIn,
        glass,
        rules: emergency,
        store,
        pool,
        limits,
        demo: parts.demo,
        now,
        oidc,
        issuer: parts.issuer,
      });
    },
  };
}

function programActor(name: string): Actor {
  return {
    id: `system:${name}`,
    name,
    roles: [],
    unit: null,
    practitioner: null,
    ip: '',
    purpose: { code: 'HOPERAT' },
  };
}

/** Tokens given, refused and ended go into the audit, defects of the provider into the log. */
function tokenListeners({ store, log }: AccessParts): Pick<OidcParts, 'onHeard' | 'onDefect'> {
  return {
    onHeard({ act, client, account, outcome, ip, error }) {
      const who: Actor = {
        id: account ?? client,
        name: account ?? client,
        roles: account === null ? ['system-client'] : [],
        unit: null,
        practitioner: null,
        ip,
        purpose: { code: 'HOPERAT', ...(error !== undefined && { reason: error }) },
      };
      const what = account === null ? 'token' : `token client/${client}`;
      const line = auditLine(who, act, what, null, outcome);
      store.audit([line]).catch((cause) => log('audit of a token failed', cause));
    },
    onDefect: (error) => log('OpenID provider failed', error),
  };
}

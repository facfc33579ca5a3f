/** `/api/access/*` and `/oauth2/*`: signing in and out, who I am, break-glass, and the reading of the audit. */
import type {} from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { Failure } from '../failure.ts';
import type { Organization } from '../fhir/types.ts';
import type { Store } from '../store/contract.ts';
import type { Notices } from '../store/index.ts';
import type { Account, Accounts } from './accounts/accounts.ts';
import { auditLine } from './audit.ts';
import { type AuditQuery, readAuditRows } from './audit-reading.ts';
import { actorOfAccount, COOKIE, proofOf, refuseForeignOrigin } from './authenticate.ts';
import type { Actor } from './contract.ts';
import { DISCOVERY, serverMetadata } from './discovery.ts';
import { emergencyRoutes } from './emergency/routes.ts';
import type { EmergencyRules } from './emergency/rules.ts';
import type { BreakGlass } from './glass.ts';
import type { Limits } from './limits.ts';
import type { openOauth } from './oauth.ts';
import type { Sessions } from './sessions/sessions.ts';
import { openThrottle, type Shared, type Throttle } from './throttle.ts';

interface RouteParts {
  accounts: Accounts;
  sessions: Sessions;
  glass: BreakGlass;
  /** Of emergency openings. */
  rules: EmergencyRules;
  store: Store;
  pool: Pool;
  notices: Notices;
  limits: Limits;
  demo: boolean;
  now(): Date;
  oauth: ReturnType<typeof openOauth>;
  /** Issuer of the tokens: the program's address without a path. */
  issuer(): string;
}

/**
 * Failures a minute from one address (a whole hospital may stand behind it) and tries for one account: above what people
 * need, below what guessing needs.
 */
const FAILURES_BY_ADDRESS = 60;
const TRIES_BY_ACCOUNT = 10;

export function accessRoutes(app: FastifyInstance, parts: RouteParts): void {
  const byAccount = openThrottle(TRIES_BY_ACCOUNT, parts.now, sharedTries(parts.notices, 'account'));
  mountSignIn(app, parts, byAccount);
  mountPassword(app, parts, byAccount);
  emergencyRoutes(app, { ...parts, signedIn });
  app.get('/api/access/me', async (request) => me(parts, signedIn(request)));
  app.get('/api/access/audit', async (request) => {
    const actor = signedIn(request);
    if (!actor.roles.includes('administrator')) throw forbidden();
    return auditPage(parts, actor, request.query as Record<string, string>);
  });
  for (const address of DISCOVERY) app.get(address, async () => serverMetadata(parts.issuer()));
  mountOauth(app, parts);
}

function mountSignIn(app: FastifyInstance, parts: RouteParts, byAccount: Throttle): void {
  const byAddress = openThrottle(FAILURES_BY_ADDRESS, parts.now, sharedTries(parts.notices, 'address'));

  app.post('/api/access/sign-in', async (request, reply) => {
    refuseForeignOrigin(request);
    const { username, password } = credentialsOf(request.body);
    byAddress.check(request.ip);
    byAccount.check(username.toLowerCase());
    byAccount.count(username.toLowerCase());
    const account = await proved(parts, request, username, password).catch((error) => {
      byAddress.count(request.ip);
      throw error;
    });
    const old = request.cookies[COOKIE];
    if (old !== undefined) await parts.sessions.close(old);
    const agent = request.headers['user-agent'] ?? '';
    const token = await parts.sessions.open(account, { ip: request.ip, agent });
    setCookie(request, reply, token, parts.limits.sessionMinutes * 60);
    const actor = actorOfAccount(account, request.ip);
    await parts.store.audit([auditLine(actor, 'sign-in', 'session', null)]);
    return me(parts, actor);
  });

  app.post('/api/access/sign-out', async (request, reply) => {
    const proof = proofOf(request);
    const token = request.cookies[COOKIE];
    if (token !== undefined) await parts.sessions.close(token);
    if (proof.kind === 'actor')
      await parts.store.audit([auditLine(proof.actor, 'sign-out', 'session', null)]);
    setCookie(request, reply, '', 0);
    return reply.code(204).send();
  });
}

function sharedTries(notices: Notices, of: string): Shared {
  const subject = `tries-by-${of}`;
  return {
    tell: (key) => void notices.send(subject, key),
    onTold: (listener) => void notices.on(subject, { heard: (key) => listener(String(key)) }),
  };
}

function mountPassword(app: FastifyInstance, parts: RouteParts, byAccount: Throttle): void {
  app.post('/api/access/password', async (request, reply) => {
    const actor = signedIn(request);
    const { old, password } = (request.body ?? {}) as Record<string, unknown>;
    if (typeof old !== 'string' || typeof password !== 'string') throw missing('old, password');
    byAccount.check(actor.id);
    byAccount.count(actor.id);
    await parts.accounts.prove(actor.id, old).catch((error) => {
      throw error instanceof Failure ? wrongOldPassword() : error;
    });
    await parts.accounts.setPassword(actor.id, password);
    await parts.store.audit([auditLine(actor, 'password', 'account', null)]);
    setCookie(request, reply, '', 0);
    return reply.code(204).send();
  });
}

/** oidc-provider reads the request's stream itself, so this corner of the program has no body parsers. */
function mountOauth(app: FastifyInstance, { oauth }: RouteParts): void {
  app.register(async (corner) => {
    corner.removeAllContentTypeParsers();
    corner.addContentTypeParser('*', (_request, _payload, done) => done(null));
    corner.all('/oauth2/*', (request, reply) => {
      reply.hijack();
      oauth.handle(request.raw, reply.raw);
    });
  });
}

async function proved(
  parts: RouteParts,
  request: FastifyRequest,
  username: string,
  password: string,
): Promise<Account> {
  try {
    return await parts.accounts.prove(username, password);
  } catch (error) {
    if (error instanceof Failure) {
      const actor = {
        id: username.slice(0, 64),
        name: username.slice(0, 64),
        roles: [],
        unit: null,
        practitioner: null,
      };
      const line = auditLine(
        { ...actor, ip: request.ip, purpose: { code: 'HOPERAT' } },
        'sign-in',
        'session',
        null,
        'failed',
      );
      await parts.store.audit([line]);
    }
    throw error;
  }
}

/** Reading the audit is itself audited: who looked at whose lines. */
async function auditPage({ store, pool, now }: RouteParts, actor: Actor, query: Record<string, string>) {
  const { patient, who, action, outcome, from, to, before = query.cursor, count } = query;
  const asked: AuditQuery = {
    patient,
    who,
    action,
    outcome,
    from,
    to,
    before,
    count: count === undefined ? undefined : Number(count) || 50,
  };
  const what = `AuditEvent?${new URLSearchParams(Object.entries(query))}`.slice(0, 1000);
  await store.audit([auditLine(actor, 'search', what, patient ?? null)]);
  const { rows, next } = await readAuditRows(pool, asked, now());
  return { rows, ...(next === undefined ? {} : { next }) };
}

/** The name of the unit is read without policy: organisations are everyone's. */
async function me({ store, demo }: RouteParts, actor: Actor) {
  const unit = actor.unit === null ? null : await store.read('Organization', actor.unit);
  const unitName =
    unit && !unit.deleted ? ((JSON.parse(unit.body.toString('utf8')) as Organization).name ?? null) : null;
  const { id, name, roles, practitioner } = actor;
  return { id, name, roles, unit: actor.unit, unitName, practitioner, demo };
}

function signedIn(request: FastifyRequest): Actor {
  const proof = proofOf(request);
  if (proof.kind === 'actor') return proof.actor;
  const locked = proof.kind === 'locked';
  throw new Failure(
    'sign-in-required',
    locked ? 'Phiên làm việc đã khóa vì lâu không dùng. Hãy nhập lại mật khẩu.' : 'Bạn cần đăng nhập.',
    {
      textEn: locked ? 'The session is locked after a pause. Enter the password again.' : 'Sign in first.',
      details: locked ? { locked: true, username: proof.account.id } : { locked: false },
    },
  );
}

function credentialsOf(body: unknown): { username: string; password: string } {
  const { username, password } = (body ?? {}) as Record<string, unknown>;
  if (
    typeof username === 'string' &&
    typeof password === 'string' &&
    username !== '' &&
    password.length <= 1000
  ) {
    return { username: username.trim(), password };
  }
  throw missing('username, password');
}

function setCookie(request: FastifyRequest, reply: FastifyReply, token: string, maxAge: number): void {
  reply.setCookie(COOKIE, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
    maxAge,
  });
}

function missing(names: string): Failure {
  return new Failure('invalid-request', `Thiếu ${names}.`, { textEn: `Missing ${names}.` });
}

function forbidden(): Failure {
  return new Failure('forbidden', 'Vai trò của bạn không được xem mục này.', {
    textEn: 'Your role may not see this.',
  });
}

/** Not 401: the session is good, and the screen must not take it for over. */
function wrongOldPassword(): Failure {
  return new Failure('business-rule', 'Mật khẩu cũ không đúng.', {
    textEn: 'The old password is wrong.',
    expression: 'old',
  });
}

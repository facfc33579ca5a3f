/** Who a request is from: a bearer token or the session cookie, proved before any handler runs. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';
import type { Account } from './accounts/account.ts';
import type { Bearer } from './bearer.ts';
import type { Client } from './client.ts';
import type { Actor } from './contract.ts';
import { GLASS_HEADER, type GlassProof } from './glass-header.ts';
import { ENDPOINTS } from './oidc/endpoints.ts';
import { PURPOSE_HEADER, type Purposes } from './policy/purposes.ts';
import type { Scope } from './scopes.ts';
import { sessionTokenOf } from './sessions/cookie.ts';
import type { Session, Sessions } from './sessions/sessions.ts';

/**
 * What a request proved. `locked` carries the account whose session waits for its password, `half` a session of which a
 * step is missing: neither is an actor, so that nothing is open to them but what asks for them by name.
 */
export type Proof =
  | { kind: 'actor'; actor: Actor; session?: Session }
  | { kind: 'locked'; account: Account; session: Session }
  | { kind: 'half'; session: Session }
  | { kind: 'nobody' };

const proofs = new WeakMap<FastifyRequest, Proof>();

export function proofOf(request: FastifyRequest): Proof {
  return proofs.get(request) ?? { kind: 'nobody' };
}

interface Parts {
  sessions: Sessions;
  bearer(token: string): Promise<Bearer | null>;
  /** Patients whom a citizen may act for, themselves first. */
  personsOf(person: string): Promise<readonly string[]>;
  /** For what roles act, and what else may be stated (content `access/purposes`). */
  purposes: Purposes;
  /** A token of a person was shown. */
  onUsed(account: string, client: string): void;
  /** Carries out `X-Break-Glass` after the actor is known. */
  breakGlass(request: FastifyRequest, actor: Actor, proof: GlassProof): Promise<Actor>;
}

/** Adds the hook to the whole program. Fails a request only for a bad token, a bad origin, or a bad break-glass. */
export function authenticateRequests(app: FastifyInstance, parts: Parts): void {
  app.addHook('onRequest', async (request) => {
    const authorization = request.headers.authorization;
    if (authorization !== undefined && isHook(request)) {
      const actor = await tokenActor(parts, request, tokenIn(authorization));
      // A token that is none of ours may be signed by a client for this call: the route looks at it.
      if (actor) proofs.set(request, { kind: 'actor', actor });
      return;
    }
    if (authorization !== undefined && !isOauth(request)) {
      proofs.set(request, { kind: 'actor', actor: await bearerActor(parts, request, authorization) });
      return;
    }
    const token = sessionTokenOf(request);
    if (token === undefined) return;
    const session = await parts.sessions.read(token);
    if (!session) return;
    // An authorization request is a page to go to, wherever it comes from (`smart/authorize-post.ts`).
    if (request.url !== ENDPOINTS.authorization) refuseForeignOrigin(request);
    if (session.locked) {
      proofs.set(request, { kind: 'locked', account: session.account, session });
      return;
    }
    if (session.strength === 'half') {
      proofs.set(request, { kind: 'half', session });
      return;
    }
    let actor = statedBy(parts, request, {
      ...(await actorOfSession(parts, session, request.ip)),
      request: request.id,
    });
    if (GLASS_HEADER in request.headers) {
      const opened = await parts.breakGlass(request, actor, { at: actor.proof?.at ?? 0, registered: null });
      actor = { ...opened, request: request.id };
    }
    proofs.set(request, { kind: 'actor', actor, session });
  });
}

async function actorOfSession(parts: Parts, session: Session, ip: string): Promise<Actor> {
  const { account, methods, provedAt } = session;
  const persons = account.person === null ? {} : { persons: await parts.personsOf(account.person) };
  const proof = { methods, at: Math.floor(provedAt.getTime() / 1000) };
  return { ...actorOfAccount(parts, account, ip), ...persons, proof };
}

/** Without a session nothing is proved; a citizen reaches their own record and nobody else's. */
export function actorOfAccount(
  { purposes }: { purposes: Pick<Purposes, 'standard'> },
  account: Account,
  ip: string,
): Actor {
  return {
    id: account.id,
    name: account.name,
    roles: account.roles,
    unit: account.unit,
    practitioner: account.practitioner,
    ip,
    ...(account.person === null ? {} : { persons: [account.person] }),
    purpose: { code: purposes.standard(account.roles) },
  };
}

async function bearerActor(parts: Parts, request: FastifyRequest, authorization: string): Promise<Actor> {
  const actor = await tokenActor(parts, request, tokenIn(authorization));
  if (actor) return actor;
  throw new Failure(
    'sign-in-required',
    'Mã truy cập không đúng hoặc đã hết hạn. Hãy lấy mã mới ở /oauth2/token.',
    {
      textEn: 'The access token is wrong or expired. Get a new one at /oauth2/token.',
    },
  );
}

function tokenIn(authorization: string): string {
  const [kind, token] = authorization.split(' ');
  return kind?.toLowerCase() === 'bearer' && token ? token : '';
}

type TokenParts = Pick<Parts, 'bearer' | 'onUsed' | 'personsOf' | 'purposes' | 'breakGlass'>;

/** For whom an access token of ours speaks; null when it is none, or over. */
export async function tokenActor(
  parts: TokenParts,
  request: FastifyRequest,
  token: string,
): Promise<Actor | null> {
  const bearer = token === '' ? null : await parts.bearer(token);
  if (!bearer) return null;
  const { client, scopes, account, context, token: shown } = bearer;
  const isEmergency = GLASS_HEADER in request.headers;
  if (account) {
    if (!client.trusted && !request.url.startsWith('/fhir') && !isHook(request)) throw notForApps();
    parts.onUsed(account.id, client.id);
    const persons = account.person === null ? {} : { persons: await parts.personsOf(account.person) };
    const actor = actorOfAccount(parts, account, request.ip);
    const more = { ...persons, request: request.id, token: shown };
    const acting = statedBy(parts, request, {
      ...actor,
      ...more,
      ...purposeOfToken(bearer, actor),
      client: client.id,
      scopes,
      launch: launchOf(context),
    });
    const registered = client.purposes.includes('BTG');
    return isEmergency ? parts.breakGlass(request, acting, { at: bearer.signedInAt, registered }) : acting;
  }
  const system = actorOfSystem(parts, client, request.ip, scopes);
  const acting = statedBy(parts, request, {
    ...system,
    ...purposeOfToken(bearer, system),
    request: request.id,
    token: shown,
  });
  return isEmergency ? parts.breakGlass(request, acting, { at: 0, registered: false }) : acting;
}

/** A token that was given for a purpose is for that alone; an application, for those that it was registered for. */
function purposeOfToken(
  { purpose, client: { purposes }, account }: Bearer,
  actor: Actor,
): Pick<Actor, 'purpose' | 'purposes'> | undefined {
  if (purpose !== null) return { purpose: { code: purpose }, purposes: [purpose] };
  if (account === null || purposes.length === 0) return undefined;
  return { purpose: actor.purpose, purposes: [actor.purpose.code, ...purposes] };
}

/** A system in its own name, for the unit that runs it. */
export function actorOfSystem(
  { purposes }: { purposes: Pick<Purposes, 'standard'> },
  client: Pick<Client, 'id' | 'name' | 'unit' | 'purposes'>,
  ip: string,
  scopes: readonly Scope[],
): Actor {
  const roles: Actor['roles'] = ['system-client'];
  const [first = purposes.standard(roles)] = client.purposes;
  // What a unit's system may state is what it was registered for; the operator's own may state all that systems may.
  const bound = client.unit !== null || client.purposes.length > 0;
  return {
    id: client.id,
    name: client.name,
    roles,
    unit: client.unit,
    practitioner: null,
    ip,
    scopes,
    purpose: { code: first },
    ...(bound && { purposes: [first, ...client.purposes] }),
  };
}

/** For what the actor acts: as the request states it. Fails with `forbidden` for a purpose that the roles do not allow. */
function statedBy({ purposes }: Pick<Parts, 'purposes'>, request: FastifyRequest, actor: Actor): Actor {
  const stated = request.headers[PURPOSE_HEADER];
  return typeof stated === 'string' ? purposes.stated(actor, stated) : actor;
}

/** What the app was launched with stands in its token (`smart/launch-context.ts`). */
function launchOf({ patient, encounter }: Record<string, unknown>): Actor['launch'] {
  const idOf = (value: unknown) => (typeof value === 'string' ? value : null);
  return { patient: idOf(patient), encounter: idOf(encounter) };
}

/** Scopes speak of resources: what else the roles of a person allow, an application is not given. */
function notForApps(): Failure {
  return new Failure('forbidden', 'Ứng dụng chỉ được dùng các địa chỉ dưới /fhir và /cds-services.', {
    textEn: 'An application may use the addresses below /fhir and /cds-services only.',
  });
}

/**
 * A browser adds the cookie to whatever another site makes it send; SameSite=Strict stops that, and so does this, for
 * browsers that do not keep it: a write must come from our own pages (OWASP CSRF, "verifying origin").
 */
export function refuseForeignOrigin(request: FastifyRequest): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return;
  const site = request.headers['sec-fetch-site'];
  const origin = request.headers.origin;
  if (site === 'same-origin' || site === 'none') return;
  if (site === undefined && origin === undefined) return;
  if (site === undefined && origin === `${request.protocol}://${request.host}`) return;
  throw new Failure('forbidden', 'Yêu cầu đến từ trang khác nên bị từ chối.', {
    textEn: 'The request comes from another origin.',
  });
}

/** Decision support: its callers show a token of ours, or one that they have signed. */
function isHook(request: FastifyRequest): boolean {
  return /^\/cds-services(?:[/?]|$)/.test(request.url);
}

function isOauth(request: FastifyRequest): boolean {
  return request.url.startsWith('/oauth2/');
}

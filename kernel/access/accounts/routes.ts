/** `/api/access/accounts…`, `/api/access/reviews`: accounts of staff, for the administrator and the head of a unit. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../../failure.ts';
import { auditLine } from '../audit.ts';
import type { Actor, Role } from '../contract.ts';
import { requireProof } from '../factors/require-proof.ts';
import type { SignInParts } from '../sign-in/parts.ts';
import { missing } from '../sign-in/routes.ts';
import { signedIn } from '../signed-in.ts';
import type { Account } from './account.ts';
import { pageOf, rowOf } from './listing.ts';
import { type Reviews, reviewsOf, type Verdict } from './reviews.ts';
import { ownAccount, signOff } from './sign-off.ts';
import { STAFF_ROLES } from './staff-roles.ts';

export interface AccountRouteParts extends SignInParts {
  reviews: Reviews;
  /** Names of organisations by id, as far as they are there. */
  unitNames(ids: readonly string[]): Promise<Record<string, string>>;
}

const PAGE = 50;
const MOST = 200;

export function accountRoutes(app: FastifyInstance, parts: AccountRouteParts): void {
  app.get('/api/access/accounts', async (request) =>
    list(parts, keeper(request), request.query as Record<string, string>),
  );
  mountChanges(app, parts);
  mountReviews(app, parts);
}

async function list(parts: AccountRouteParts, actor: Actor, query: Record<string, string>) {
  const { q = '', unit = '', role = '', state = '', cursor = '', count = '' } = query;
  const own = isAdministrator(actor) ? unit || null : actor.unit;
  const size = Math.min(MOST, Math.max(1, Number(count) || PAGE));
  await note(
    parts,
    actor,
    'account-list',
    `account?${new URLSearchParams({ q, unit: own ?? '', role, state })}`,
  );
  const page = pageOf(
    await parts.accounts.list(),
    { text: q, unit: own, role, state, after: cursor, count: size },
    parts.limits,
    parts.now(),
  );
  const names = await parts.unitNames([...new Set(page.rows.flatMap((row) => row.unit ?? []))]);
  return {
    ...page,
    rows: page.rows.map((row) => ({
      ...row,
      unitName: row.unit === null ? null : (names[row.unit] ?? row.unit),
    })),
  };
}

function mountChanges(app: FastifyInstance, parts: AccountRouteParts): void {
  const { accounts } = parts;

  app.post('/api/access/accounts', async (request, reply) => {
    const actor = proven(parts, request);
    if (!isAdministrator(actor)) throw forbidden();
    const asked = newAccountOf(request.body);
    if ((await accounts.read(asked.id)) !== null)
      throw new Failure('conflict', `Tài khoản "${asked.id}" đã có.`, {
        textEn: `Account "${asked.id}" exists.`,
        expression: 'id',
      });
    await accounts.add({ ...asked, password: firstPassword() });
    const given = await accounts.handOver(asked.id);
    await note(parts, actor, 'account-open', `account/${asked.id}`);
    return reply.code(201).send({ id: asked.id, ...given });
  });

  const change = (
    path: string,
    act: (account: Account, actor: Actor, body: unknown) => Promise<object | undefined>,
    action: string,
  ) =>
    app.post(`/api/access/accounts/:id/${path}`, async (request, reply) => {
      const actor = proven(parts, request);
      const account = await own(parts, actor, (request.params as { id: string }).id);
      const answer = await act(account, actor, request.body);
      await note(parts, actor, action, `account/${account.id}`);
      return answer === undefined ? reply.code(204).send() : answer;
    });

  // A password handed over; the head of the unit does it for their own people, the person stands before them.
  change('reset', async (account) => accounts.handOver(account.id), 'account-reset');
  change('close', async (account) => void (await accounts.setActive(account.id, false)), 'account-close');
  change('open', async (account) => void (await accounts.setActive(account.id, true)), 'account-open');
  change('unlock', async (account) => void (await accounts.unlock(account.id)), 'account-unlock');
  change(
    'factors',
    async (account) => {
      await parts.factors.removeAll(account.id);
      await accounts.endSessions(account.id);
      return undefined;
    },
    'account-factors-removed',
  );
  change(
    'rights',
    async (account, actor, body) => {
      if (!isAdministrator(actor)) throw forbidden();
      const { roles, unit, name } = rightsOf(body);
      await accounts.change(account.id, { roles, unit, ...(name === undefined ? {} : { name }) });
      return rowOf((await accounts.read(account.id))!, parts.limits, parts.now());
    },
    'account-change',
  );
}

function mountReviews(app: FastifyInstance, parts: AccountRouteParts): void {
  app.get('/api/access/reviews', async (request) => {
    const actor = keeper(request);
    const all = reviewsOf(await parts.accounts.list(), await parts.reviews.last(), parts.limits, parts.now());
    const own = all.filter(({ unit }) => isAdministrator(actor) || unit === actor.unit);
    const names = await parts.unitNames(own.map(({ unit }) => unit));
    return { rows: own.map((row) => ({ ...row, unitName: names[row.unit] ?? row.unit })) };
  });

  app.post('/api/access/reviews', async (request, reply) => {
    const actor = proven(parts, request);
    const { unit, verdicts } = reviewOf(request.body);
    if (!isAdministrator(actor) && unit !== actor.unit) throw forbidden();
    const reviewedAt = await signOff(
      { ...parts, note: (action, what) => note(parts, actor, action, what) },
      unit,
      actor,
      verdicts,
    );
    return reply.code(201).send({ unit, reviewedAt });
  });
}

/** The administrator, or the head of a unit. Fails with `forbidden`. */
function keeper(request: FastifyRequest): Actor {
  const actor = signedIn(request);
  if (isAdministrator(actor) || (actor.roles.includes('station-head') && actor.unit !== null)) return actor;
  throw forbidden();
}

function proven(parts: AccountRouteParts, request: FastifyRequest): Actor {
  const actor = keeper(request);
  requireProof(request, { maxAgeMinutes: parts.limits.proofMinutes }, parts.now());
  return actor;
}

function isAdministrator(actor: Actor): boolean {
  return actor.roles.includes('administrator');
}

const ABOVE_A_HEAD: readonly Role[] = [
  'administrator',
  'privacy-officer',
  'province-operator',
  'content-officer',
];

/** The account, when the actor may change it. The head of a unit sees none of another unit: 404 says no more. */
async function own(parts: AccountRouteParts, actor: Actor, id: string): Promise<Account> {
  const account = await parts.accounts.read(id);
  const within =
    isAdministrator(actor) ||
    (account?.unit === actor.unit && !account?.roles.some((role) => ABOVE_A_HEAD.includes(role)));
  if (!account || account.person !== null || !within)
    throw new Failure('not-found', `Không có tài khoản "${id.slice(0, 64)}".`, {
      textEn: `No account "${id.slice(0, 64)}".`,
    });
  if (account.id === actor.id) throw ownAccount();
  return account;
}

async function note(parts: AccountRouteParts, actor: Actor, action: string, what: string): Promise<void> {
  await parts.store.audit([auditLine(actor, action, what, null)]);
}

/** Replaced at once by the one that is handed over; nobody ever sees it. */
function firstPassword(): string {
  return `${crypto.randomUUID()}${crypto.randomUUID().toUpperCase()}`;
}

function newAccountOf(body: unknown) {
  const { id, name } = (body ?? {}) as Record<string, unknown>;
  if (
    typeof id !== 'string' ||
    typeof name !== 'string' ||
    id.trim() === '' ||
    name.trim() === '' ||
    name.length > 200
  )
    throw missing('id, name');
  const { practitioner } = body as Record<string, unknown>;
  return {
    id: id.trim().toLowerCase(),
    ...rightsOf(body),
    name: name.trim(),
    practitioner: typeof practitioner === 'string' && practitioner !== '' ? practitioner : null,
  };
}

function rightsOf(body: unknown): { roles: Role[]; unit: string | null; name?: string } {
  const { roles, unit, name } = (body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(roles) || roles.length === 0) throw missing('roles');
  const unknown = roles.find((role) => !STAFF_ROLES.includes(role as Role));
  if (unknown !== undefined) {
    const named = typeof unknown === 'string' ? unknown.slice(0, 64) : typeof unknown;
    throw new Failure('invalid-parameter', `Không có vai trò "${named}".`, {
      textEn: `There is no role "${named}"; roles are ${STAFF_ROLES.join(', ')}.`,
      expression: 'roles',
    });
  }
  if (
    unit !== null &&
    unit !== undefined &&
    (typeof unit !== 'string' || !/^[A-Za-z0-9\-.]{1,64}$/.test(unit))
  )
    throw new Failure('invalid-parameter', 'Mã đơn vị không hợp lệ.', {
      textEn: 'unit is an Organization id.',
      expression: 'unit',
    });
  return {
    roles: [...new Set(roles as Role[])],
    unit: (unit as string | null | undefined) ?? null,
    ...(typeof name === 'string' && name.trim() !== '' ? { name: name.trim().slice(0, 200) } : {}),
  };
}

function reviewOf(body: unknown): { unit: string; verdicts: Verdict[] } {
  const { unit, verdicts } = (body ?? {}) as Record<string, unknown>;
  const isVerdict = (one: unknown): one is Verdict => {
    const { account, verdict } = (one ?? {}) as Record<string, unknown>;
    return typeof account === 'string' && (verdict === 'keep' || verdict === 'close');
  };
  if (typeof unit !== 'string' || !Array.isArray(verdicts) || !verdicts.every(isVerdict))
    throw missing('unit, verdicts');
  return { unit, verdicts };
}

function forbidden(): Failure {
  return new Failure(
    'forbidden',
    'Chỉ người quản trị, và giám đốc đơn vị với người của đơn vị mình, quản lý tài khoản.',
    {
      textEn: 'Only the administrator, or the head of the unit for their own people, looks after accounts.',
    },
  );
}

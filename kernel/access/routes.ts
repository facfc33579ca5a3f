/** `/api/access/*` and `/oauth2/*`: signing in and out, who I am, break-glass, and the reading of the audit. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { Failure } from '../failure.ts';
import type { Organization } from '../fhir/types.ts';
import type { Store } from '../store/contract.ts';
import { auditLine } from './audit.ts';
import { mayReadAudit } from './audit-log/readers.ts';
import { auditLogRoutes } from './audit-log/routes.ts';
import { type AuditQuery, readAuditRows } from './audit-reading.ts';
import type { Actor } from './contract.ts';
import { emergencyRoutes } from './emergency/routes.ts';
import type { EmergencyRules } from './emergency/rules.ts';
import { requireProof } from './factors/require-proof.ts';
import type { BreakGlass } from './glass.ts';
import type { Limits } from './limits.ts';
import type { Oidc } from './oidc/index.ts';
import { oidcRoutes } from './oidc/routes.ts';
import type { SignIn } from './sign-in/index.ts';
import { signedIn } from './signed-in.ts';

interface RouteParts {
  signIn: SignIn;
  glass: BreakGlass;
  /** Of emergency openings. */
  rules: EmergencyRules;
  store: Store;
  pool: Pool;
  limits: Limits;
  demo: boolean;
  now(): Date;
  oidc: Oidc;
  /** Issuer of the tokens: the program's address without a path. */
  issuer(): string;
}

export function accessRoutes(app: FastifyInstance, parts: RouteParts): void {
  parts.signIn.routes(
    app,
    parts.signIn.parts((actor) => me(parts, actor)),
  );
  const proven = (request: FastifyRequest) =>
    requireProof(request, { maxAgeMinutes: parts.limits.proofMinutes }, parts.now());
  emergencyRoutes(app, { ...parts, signedIn, proven });
  app.get('/api/access/audit', async (request) => {
    const actor = signedIn(request);
    if (!mayReadAudit(actor)) throw forbidden();
    return auditPage(parts, actor, request.query as Record<string, string>);
  });
  auditLogRoutes(app, { ...parts, signedIn });
  oidcRoutes(app, parts.oidc, parts.issuer);
}

const AUDIT_NAMES = ['patient', 'who', 'action', 'outcome', 'from', 'to', 'before', 'cursor', 'count'];

/** Reading the audit is itself audited: who looked at whose lines. */
async function auditPage({ store, pool, now }: RouteParts, actor: Actor, query: Record<string, string>) {
  const strange = Object.keys(query).find((name) => !AUDIT_NAMES.includes(name));
  if (strange !== undefined)
    throw new Failure('unknown-parameter', `Không xem nhật ký theo "${strange}".`, {
      textEn: `The audit is not read by "${strange}"; parameters are ${AUDIT_NAMES.join(', ')}.`,
      expression: strange,
    });
  const { patient, who, action, outcome, from, to, before = query.cursor, count } = query;
  const one = (value: string | undefined) => (value === undefined ? undefined : [value]);
  const asked: AuditQuery = {
    patients: one(patient),
    accounts: one(who),
    actions: one(action),
    outcomes: one(outcome),
    from,
    to,
    before,
    count: count === undefined ? undefined : Math.max(Number(count) || 50, 1),
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
  const { id, name, roles, practitioner, persons } = actor;
  return { id, name, roles, unit: actor.unit, unitName, practitioner, demo, ...(persons && { persons }) };
}

function forbidden(): Failure {
  return new Failure('forbidden', 'Vai trò của bạn không được xem mục này.', {
    textEn: 'Your role may not see this.',
  });
}

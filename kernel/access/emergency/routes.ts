/** `/api/access/break-glass…`: opening a record in an emergency, and the review of openings. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { Failure } from '../../failure.ts';
import type { Store } from '../../store/contract.ts';
import { auditLine } from '../audit.ts';
import type { Actor } from '../contract.ts';
import type { BreakGlass } from '../glass.ts';
import { breakGlass } from '../glass-header.ts';
import {
  listOpenings,
  type NamedOpening,
  type ReviewedOpening,
  type ReviewState,
  reviewOpening,
  STATES,
} from './review.ts';
import type { EmergencyRules } from './rules.ts';

export interface EmergencyParts {
  pool: Pool;
  store: Store;
  glass: BreakGlass;
  rules: EmergencyRules;
  now(): Date;
  /** The signed-in actor who has proved who they are not long ago; fails with `forbidden` and `details.proof`. */
  proven(request: FastifyRequest): Actor;
  /** The signed-in actor of a request; fails with `sign-in-required`. */
  signedIn(request: FastifyRequest): Actor;
}

const PAGE = 50;
const MOST = 200;

export function emergencyRoutes(app: FastifyInstance, parts: EmergencyParts): void {
  const { signedIn, rules } = parts;

  app.post('/api/access/break-glass', async (request) => {
    const actor = parts.proven(request);
    const { patient, reason, code } = (request.body ?? {}) as Record<string, unknown>;
    if (typeof patient !== 'string' || typeof reason !== 'string') throw missing();
    const kind = typeof code === 'string' ? code : undefined;
    await breakGlass(parts.glass, parts.store, actor, patient, reason, kind);
    return { patient, minutes: rules.minutes };
  });

  app.get('/api/access/break-glass/reasons', async (request) => {
    signedIn(request);
    return { rows: rules.reasons, minutes: rules.minutes };
  });

  app.get('/api/access/break-glass', async (request) => {
    const actor = signedIn(request);
    const all = actor.roles.includes('administrator') || actor.roles.includes('privacy-officer');
    if (!all && (!actor.roles.includes('station-head') || actor.unit === null)) throw forbidden();
    const { state, q, patient, cursor, count } = request.query as Record<string, string | undefined>;
    const page = await listOpenings(parts.pool, rules, parts.now(), {
      ...(all ? {} : { unit: actor.unit! }),
      ...(isState(state) ? { state } : {}),
      ...(q === undefined ? {} : { text: q.slice(0, 200) }),
      ...(patient === undefined ? {} : { patient }),
      ...(cursor === undefined ? {} : { before: cursor }),
      count: Math.min(Math.max(Number(count) || PAGE, 1), MOST),
    });
    const persons = [...new Set(page.rows.map((row) => row.patient))];
    const lines = persons.map((one) => auditLine(actor, 'search', 'break-glass', one));
    await parts.store.audit(lines.length > 0 ? lines : [auditLine(actor, 'search', 'break-glass', null)]);
    return { ...page, rows: await named(parts.store, page.rows) };
  });

  app.post<{ Params: { id: string } }>('/api/access/break-glass/:id/review', async (request) => {
    const actor = signedIn(request);
    if (!actor.roles.includes('privacy-officer')) throw forbidden();
    const { state, conclusion } = (request.body ?? {}) as Record<string, unknown>;
    const textOf = (value: unknown) => (typeof value === 'string' ? value : '');
    const asked = { state: textOf(state), conclusion: textOf(conclusion) };
    const { patient } = await reviewOpening(parts.pool, parts.now(), actor, request.params.id, asked);
    await parts.store.audit([auditLine(actor, 'review', `break-glass/${request.params.id}`, patient)]);
    return { id: request.params.id, state: asked.state };
  });
}

/** With the names of persons and units, as they are now. */
async function named(store: Store, rows: readonly ReviewedOpening[]): Promise<NamedOpening[]> {
  const refs = rows.flatMap(({ patient, unit }) => [
    { type: 'Patient' as const, id: patient },
    ...(unit === null ? [] : [{ type: 'Organization' as const, id: unit }]),
  ]);
  const found = refs.length === 0 ? [] : await store.readMany(refs);
  const names = new Map(
    found.flatMap(({ type, id, deleted, body }) => {
      if (deleted) return [];
      const { name } = JSON.parse(body.toString('utf8')) as { name?: string | { text?: string }[] };
      return [[`${type}/${id}`, (typeof name === 'string' ? name : name?.[0]?.text) ?? null] as const];
    }),
  );
  return rows.map((row) => ({
    ...row,
    patientName: names.get(`Patient/${row.patient}`) ?? null,
    unitName: row.unit === null ? null : (names.get(`Organization/${row.unit}`) ?? null),
  }));
}

function isState(state: string | undefined): state is ReviewState {
  return STATES.includes(state as ReviewState);
}

function missing(): Failure {
  return new Failure('invalid-request', 'Thiếu patient, reason.', { textEn: 'Missing patient, reason.' });
}

function forbidden(): Failure {
  return new Failure('forbidden', 'Vai trò của bạn không được xem mục này.', {
    textEn: 'Your role may not see this.',
  });
}

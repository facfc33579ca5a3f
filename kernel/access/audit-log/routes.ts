/**
 * The audit as a transparency log: heads and their consistency are public (`/.well-known/yba-audit/…`, hashes only), proofs
 * about a line are for those who may read the audit.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { Failure } from '../../failure.ts';
import type { Store } from '../../store/contract.ts';
import { checkpoint, consistencyProof, inclusionProof, logFace } from '../../store/index.ts';
import { auditLine } from '../audit.ts';
import type { Actor } from '../contract.ts';
import { mayReadAudit } from './readers.ts';

export interface AuditLogParts {
  pool: Pool;
  store: Store;
  signedIn(request: FastifyRequest): Actor;
}

const PUBLIC = '/.well-known/yba-audit';
const OWN = '/api/access/audit';
const NOTE = 'text/plain; charset=utf-8';

export function auditLogRoutes(app: FastifyInstance, { pool, store, signedIn }: AuditLogParts): void {
  const reader = (request: FastifyRequest): Actor => {
    const actor = signedIn(request);
    if (mayReadAudit(actor)) return actor;
    throw new Failure('forbidden', 'Vai trò của bạn không được xem nhật ký.', {
      textEn: 'Your role may not read the audit.',
    });
  };
  const head = (request: FastifyRequest) => checkpoint(pool, sizeOf(request, 'size') ?? 'newest');
  const growth = (request: FastifyRequest) =>
    consistencyProof(pool, sizeOf(request, 'from') ?? 0, sizeOf(request, 'to') ?? 0);

  app.get(PUBLIC, async () => logFace(pool));
  app.get(`${PUBLIC}/checkpoint`, async (request, reply) => reply.type(NOTE).send(await head(request)));
  app.get(`${PUBLIC}/witnessed`, async (_request, reply) =>
    reply.type(NOTE).send(await checkpoint(pool, 'witnessed')),
  );
  app.get(`${PUBLIC}/consistency`, growth);

  app.get(`${OWN}/checkpoint`, async (request, reply) => {
    reader(request);
    return reply.type(NOTE).send(await head(request));
  });
  app.get(`${OWN}/proof/consistency`, async (request) => {
    reader(request);
    return growth(request);
  });
  app.get(`${OWN}/proof/inclusion`, async (request) => {
    const actor = reader(request);
    const { id } = request.query as Record<string, unknown>;
    if (typeof id !== 'string')
      throw new Failure('invalid-parameter', 'Thiếu mã dòng nhật ký (id).', {
        textEn: 'id is missing: the id of an AuditEvent.',
        expression: 'id',
      });
    await store.audit([auditLine(actor, 'read', `AuditEvent/${id}`.slice(0, 100), null)]);
    return inclusionProof(pool, id);
  });
}

/** A number of lines out of the query; undefined when it is not given. Fails with `invalid-parameter`. */
function sizeOf(request: FastifyRequest, name: string): number | undefined {
  const value = (request.query as Record<string, unknown>)[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  throw new Failure('invalid-parameter', `"${name}" phải là một số dòng.`, {
    textEn: `${name} must be a number of lines.`,
    expression: name,
  });
}

/** Writing of a FHIR answer: status, headers, body; failures as OperationOutcomes. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure, type Issue } from '../../failure.ts';
import type { WriteResult } from '../../store/contract.ts';
import { versionTag } from '../names.ts';
import { asFailure, goodOutcome, outcomeOf } from '../outcome.ts';
import { prettyBytes } from './bundle-bytes.ts';
import { challengeOf } from './challenge.ts';
import type { Answer } from './context.ts';
import { readDemand, readPrefer } from './demand.ts';
import { baseOf, queryOf } from './request.ts';
import { statusOfWrite } from './response-bundle.ts';

export const FHIR_JSON = 'application/fhir+json; charset=utf-8';

/** A defect: logged by whoever owns the log. */
type OnDefect = (error: unknown, request: FastifyRequest) => void;

/** @param notes what an OperationOutcome tells besides: warnings of profiles */
export function sendWritten(
  request: FastifyRequest,
  reply: FastifyReply,
  result: WriteResult,
  notes: readonly Issue[] = [],
) {
  const status = statusOfWrite(result);
  const demand = readDemand(queryOf(request).filter(([name]) => name.startsWith('_')));
  if (result.version > 0) reply.header('ETag', versionTag(result.version));
  const prefer = readPrefer(request.headers.prefer).return;
  if (status === 204) {
    if (prefer !== 'OperationOutcome') return reply.code(204).send();
    const outcome = JSON.stringify(goodOutcome('Đã xóa.', 'Deleted.'));
    return send(reply, { status: 200, body: Buffer.from(outcome) }, demand.pretty);
  }
  if (status === 201 || result.outcome === 'matched') {
    reply.header('Location', `${baseOf(request)}/${result.type}/${result.id}/_history/${result.version}`);
  }
  const head = { status, etag: versionTag(result.version), lastModified: result.lastUpdated };
  if (prefer === 'minimal') return send(reply, { ...head, body: null });
  const outcome = prefer === 'OperationOutcome' ? goodOutcome('Đã ghi.', 'Written.', notes) : null;
  const body = outcome === null ? result.body : Buffer.from(JSON.stringify(outcome));
  return send(reply, { ...head, body }, demand.pretty);
}

export function send(reply: FastifyReply, answer: Answer, pretty = false): FastifyReply {
  reply.code(answer.status);
  if (answer.etag !== undefined) reply.header('ETag', answer.etag);
  if (answer.lastModified !== undefined)
    reply.header('Last-Modified', new Date(answer.lastModified).toUTCString());
  if (answer.body === null) return reply.send();
  reply.header('Content-Type', FHIR_JSON);
  return reply.send(pretty ? prettyBytes(answer.body) : answer.body);
}

export function sendFailure(
  onDefect: OnDefect,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const failure = asFailure(error) ?? defect(onDefect, error, request);
  const status = 'status' in failure ? failure.status : 500;
  const challenge = challengeOf(request, status);
  if (challenge !== null) reply.header('WWW-Authenticate', challenge);
  const { version, retryAfter } = (failure.details ?? {}) as { version?: unknown; retryAfter?: unknown };
  if (status === 503 || status === 429)
    reply.header('Retry-After', String(typeof retryAfter === 'number' ? retryAfter : 2));
  if (typeof version === 'number') reply.header('ETag', versionTag(version));
  return reply
    .code(status)
    .header('Content-Type', FHIR_JSON)
    .send(Buffer.from(JSON.stringify(outcomeOf(failure))));
}

/** Nothing of the error's text leaves the program. */
function defect(onDefect: OnDefect, error: unknown, request: FastifyRequest): Failure {
  onDefect(error, request);
  return new Failure('internal', 'Máy chủ gặp lỗi. Sự việc đã được ghi lại.', {
    textEn: `Internal error, logged as ${request.id}.`,
  });
}

/**
 * Operations within a batch. An operation lives behind its route, whichever room it is of: the entry goes the way of a request of its
 * own, in the name of whoever sent the batch, with the same policy and the same lines in the audit.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { namesOperation } from '../bundle/entry.ts';
import type { EntryAnswer, ReadEntry } from '../session/session.ts';

/** Headers that speak of the batch itself, not of who sends it. */
const OF_THE_BATCH = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-none-exist',
  'prefer',
  'transfer-encoding',
]);
const NO_INPUT = { resourceType: 'Parameters' };

/** Whether an entry is answered by a route of its own: an operation, or the capability statement. */
export function isCalled({ intent }: ReadEntry): boolean {
  return intent.do === 'call' || namesOperation(intent.url) || /^\/?metadata(?:\?|$)/.test(intent.url);
}

/** What is no FHIR resource comes as a Binary (R4 http.html#transaction-response). */
export async function callOf(
  app: FastifyInstance,
  request: FastifyRequest,
  { method, intent }: ReadEntry,
): Promise<EntryAnswer> {
  const answer = await app.inject({
    method: method as 'GET',
    url: `/fhir/${intent.url.replace(/^\//, '')}`,
    headers: headersOf(request, intent.do === 'call'),
    remoteAddress: request.ip,
    ...(intent.do === 'call' ? { payload: JSON.stringify(intent.input ?? NO_INPUT) } : {}),
  });
  const bytes = answer.rawPayload;
  const type = String(answer.headers['content-type'] ?? '');
  const isResource = type.includes('json') && !type.includes('ndjson');
  const body = bytes.length === 0 ? null : isResource ? bytes : binaryOf(type, bytes);
  return { kind: 'called', status: answer.statusCode, body };
}

function headersOf(request: FastifyRequest, hasInput: boolean): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/fhir+json' };
  for (const [name, value] of Object.entries(request.headers))
    if (!OF_THE_BATCH.has(name) && value !== undefined) headers[name] = String(value);
  if (hasInput) headers['content-type'] = 'application/fhir+json';
  return headers;
}

function binaryOf(type: string, bytes: Buffer): Buffer {
  return Buffer.from(
    JSON.stringify({
      resourceType: 'Binary',
      contentType: type.split(';')[0],
      data: bytes.toString('base64'),
    }),
  );
}

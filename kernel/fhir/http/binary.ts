/**
 * A Binary in its own format (R4 binary.html#rest): sent as it is, it becomes the content of a Binary; who accepts its type
 * gets it as it was sent. Whoever takes JSON gets the resource. Reading and choosing are pure.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readStoredJson } from '../json/read.ts';
import type { Resource } from '../types.ts';
import type { Answer } from './context.ts';
import { bodyOf, checkSize, JSON_TYPES, requireMediaType } from './request.ts';

/** `type/subtype` with parameters, as it may stand in a header. */
const MEDIA_TYPE =
  /^[\w.+-]{1,100}\/[\w.+-]{1,100}(?:; ?[\w-]{1,50}=(?:"[\w .+:/-]{1,200}"|[\w.+:/-]{1,200}))*$/;
/** Representations of resources: JSON is read as one, XML is not offered. */
const OF_RESOURCES: ReadonlySet<string> = new Set([
  ...JSON_TYPES,
  'application/fhir+xml',
  'application/fhir+turtle',
]);
/** Ranges that take JSON. */
const TAKES_JSON: ReadonlySet<string> = new Set(['application', 'text', '*']);

interface Content {
  contentType?: unknown;
  data?: unknown;
  securityContext?: { reference?: unknown };
}

const plainType = (text: string) => text.split(';')[0]!.trim().toLowerCase();

/**
 * The Binary that a body becomes which is no resource; null when it is to be read as a resource.
 * @param id of the address, undefined for a new one
 */
export function binaryOf(request: FastifyRequest, id: string | undefined): Resource | null {
  const contentType = (request.headers['content-type'] ?? '').trim().replace(/\s+/g, ' ');
  if (!MEDIA_TYPE.test(contentType) || OF_RESOURCES.has(plainType(contentType))) return null;
  // A body that is packed is refused as any is.
  if (request.headers['content-encoding'] !== undefined) requireMediaType(request, JSON_TYPES);
  const body = bodyOf(request);
  checkSize(Math.ceil(body.length / 3) * 4);
  const context = request.headers['x-security-context'];
  return {
    resourceType: 'Binary',
    ...(id === undefined ? {} : { id }),
    contentType,
    ...(typeof context === 'string' ? { securityContext: { reference: context } } : {}),
    ...(body.length === 0 ? {} : { data: body.toString('base64') }),
  } as unknown as Resource;
}

/** True when an Accept header names the type, and does not ask for the resource. */
export function asksForContent(accept: string | undefined, contentType: string): boolean {
  if (accept === undefined || !MEDIA_TYPE.test(contentType)) return false;
  const type = plainType(contentType);
  const [family = ''] = type.split('/');
  const ranges = accept
    .split(',')
    .filter((range) => !/;\s*q=0(\.0*)?\s*(;|$)/.test(range))
    .map(plainType);
  if (ranges.some((range) => OF_RESOURCES.has(range))) return false;
  return ranges.some((range) => range === type || (range === `${family}/*` && !TAKES_JSON.has(family)));
}

/** Sends the content of the Binary that was read; false when its resource is asked for. */
export function sendContent(request: FastifyRequest, reply: FastifyReply, answer: Answer): boolean {
  if (answer.status !== 200 || answer.body === null) return false;
  const { contentType, data, securityContext } = readStoredJson(answer.body) as Content;
  if (typeof contentType !== 'string' || !asksForContent(request.headers.accept, contentType)) return false;
  if (answer.etag !== undefined) reply.header('ETag', answer.etag);
  if (answer.lastModified !== undefined)
    reply.header('Last-Modified', new Date(answer.lastModified).toUTCString());
  const context = securityContext?.reference;
  if (typeof context === 'string') reply.header('X-Security-Context', encodeURI(context));
  // Whatever somebody has stored is kept, and not opened under our address.
  reply.header('Content-Disposition', 'attachment').header('Content-Type', contentType);
  reply.send(Buffer.from(typeof data === 'string' ? data : '', 'base64'));
  return true;
}

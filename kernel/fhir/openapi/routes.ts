/**
 * `GET /fhir/openapi.json` (`?_type=Patient,Encounter`) and `GET /fhir/openapi/Patient.json`: made once for what is announced,
 * kept as gzip. Nothing in it depends on who asks or by which address, so that a stranger cannot have it made again and again.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../../failure.ts';
import { takesGzip } from '../bulk/file-answer.ts';
import type { CapabilityParts } from '../http/capability.ts';
import { unknownOrWrong } from '../http/context.ts';
import { param, queryOf } from '../http/request.ts';
import { asResourceType, CARRIERS, resourceTypes } from '../names.ts';
import type { ResourceType } from '../types.ts';
import { openApiDocument } from './document.ts';

interface Kept {
  packed: Buffer;
  etag: string;
}

/** More than the whole document and one for each type. */
const MOST_KEPT = 200;
/** Types of one document; who wants more takes the whole. */
const MOST_TYPES = 5;
const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Nothing of them is about a person, so they need no token. */
export const OPENAPI_ADDRESSES = ['/fhir/openapi.json', '/fhir/openapi/:name'];

/** Registers both; the plugin has the prefix and the error handler of `fhirRoutes`. */
export function openApiRoutes(app: FastifyInstance, parts: CapabilityParts): void {
  const kept = new Map<string, Promise<Kept>>();
  const config = { otherFormats: true };
  app.get('/openapi.json', { config }, async (request, reply) =>
    answer(await documentOf(kept, parts, typesOf(queryOf(request))), request, reply),
  );
  app.get('/openapi/:name', { config }, async (request, reply) => {
    const [unknown] = queryOf(request);
    if (unknown) throw unknownOrWrong(unknown[0], unknown[1], []);
    const type = described(param(request, 'name').replace(/\.json$/, ''));
    return answer(await documentOf(kept, parts, [type]), request, reply);
  });
}

/** Undefined = the whole document. */
function typesOf(query: readonly [string, string][]): ResourceType[] | undefined {
  const [unknown] = query.filter(([name]) => name !== '_type');
  if (unknown) throw unknownOrWrong(unknown[0], unknown[1], []);
  if (query.length === 0) return undefined;
  const names = query.flatMap(([, value]) => value.split(',').map((one) => one.trim()));
  const types = [...new Set(names)].sort().map((name) => described(name));
  if (types.length <= MOST_TYPES) return types;
  throw new Failure('invalid-parameter', `_type nhận nhiều nhất ${MOST_TYPES} loại; hãy lấy cả tài liệu.`, {
    textEn: `_type takes ${MOST_TYPES} types at most; take the whole document.`,
    expression: '_type',
  });
}

/** A type that has addresses. */
function described(name: string): ResourceType {
  const type = asResourceType(name);
  if (!CARRIERS.has(type)) return type;
  throw new Failure('not-supported', `${type} không có địa chỉ riêng.`, {
    textEn: `${type} has no address of its own.`,
  });
}

async function answer({ packed, etag }: Kept, request: FastifyRequest, reply: FastifyReply) {
  reply.header('ETag', etag).header('Cache-Control', 'no-cache').header('Vary', 'Accept-Encoding');
  if (sees(request.headers['if-none-match'], etag)) return reply.code(304).send();
  reply.type('application/json; charset=utf-8');
  if (!takesGzip(request.headers['accept-encoding'])) return reply.send(await unpack(packed));
  return reply.header('Content-Encoding', 'gzip').send(packed);
}

/** RFC 9110 section 13.1.2, the weak comparison. */
function sees(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '')));
}

/** Made anew when search parameters came or went. */
function documentOf(
  kept: Map<string, Promise<Kept>>,
  parts: CapabilityParts,
  types: ResourceType[] | undefined,
): Promise<Kept> {
  const names = (types ?? resourceTypes).map((type) => parts.searchParameters(type).map(({ name }) => name));
  const key = `${types?.join() ?? '*'} ${createHash('sha256').update(JSON.stringify(names)).digest('hex')}`;
  const known = kept.get(key);
  if (known) return known;
  const made = make(parts, types);
  if (kept.size >= MOST_KEPT) kept.delete([...kept.keys()][0]!);
  kept.set(key, made);
  return made;
}

async function make(parts: CapabilityParts, types: ResourceType[] | undefined): Promise<Kept> {
  const text = JSON.stringify(openApiDocument(parts, types));
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  return { packed: await pack(text), etag };
}

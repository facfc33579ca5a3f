/** Reading of a FHIR request: address, query, headers, body. */
import type { FastifyRequest } from 'fastify';
import { Failure } from '../../failure.ts';
import { localReferences } from '../bundle/references.ts';
import { readJson } from '../json/read.ts';
import { localParams } from '../local.ts';
import { type IfMatch, isId, readIfMatch } from '../names.ts';
import { pairsOf, type Query } from '../query.ts';
import type { Resource, ResourceType } from '../types.ts';
import { refuseParams } from './context.ts';
import { isR4Version, readDemand } from './demand.ts';

/** Largest body of a Bundle and of any other resource, in bytes. */
export const MAX_BUNDLE = 64 * 1024 * 1024;
const MAX_RESOURCE = 8 * 1024 * 1024;

export const JSON_TYPES = ['application/fhir+json', 'application/json', 'text/json'];

export function requireMediaType(request: FastifyRequest, types: readonly string[]): void {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.map((one) => one.trim()).find((one) => one.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  const version = parameters.map((one) => one.trim()).find((one) => one.startsWith('fhirversion='));
  const isR4 = version === undefined || isR4Version(version);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw compressed(encoding);
  if (types.includes(type.trim()) && isUtf8 && isR4) return;
  const given = [type, ...parameters].join(';');
  throw new Failure(
    'unsupported-media-type',
    `Không nhận nội dung kiểu "${given}". Hãy gửi ${types[0]} (UTF-8, FHIR 4.0).`,
    { textEn: `Media type "${given}" is not supported here: send ${types[0]} in UTF-8 (FHIR 4.0).` },
  );
}

/** RFC 9110 section 8.4: a coding that is not acceptable is 415. Nothing is unpacked, so no small body becomes a large one. */
function compressed(encoding: string): Failure {
  return new Failure(
    'unsupported-media-type',
    `Không nhận nội dung nén (Content-Encoding: ${encoding}). Hãy gửi lại không nén.`,
    { textEn: `A body with Content-Encoding "${encoding}" is not accepted: send it uncompressed.` },
  );
}

const inMegabytes = (bytes: number) => Math.round((bytes / 1_048_576) * 10) / 10;

export function readResource(request: FastifyRequest, type: ResourceType): Resource {
  requireMediaType(request, JSON_TYPES);
  checkSize(bodyOf(request).length);
  return resourceOf(readLocal(request), type);
}

/** @param bytes of the resource as JSON */
export function checkSize(bytes: number): void {
  if (bytes <= MAX_RESOURCE) return;
  const [has, may] = [inMegabytes(bytes), inMegabytes(MAX_RESOURCE)];
  throw new Failure(
    'too-large',
    `Tài nguyên có ${has} MB, quá ${may} MB. Hãy chia nhỏ, hoặc để tệp ở nơi khác và chỉ ghi địa chỉ (Attachment.url).`,
    {
      textEn: `The resource has ${has} MB, more than ${may} MB. Split it, or keep the file elsewhere and give its address (Attachment.url).`,
    },
  );
}

/** The body with references to our own address made relative: the record knows no address of itself. */
export function readLocal(request: FastifyRequest): unknown {
  const body = bodyOf(request);
  const base = baseOf(request);
  const value = readJson(body);
  return mayName(body, base) ? localReferences(value, base) : value;
}

/** JSON may write `/` as `\\/`, and criteria may be percent-encoded. */
function mayName(body: Buffer, base: string): boolean {
  return body.includes(base) || body.includes('\\/') || body.includes(encodeURIComponent(base));
}

export function resourceOf(body: unknown, type: ResourceType): Resource {
  const found = (body as { resourceType?: unknown } | null)?.resourceType;
  if (found === type) return body as Resource;
  throw new Failure('invalid-request', `Cần một tài nguyên ${type}.`, {
    textEn:
      typeof found === 'string'
        ? `resourceType is "${found}", but the address is for ${type}.`
        : `A ${type} resource with resourceType is expected.`,
    expression: 'resourceType',
  });
}

/** R4 http.html#create: "the server SHALL ignore the id … if one is provided". */
export function withoutIdentity(resource: Resource): Resource {
  delete resource.id;
  return resource;
}

export function targetOf(request: FastifyRequest, type: ResourceType): { id?: string; criteria?: string } {
  const { id } = request.params as { id?: string };
  if (id !== undefined) {
    refuseParams(readDemand(queryOf(request)).params);
    return { id: idOf(request) };
  }
  const { params } = readDemand(queryOf(request));
  return { criteria: new URLSearchParams(localParams(type, params, baseOf(request))).toString() };
}

/** The id in the address. Fails with `invalid-request` on what is none. */
export function idOf(request: FastifyRequest): string {
  const id = param(request, 'id');
  if (isId(id)) return id;
  throw new Failure('invalid-request', `Mã "${id}" không hợp lệ.`, { textEn: `"${id}" is not a valid id.` });
}

export function ifMatchOf(request: FastifyRequest): { ifMatch?: IfMatch } {
  const header = request.headers['if-match'];
  if (header === undefined) return {};
  const ifMatch = readIfMatch(header);
  if (ifMatch !== null) return { ifMatch };
  throw new Failure(
    'invalid-request',
    `If-Match "${header}" không phải một phiên bản như W/"3", cũng không phải *.`,
    {
      textEn: 'If-Match must be one version like W/"3", or * for any.',
    },
  );
}

const HOST = /^(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/**
 * The address under which the client reached us: it stands in links and in `fullUrl`. Fails with `invalid-request` on a
 * Host (or what a proxy says of it) that is none. A client of HTTP/1.0 may send no Host.
 */
export function baseOf(request: FastifyRequest): string {
  const { host, protocol } = request;
  if (host === '') return `http://${placeOf(request)}/fhir`;
  if (HOST.test(host) && (protocol === 'http' || protocol === 'https')) return `${protocol}://${host}/fhir`;
  throw new Failure('invalid-request', `Tên máy chủ "${protocol}://${host}" không hợp lệ.`, {
    textEn: 'The Host header (or X-Forwarded-Host, X-Forwarded-Proto) is not valid.',
  });
}

function placeOf({ socket }: FastifyRequest): string {
  const { localAddress = '127.0.0.1', localPort = 80 } = socket;
  return localAddress.includes(':') ? `[${localAddress}]:${localPort}` : `${localAddress}:${localPort}`;
}

export function queryOf(request: FastifyRequest): Query {
  const at = request.url.indexOf('?');
  return at < 0 ? [] : pairsOf(request.url.slice(at + 1));
}

export function splitUrl(url: string, base: string): [string, string] {
  const local = url.startsWith(`${base}/`) ? url.slice(base.length) : url;
  if (/^[a-z][a-z0-9+.-]*:/i.test(local)) {
    throw new Failure('invalid-request', `Địa chỉ "${url}" không thuộc máy chủ này.`, {
      textEn: `The address "${url}" is not below ${base}.`,
    });
  }
  const at = local.indexOf('?');
  return at < 0 ? [local, ''] : [local.slice(0, at), local.slice(at + 1)];
}

export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new Failure('invalid-request', 'Địa chỉ không hợp lệ.', { textEn: 'The address is not valid.' });
  }
}

export function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

export function param(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? '';
}

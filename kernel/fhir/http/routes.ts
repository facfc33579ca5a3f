/** FHIR R4 over HTTP, mounted at `/fhir`: each route reads the request, asks the session, and writes the answer. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { Failure, type Issue } from '../../failure.ts';
import type { WriteResult } from '../../store/contract.ts';
import { criteriaOf, parseBundle } from '../bundle/entry.ts';
import { localReferences } from '../bundle/references.ts';
import { readJson } from '../json/read.ts';
import { asResourceType, isId, versionOfTag, versionTag } from '../names.ts';
import { asFailure, goodOutcome, outcomeOf } from '../outcome.ts';
import { JSON_PATCH } from '../patch/read-patch.ts';
import { type FhirGate, readAnswer } from '../record.ts';
import type { ReadEntry, WriteIntent } from '../session/session.ts';
import type { Resource, ResourceType } from '../types.ts';
import { prettyBytes } from './bundle-bytes.ts';
import { capabilityStatement, smartConfiguration } from './capability.ts';
import { checkAccept, readDemand, readPrefer } from './demand.ts';
import { type Answer, answerGet, answerSearch, type GetContext, refuseParams } from './get.ts';
import { responseBundle, statusOfWrite } from './response-bundle.ts';

export const FHIR_JSON = 'application/fhir+json; charset=utf-8';

/** Largest body of a Bundle and of any other resource, in bytes. */
const MAX_BUNDLE = 64 * 1024 * 1024;
const MAX_RESOURCE = 8 * 1024 * 1024;

export interface FhirParts {
  gate: FhirGate;
  knowsParameter(type: ResourceType, name: string): boolean;
  /** Search parameters that the store answers for a type, for `/metadata`. */
  searchParameters(type: ResourceType): readonly { name: string; type: string }[];
  includes(type: ResourceType): { include: string[]; revinclude: string[] };
  validate(resource: Resource): Issue[];
  /** Program version and start, for `/metadata`. */
  software: { version: string; started: string };
  /** A defect: logged by whoever owns the log. */
  onDefect(error: unknown, request: FastifyRequest): void;
}

type Query = [string, string][];

/** Registers everything below `/fhir`; the plugin is registered with that prefix. */
export async function fhirRoutes(app: FastifyInstance, parts: FhirParts): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BUNDLE }, (_request, body, done) =>
    done(null, body),
  );
  app.setErrorHandler((error, request, reply) => sendFailure(parts, error, request, reply));
  app.addHook('preHandler', async (request) => checkAccept(request.headers.accept, queryOf(request)));

  app.get('/metadata', async (request, reply) => {
    const demand = readDemand(queryOf(request));
    const statement = capabilityStatement(baseOf(request), parts);
    send(reply, { status: 200, body: Buffer.from(JSON.stringify(statement)) }, demand.pretty);
  });

  app.get('/.well-known/smart-configuration', async (request, reply) => {
    return reply.type('application/json').send(smartConfiguration(baseOf(request)));
  });

  const read = (request: FastifyRequest, reply: FastifyReply) => handleGet(parts, request, reply);
  const routes: [
    HTTPMethods[],
    string,
    (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
  ][] = [
    [['GET'], '/', read],
    [['POST'], '/', (request, reply) => handleBundle(parts, request, reply)],
    [['GET'], '/_history', read],
    [['GET'], '/:type', read],
    [['POST'], '/:type', (request, reply) => handleCreate(parts, request, reply)],
    [['PUT', 'PATCH', 'DELETE'], '/:type', (request, reply) => handleWrite(parts, request, reply)],
    [['GET'], '/:type/_history', read],
    [['POST'], '/:type/_search', (request, reply) => handlePostSearch(parts, request, reply)],
    [['POST'], '/:type/$validate', (request, reply) => handleValidate(parts, request, reply)],
    [['GET'], '/:type/:id', read],
    [['PUT', 'PATCH', 'DELETE'], '/:type/:id', (request, reply) => handleWrite(parts, request, reply)],
    [['GET'], '/:type/:id/_history', read],
    [['GET'], '/:type/:id/_history/:version', read],
    [['GET'], '/:type/:id/:action', read],
  ];
  for (const [method, url, handler] of routes) app.route({ method, url, handler });
  refuseOtherMethods(app, parts, routes);
  app.all('/*', async (request) => {
    const path = request.url.split('?')[0]!;
    throw new Failure('not-found', `Không có địa chỉ "${path}".`, {
      textEn: `There is nothing at "${path}".`,
    });
  });
}

/** R4 http.html: an address that exists answers a method it does not know with 405 and Allow. */
function refuseOtherMethods(
  app: FastifyInstance,
  parts: FhirParts,
  routes: [HTTPMethods[], string, unknown][],
): void {
  const all: HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  for (const url of new Set(['/metadata', ...routes.map(([, one]) => one)])) {
    const taken = routes.filter(([, one]) => one === url).flatMap(([methods]) => methods);
    if (url === '/metadata') taken.push('GET');
    const others = all.filter((method) => !taken.includes(method));
    app.route({
      method: others,
      url,
      handler: (request, reply) => {
        reply.header('Allow', taken.includes('GET') ? ['HEAD', ...taken].join(', ') : taken.join(', '));
        const failure = new Failure('method-not-allowed', `Địa chỉ này không nhận ${request.method}.`, {
          textEn: `${request.method} is not allowed here.`,
        });
        sendFailure(parts, failure, request, reply);
      },
    });
  }
}

async function handleGet(parts: FhirParts, request: FastifyRequest, reply: FastifyReply) {
  const context = contextOf(parts, request);
  const path = request.url.split('?')[0]!.replace(/^\/fhir\/?/, '');
  return send(reply, await answerGet(context, decodePath(path), queryOf(request)));
}

async function handlePostSearch(parts: FhirParts, request: FastifyRequest, reply: FastifyReply) {
  const type = asResourceType(param(request, 'type'));
  const form = bodyOf(request);
  if (form.length > 0) requireMediaType(request, ['application/x-www-form-urlencoded']);
  const query = [
    ...queryOf(request),
    ...(new URLSearchParams(form.toString('utf8')) as Iterable<[string, string]>),
  ];
  const demand = readDemand(query);
  const answer = await answerSearch(contextOf(parts, request), type, demand, type);
  return send(reply, answer, demand.pretty);
}

async function handleCreate(parts: FhirParts, request: FastifyRequest, reply: FastifyReply) {
  const type = asResourceType(param(request, 'type'));
  const session = parts.gate.session(request);
  refuseParams(readDemand(queryOf(request)).params);
  const resource = withoutIdentity(readResource(request, type));
  const ifNoneExist = criteriaOf(request.headers['if-none-exist']);
  const intent: WriteIntent = {
    do: 'create',
    resource,
    ...(ifNoneExist === undefined ? {} : { ifNoneExist }),
  };
  return sendWritten(request, reply, await session.write(intent));
}

async function handleWrite(parts: FhirParts, request: FastifyRequest, reply: FastifyReply) {
  const type = asResourceType(param(request, 'type'));
  const session = parts.gate.session(request);
  const target = targetOf(request);
  const ifMatch = ifMatchOf(request);
  if (request.method === 'DELETE') {
    return sendWritten(request, reply, await session.write({ do: 'delete', type, ...target, ...ifMatch }));
  }
  if (request.method === 'PATCH') {
    requireMediaType(request, [JSON_PATCH, 'application/json']);
    const patch = readJson(bodyOf(request));
    return sendWritten(
      request,
      reply,
      await session.write({ do: 'patch', patch, type, ...target, ...ifMatch }),
    );
  }
  const resource = readResource(request, type);
  if (target.id !== undefined && resource.id !== target.id) {
    throw new Failure('invalid-request', `Mã trong tài nguyên khác mã trong địa chỉ "${target.id}".`, {
      textEn: `The resource must have the id of the address, "${target.id}".`,
      expression: `${type}.id`,
    });
  }
  return sendWritten(
    request,
    reply,
    await session.write({ do: 'update', resource, type, ...target, ...ifMatch }),
  );
}

async function handleBundle(parts: FhirParts, request: FastifyRequest, reply: FastifyReply) {
  const context = contextOf(parts, request);
  const demand = readDemand(queryOf(request));
  refuseParams(demand.params);
  requireMediaType(request, JSON_TYPES);
  const bundle = parseBundle(readLocal(request));
  const answers = await context.session.run(bundle, (entry) => answerEntry(context, entry));
  const prefer = readPrefer(request.headers.prefer).return;
  const body = responseBundle(bundle.type, answers, { base: context.base, prefer });
  return send(reply, { status: 200, body }, demand.pretty);
}

async function answerEntry(context: GetContext, { intent, ifNoneMatch, ifModifiedSince }: ReadEntry) {
  const [path = '', query = ''] = splitUrl(intent.url, context.base);
  const inner: GetContext = { ...context };
  inner.ifNoneMatch = ifNoneMatch;
  inner.ifModifiedSince = ifModifiedSince;
  return readAnswer(await answerGet(inner, decodePath(path), pairs(query)));
}

/** Resource or Parameters with `resource` → OperationOutcome; always 200 (R4 resource-operation-validate). */
async function handleValidate(parts: FhirParts, request: FastifyRequest, reply: FastifyReply) {
  const type = asResourceType(param(request, 'type'));
  parts.gate.actorOf(request);
  const demand = readDemand(queryOf(request));
  refuseParams(demand.params.filter(([name]) => name !== 'mode'));
  requireMediaType(request, JSON_TYPES);
  let body = readJson(bodyOf(request)) as Record<string, unknown>;
  if (body?.resourceType === 'Parameters' && type !== 'Parameters') {
    const list = Array.isArray(body.parameter) ? body.parameter : [];
    body = list.find((one) => one?.name === 'resource')?.resource;
  }
  const issues = parts.validate(resourceOf(body, type));
  const outcome =
    issues.length > 0
      ? outcomeOf(new Failure('invalid-resource', 'Tài nguyên không hợp lệ.', { issues }))
      : goodOutcome('Tài nguyên hợp lệ.', 'The resource is valid.');
  return send(reply, { status: 200, body: Buffer.from(JSON.stringify(outcome)) }, demand.pretty);
}

function contextOf(parts: FhirParts, request: FastifyRequest): GetContext {
  const context: GetContext = {
    session: parts.gate.session(request),
    base: baseOf(request),
    lenient: readPrefer(request.headers.prefer).lenient,
    knowsParameter: parts.knowsParameter,
  };
  const ifNoneMatch = request.headers['if-none-match'];
  const ifModifiedSince = request.headers['if-modified-since'];
  if (ifNoneMatch !== undefined) context.ifNoneMatch = ifNoneMatch;
  if (ifModifiedSince !== undefined) context.ifModifiedSince = ifModifiedSince;
  return context;
}

const JSON_TYPES = ['application/fhir+json', 'application/json', 'text/json'];

function requireMediaType(request: FastifyRequest, types: readonly string[]): void {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.map((one) => one.trim()).find((one) => one.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (types.includes(type.trim()) && isUtf8 && encoding === 'identity') return;
  throw new Failure(
    'unsupported-media-type',
    `Không nhận nội dung kiểu "${type}". Hãy gửi ${types[0]} (UTF-8).`,
    {
      textEn: `Media type "${type}" (${encoding}) is not supported here: send ${types[0]} in UTF-8.`,
    },
  );
}

function readResource(request: FastifyRequest, type: ResourceType): Resource {
  requireMediaType(request, JSON_TYPES);
  const body = bodyOf(request);
  if (body.length > MAX_RESOURCE) {
    throw new Failure('too-large', 'Tài nguyên quá lớn.', {
      textEn: `A resource may have ${MAX_RESOURCE} bytes.`,
    });
  }
  return resourceOf(readLocal(request), type);
}

/** The body with references to our own address made relative: the record knows no address of itself. */
function readLocal(request: FastifyRequest): unknown {
  const body = bodyOf(request);
  const base = baseOf(request);
  const value = readJson(body);
  return body.includes(`"${base}/`) ? localReferences(value, base) : value;
}

function resourceOf(body: unknown, type: ResourceType): Resource {
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
function withoutIdentity(resource: Resource): Resource {
  delete resource.id;
  return resource;
}

function targetOf(request: FastifyRequest): { id?: string; criteria?: string } {
  const { id } = request.params as { id?: string };
  if (id !== undefined) {
    refuseParams(readDemand(queryOf(request)).params);
    if (isId(id)) return { id };
    throw new Failure('invalid-request', `Mã "${id}" không hợp lệ.`, {
      textEn: `"${id}" is not a valid id.`,
    });
  }
  const criteria = new URLSearchParams(readDemand(queryOf(request)).params).toString();
  return { criteria };
}

function ifMatchOf(request: FastifyRequest): { ifMatch?: number } {
  const header = request.headers['if-match'];
  if (header === undefined) return {};
  const version = versionOfTag(header);
  if (version !== null) return { ifMatch: version };
  throw new Failure('invalid-request', `If-Match "${header}" không phải phiên bản.`, {
    textEn: 'If-Match must be like W/"3".',
  });
}

function sendWritten(request: FastifyRequest, reply: FastifyReply, result: WriteResult) {
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
  const outcome = prefer === 'OperationOutcome' ? goodOutcome('Đã ghi.', 'Written.') : null;
  const body = outcome === null ? result.body : Buffer.from(JSON.stringify(outcome));
  return send(reply, { ...head, body }, demand.pretty);
}

function send(reply: FastifyReply, answer: Answer, pretty = false): FastifyReply {
  reply.code(answer.status);
  if (answer.etag !== undefined) reply.header('ETag', answer.etag);
  if (answer.lastModified !== undefined)
    reply.header('Last-Modified', new Date(answer.lastModified).toUTCString());
  if (answer.body === null) return reply.send();
  reply.header('Content-Type', FHIR_JSON);
  return reply.send(pretty ? prettyBytes(answer.body) : answer.body);
}

function sendFailure(
  parts: FhirParts,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const failure = asFailure(error) ?? defect(parts, error, request);
  const status = 'status' in failure ? failure.status : 500;
  if (status === 401) reply.header('WWW-Authenticate', 'Bearer realm="fhir"');
  if (status === 503 || status === 429) reply.header('Retry-After', '2');
  const { version } = (failure.details ?? {}) as { version?: unknown };
  if (typeof version === 'number') reply.header('ETag', versionTag(version));
  return reply
    .code(status)
    .header('Content-Type', FHIR_JSON)
    .send(Buffer.from(JSON.stringify(outcomeOf(failure))));
}

/** Nothing of the error's text leaves the program. */
function defect(parts: FhirParts, error: unknown, request: FastifyRequest): Failure {
  parts.onDefect(error, request);
  return new Failure('internal', 'Máy chủ gặp lỗi. Sự việc đã được ghi lại.', {
    textEn: `Internal error, logged as ${request.id}.`,
  });
}

/** The address under which the client reached us. */
export function baseOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}/fhir`;
}

function queryOf(request: FastifyRequest): Query {
  const at = request.url.indexOf('?');
  return at < 0 ? [] : pairs(request.url.slice(at + 1));
}

function pairs(query: string): Query {
  return [...new URLSearchParams(query)] as Query;
}

function splitUrl(url: string, base: string): [string, string] {
  const local = url.startsWith(`${base}/`) ? url.slice(base.length) : url;
  const at = local.indexOf('?');
  return at < 0 ? [local, ''] : [local.slice(0, at), local.slice(at + 1)];
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new Failure('invalid-request', 'Địa chỉ không hợp lệ.', { textEn: 'The address is not valid.' });
  }
}

function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

function param(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? '';
}

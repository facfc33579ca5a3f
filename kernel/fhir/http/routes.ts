/** FHIR R4 over HTTP, mounted at `/fhir`: each route reads the request, asks the session, and writes the answer. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { smartConfiguration } from '../../access/smart/configuration.ts';
import { Failure, type Issue } from '../../failure.ts';
import { parseBundle } from '../bundle/entry.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { readJson } from '../json/read.ts';
import { asResourceType, isResourceType } from '../names.ts';
import { OPENAPI_ADDRESSES, openApiRoutes } from '../openapi/routes.ts';
import type { Operation } from '../operations/definition.ts';
import { answerEverything, readEverything, streamEverything } from '../operations/everything.ts';
import { pairsOfParameters } from '../operations/parameters.ts';
import {
  runTerminology,
  terminologyAddresses,
  terminologyOperation,
} from '../operations/terminology/index.ts';
import type { Profiles } from '../profiles/index.ts';
import { pairsOf } from '../query.ts';
import { type FhirGate, readAnswer } from '../record.ts';
import type { ReadEntry } from '../session/session.ts';
import type { Consent, Resource, ResourceType } from '../types.ts';
import { answerOrTake, handleCancel, handleJob, handleJobAnswer } from './async.ts';
import { sendContent } from './binary.ts';
import { prettyBytes } from './bundle-bytes.ts';
import { callOf, isCalled } from './called.ts';
import type { AnnouncedParameter } from './capability.ts';
import { type GetContext, refuseParams } from './context.ts';
import { checkAccept, readDemand, readPrefer } from './demand.ts';
import { handlePurge, handlePurgeHistory } from './erasure.ts';
import { answerGet, answerResource } from './get.ts';
import { handleMetaChange } from './meta.ts';
import { handleMetadata } from './metadata.ts';
import { FHIR_JSON, send, sendFailure } from './reply.ts';
import {
  baseOf,
  bodyOf,
  decodePath,
  idOf,
  JSON_TYPES,
  MAX_BUNDLE,
  queryOf,
  readLocal,
  requireMediaType,
  splitUrl,
} from './request.ts';
import { responseBundle } from './response-bundle.ts';
import { handleValidate } from './validate.ts';
import { handleCreate, handleWrite, notesOf, strictOf } from './writes.ts';

export interface FhirParts {
  gate: FhirGate;
  knowsParameter(type: ResourceType, name: string): boolean;
  /** Search parameters that the store answers for a type, for `/metadata`. */
  searchParameters(type: ResourceType): readonly AnnouncedParameter[];
  includes(type: ResourceType): { include: string[]; revinclude: string[] };
  validate(resource: Resource): Issue[];
  /** What resources are checked by, besides R4. */
  profiles: Profiles;
  /** Where a Consent is carried out otherwise than it says: warnings. */
  consentNotes(consent: Consent): Promise<Issue[]>;
  /** Program version and start, for `/metadata`. */
  software: { version: string; started: string };
  /** Every operation of the program, for `/metadata`. Routes of higher floors say `otherFormats` when they answer other than JSON. */
  operations: readonly Operation[];
  /** Canonical addresses of the topics that can be subscribed to, for `/metadata`. */
  topics(): readonly string[];
  /** The program's own profiles of a type by their canonical addresses, for `/metadata`. */
  supportedProfiles(type: ResourceType): readonly string[];
  /** Who signs tokens: the address of the program without a path. */
  issuer(): string;
  /** Requests that are answered later. */
  jobs: Jobs;
  /** A defect: logged by whoever owns the log. */
  onDefect(error: unknown, request: FastifyRequest): void;
}

/** What needs no token (SMART App Launch, R4 capabilities); nothing of it is about a person. */
const PUBLIC = new Set(['/fhir/metadata', '/fhir/.well-known/smart-configuration', ...OPENAPI_ADDRESSES]);

/** Answered as NDJSON, whatever is accepted. */
const LINES = new Set(['/fhir/_job/:id/answer', '/fhir/_job/:id/files/:name']);

/** Registers everything below `/fhir`; the plugin is registered with that prefix. */
export async function fhirRoutes(app: FastifyInstance, parts: FhirParts): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BUNDLE }, (_request, body, done) =>
    done(null, body),
  );
  app.setErrorHandler((error, request, reply) => sendFailure(parts.onDefect, error, request, reply));
  // Before the body is read: a stranger sends nothing.
  app.addHook('onRequest', (request, _reply, done) => {
    const { url = '', config } = request.routeOptions;
    if (!PUBLIC.has(url)) parts.gate.actorOf(request);
    baseOf(request);
    if (!LINES.has(url) && !(config as { otherFormats?: boolean }).otherFormats && !isBinary(pathOf(request)))
      checkAccept(request.headers.accept, () => queryOf(request));
    done();
  });

  app.get('/metadata', (request, reply) => handleMetadata(parts, request, reply));

  openApiRoutes(app, parts);

  // SMART 2.2: JSON, whatever is accepted.
  app.get('/.well-known/smart-configuration', { config: { otherFormats: true } }, async (request, reply) => {
    return reply.type('application/json').send(smartConfiguration(baseOf(request), parts.issuer()));
  });

  const read = (request: FastifyRequest, reply: FastifyReply) => handleGet(parts, request, reply);
  const ask = (request: FastifyRequest, reply: FastifyReply) => handleQuestion(parts, request, reply);
  const searchByForm = (request: FastifyRequest, reply: FastifyReply) =>
    handlePostSearch(parts, request, reply);
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
    [['POST'], '/_search', searchByForm],
    [['POST'], '/:type/_search', searchByForm],
    [['POST'], '/:type/:id/:action/_search', searchByForm],
    [['POST'], '/:type/$validate', (request, reply) => handleValidate(parts, request, reply)],
    [['GET', 'POST'], '/:type/:id/$validate', (request, reply) => handleValidate(parts, request, reply)],
    [['GET', 'POST'], '/:type/:id/$meta', ask],
    [['POST'], '/:type/:id/$meta-add', (request, reply) => handleMetaChange(parts, request, reply)],
    [['POST'], '/:type/:id/$meta-delete', (request, reply) => handleMetaChange(parts, request, reply)],
    [['GET'], '/:type/:id', read],
    [['PUT', 'PATCH', 'DELETE'], '/:type/:id', (request, reply) => handleWrite(parts, request, reply)],
    [['GET'], '/:type/:id/_history', read],
    [['DELETE'], '/:type/:id/_history', (request, reply) => handlePurgeHistory(parts, request, reply)],
    [['GET'], '/:type/:id/_history/:version', read],
    [['GET'], '/:type/:id/:action', read],
    [['GET'], '/_job/:id', (request, reply) => handleJob(parts, request, reply)],
    [['DELETE'], '/_job/:id', (request, reply) => handleCancel(parts, request, reply)],
    [['GET'], '/_job/:id/answer', (request, reply) => handleJobAnswer(parts, request, reply)],
    [['GET', 'POST'], '/Observation/$lastn', ask],
    [['GET', 'POST'], '/Patient/$everything', ask],
    [['GET', 'POST'], '/Encounter/$everything', ask],
    [['GET', 'POST'], '/Composition/$document', ask],
    [['GET', 'POST'], '/Composition/:id/$document', ask],
    ...terminologyAddresses.flatMap((address): [HTTPMethods[], string, typeof read][] => [
      [['GET'], address, read],
      [['POST'], address, (request, reply) => handleTerminology(parts, request, reply)],
    ]),
    [['POST'], '/Patient/:id/$purge', (request, reply) => handlePurge(parts, request, reply)],
    [
      ['GET', 'POST'],
      '/Patient/:id/$everything',
      (request, reply) => handleEverything(parts, 'Patient', request, reply),
    ],
    [
      ['GET', 'POST'],
      '/Encounter/:id/$everything',
      (request, reply) => handleEverything(parts, 'Encounter', request, reply),
    ],
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
    const allow = taken.includes('GET') ? ['HEAD', ...taken].join(', ') : taken.join(', ');
    // RFC 9110 section 9.3.7.
    app.options(url, (_request, reply) => reply.code(204).header('Allow', allow).send());
    app.route({
      method: others,
      url,
      handler: (request, reply) => {
        reply.header('Allow', allow);
        const failure = new Failure('method-not-allowed', `Địa chỉ này không nhận ${request.method}.`, {
          textEn: `${request.method} is not allowed here.`,
        });
        sendFailure(parts.onDefect, failure, request, reply);
      },
    });
  }
}

async function handleGet(parts: FhirParts, request: FastifyRequest, reply: FastifyReply) {
  const context = contextOf(parts, request);
  const path = decodePath(pathOf(request));
  const work = () => answerGet(context, path, queryOf(request));
  if (isBinary(path)) {
    const answer = await work();
    const isAnyForm = !queryOf(request).some(([name]) => name === '_format');
    if (isAnyForm && sendContent(request, reply, answer)) return reply;
    if (answer.body !== null) checkAccept(request.headers.accept, () => queryOf(request));
    return send(reply, answer);
  }
  // One resource is read faster than a promise of it; what is not there at all is said at once.
  if (isInstance(path) || isNothing(path)) return send(reply, await work());
  return answerOrTake(parts, request, reply, work);
}

/** `Patient/x` and `Patient/x/_history/2`. */
function isInstance(path: string): boolean {
  const steps = path.split('/').filter((step) => step !== '');
  return (steps.length === 2 && !/^[_$]/.test(steps[1]!)) || steps.length === 4;
}

/** A Binary, which has a format of its own. */
function isBinary(path: string): boolean {
  return path.startsWith('Binary/') && isInstance(path);
}

/** No resource type, or an operation that has no route of its own. */
function isNothing(path: string): boolean {
  const steps = path.split('/').filter((step) => step !== '');
  const [first = '_history'] = steps;
  return (first !== '_history' && !isResourceType(first)) || steps.some((step) => step.startsWith('$'));
}

/** What stands below the base: `Patient/x`. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0]!.replace(/^\/fhir\/?/, '');
}

/** `POST [address]/_search` is `GET [address]`, with the parameters of the form after those of the address. */
async function handlePostSearch(parts: FhirParts, request: FastifyRequest, reply: FastifyReply) {
  const form = bodyOf(request);
  if (form.length > 0) requireMediaType(request, [FORM]);
  const address = pathOf(request).replace(/\/?_search\/?$/, '');
  const query = [...queryOf(request), ...pairsOf(form.toString('utf8'))];
  const context = contextOf(parts, request);
  const path = decodePath(address);
  return answerOrTake(parts, request, reply, () => answerGet(context, path, query));
}

/** An operation that only reads; by POST the parameters of the body stand beside those of the address. */
async function handleQuestion(parts: FhirParts, request: FastifyRequest, reply: FastifyReply) {
  const query = queryOf(request);
  query.push(...postedPairs(request));
  const context = contextOf(parts, request);
  const path = decodePath(pathOf(request));
  return answerOrTake(parts, request, reply, () => answerGet(context, path, query));
}

async function handleBundle(parts: FhirParts, request: FastifyRequest, reply: FastifyReply) {
  const context = contextOf(parts, request);
  const demand = readDemand(queryOf(request));
  refuseParams(demand.params);
  requireMediaType(request, JSON_TYPES);
  const bundle = parseBundle(readLocal(request), context.base, parts.validate);
  const prefer = readPrefer(request.headers.prefer).return;
  return answerOrTake(parts, request, reply, async () => {
    const answers = await context.session.run(
      bundle,
      (entry, session) =>
        bundle.type === 'batch' && isCalled(entry)
          ? callOf(request.server, request, entry)
          : answerEntry({ ...context, session }, entry),
      strictOf(request),
    );
    const notes = await Promise.all(
      answers.map((answer) => (answer.kind === 'written' ? notesOf(parts, answer.result) : [])),
    );
    const body = responseBundle(bundle.type, answers, { base: context.base, prefer, notes });
    return { status: 200, body: demand.pretty ? prettyBytes(body) : body };
  });
}

async function answerEntry(context: GetContext, { intent, ifNoneMatch, ifModifiedSince }: ReadEntry) {
  const [path = '', query = ''] = splitUrl(intent.url, context.base);
  const inner: GetContext = { ...context };
  inner.ifNoneMatch = ifNoneMatch;
  inner.ifModifiedSince = ifModifiedSince;
  return readAnswer(await answerGet(inner, decodePath(path), pairsOf(query)));
}

const FORM = 'application/x-www-form-urlencoded';

const isForm = ({ headers }: FastifyRequest) => headers['content-type']?.split(';')[0]?.trim() === FORM;

/** Inputs that a POST sends: as a form (R4 http.html, summary of interactions) or as a Parameters resource. */
function postedPairs(request: FastifyRequest): [string, string][] {
  const sent = bodyOf(request);
  if (request.method !== 'POST' || sent.length === 0) return [];
  requireMediaType(request, [...JSON_TYPES, FORM]);
  return isForm(request) ? pairsOf(sent.toString('utf8')) : pairsOfParameters(readJson(sent));
}

/** A page when one is asked for; else the whole record, sent as it is read. By POST the input is a Parameters resource. */
async function handleEverything(
  parts: FhirParts,
  type: 'Patient' | 'Encounter',
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const context = contextOf(parts, request);
  const query = queryOf(request);
  query.push(...postedPairs(request));
  const demand = readDemand(query);
  const id = idOf(request);
  const ask = readEverything(type, id, demand);
  if (ask.count !== undefined || demand.pretty) {
    return send(reply, await answerEverything(context, ask, demand));
  }
  const pieces = await streamEverything(context, ask, demand);
  const body = Buffer.isBuffer(pieces) ? pieces : Readable.from(pieces, { objectMode: false });
  return reply.code(200).header('Content-Type', FHIR_JSON).send(body);
}

/** By POST the input is a Parameters resource, or the one resource that the operation takes. */
async function handleTerminology(parts: FhirParts, request: FastifyRequest, reply: FastifyReply) {
  const [type = '', ...steps] = decodePath(pathOf(request)).split('/');
  const operation = terminologyOperation(asResourceType(type), steps.at(-1)!, steps.length > 1)!;
  const { session } = contextOf(parts, request);
  const ofForm = isForm(request);
  const demand = readDemand([...queryOf(request), ...(ofForm ? postedPairs(request) : [])]);
  const sent = ofForm ? Buffer.alloc(0) : bodyOf(request);
  if (sent.length > 0) requireMediaType(request, JSON_TYPES);
  const body = sent.length > 0 ? readJson(sent) : undefined;
  const id = steps.length > 1 ? idOf(request) : undefined;
  return answerOrTake(parts, request, reply, async () => {
    const answer = answerResource(await runTerminology(session, operation, id, demand.params, body));
    return demand.pretty ? { ...answer, body: prettyBytes(answer.body!) } : answer;
  });
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

/** The HTTP server: headers, limits, errors of our own routes. What it serves is registered by the program. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ServerOptions as HttpsOptions } from 'node:https';
import type { Socket } from 'node:net';
import cookie from '@fastify/cookie';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Failure } from '../kernel/failure.ts';
import { challengeOf } from '../kernel/fhir/http/challenge.ts';
import { FHIR_JSON } from '../kernel/fhir/http/reply.ts';
import { asFailure, outcomeOf } from '../kernel/fhir/outcome.ts';
import { isSocketUpgrade } from '../kernel/fhir/subscriptions/socket-route.ts';
import { type Load, limitLoad } from './load.ts';
import { refuseUnreadQuery } from './unread-query.ts';

export interface ServerOptions {
  maxInFlight: number;
  /** Of the HTTPS server; null = plain HTTP. */
  tls: HttpsOptions | null;
  /** Whose X-Forwarded-* is believed; null = nobody's. */
  proxies: string[] | null;
  /** A defect, or a sentence for the operator. */
  log(sentence: string, error?: unknown): void;
}

export interface Opened {
  app: FastifyInstance;
  load: Load;
  /** Every route, as it was registered. */
  routes: { method: string; url: string }[];
}

/** Largest body of our own routes, in bytes. The FHIR interface sets its own. */
const BODY_LIMIT = 4 * 1024 * 1024;

const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  // Styles come from files; what React sets on an element goes through the object model, which needs no leave.
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** A head that is not there after this long is a line held open on purpose. Milliseconds, as all here. */
const HEADERS_TIMEOUT = 20_000;
const CHECK_TIMEOUTS = 5_000;
const MOST_HEADERS = 100;

export async function openServer({ maxInFlight, tls, proxies, log }: ServerOptions): Promise<Opened> {
  const http = {
    shouldUpgradeCallback: isSocketUpgrade,
    headersTimeout: HEADERS_TIMEOUT,
    connectionsCheckingInterval: CHECK_TIMEOUTS,
  };
  const app = fastify({
    logger: false,
    trustProxy: proxies ?? false,
    rewriteUrl: pathOf,
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    genReqId: requestId,
    requestTimeout: 120_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    ...((tls === null ? { http } : { https: { ...http, ...tls } }) as { http: typeof http }),
    clientErrorHandler: (error, socket) => refuseUnread(error.code, socket),
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply, log),
  });
  app.server.maxHeadersCount = MOST_HEADERS;
  // A page of another site can send text without being asked first (CORS); JSON it cannot.
  app.removeContentTypeParser('text/plain');
  const routes: Opened['routes'] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, url });
  });
  await app.register(cookie);
  const load = limitLoad(app, maxInFlight);
  app.addHook('onRequest', (request, reply, done) => {
    addHeaders(request, reply);
    done(twiceSaid(request));
  });
  refuseUnreadQuery(app, '/api/');
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, log));
  return { app, load, routes };
}

/**
 * RFC 9112 section 3.2.2: a request to a proxy names the whole address, whose authority counts and not `Host`. Everything that looks at the
 * address here looks at a path.
 */
function pathOf({ url = '/', headers }: IncomingMessage): string {
  if (url.startsWith('/')) return url;
  const whole = /^https?:\/\//i.test(url) ? URL.parse(url) : null;
  if (!whole) return url;
  headers.host = whole.host;
  return `${whole.pathname}${whole.search}`;
}

/** Fields that say one thing: of two lines, two readers on the way might each believe another (RFC 9112 section 3.2, RFC 9110 section 5.3). */
const ONCE: ReadonlySet<string> = new Set(['host', 'authorization', 'content-type', 'origin', 'if-match']);

function twiceSaid({ raw: { rawHeaders } }: FastifyRequest): Failure | undefined {
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase();
    if (!ONCE.has(name)) continue;
    if (seen.has(name))
      return new Failure('invalid-request', `Yêu cầu có hai dòng ${name}; chỉ được gửi một.`, {
        textEn: `The request has two ${name} lines; send one.`,
      });
    seen.add(name);
  }
  return undefined;
}

/** What nobody could read: the status, and what to say. */
const UNREAD: Record<string, { status: string; text: string; textEn: string }> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    text: 'Địa chỉ hoặc phần đầu của yêu cầu quá dài. Hãy tìm bằng POST _search.',
    textEn: 'The address or the headers are too long. Search with POST _search.',
  },
  HPE_INVALID_URL: {
    status: '400 Bad Request',
    text: 'Địa chỉ có ký tự phải mã hóa: chữ có dấu viết theo %XX của UTF-8, như Nguy%E1%BB%85n.',
    textEn: 'The address has letters that must be percent-encoded as UTF-8, such as Nguy%E1%BB%85n.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    text: 'Yêu cầu đến quá chậm.',
    textEn: 'The request came too slowly.',
  },
  other: {
    status: '400 Bad Request',
    text: 'Yêu cầu không đúng giao thức HTTP.',
    textEn: 'The request is not valid HTTP.',
  },
};

/** What is no HTTP, comes too slowly, or has more header than we read: nobody knows the address yet, so the answer is one for programs. */
function refuseUnread(code: string | undefined, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const { status, text, textEn } = UNREAD[code ?? ''] ?? UNREAD.other!;
  const body = JSON.stringify(outcomeOf(new Failure('invalid-request', text, { textEn })));
  const head = [
    `HTTP/1.1 ${status}`,
    `Content-Type: ${FHIR_JSON}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

const PAGE_HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy':
    'camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
};

/** Answers with data are never kept by a browser and never run or framed by one. */
const DATA_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
  'Cache-Control': 'no-store',
};

/** The client's own id of the request, else a short one of ours: it stands in the answer and in each audit line. */
function requestId({ headers }: { headers: Record<string, unknown> }): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given)
    ? given
    : randomUUID().replaceAll('-', '').slice(0, 16);
}

/** R4 http.html#custom: what the client calls the request, where its id is not this one's. */
function correlationId({ headers, id }: FastifyRequest): string | undefined {
  const given = headers['x-correlation-id'] ?? headers['x-request-id'];
  return typeof given === 'string' && given !== id && /^[\x21-\x7e]{1,128}$/.test(given) ? given : undefined;
}

function addHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('X-Request-Id', request.id);
  const correlation = correlationId(request);
  if (correlation !== undefined) reply.header('X-Correlation-Id', correlation);
  reply.headers(/^\/(api|fhir|oauth2|cds-services)(\/|\?|$)/.test(request.url) ? DATA_HEADERS : PAGE_HEADERS);
  if (request.protocol === 'https')
    reply.header('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
}

function sendError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: ServerOptions['log'],
): FastifyReply {
  const failure = asFailure(error) ?? defect(error, request, log);
  if ((failure.status === 503 || failure.status === 429) && !reply.hasHeader('Retry-After'))
    reply.header('Retry-After', '2');
  const challenge = challengeOf(request, failure.status);
  if (challenge !== null) reply.header('WWW-Authenticate', challenge);
  if (/^\/fhir(\/|\?|$)/.test(request.url)) return sendOutcome(reply, failure);
  return reply.code(failure.status).send(errorBody(failure.code === MEDIA_TYPE ? ownMediaType() : failure));
}

const MEDIA_TYPE = 'unsupported-media-type';

/** Our own routes speak plain JSON. */
function ownMediaType(): Failure {
  return new Failure(MEDIA_TYPE, 'Chỉ nhận nội dung kiểu application/json.', {
    textEn: 'Unsupported media type: send application/json.',
  });
}

/** Addresses below /fhir that no route of its own answers. */
function sendOutcome(reply: FastifyReply, failure: Failure): FastifyReply {
  const body = Buffer.from(JSON.stringify(outcomeOf(failure)));
  return reply.code(failure.status).header('Content-Type', FHIR_JSON).send(body);
}

/** The form of a failure on our own routes: `{error: {code, text, textEn, issues, details}}`. */
export function errorBody(failure: Failure) {
  const [first] = failure.issues;
  return {
    error: {
      code: failure.code,
      text: first?.text ?? failure.message,
      textEn: first?.textEn ?? failure.message,
      issues: failure.issues,
      details: failure.details ?? null,
    },
  };
}

/** Nothing of the error's own text leaves the program; the log names the request, never its query. */
export function defect(error: unknown, request: FastifyRequest, log: ServerOptions['log']): Failure {
  log(`${request.method} ${request.url.split('?')[0]} failed (${request.id})`, error);
  return new Failure(
    'internal',
    'Máy chủ gặp lỗi; sự việc đã được ghi lại. Hãy thử lại hoặc báo người quản trị.',
    {
      textEn: `Internal error, logged as ${request.id}.`,
    },
  );
}

/**
 * The way to a websocket: an upgrade goes through the same hooks as any request (load, sign-in, headers), so that what is refused is
 * refused with an OperationOutcome; then the protocol is changed.
 */
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { decodeJwt } from 'jose';
import { WebSocketServer } from 'ws';
import { Failure } from '../../failure.ts';
import { baseOf } from '../http/request.ts';
import type { FhirGate } from '../record.ts';
import { SOCKET_PATH } from './socket-address.ts';
import type { Sockets } from './sockets.ts';

/** A word of a client is short; the longest is a token for a hundred subscriptions. */
const MOST_BYTES = 16 * 1024;

/** For the options of the HTTP server: every other upgrade that is offered is not taken up, and answered as a plain request. */
export function isSocketUpgrade({ url = '', headers }: IncomingMessage): boolean {
  return url.split('?')[0] === SOCKET_PATH && headers.upgrade?.toLowerCase() === 'websocket';
}

/** Registers the address; the HTTP server must have been made with `isSocketUpgrade`. */
export function socketRoute(app: FastifyInstance, gate: FhirGate, sockets: Sockets): void {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const heads = new WeakMap<IncomingMessage, Buffer>();
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    heads.set(request, head);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(request.socket);
    // Refused: no clock of the HTTP server ends it any more, so it is not left half open.
    response.on('finish', () => request.socket.destroySoon());
    socket.on('error', () => socket.destroy());
    app.routing(request, response);
  });
  app.get(SOCKET_PATH, (request, reply) => {
    const head = heads.get(request.raw);
    if (head === undefined) {
      gate.actorOf(request);
      throw noUpgrade();
    }
    const who = whoConnects(gate, request);
    sockets.admit(who.actor, who.ip);
    const { socket } = request.raw;
    reply.hijack();
    reply.raw.detachSocket(socket);
    // The request is no work any more: whoever counts it hears its end.
    reply.raw.emit('close');
    server.handleUpgrade(request.raw, socket, head, (ws) => sockets.attach(ws, who));
  });
  app.addHook('preClose', (done) => {
    sockets.close();
    done();
  });
}

/**
 * Only a header proves anything: a cookie is sent by whatever page opens a websocket (cross-site hijacking). Without one a token must
 * follow.
 */
function whoConnects(gate: FhirGate, request: FastifyRequest) {
  const { authorization } = request.headers;
  const isKnown = authorization !== undefined;
  const ends = isKnown ? (decodeJwt(authorization.split(' ')[1] ?? '').exp ?? 0) * 1_000 : 0;
  return { actor: isKnown ? gate.actorOf(request) : null, ends, ip: request.ip, base: baseOf(request) };
}

function noUpgrade(): Failure {
  return new Failure('invalid-request', 'Địa chỉ này chỉ nhận websocket.', {
    textEn: 'This address takes websockets only: send Upgrade: websocket.',
  });
}

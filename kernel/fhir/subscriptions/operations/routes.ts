/** The operations on Subscription over HTTP, by GET with a query or by POST with Parameters. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Store } from '../../../store/contract.ts';
import { readDemand } from '../../http/demand.ts';
import { send } from '../../http/reply.ts';
import { baseOf, bodyOf, idOf, JSON_TYPES, queryOf, requireMediaType } from '../../http/request.ts';
import { readJson } from '../../json/read.ts';
import { pairsOfParameters } from '../../operations/parameters.ts';
import type { FhirGate } from '../../record.ts';
import type { BindingTokens } from '../binding-token.ts';
import type { EventLog } from '../event-log.ts';
import { websocketOf } from '../socket-address.ts';
import type { Topics } from '../topics.ts';
import { answerEvents } from './events.ts';
import { answerBindingToken } from './get-ws-binding-token.ts';
import { answerStatus } from './status.ts';

export interface SubscriptionRoutes {
  gate: FhirGate;
  store: Store;
  log: EventLog;
  topics: Topics;
  tokens: BindingTokens;
  now(): Date;
}

type Answer = (
  request: FastifyRequest,
  id: string | undefined,
  params: [string, string][],
) => Promise<Buffer>;

/** Registers them; the plugin has the prefix and the error handler of `fhirRoutes`. */
export function subscriptionRoutes(fhir: FastifyInstance, parts: SubscriptionRoutes): void {
  const { gate, topics, log, tokens } = parts;
  const own = (request: FastifyRequest) => ({
    ...parts,
    session: gate.session(request),
    base: baseOf(request),
  });
  const status: Answer = (request, id, params) =>
    // "At the Instance level, this parameter is ignored."
    answerStatus(own(request), id, id === undefined ? params : params.filter(([name]) => !IGNORED.has(name)));
  const events: Answer = (request, id, params) => answerEvents(own(request), id!, params);
  const token: Answer = async (request, id, params) => {
    const asked = id === undefined ? params : params.filter(([name]) => name !== 'id');
    const websocket = websocketOf(baseOf(request));
    const answer = await answerBindingToken(
      { session: gate.session(request), topics, log, tokens, websocket },
      id,
      asked,
    );
    return Buffer.from(JSON.stringify(answer));
  };
  const routes: [string, Answer][] = [
    ['/Subscription/$status', status],
    ['/Subscription/:id/$status', status],
    ['/Subscription/:id/$events', events],
    ['/Subscription/$get-ws-binding-token', token],
    ['/Subscription/:id/$get-ws-binding-token', token],
  ];
  const method: HTTPMethods[] = ['GET', 'POST'];
  for (const [url, answer] of routes)
    fhir.route({ method, url, handler: (request, reply) => handle(answer, request, reply) });
}

const IGNORED = new Set(['id', 'status']);

async function handle(answer: Answer, request: FastifyRequest, reply: FastifyReply) {
  const given = queryOf(request);
  if (request.method === 'POST' && bodyOf(request).length > 0) {
    requireMediaType(request, JSON_TYPES);
    given.push(...pairsOfParameters(readJson(bodyOf(request))));
  }
  const { params, pretty } = readDemand(given);
  const id = 'id' in (request.params as object) ? idOf(request) : undefined;
  return send(reply, { status: 200, body: await answer(request, id, params) }, pretty);
}

/**
 * `$reindex`: how far the index is, and passes asked for, stopped and resumed by whoever may define search parameters.
 *
 *     GET  /fhir/$reindex                                       what is not level
 *     POST /fhir/$reindex?type=Patient[&parameter=x][&action=start|stop|resume]
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { auditLine } from '../../access/audit.ts';
import type { Actor } from '../../access/contract.ts';
import { Failure } from '../../failure.ts';
import { doneOf, type Reindexing, type Scope, type TypeState } from '../../store/reindex/index.ts';
import { readJson } from '../json/read.ts';
import { pairsOfParameters } from '../operations/parameters.ts';
import type { FhirGate } from '../record.ts';
import type { Parameters } from '../types.ts';
import { unknownOrWrong } from './context.ts';
import { readDemand } from './demand.ts';
import { send } from './reply.ts';
import { bodyOf, JSON_TYPES, queryOf, requireMediaType } from './request.ts';

export interface ReindexParts {
  gate: FhirGate;
  reindexing: Reindexing;
  /** Whether the actor may write SearchParameters. */
  mayDefine(actor: Actor): boolean;
}

/** Registers the operation; the plugin has the prefix and the error handler of `fhirRoutes`. */
export function reindexRoutes(fhir: FastifyInstance, parts: ReindexParts): void {
  fhir.get('/$reindex', (request, reply) => handleStatus(parts, request, reply));
  fhir.post('/$reindex', (request, reply) => handleAction(parts, request, reply));
}

async function handleStatus(parts: ReindexParts, request: FastifyRequest, reply: FastifyReply) {
  operatorOf(parts, request);
  const { params, pretty } = readDemand(queryOf(request));
  const [unknown] = params;
  if (unknown) throw unknownOrWrong(unknown[0], unknown[1], []);
  return answer(reply, 200, await parts.reindexing.states(), pretty);
}

const ACTIONS = ['start', 'stop', 'resume'] as const;
type Action = (typeof ACTIONS)[number];

async function handleAction(parts: ReindexParts, request: FastifyRequest, reply: FastifyReply) {
  const actor = operatorOf(parts, request);
  const given = queryOf(request);
  if (bodyOf(request).length > 0) {
    requireMediaType(request, JSON_TYPES);
    given.push(...pairsOfParameters(readJson(bodyOf(request))));
  }
  const { params, pretty } = readDemand(given);
  const { action, scope } = readAction(params);
  const { reindexing } = parts;
  if (action === 'stop') await reindexing.stop(scope);
  else if (action === 'resume') await reindexing.resume(scope);
  else await reindexing.ask(scope);
  const what = `$reindex?${new URLSearchParams(params)}`;
  await parts.gate.as(actor).audit([auditLine(actor, 'reindex', what, null)]);
  return answer(reply, 202, await reindexing.states(), pretty);
}

function readAction(params: readonly [string, string][]): { action: Action; scope: Scope } {
  const scope: Scope = {};
  let action: Action = 'start';
  for (const [name, value] of params) {
    if (name === 'type') scope.type = value;
    else if (name === 'parameter') scope.parameter = value;
    else if (name === 'action' && (ACTIONS as readonly string[]).includes(value)) action = value as Action;
    else throw unknownOrWrong(name, value, ['action']);
  }
  return { action, scope };
}

function operatorOf({ gate, mayDefine }: ReindexParts, request: FastifyRequest): Actor {
  const actor = gate.actorOf(request);
  if (mayDefine(actor)) return actor;
  throw new Failure('forbidden', 'Vai trò của bạn không được lập lại chỉ mục.', {
    textEn: 'Your role does not allow reindexing.',
  });
}

function answer(reply: FastifyReply, status: number, states: readonly TypeState[], pretty: boolean) {
  const body: Parameters = { resourceType: 'Parameters', parameter: states.map(parameterOf) };
  if (body.parameter?.length === 0) delete body.parameter;
  return send(reply, { status, body: Buffer.from(JSON.stringify(body)) }, pretty);
}

function parameterOf(state: TypeState) {
  const { type, seen, changed, total, why, error } = state;
  return {
    name: 'index',
    part: [
      { name: 'type', valueCode: type },
      { name: 'state', valueCode: state.state },
      ...(why === '' ? [] : [{ name: 'why', valueCode: why }]),
      { name: 'seen', valueDecimal: seen },
      { name: 'changed', valueDecimal: changed },
      { name: 'total', valueDecimal: total },
      { name: 'done', valueDecimal: Number(doneOf(state).toFixed(3)) },
      ...(error === null ? [] : [{ name: 'error', valueString: error }]),
    ],
  };
}

/** Routes of erasure: `POST Patient/x/$purge` and `DELETE Type/x/_history`, both with a reason. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../../failure.ts';
import { readJson } from '../json/read.ts';
import { asResourceType, CARRIERS, RENDERED } from '../names.ts';
import { PATIENT_PURGE } from '../operations/definitions.ts';
import { pairsOfParameters, readInput } from '../operations/parameters.ts';
import { goodOutcome } from '../outcome.ts';
import type { FhirGate } from '../record.ts';
import { readDemand } from './demand.ts';
import { send } from './reply.ts';
import { bodyOf, idOf, JSON_TYPES, param, queryOf, requireMediaType } from './request.ts';

interface EraseRoutes {
  gate: FhirGate;
}

export async function handlePurge({ gate }: EraseRoutes, request: FastifyRequest, reply: FastifyReply) {
  const session = gate.session(request);
  const given = queryOf(request);
  if (bodyOf(request).length > 0) {
    requireMediaType(request, JSON_TYPES);
    given.push(...pairsOfParameters(readJson(bodyOf(request))));
  }
  const { pretty, params } = readDemand(given);
  const reason = readInput(PATIENT_PURGE, params).strings.get('reason') ?? '';
  const erased = await session.purge(idOf(request), reason);
  return say(
    reply,
    pretty,
    `Đã xóa vĩnh viễn ${erased.length} tài nguyên.`,
    `${erased.length} resources were erased.`,
  );
}

export async function handlePurgeHistory(
  { gate }: EraseRoutes,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const type = asResourceType(param(request, 'type'));
  const session = gate.session(request);
  if (CARRIERS.has(type) || RENDERED.has(type)) {
    throw new Failure('not-supported', `${type} không có phiên bản.`, { textEn: `${type} has no versions.` });
  }
  const { pretty, params } = readDemand(queryOf(request));
  const reason = readInput(PATIENT_PURGE, params).strings.get('reason') ?? '';
  const erased = await session.purgeHistory(type, idOf(request), reason);
  return say(
    reply,
    pretty,
    `Đã xóa vĩnh viễn ${erased} phiên bản cũ.`,
    `${erased} superseded versions were erased.`,
  );
}

function say(reply: FastifyReply, pretty: boolean, text: string, textEn: string) {
  const outcome = goodOutcome(text, textEn);
  return send(reply, { status: 200, body: Buffer.from(JSON.stringify(outcome)) }, pretty);
}

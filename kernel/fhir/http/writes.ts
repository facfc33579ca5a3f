/** Routes that write one resource: create, update, patch, delete; and what is told of a write. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure, type Issue } from '../../failure.ts';
import type { WriteResult } from '../../store/contract.ts';
import { criteriaOf, ifAbsent } from '../bundle/entry.ts';
import { readStoredJson } from '../json/read.ts';
import { localCriteria } from '../local.ts';
import { asResourceType } from '../names.ts';
import { JSON_PATCH } from '../patch/read-patch.ts';
import type { Profiles } from '../profiles/index.ts';
import { headerText } from '../query.ts';
import type { FhirGate } from '../record.ts';
import { readingIn } from '../session/lookup.ts';
import type { WriteDemand, WriteIntent } from '../session/session.ts';
import type { Consent, Resource } from '../types.ts';
import { binaryOf } from './binary.ts';
import { refuseParams } from './context.ts';
import { readDemand, readPrefer } from './demand.ts';
import { sendWritten } from './reply.ts';
import {
  baseOf,
  ifMatchOf,
  JSON_TYPES,
  param,
  queryOf,
  readLocal,
  readResource,
  requireMediaType,
  targetOf,
  withoutIdentity,
} from './request.ts';

interface WriteRoutes {
  gate: FhirGate;
  profiles: Profiles;
  consentNotes(consent: Consent): Promise<Issue[]>;
}

export async function handleCreate(parts: WriteRoutes, request: FastifyRequest, reply: FastifyReply) {
  const type = asResourceType(param(request, 'type'));
  const session = parts.gate.session(request);
  refuseParams(readDemand(queryOf(request)).params);
  const raw = type === 'Binary' ? binaryOf(request, undefined) : null;
  const resource = raw ?? withoutIdentity(readResource(request, type));
  const header = request.headers['if-none-exist'];
  const asked = typeof header === 'string' ? headerText('If-None-Exist', header) : header;
  const criteria = criteriaOf(type, asked, 'If-None-Exist');
  const intent: WriteIntent = {
    do: 'create',
    resource,
    ...(criteria === undefined ? {} : { ifNoneExist: localCriteria(type, criteria, baseOf(request)) }),
  };
  return tellWritten(parts, request, reply, await session.write(intent, strictOf(request)));
}

export async function handleWrite(parts: WriteRoutes, request: FastifyRequest, reply: FastifyReply) {
  const type = asResourceType(param(request, 'type'));
  const session = parts.gate.session(request);
  const target = targetOf(request, type);
  const ifMatch = ifMatchOf(request);
  if (request.method === 'DELETE') {
    return sendWritten(request, reply, await session.write({ do: 'delete', type, ...target, ...ifMatch }));
  }
  if (request.method === 'PATCH') {
    requireMediaType(request, [JSON_PATCH, ...JSON_TYPES]);
    const patch = readLocal(request);
    return tellWritten(
      parts,
      request,
      reply,
      await session.write({ do: 'patch', patch, type, ...target, ...ifMatch }, strictOf(request)),
    );
  }
  const raw = type === 'Binary' ? binaryOf(request, target.id) : null;
  const resource = raw ?? readResource(request, type);
  if (target.id !== undefined && resource.id !== target.id) {
    throw new Failure('invalid-request', `Mã trong tài nguyên khác mã trong địa chỉ "${target.id}".`, {
      textEn: `The resource must have the id of the address, "${target.id}".`,
      expression: `${type}.id`,
    });
  }
  const absent = ifAbsent(request.headers['if-none-match'], '');
  return tellWritten(
    parts,
    request,
    reply,
    await session.write(
      { do: 'update', resource, type, ...target, ...ifMatch, ...absent },
      strictOf(request),
    ),
  );
}

/**
 * An OperationOutcome that was preferred also tells what profiles warn of, and which of them nobody here knows. That a
 * Consent is carried out otherwise than it says is told in any case.
 */
async function tellWritten(
  parts: WriteRoutes,
  request: FastifyRequest,
  reply: FastifyReply,
  result: WriteResult,
) {
  const notes = await notesOf(parts, result);
  warn(reply, notes);
  if (readPrefer(request.headers.prefer).return !== 'OperationOutcome' || result.body === null)
    return sendWritten(request, reply, result);
  const resource = readStoredJson(result.body) as Resource;
  const check = await parts.profiles.checkOf([resource], { read: readingIn(parts.gate.session(request)) });
  return sendWritten(request, reply, result, [...notes, ...check(resource, { warnings: true })]);
}

/** What is told of a write in any case. */
export async function notesOf(
  { consentNotes }: WriteRoutes,
  { type, body, outcome }: WriteResult,
): Promise<Issue[]> {
  if (type !== 'Consent' || body === null || outcome === 'deleted') return [];
  return consentNotes(readStoredJson(body) as Consent);
}

/** Header `Warning` (RFC 7234 section 5.5, 299), a short one: the whole is in the OperationOutcome. */
function warn(reply: FastifyReply, notes: readonly Issue[]): void {
  const told = notes.slice(0, 5).map(({ expression, textEn = '' }) => {
    const text = `${expression ?? ''}: ${textEn}`.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, "'");
    return `299 yba "${text.slice(0, 300)}"`;
  });
  if (told.length > 0) reply.header('Warning', told.join(', '));
}

/** Whether the request asks for strict handling. */
export function strictOf(request: FastifyRequest): WriteDemand {
  return { strict: readPrefer(request.headers.prefer).strict };
}

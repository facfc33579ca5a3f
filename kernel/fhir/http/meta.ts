/** Routes of `$meta-add` and `$meta-delete`; `$meta` is a read (`get.ts`). A change of marks is a version like any other. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../../failure.ts';
import { readJson, readStoredJson } from '../json/read.ts';
import { asResourceType } from '../names.ts';
import { readMarks, sameMarks, withMarks, withoutMarks } from '../operations/meta.ts';
import type { FhirGate } from '../record.ts';
import type { FhirSession } from '../session/session.ts';
import type { Meta, Resource, ResourceType } from '../types.ts';
import { type Answer, refuseParams } from './context.ts';
import { readDemand } from './demand.ts';
import { send } from './reply.ts';
import { bodyOf, idOf, JSON_TYPES, param, queryOf, requireMediaType } from './request.ts';

/** How often it is tried again when the resource was changed in between. */
const TRIES = 5;

/** Marks as `$meta` answers them. */
export async function answerMeta(session: FhirSession, type: ResourceType, id: string): Promise<Answer> {
  return metaAnswer(metaOf((await session.readStored(type, id)).body));
}

export async function handleMetaChange(
  { gate }: { gate: FhirGate },
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const session = gate.session(request);
  const { params, pretty } = readDemand(queryOf(request));
  refuseParams(params);
  requireMediaType(request, JSON_TYPES);
  const type = asResourceType(param(request, 'type'));
  const marks = readMarks(readJson(bodyOf(request)));
  const isAdding = request.url.split('?')[0]!.endsWith('$meta-add');
  const change = (meta: Meta) => (isAdding ? withMarks(meta, marks) : withoutMarks(meta, marks));
  return send(reply, await changed(session, type, idOf(request), change), pretty);
}

async function changed(
  session: FhirSession,
  type: ResourceType,
  id: string,
  change: (meta: Meta) => Meta,
): Promise<Answer> {
  for (let left = TRIES - 1; ; left -= 1) {
    const { body, version } = await session.readStored(type, id);
    const before = metaOf(body);
    const meta = change(before);
    if (sameMarks(before, meta)) return metaAnswer(before);
    const patch = [{ op: 'add', path: '/meta', value: meta }];
    try {
      const written = await session.write({ do: 'patch', type, id, patch, ifMatch: version });
      return metaAnswer(metaOf(written.body!));
    } catch (error) {
      if (left === 0 || !(error instanceof Failure) || error.code !== 'version-conflict') throw error;
    }
  }
}

function metaOf(body: Buffer): Meta {
  return (readStoredJson(body) as Resource).meta ?? {};
}

function metaAnswer(meta: Meta): Answer {
  const answer = { resourceType: 'Parameters', parameter: [{ name: 'return', valueMeta: meta }] };
  return { status: 200, body: Buffer.from(JSON.stringify(answer)) };
}

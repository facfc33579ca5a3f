/** `$populate`, `$extract` and `$assemble` over HTTP. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Content } from '../../../kernel/content/content.ts';
import type { Issue } from '../../../kernel/failure.ts';
import { refuseParams } from '../../../kernel/fhir/http/context.ts';
import { readDemand } from '../../../kernel/fhir/http/demand.ts';
import { send } from '../../../kernel/fhir/http/reply.ts';
import {
  bodyOf,
  idOf,
  JSON_TYPES,
  queryOf,
  readLocal,
  requireMediaType,
} from '../../../kernel/fhir/http/request.ts';
import type { Operation } from '../../../kernel/fhir/operations/definition.ts';
import { outcomeOf } from '../../../kernel/fhir/outcome.ts';
import type { FhirGate } from '../../../kernel/fhir/record.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { Resource } from '../../../kernel/fhir/types.ts';
import { vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import { findForm } from '../find.ts';
import { assembleAsked } from './assemble.ts';
import { ASSEMBLE, EXTRACT, POPULATE } from './definition.ts';
import { extract } from './extract.ts';
import { type Parameter, parametersOf, parametersOfQuery } from './input.ts';
import type { FormParts } from './parts.ts';
import { populate } from './populate.ts';

export interface FormRoutes {
  gate: FhirGate;
  content: Content;
  now(): Date;
}

/** Registers the operations below `/fhir`, each on its type and on one resource. */
export function formOperations(app: FastifyInstance, { gate, content, now }: FormRoutes): void {
  const today = () => vietnamDay(now());
  const parts: FormParts = {
    now,
    find: (session, canonical) =>
      findForm(
        { content, today, search: (params) => session.searchStored('Questionnaire', params) },
        canonical,
      ),
  };
  const method: HTTPMethods[] = ['GET', 'POST'];
  const onPopulate = async (request: FastifyRequest, reply: FastifyReply) => {
    const { session, id, given, pretty } = asked(gate, request, POPULATE, 'questionnaire');
    const { response, issues } = await populate(parts, session, id, given);
    return answer(reply, [['response', response], ...told(issues)], pretty);
  };
  const onExtract = async (request: FastifyRequest, reply: FastifyReply) => {
    const { session, id, given, pretty } = asked(gate, request, EXTRACT, 'questionnaire-response');
    const { bundle, issues } = await extract(parts, session, id, given);
    if (issues.length === 0 && bundle.entry) return answer(reply, bundle, pretty);
    const all = bundle.entry ? issues : [...issues, NOTHING_EXTRACTED];
    return answer(reply, [...(bundle.entry ? [['return', bundle] as const] : []), ...told(all)], pretty);
  };
  const onAssemble = async (request: FastifyRequest, reply: FastifyReply) => {
    const { session, id, given, pretty } = asked(gate, request, ASSEMBLE, 'questionnaire');
    const { form, issues } = await assembleAsked(parts, session, id, given);
    if (issues.length === 0) return answer(reply, form, pretty);
    const outcome = outcomeOf({ issues });
    return answer(reply, [['return', form] as const, ['outcome', outcome] as const], pretty);
  };
  app.route({ method, url: '/Questionnaire/$assemble', handler: onAssemble });
  app.route({ method, url: '/Questionnaire/:id/$assemble', handler: onAssemble });
  app.route({ method, url: '/Questionnaire/$populate', handler: onPopulate });
  app.route({ method, url: '/Questionnaire/:id/$populate', handler: onPopulate });
  app.route({ method: 'POST', url: '/QuestionnaireResponse/$extract', handler: onExtract });
  app.route({ method, url: '/QuestionnaireResponse/:id/$extract', handler: onExtract });
}

const NOTHING_EXTRACTED: Issue = {
  severity: 'information',
  code: 'informational',
  text: 'Không có câu trả lời nào được trích thành tài nguyên.',
  textEn: 'No answer is extracted into a resource.',
};

interface Asked {
  session: FhirSession;
  id: string | undefined;
  given: Parameter[];
  pretty: boolean;
}

function asked(gate: FhirGate, request: FastifyRequest, operation: Operation, alone: string): Asked {
  const { params, pretty, subset, form } = readDemand(queryOf(request));
  // What is answered is answered whole.
  if (subset) refuseParams(form.filter(([name]) => name === '_summary' || name === '_elements'));
  const session = gate.session(request);
  const id = (request.params as { id?: string }).id === undefined ? undefined : idOf(request);
  const given = parametersOfQuery(operation, params);
  if (request.method === 'POST' && bodyOf(request).length > 0) {
    requireMediaType(request, JSON_TYPES);
    given.push(...parametersOf(operation, readLocal(request), alone));
  }
  return { session, id, given, pretty };
}

type Part = readonly [name: string, resource: Resource];

const told = (issues: readonly Issue[]): Part[] =>
  issues.length === 0 ? [] : [['issues', outcomeOf({ issues })]];

function answer(reply: FastifyReply, what: Resource | readonly Part[], pretty: boolean): FastifyReply {
  const body = Array.isArray(what)
    ? {
        resourceType: 'Parameters',
        parameter: (what as Part[]).map(([name, resource]) => ({ name, resource })),
      }
    : what;
  return send(reply, { status: 200, body: Buffer.from(JSON.stringify(body)) }, pretty);
}

/** `$evaluate-measure` over HTTP. R4 operation-measure-evaluate-measure.html. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { takeForLater } from '../../../kernel/fhir/http/async.ts';
import { type Answer, refuseParams } from '../../../kernel/fhir/http/context.ts';
import { readDemand, readPrefer } from '../../../kernel/fhir/http/demand.ts';
import { send } from '../../../kernel/fhir/http/reply.ts';
import {
  baseOf,
  bodyOf,
  idOf,
  JSON_TYPES,
  queryOf,
  requireMediaType,
} from '../../../kernel/fhir/http/request.ts';
import type { JobAtWork, Jobs } from '../../../kernel/fhir/jobs/jobs.ts';
import { readJson } from '../../../kernel/fhir/json/read.ts';
import type { FhirGate } from '../../../kernel/fhir/record.ts';
import { vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import { planMeasure } from '../plan.ts';
import { measurePairs, readMeasureAsk } from './ask.ts';
import { type Evaluation, evaluateMeasure } from './evaluate.ts';
import { canonicalOf, findMeasure, readMeasure } from './measures.ts';
import { refuseUnseen } from './sources.ts';
import { membershipsOf } from './value-sets.ts';

export interface MeasureRoutes {
  gate: FhirGate;
  jobs: Jobs;
  now(): Date;
  /** Milliseconds that an answer at once, and one that is fetched later, may take. */
  limits?: { now: number; later: number };
}

const LIMITS = { now: 30_000, later: 6 * 3_600_000 };

const HINT = {
  now: {
    vi: 'Hãy gửi lại với Prefer: respond-async, hoặc thu hẹp bằng subject=Group/….',
    en: 'Send it again with Prefer: respond-async, or narrow it by subject=Group/….',
  },
  later: {
    vi: 'Hãy thu hẹp bằng subject=Group/…, hoặc viết tiêu chí gọn hơn.',
    en: 'Narrow it by subject=Group/…, or write the criteria narrower.',
  },
};

/** Registers the operation below `/fhir`, on the type and on one measure. */
export function measureRoutes(app: FastifyInstance, parts: MeasureRoutes): void {
  const method: HTTPMethods[] = ['GET', 'POST'];
  const handler = (request: FastifyRequest, reply: FastifyReply) => handleEvaluate(parts, request, reply);
  app.route({ method, url: '/Measure/$evaluate-measure', handler });
  app.route({ method, url: '/Measure/:id/$evaluate-measure', handler });
}

async function handleEvaluate(parts: MeasureRoutes, request: FastifyRequest, reply: FastifyReply) {
  const given = queryOf(request);
  if (request.method === 'POST' && bodyOf(request).length > 0) {
    requireMediaType(request, JSON_TYPES);
    given.push(...measurePairs(readJson(bodyOf(request))));
  }
  const { params, pretty, subset, form } = readDemand(given);
  // A report is answered whole.
  if (subset) refuseParams(form.filter(([name]) => name === '_summary' || name === '_elements'));
  const onInstance = (request.params as { id?: string }).id !== undefined;
  const ask = readMeasureAsk(params, onInstance);
  const session = parts.gate.session(request);
  const measure = onInstance
    ? await readMeasure(session, idOf(request))
    : await findMeasure(session, ask.measure!);
  const now = parts.now();
  const plan = planMeasure(measure, { ...ask.period, now });
  refuseUnseen(session, plan);
  const memberOf = await membershipsOf(session, plan);
  const evaluation = {
    session,
    ask,
    measure,
    plan,
    memberOf,
    canonical: canonicalOf(measure, baseOf(request)),
    date: vietnamInstant(now),
  };
  const limits = parts.limits ?? LIMITS;
  if (readPrefer(request.headers.prefer).respondAsync) {
    const later = (job: JobAtWork) =>
      answer({
        ...evaluation,
        most: limits.later,
        hint: HINT.later,
        report: (persons) => job.report(`${persons} Patient`),
      });
    return takeForLater(parts, request, reply, later, 'measure');
  }
  const atOnce = { ...evaluation, most: limits.now, hint: HINT.now, report: async () => undefined };
  return send(reply, await answer(atOnce), pretty);
}

async function answer(evaluation: Evaluation): Promise<Answer> {
  return { status: 200, body: Buffer.from(JSON.stringify(await evaluateMeasure(evaluation))) };
}

/** `$immds-forecast` over HTTP, and the routes of `$apply`. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { Failure } from '../../../kernel/failure.ts';
import { unknownOrWrong } from '../../../kernel/fhir/http/context.ts';
import { readDemand } from '../../../kernel/fhir/http/demand.ts';
import { send } from '../../../kernel/fhir/http/reply.ts';
import { bodyOf, idOf, JSON_TYPES, queryOf, requireMediaType } from '../../../kernel/fhir/http/request.ts';
import { readJson } from '../../../kernel/fhir/json/read.ts';
import { pairsOfParameters, readInput } from '../../../kernel/fhir/operations/parameters.ts';
import type { Immunization, Parameters, Patient, Resource } from '../../../kernel/fhir/types.ts';
import { validateResource } from '../../../kernel/fhir/validation/index.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import type { OpenProgramme } from '../content.ts';
import { type Course, courseOf } from '../course.ts';
import { dayOf } from '../days.ts';
import { evaluationsOf, recommendationOf } from '../recommendation.ts';
import { programmesOn } from '../stored.ts';
import { type AppliedAnswer, applyActivity, applyPlan } from './apply.ts';
import { IMMDS_FORECAST } from './definition.ts';
import { type ReadPerson, readPerson } from './person.ts';

/** Registers the operations below `/fhir`. */
export function programmeRoutes(app: FastifyInstance, kernel: Kernel): void {
  const method: HTTPMethods[] = ['GET', 'POST'];
  app.route({
    method,
    url: '/Patient/:id/$immds-forecast',
    handler: (request, reply) => forecastRecord(kernel, request, reply),
  });
  app.route({
    method,
    url: '/$immds-forecast',
    handler: (request, reply) => forecastGiven(kernel, request, reply),
  });
  app.route({
    method,
    url: '/PlanDefinition/:id/$apply',
    handler: async (request, reply) => told(reply, await applyPlan(kernel, request)),
  });
  app.route({
    method: 'POST',
    url: '/PlanDefinition/$apply',
    handler: async (request, reply) => told(reply, await applyPlan(kernel, request)),
  });
  app.route({
    method,
    url: '/ActivityDefinition/:id/$apply',
    handler: async (request, reply) => told(reply, await applyActivity(kernel, request)),
  });
  app.route({
    method: 'POST',
    url: '/ActivityDefinition/$apply',
    handler: async (request, reply) => told(reply, await applyActivity(kernel, request)),
  });
}

/** Programmes with series of doses, in force on a day. */
async function schedules(kernel: Kernel, day: string): Promise<OpenProgramme[]> {
  return (await programmesOn(kernel, day)).filter(({ programme }) => programme.series.length > 0);
}

async function forecastRecord(kernel: Kernel, request: FastifyRequest, reply: FastifyReply) {
  const query = queryOf(request);
  if (request.method === 'POST' && bodyOf(request).length > 0) {
    requireMediaType(request, JSON_TYPES);
    query.push(...pairsOfParameters(readJson(bodyOf(request))));
  }
  const { params, pretty } = readDemand(query);
  const { strings, dates } = readInput(IMMDS_FORECAST, params);
  const given = ['patient', 'immunization'].find((name) => strings.has(name));
  if (given) throw unknownOrWrong(given, strings.get(given) ?? '', []);
  const date = dates.get('assessmentDate');
  const day = vietnamDay(date ? new Date(date.low) : kernel.settings.now());
  const programmes = await schedules(kernel, day);
  const types = [...new Set(programmes.flatMap(({ asker }) => asker.types))];
  const person = await readPerson(kernel.gate.session(request), idOf(request), types);
  return answer(reply, forecastParameters(programmes, person, day), pretty);
}

async function forecastGiven(kernel: Kernel, request: FastifyRequest, reply: FastifyReply) {
  kernel.gate.actorOf(request);
  const { params, pretty } = readDemand(queryOf(request));
  if (request.method === 'GET') {
    readInput(IMMDS_FORECAST, params);
    throw wrong(
      'patient',
      'gửi người và các mũi đã tiêm bằng POST, hoặc gọi tại Patient/[id]',
      'send the person and the doses by POST, or ask at Patient/[id]',
    );
  }
  requireMediaType(request, JSON_TYPES);
  if (params.length > 0) throw unknownOrWrong(params[0]![0], params[0]![1], []);
  const body = readJson(bodyOf(request)) as Parameters;
  if (body?.resourceType !== 'Parameters')
    throw wrong('Parameters', 'cần một tài nguyên Parameters', 'a Parameters resource is needed');
  const issues = validateResource(body);
  if (issues.length > 0)
    throw new Failure('invalid-resource', issues[0]!.text, {
      ...(issues[0]!.textEn ? { textEn: issues[0]!.textEn } : {}),
      expression: issues[0]!.expression ?? 'Parameters',
    });
  const { patient, immunizations, date } = readGiven(body);
  const day = assessmentDay(kernel, date);
  const person = {
    patient,
    resources: immunizations.map((one, at): Resource => ({ ...one, id: one.id ?? `mui-${at + 1}` })),
  };
  return answer(reply, forecastParameters(await schedules(kernel, day), person, day), pretty);
}

function readGiven(body: Parameters): {
  patient: Patient;
  immunizations: Immunization[];
  date: string | undefined;
} {
  let patient: Patient | undefined;
  let date: string | undefined;
  const immunizations: Immunization[] = [];
  for (const [at, { name, resource, valueDate }] of (body.parameter ?? []).entries()) {
    const place = `Parameters.parameter[${at}]`;
    // The first of two would be judged with the doses of both.
    if ((name === 'patient' && patient) || (name === 'assessmentDate' && date !== undefined))
      throw wrong(
        place,
        `tham số "${name}" chỉ gửi một lần`,
        `the parameter "${name}" may be sent once only`,
      );
    if (name === 'patient' && resource?.resourceType === 'Patient') patient = resource;
    else if (name === 'immunization' && resource?.resourceType === 'Immunization')
      immunizations.push(resource);
    else if (name === 'assessmentDate' && valueDate !== undefined) date = valueDate;
    else
      throw wrong(
        place,
        `không hiểu tham số "${name}"`,
        `the parameter "${name}" is not known here, or its value is not what it takes`,
      );
  }
  if (!patient)
    throw wrong('Parameters.parameter', 'thiếu tham số patient', 'the parameter patient is missing');
  return { patient, immunizations, date };
}

function wrong(expression: string, vi: string, en: string): Failure {
  return new Failure('invalid-parameter', `${expression}: ${vi}.`, {
    textEn: `${expression}: ${en}.`,
    expression,
  });
}

function assessmentDay(kernel: Kernel, given: string | undefined): string {
  if (given === undefined) return vietnamDay(kernel.settings.now());
  if (dayOf(given) === null) throw unknownOrWrong('assessmentDate', given, []);
  return given;
}

/** What belongs to whom fits the age of a schedule, or has doses of it. */
function forecastParameters(
  programmes: readonly OpenProgramme[],
  { patient, resources }: ReadPerson,
  day: string,
): Parameters {
  if (!patient.birthDate)
    throw new Failure('business-rule', 'Người này chưa có ngày sinh nên không dự báo được.', {
      textEn: 'The forecast needs a birth date.',
      expression: 'Patient.birthDate',
    });
  const now = new Date(`${day}T12:00:00+07:00`);
  const reference = patient.id
    ? { reference: `Patient/${patient.id}` }
    : { display: patient.name?.[0]?.text ?? 'Patient' };
  const followed = programmes
    .map((open) => {
      const facts = open.asker.factsOf(patient, resources, now);
      const course = courseOf(open, facts, dayOf(day)!);
      return {
        open,
        course,
        named: { patient: reference, canonical: `${open.programme.url}|${open.programme.version}` },
      };
    })
    .filter(({ course, open }) => concerns(course, open));
  const recommendations = followed.map(({ course, open, named }) =>
    recommendationOf(course, open.products, named),
  );
  const evaluations = followed.flatMap(({ course, named }) => evaluationsOf(course, named));
  const [first] = recommendations;
  return {
    resourceType: 'Parameters',
    parameter: [
      ...evaluations.map((resource) => ({ name: 'evaluation', resource })),
      {
        name: 'recommendation',
        resource: {
          resourceType: 'ImmunizationRecommendation',
          patient: reference,
          date: day,
          recommendation: first
            ? recommendations.flatMap(({ recommendation }) => recommendation)
            : [
                {
                  targetDisease: { text: 'Không thuộc chương trình tiêm chủng nào' },
                  forecastStatus: { text: 'Không thuộc diện' },
                },
              ],
        },
      },
    ],
  };
}

/** Doses of somebody who has grown out of a schedule for everybody are still judged. */
function concerns({ membership, series }: Course, { programme }: OpenProgramme): boolean {
  const hasDoses = series.some(({ judged }) => judged.length > 0);
  return membership.state !== 'none' || (programme.enrolment.automatic && hasDoses);
}

const told = (reply: FastifyReply, { body, pretty }: AppliedAnswer) => answer(reply, body, pretty);

function answer(reply: FastifyReply, body: object, pretty: boolean | undefined) {
  return send(reply, { status: 200, body: Buffer.from(JSON.stringify(body)) }, pretty);
}

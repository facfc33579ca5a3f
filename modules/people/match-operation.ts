/** `Patient/$match` of R4 (patient-operation-match.html): who in the record may be the person that is described. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../../kernel/failure.ts';
import { unknownOrWrong } from '../../kernel/fhir/http/context.ts';
import { readDemand } from '../../kernel/fhir/http/demand.ts';
import { send } from '../../kernel/fhir/http/reply.ts';
import {
  baseOf,
  bodyOf,
  JSON_TYPES,
  queryOf,
  requireMediaType,
  resourceOf,
} from '../../kernel/fhir/http/request.ts';
import { readJson } from '../../kernel/fhir/json/read.ts';
import { inBody, input, type Operation, output } from '../../kernel/fhir/operations/definition.ts';
import type { Patient } from '../../kernel/fhir/types.ts';
import { validateResource } from '../../kernel/fhir/validation/index.ts';
import type { Kernel, RecordSession } from '../../kernel/kernel.ts';
import { candidatesFor, readPeople, sharingNumbers } from './find.ts';
import { type Graded, gradeAll } from './grades.ts';
import { factsOf } from './person-facts.ts';

export const PATIENT_MATCH: Operation = {
  name: 'match',
  definition: 'http://hl7.org/fhir/OperationDefinition/Patient-match',
  version: '4.0.1',
  title: { en: 'Find patient matches using MPI based logic', vi: 'Tìm người trùng trong hồ sơ' },
  description: {
    en: 'Who in the record may be the person that is described, best first, each with a grade and a score.',
    vi: 'Những người trong hồ sơ có thể là người được mô tả, khả năng cao nhất trước, kèm mức độ và điểm.',
  },
  resource: ['Patient'],
  at: ['type'],
  postOnly: true,
  parameters: [
    inBody(
      input(
        'resource:Resource!',
        'What is known of the person, a Patient: in Parameters, or as the body itself.',
        'Những gì biết về người đó, là một Patient: trong Parameters, hoặc là chính phần thân.',
      ),
    ),
    input(
      'onlyCertainMatches:boolean',
      'true: only the one who is certainly the person; nobody when several are.',
      'true: chỉ trả người chắc chắn trùng; nếu có nhiều người như vậy thì không trả ai.',
    ),
    input(
      'count:integer',
      'So many at most; 20 when absent.',
      'Nhiều nhất bấy nhiêu người; không có thì là 20.',
    ),
    output('return:Bundle!', 'A searchset of patients.', 'Một searchset gồm các Patient.'),
  ],
};

const USUAL = 20;
const MOST = 100;
/** People that are looked at more closely, the likeliest of all candidates. */
const LOOKED_AT = 100;
const GRADE = 'http://hl7.org/fhir/StructureDefinition/match-grade';

interface Ask {
  patient: Patient;
  onlyCertain: boolean;
  count: number;
}

export function matchRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.post('/Patient/$match', (request, reply) => handleMatch(kernel, request, reply));
}

async function handleMatch(kernel: Kernel, request: FastifyRequest, reply: FastifyReply) {
  const session = kernel.gate.session(request);
  const { params, pretty } = readDemand(queryOf(request));
  requireMediaType(request, JSON_TYPES);
  const ask = readAsk(params, readJson(bodyOf(request)));
  const found = await matchesOf(ask.patient, session, kernel);
  const certain = found.filter(({ level }) => level === 'certain');
  const shown = ask.onlyCertain ? (certain.length === 1 ? certain : []) : found.slice(0, ask.count);
  const base = baseOf(request);
  const bundle = {
    resourceType: 'Bundle',
    type: 'searchset',
    total: shown.length,
    ...(shown.length > 0 && { entry: shown.map((one) => entryOf(one, base)) }),
  };
  return send(reply, { status: 200, body: Buffer.from(JSON.stringify(bundle)) }, pretty);
}

/** Compared with everybody by the machine; who is shown is read, and compared again, as the actor may see them. */
async function matchesOf(
  patient: Patient,
  session: RecordSession,
  { store, content }: Kernel,
): Promise<Graded[]> {
  const [alike, sharing] = await Promise.all([
    candidatesFor(factsOf(patient), store),
    sharingNumbers(patient, store),
  ]);
  const all = new Map([...alike, ...sharing].map((one) => [one.id, one]));
  const likely = gradeAll(patient, [...all.values()], content).slice(0, LOOKED_AT);
  const seen = await readPeople(
    likely.map((one) => one.patient.id ?? ''),
    session,
  );
  return gradeAll(patient, seen, content);
}

function entryOf({ patient, level, score }: Graded, base: string) {
  return {
    fullUrl: `${base}/Patient/${patient.id}`,
    resource: patient,
    search: { extension: [{ url: GRADE, valueCode: level }], mode: 'match', score },
  };
}

/** @throws Failure `unknown-parameter`, `invalid-parameter`, `invalid-resource` */
function readAsk(query: readonly [string, string][], body: unknown): Ask {
  const { resourceType, parameter } = (body ?? {}) as { resourceType?: unknown; parameter?: unknown };
  const values = new Map<string, unknown>(query);
  let resource: unknown = body;
  if (resourceType === 'Parameters') {
    resource = undefined;
    for (const one of Array.isArray(parameter) ? (parameter as Record<string, unknown>[]) : []) {
      if (one?.name === 'resource') resource = one.resource;
      else values.set(String(one?.name), one?.valueBoolean ?? one?.valueInteger ?? '');
    }
  }
  for (const [name, value] of values)
    if (name !== 'onlyCertainMatches' && name !== 'count') throw unknownOrWrong(name, String(value), []);
  const onlyCertain = String(values.get('onlyCertainMatches') ?? 'false');
  if (onlyCertain !== 'true' && onlyCertain !== 'false')
    throw unknownOrWrong('onlyCertainMatches', onlyCertain, ['onlyCertainMatches']);
  const patient = describedIn(resource);
  return { patient, onlyCertain: onlyCertain === 'true', count: countOf(values.get('count')) };
}

function countOf(value: unknown): number {
  if (value === undefined) return USUAL;
  const text = String(value);
  if (!/^[1-9]\d{0,8}$/.test(text)) throw unknownOrWrong('count', text, ['count']);
  return Math.min(Number(text), MOST);
}

function describedIn(resource: unknown): Patient {
  if (resource === undefined || resource === null) {
    throw new Failure('invalid-parameter', 'Cần tham số resource: một Patient mô tả người cần tìm.', {
      textEn: 'Parameter resource is needed: a Patient that describes the person.',
      expression: 'resource',
    });
  }
  const patient = resourceOf(resource, 'Patient') as Patient;
  const issues = validateResource(patient).filter(({ severity }) => severity === 'error');
  if (issues.length > 0) throw new Failure('invalid-resource', 'Patient không hợp lệ.', { issues });
  return patient;
}

/** `PlanDefinition/$apply` and `ActivityDefinition/$apply` (R4): of a stored definition, or of one that is sent. */
import type { FastifyRequest } from 'fastify';
import { Failure } from '../../../kernel/failure.ts';
import { unknownOrWrong } from '../../../kernel/fhir/http/context.ts';
import { readDemand } from '../../../kernel/fhir/http/demand.ts';
import { bodyOf, idOf, JSON_TYPES, queryOf, requireMediaType } from '../../../kernel/fhir/http/request.ts';
import { readJson } from '../../../kernel/fhir/json/read.ts';
import type { Operation } from '../../../kernel/fhir/operations/definition.ts';
import { pairsOfParameters, readInput } from '../../../kernel/fhir/operations/parameters.ts';
import { type Criterion, type Dialect, sourcesOf, subjectOf } from '../../../kernel/fhir/person/index.ts';
import type {
  ActivityDefinition,
  CarePlan,
  CodeableConcept,
  Parameters,
  ParametersParameter,
  PlanDefinition,
  Resource,
} from '../../../kernel/fhir/types.ts';
import { validateResource } from '../../../kernel/fhir/validation/index.ts';
import type { Kernel, RecordSession } from '../../../kernel/kernel.ts';
import { vietnamDay, vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import { activityRequest } from '../activity.ts';
import { applied, checkMade, criteriaOf, type ForPerson, putValue } from '../applied.ts';
import { type ApplyFor, carePlanOf, type Proposed, planOf, proposedOf } from '../apply.ts';
import { checkProgramme, isProgramme } from '../check.ts';
import { courseOf } from '../course.ts';
import { dayOf } from '../days.ts';
import type { FailAt } from '../fail-at.ts';
import { openAsker } from '../person-facts.ts';
import { productsOf } from '../products.ts';
import { readProgramme } from '../read.ts';
import { APPLY_ACTIVITY, APPLY_PLAN, CONTEXT } from './definition.ts';
import { readPerson } from './person.ts';
import { activityOf, planTree } from './plan-tree.ts';

/** Persons of one question. */
const MOST_SUBJECTS = 100;

interface Asked<D> {
  definition: D;
  /** Ids of Patients. */
  subjects: string[];
  about: Omit<ApplyFor, 'patient'>;
  dialect: Dialect;
  context: ReadonlyMap<string, readonly CodeableConcept[]>;
  pretty: boolean | undefined;
}

export interface AppliedAnswer {
  body: Resource;
  pretty: boolean | undefined;
}

/** Of several subjects each has its CarePlan: parameters `return`. */
export async function applyPlan(kernel: Kernel, request: FastifyRequest): Promise<AppliedAnswer> {
  const asked = await readAsked<PlanDefinition>(kernel, request, APPLY_PLAN, 'PlanDefinition');
  const { definition, subjects } = asked;
  const make = isProgramme(definition)
    ? programmePlan(kernel, request, asked)
    : await actionsPlan(kernel, request, asked);
  const plans: CarePlan[] = [];
  for (const subject of subjects) plans.push(await make(subject));
  const body: CarePlan | Parameters =
    plans.length === 1
      ? plans[0]!
      : {
          resourceType: 'Parameters',
          parameter: plans.map((resource) => ({ name: 'return', resource })),
        };
  return { body, pretty: asked.pretty };
}

export async function applyActivity(kernel: Kernel, request: FastifyRequest): Promise<AppliedAnswer> {
  const asked = await readAsked<ActivityDefinition>(kernel, request, APPLY_ACTIVITY, 'ActivityDefinition');
  const activity = activityOf(asked.definition, 'ActivityDefinition', { dialect: asked.dialect, failAt });
  const criteria = activity.dynamic.map(({ criterion }) => criterion);
  const person = await personOf(kernel, request, asked, asked.subjects[0]!, criteria);
  const made = activityRequest(activity.definition, { ...person.about, canonical: activity.canonical });
  for (const value of activity.dynamic) putValue(made, value, person, failAt);
  checkMade(made, 'ActivityDefinition', failAt);
  return { body: made, pretty: asked.pretty };
}

const failAt: FailAt = (place, vi, en) =>
  new Failure('business-rule', `${place}: ${vi}.`, { textEn: `${place} ${en}.`, expression: place });

type MakePlan = (subject: string) => Promise<CarePlan>;

async function actionsPlan(
  kernel: Kernel,
  request: FastifyRequest,
  asked: Asked<PlanDefinition>,
): Promise<MakePlan> {
  const { definition, dialect } = asked;
  const session = kernel.gate.session(request);
  const within = [definition.url ?? `PlanDefinition/${definition.id}`];
  const tree = await planTree(definition, { session, dialect, failAt, within });
  return async (subject) => {
    const person = await personOf(kernel, request, asked, subject, criteriaOf(tree));
    return planOf(applied(tree, person, failAt), person.about);
  };
}

async function personOf(
  kernel: Kernel,
  request: FastifyRequest,
  { about, context }: Pick<Asked<unknown>, 'about' | 'context'>,
  id: string,
  criteria: readonly Criterion[],
): Promise<ForPerson> {
  const types = sourcesOf(criteria).map(({ type }) => type);
  const { patient, resources } = await readPerson(kernel.gate.session(request), id, types);
  return {
    patient,
    subject: subjectOf({ patient, resources, variables: context }),
    now: kernel.settings.now(),
    about: { ...about, patient: { reference: `Patient/${id}` } },
  };
}

function programmePlan(kernel: Kernel, request: FastifyRequest, asked: Asked<PlanDefinition>): MakePlan {
  const { definition } = asked;
  const now = kernel.settings.now();
  const day = vietnamDay(now);
  const products = productsOf(kernel.content.inForce('vaccines/products', day));
  const [fault] = checkProgramme(definition, products);
  if (fault) throw failAt(fault.place, fault.text, fault.textEn);
  const { programme } = readProgramme(definition);
  const asker = openAsker(programme, (patient, resources) => subjectOf({ patient, resources }));
  const proposedFor = async (id: string): Promise<Proposed[]> => {
    const { patient, resources } = await readPerson(kernel.gate.session(request), id, asker.types);
    const facts = asker.factsOf(patient, resources, now);
    // Whom it is applied to is followed, as R4 means it; who may not be is told by the empty plan.
    const course = courseOf({ programme, products }, facts, dayOf(day)!);
    if (course.membership.state !== 'proposed') return proposedOf(course);
    const enrolled = { id: '', status: 'active', from: dayOf(day)!, to: null, unit: null };
    return proposedOf(courseOf({ programme, products }, { ...facts, enrolments: [enrolled] }, dayOf(day)!));
  };
  return async (subject) =>
    carePlanOf(await proposedFor(subject), { ...asked.about, patient: { reference: `Patient/${subject}` } });
}

/** @throws Failure 400 for what is asked wrongly, 404 for whom or what the record does not have */
async function readAsked<D extends PlanDefinition | ActivityDefinition>(
  kernel: Kernel,
  request: FastifyRequest,
  operation: Operation,
  type: D['resourceType'],
): Promise<Asked<D>> {
  const session = kernel.gate.session(request);
  const inline = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  const sent = readBody(request, inline, type);
  const { params, pretty } = readDemand([...queryOf(request), ...sent.pairs]);
  readInput(operation, params);
  const isInstance = (request.params as { id?: string }).id !== undefined;
  if (isInstance && sent.definition)
    throw wrong(
      inline,
      'không gửi kèm khi địa chỉ đã nêu định nghĩa',
      'is not taken where the address names one',
    );
  if (!isInstance && !sent.definition)
    throw wrong(inline, `cần một ${type} gửi kèm bằng POST`, `a ${type} is needed, sent by POST`);
  const of = (name: string) => params.flatMap(([given, value]) => (given === name ? [value] : []));
  const subjects = await subjectsOf(session, of('subject'));
  if (subjects.length === 0) throw wrong('subject', 'cần Patient/<mã>', 'Patient/<id> is needed');
  if (subjects.length > MOST_SUBJECTS)
    throw wrong('subject', `tối đa ${MOST_SUBJECTS} người`, `at most ${MOST_SUBJECTS} persons are taken`);
  const definition = (sent.definition ?? (await session.read(type, idOf(request)))) as D;
  return {
    definition,
    subjects,
    about: {
      ...(await named(session, of, 'encounter', 'Encounter')),
      ...(await named(session, of, 'practitioner', 'Practitioner')),
      ...(await named(session, of, 'organization', 'Organization')),
      canonical: `${definition.url ?? `${type}/${definition.id ?? ''}`}${definition.version ? `|${definition.version}` : ''}`,
      title: definition.title ?? definition.name ?? '',
      now: vietnamInstant(kernel.settings.now()),
    },
    dialect: {
      constants: new Map(),
      variables: new Map(CONTEXT.map((name) => [name, 'CodeableConcept'])),
    },
    context: sent.context,
    pretty,
  };
}

/** Patients, and those of Groups of named persons, each once in the order in which they are named. */
async function subjectsOf(session: RecordSession, values: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const value of values) {
    if (!value.startsWith('Group/')) {
      found.add(idIn('subject', value, 'Patient'));
      continue;
    }
    const { actual, member = [] } = await session.read('Group', idIn('subject', value, 'Group'));
    if (!actual)
      throw wrong(
        'subject',
        `${value} là nhóm theo đặc điểm, không nêu từng người`,
        `${value} is a Group of a description and names no persons`,
      );
    for (const { entity, inactive } of member) {
      if (inactive === true) continue;
      const reference = entity.reference ?? '';
      if (!reference.startsWith('Patient/'))
        throw wrong(
          'subject',
          `${value} có thành viên "${reference}" không phải Patient`,
          `${value} has the member "${reference}", which is no Patient`,
        );
      found.add(idIn('subject', reference, 'Patient'));
    }
  }
  return [...found];
}

interface Sent {
  definition?: Resource;
  pairs: [string, string][];
  /** `userType` … as the expressions of the definition may ask for them, `%userType`. */
  context: Map<string, CodeableConcept[]>;
}

function readBody(request: FastifyRequest, inline: string, type: string): Sent {
  const sent: Sent = { pairs: [], context: new Map() };
  if (request.method !== 'POST' || bodyOf(request).length === 0) return sent;
  requireMediaType(request, JSON_TYPES);
  const body = readJson(bodyOf(request)) as Parameters;
  const rest: ParametersParameter[] = [];
  for (const [at, one] of (Array.isArray(body?.parameter) ? body.parameter : []).entries()) {
    const place = `Parameters.parameter[${at}]`;
    if (one?.name === inline && one.resource !== undefined) {
      if (sent.definition) throw unknownOrWrong(inline, '', []);
      sent.definition = checkedDefinition(one.resource as Resource, type, place);
    } else if ((CONTEXT as readonly string[]).includes(one?.name)) {
      const concept = one.valueCodeableConcept;
      if (!concept) throw wrong(place, `${one.name} là CodeableConcept`, `${one.name} is a CodeableConcept`);
      sent.context.set(one.name, [...(sent.context.get(one.name) ?? []), concept]);
    } else rest.push(one);
  }
  sent.pairs = pairsOfParameters(body?.resourceType === 'Parameters' ? { ...body, parameter: rest } : body);
  return sent;
}

function checkedDefinition(resource: Resource, type: string, place: string): Resource {
  if (resource.resourceType !== type) throw wrong(`${place}.resource`, `cần ${type}`, `a ${type} is needed`);
  const [issue] = validateResource(resource);
  if (!issue) return resource;
  throw new Failure('invalid-resource', issue.text, {
    ...(issue.textEn ? { textEn: issue.textEn } : {}),
    expression: issue.expression ?? place,
  });
}

/** @throws Failure `not-found` for what the record does not have, or does not show */
async function named(
  session: RecordSession,
  of: (name: string) => string[],
  name: 'encounter' | 'practitioner' | 'organization',
  type: 'Encounter' | 'Practitioner' | 'Organization',
): Promise<Pick<ApplyFor, 'encounter' | 'practitioner' | 'organization'>> {
  const [value] = of(name);
  if (value === undefined) return {};
  const id = idIn(name, value, type);
  await session.read(type, id);
  return { [name]: { reference: `${type}/${id}` } };
}

/** `Patient/x`, or `x` alone. */
function idIn(name: string, value: string, type: string): string {
  const id = new RegExp(`^(?:${type}/)?([A-Za-z0-9\\-.]{1,64})$`).exec(value)?.[1];
  if (id !== undefined) return id;
  throw wrong(name, `cần ${type}/<mã>`, `${type}/<id> is needed`);
}

function wrong(expression: string, vi: string, en: string): Failure {
  return new Failure('invalid-parameter', `${expression}: ${vi}.`, {
    textEn: `${expression}: ${en}.`,
    expression,
  });
}

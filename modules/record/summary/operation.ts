/** `Patient/$summary` of the International Patient Summary: a document made of the record as it is now, not kept. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { Failure } from '../../../kernel/failure.ts';
import { unknownOrWrong } from '../../../kernel/fhir/http/context.ts';
import { readDemand } from '../../../kernel/fhir/http/demand.ts';
import { send } from '../../../kernel/fhir/http/reply.ts';
import { baseOf, bodyOf, JSON_TYPES, queryOf, requireMediaType } from '../../../kernel/fhir/http/request.ts';
import { readJson } from '../../../kernel/fhir/json/read.ts';
import { input, type Operation, output } from '../../../kernel/fhir/operations/definition.ts';
import { addMentioned, type Mentioned } from '../../../kernel/fhir/operations/mentioned.ts';
import { pairsOfParameters, readInput } from '../../../kernel/fhir/operations/parameters.ts';
import type { Bundle, Resource, ResourceType } from '../../../kernel/fhir/types.ts';
import type { Kernel, RecordSession } from '../../../kernel/kernel.ts';
import { vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import { summaryDocument } from './document.ts';
import { chosen, type SummaryPlan } from './sections.ts';

/** IPS, OperationDefinition summary. */
export const PATIENT_SUMMARY: Operation = {
  name: 'summary',
  definition: 'http://hl7.org/fhir/uv/ips/OperationDefinition/summary',
  version: '1.1.0',
  title: { en: 'IPS Summary', vi: 'Tóm tắt hồ sơ người bệnh' },
  description: {
    en: 'An International Patient Summary made of the record as it is now; it is not kept.',
    vi: 'Bản tóm tắt theo International Patient Summary, lập từ hồ sơ lúc này; không được lưu lại.',
  },
  resource: ['Patient'],
  at: ['type', 'instance'],
  parameters: [
    input(
      'identifier:string',
      'system|value of the person, when the address does not name one.',
      'Mã định danh (hệ|giá trị) của người bệnh, khi địa chỉ không nêu.',
    ),
    input(
      'profile:canonical',
      'The profile of the summary: only that of the International Patient Summary.',
      'Cấu hình của bản tóm tắt: chỉ của International Patient Summary.',
    ),
    input(
      'persist:boolean',
      'false: summaries are not kept here.',
      'Chỉ nhận false: bản tóm tắt không được lưu ở đây.',
    ),
    output('return:Bundle!', 'The summary, a document.', 'Bản tóm tắt, là một document.'),
  ],
};

/** Who stands in resources beside the person and belongs to nobody. */
const SHARED = [
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Location',
  'Medication',
  'Substance',
  'Device',
] as const satisfies ResourceType[];
/** Parts of results that stand in resources of their own, and lie with the person. */
const PARTS = ['Observation', 'Specimen', 'ImagingStudy', 'RelatedPerson'] as const satisfies ResourceType[];
/** Steps from an entry: the members of a result, their specimen, the unit of who took it. */
const DEEPEST = 3;
const MOST_MENTIONED = 2_000;
const AT_ONCE = 200;

export function summaryRoutes(app: FastifyInstance, kernel: Kernel): void {
  const method: HTTPMethods[] = ['GET', 'POST'];
  const handler = (request: FastifyRequest, reply: FastifyReply) => handleSummary(kernel, request, reply);
  app.route({ method, url: '/Patient/$summary', handler });
  app.route({ method, url: '/Patient/:id/$summary', handler });
}

async function handleSummary(kernel: Kernel, request: FastifyRequest, reply: FastifyReply) {
  const query = queryOf(request);
  if (request.method === 'POST' && bodyOf(request).length > 0) {
    requireMediaType(request, JSON_TYPES);
    query.push(...pairsOfParameters(readJson(bodyOf(request))));
  }
  const demand = readDemand(query);
  const plan = kernel.content.json<SummaryPlan>('record/patient-summary');
  const { strings, flags } = readInput(PATIENT_SUMMARY, demand.params);
  const profile = strings.get('profile');
  if (profile !== undefined && !isOffered(plan, profile)) throw otherProfile(profile);
  if (flags.get('persist')) throw unknownOrWrong('persist', 'true', ['persist']);
  const session = kernel.gate.session(request);
  const { id } = request.params as { id?: string };
  const identifier = strings.get('identifier');
  if (id !== undefined && identifier !== undefined)
    throw unknownOrWrong('identifier', identifier, ['identifier']);
  const patient = id ?? (await identified(session, identifier));
  const document = await readSummary(kernel, session, plan, patient, baseOf(request));
  return send(reply, { status: 200, body: Buffer.from(JSON.stringify(document)) }, demand.pretty);
}

/** The one person with an identifier `system|value`. */
async function identified(session: RecordSession, identifier: string | undefined): Promise<string> {
  if (identifier === undefined) {
    throw new Failure('invalid-parameter', '$summary cần identifier, hoặc mã người bệnh trong địa chỉ.', {
      textEn: '$summary needs identifier, or the id of the patient in the address.',
      expression: 'identifier',
    });
  }
  const { matches } = await session.search('Patient', [
    ['identifier', identifier],
    ['_count', '2'],
  ]);
  const [patient, other] = matches;
  if (patient?.id && !other) return patient.id;
  throw new Failure(patient ? 'multiple-matches' : 'not-found', 'Không tìm thấy đúng một người bệnh.', {
    textEn: `The identifier names ${patient ? 'more than one patient' : 'nobody'}.`,
    expression: 'identifier',
  });
}

async function readSummary(
  kernel: Kernel,
  session: RecordSession,
  plan: SummaryPlan,
  id: string,
  base: string,
): Promise<Bundle> {
  const patient = await session.read('Patient', id);
  // Without the sections that IPS requires there is no summary: whoever may not see them is told so.
  const sections = plan.sections.filter(
    ({ absent, queries }) => absent || queries.every(({ type }) => maySearch(session, type)),
  );
  const queries = sections.flatMap((section) =>
    section.queries.map(({ type, params }) => [type, params] as const),
  );
  const answers = (await session.searchAbout(id, queries)) as Resource[][];
  let next = 0;
  const found = sections.map((section) => section.queries.flatMap(() => answers[next++] ?? []));
  const shown = sections.flatMap((section, at) => chosen(section, found[at]!));
  const mentioned = await readMentioned(session, id, [patient, ...shown]);
  return summaryDocument({
    plan: { ...plan, sections },
    patient,
    found,
    mentioned,
    base,
    at: vietnamInstant(kernel.settings.now()),
  });
}

/** What the resources refer to, and what that refers to; more than so many are not taken in. */
async function readMentioned(
  session: RecordSession,
  patient: string,
  resources: readonly Resource[],
): Promise<Resource[]> {
  const known = new Set(resources.map(nameOf));
  const all: Resource[] = [];
  for (let step = 0, from = resources; step < DEEPEST && from.length > 0; step++) {
    const named = new Map<string, Mentioned>();
    for (const resource of from) addMentioned(Buffer.from(JSON.stringify(resource)), named);
    const fresh = [...named].filter(([name]) => !known.has(name)).map(([, one]) => one);
    from = [...(await readShared(session, fresh)), ...(await readParts(session, patient, fresh))].filter(
      (resource) => !known.has(nameOf(resource)),
    );
    for (const resource of from) known.add(nameOf(resource));
    all.push(...from);
    if (all.length > MOST_MENTIONED) break;
  }
  return all;
}

const maySearch = (session: RecordSession, type: ResourceType) => session.reach('search', type) !== 'none';

const nameOf = ({ resourceType, id }: Resource) => `${resourceType}/${id}`;

async function readShared(session: RecordSession, named: readonly Mentioned[]): Promise<Resource[]> {
  const all: Resource[] = [];
  for (const type of SHARED.filter((one) => maySearch(session, one))) {
    for (const ids of idsOf(named, type)) {
      const { matches } = await session.search(type, [
        ['_id', ids],
        ['_count', String(AT_ONCE)],
      ]);
      all.push(...(matches as Resource[]));
    }
  }
  return all;
}

/** Only what lies with the person: a result may name what was measured of another. */
async function readParts(
  session: RecordSession,
  patient: string,
  named: readonly Mentioned[],
): Promise<Resource[]> {
  const allowed = PARTS.filter((one) => maySearch(session, one));
  const queries = allowed.flatMap((type) => idsOf(named, type).map((_id) => [type, { _id }] as const));
  if (queries.length === 0) return [];
  return ((await session.searchAbout(patient, queries)) as Resource[][]).flat();
}

/** Lists of ids, each for one search. */
function idsOf(named: readonly Mentioned[], type: string): string[] {
  const ids = named.filter((one) => one.type === type).map(({ id }) => id);
  const lists: string[] = [];
  for (let from = 0; from < ids.length; from += AT_ONCE)
    lists.push(ids.slice(from, from + AT_ONCE).join(','));
  return lists;
}

/** The profile of the Composition or of the Bundle, of any version that the document is valid by. */
function isOffered({ profile, bundleProfile, versions }: SummaryPlan, asked: string): boolean {
  const [url = '', version] = asked.split('|');
  return [profile, bundleProfile].includes(url) && (version === undefined || versions.includes(version));
}

function otherProfile(profile: string): Failure {
  return new Failure('invalid-parameter', `Không có bản tóm tắt theo ${profile}.`, {
    textEn: `There is no summary by ${profile}: only by the International Patient Summary.`,
    expression: 'profile',
  });
}

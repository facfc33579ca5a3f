/** HTTP of the citizens' register: JSON for the screens. FHIR clients use `/fhir/Patient`. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RecordSession, Role } from '../../kernel/access/contract.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Patient, ResourceOf, ResourceType } from '../../kernel/fhir/types.ts';
import { openTurns } from '../../kernel/in-turn.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { foldText } from '../../kernel/text/fold.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { applyCard } from './apply-card.ts';
import { formOfScan } from './card-facts.ts';
import { type Asked, type Desk, factsGiven, openDesk } from './desk.ts';
import { registration } from './desk-answers.ts';
import { candidatesFor, findPeople, OPEN_STATES, openVisitsOf, readPeople } from './find.ts';
import { patientOf } from './patient-resource.ts';
import { type PersonForm, readPersonForm } from './person-form.ts';
import { type Banner, bannerOf, lineOf, type PersonLine } from './person-summary.ts';
import { readConfirmation, refuseDuplicates, uniqueBy, writePerson } from './register.ts';
import {
  type Candidate,
  decideOutcome,
  differencesWith,
  type Resolution,
  type Scored,
  SHOWN,
  scoreCandidates,
  warningsOf,
} from './resolve.ts';
import { parseScan, type Scan } from './scan.ts';
import { planSearch } from './search-query.ts';

const DESK: Role[] = ['reception', 'nurse', 'doctor', 'station-head'];
const PAGE = 20;
const MOST = 50;

export function peopleRoutes(app: FastifyInstance, kernel: Kernel): void {
  const inTurn = openTurns();
  const desk = openDesk(kernel);

  app.get('/api/people/form', async (request) => {
    kernel.gate.require(request, ...DESK);
    return desk.form();
  });

  app.get('/api/people/search', async (request) => search(request, kernel));

  app.post('/api/people/resolve', async (request) => {
    kernel.gate.require(request, ...DESK);
    const { scan, form } = readResolve(request.body, kernel);
    return resolve(scan, form, kernel.gate.session(request), kernel);
  });

  app.post('/api/people', async (request, reply) => {
    kernel.gate.require(request, ...DESK);
    const session = kernel.gate.session(request);
    const asked = await readAsked(request.body, desk);
    const { form } = asked.read;
    const answer = await inTurn(`${foldText(form.name)}|${form.birthDate}`, () =>
      register(asked, request, session, kernel),
    );
    return reply.code(201).send(answer);
  });

  app.get('/api/people/:id/banner', async (request) => {
    const { id } = request.params as { id: string };
    return readBanner(id, kernel.gate.session(request));
  });

  app.post('/api/people/:id/card', async (request) => {
    kernel.gate.require(request, ...DESK);
    const { id } = request.params as { id: string };
    const { form } = readResolve(request.body, kernel);
    const { fields } = (request.body ?? {}) as { fields?: unknown };
    const asked = { id, seen: versionOf(request), form, fields };
    const { store, content, settings } = kernel;
    const written = await applyCard(asked, kernel.gate.session(request), {
      store,
      content,
      today: vietnamDay(settings.now()),
    });
    return { person: lineOf(written, null) };
  });
}

/** `?q=&limit=&cursor=` → `{rows, next, tooShort}`; `cursor` is what `next` said. */
async function search(request: FastifyRequest, kernel: Kernel) {
  const session = kernel.gate.session(request);
  const { q = '', limit = '', cursor = '' } = request.query as Record<string, string | undefined>;
  const size = Math.min(Math.max(Number.parseInt(limit, 10) || PAGE, 1), MOST);
  const text = q.slice(0, 200);
  const plan = planSearch(text);
  if (plan.kind === 'too-short') return { rows: [], next: null, tooShort: true };
  const find = async () => {
    const page = { size, cursor: cursor || null };
    const { patients, next } = await findPeople(plan, page, session, kernel.store);
    return { rows: await linesOf(patients, session), next };
  };
  // What was typed is noted beside the people who are shown, also when there are none.
  const [found] = await Promise.all([find(), session.note('search', `Patient: ${text}`, null)]);
  return { ...found, tooShort: false };
}

async function linesOf(patients: Patient[], session: RecordSession): Promise<PersonLine[]> {
  const visits = await openVisits(
    patients.map((patient) => patient.id ?? ''),
    session,
  );
  return patients.map((patient) => lineOf(patient, visits.get(patient.id ?? '') ?? null));
}

/** Roles that may not see visits still find people. */
async function openVisits(ids: string[], session: RecordSession) {
  return unlessForbidden(openVisitsOf(ids, session), new Map<string, PersonLine['openVisit']>());
}

async function unlessForbidden<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Failure && error.code === 'forbidden') return otherwise;
    throw error;
  }
}

/** `{scan}`, `{answers}` or `{form}`; a scan that cannot be read fails with its sentence. */
function readResolve(body: unknown, kernel: Kernel): { scan: Scan | null; form: PersonForm } {
  const { scan, form, answers } = (body ?? {}) as { scan?: unknown; form?: unknown; answers?: unknown };
  const today = vietnamDay(kernel.settings.now());
  if (typeof scan === 'string') {
    const read = parseScan(scan.slice(0, 4000));
    return { scan: read, form: formOfScan(read, today, kernel.content) };
  }
  const facts = factsGiven(answers) ?? form;
  if (typeof facts === 'object' && facts !== null) {
    return { scan: null, form: readPersonForm(facts, today, kernel.content).form };
  }
  throw new Failure('invalid-request', 'Cần gửi nội dung quét (scan) hoặc tờ khai (form).', {
    textEn: 'Send {scan}, {answers} or {form}.',
  });
}

async function readAsked(body: unknown, desk: Desk): Promise<Asked> {
  const asked = await desk.read(body);
  if (asked.read.issues.length > 0) {
    throw new Failure('business-rule', 'Có mục chưa đúng: sửa các mục được đánh dấu.', {
      issues: asked.read.issues,
    });
  }
  return asked;
}

async function resolve(
  scan: Scan | null,
  form: PersonForm,
  session: RecordSession,
  kernel: Kernel,
): Promise<Resolution> {
  const candidates = await candidatesOf(form, session, kernel);
  const outcome = decideOutcome(candidates);
  const found = outcome === 'found' ? candidates.find((each) => each.level === 'certain') : undefined;
  const warnings = warningsOf(scan, form, vietnamDay(kernel.settings.now()), kernel.content);
  return {
    outcome,
    scan,
    form,
    ...(found ? { person: found.person } : {}),
    differences: found?.differences ?? [],
    candidates,
    warnings,
  };
}

/** The likely ones as the actor may see them, scored on what the actor sees. */
async function candidatesOf(form: PersonForm, session: RecordSession, kernel: Kernel): Promise<Candidate[]> {
  const looked = scoreCandidates(form, await candidatesFor(form, kernel.store), kernel.content).slice(
    0,
    SHOWN,
  );
  const ids = looked.map(({ patient }) => patient.id ?? '');
  const [patients, visits] = await Promise.all([readPeople(ids, session), openVisits(ids, session)]);
  return scoreCandidates(form, patients, kernel.content).map(({ patient, match }: Scored) => ({
    ...match,
    person: lineOf(patient, visits.get(patient.id ?? '') ?? null),
    differences: differencesWith(form, patient),
  }));
}

async function register(asked: Asked, request: FastifyRequest, session: RecordSession, kernel: Kernel) {
  const { read } = asked;
  const confirmed = readConfirmation(request.body);
  const candidates = await candidatesOf(read.form, session, kernel);
  refuseDuplicates(candidates, confirmed);
  const { settings, content } = kernel;
  const patient = patientOf(read.form, { today: vietnamDay(settings.now()), content, demo: settings.demo });
  const bundle = registration(asked.form, asked.response, patient, uniqueBy(patient));
  const { id, created } = await writePerson(bundle, confirmed, session);
  if (!created) refuseDuplicates(await candidatesOf(read.form, session, kernel), confirmed);
  const [person] = await linesOf(await readPeople([id], session), session);
  return { person, created, warnings: read.warnings };
}

async function readBanner(id: string, session: RecordSession): Promise<Banner> {
  const patient = await session.read('Patient', id);
  const around = <T extends ResourceType>(type: T, params: [string, string][]): Promise<ResourceOf<T>[]> =>
    unlessForbidden(
      session.search(type, [['patient', id], ...params, ['_count', '50']]).then((found) => found.matches),
      [],
    );
  const [allergies, flags, visits, cares] = await Promise.all([
    around('AllergyIntolerance', []),
    around('Flag', []),
    around('Encounter', [['status', OPEN_STATES]]),
    session.cares(id),
  ]);
  // Said of every record that is closed to this reader, whatever it holds: that something is hidden is itself hidden.
  const reads = session.reach('search', 'AllergyIntolerance') !== 'none';
  const closed = allergies.length === 0 && !(cares && reads);
  return bannerOf(patient, { allergies, flags, visits, closed });
}

/** Number of `If-Match: W/"3"`; undefined when the header is absent or no version. */
function versionOf(request: FastifyRequest): number | undefined {
  const digits = /^(?:W\/)?"?(\d+)"?$/.exec(request.headers['if-match']?.trim() ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Routes of the station, /api/programmes/…: lists by the unit of who asks, panels and writing through the record. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  type CallResult,
  courseOf,
  dayOf,
  type Facts,
  type OpenProgramme,
  programmesOn,
  readPerson,
} from '../../engines/programmes/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { FhirSession } from '../../kernel/fhir/session/session.ts';
import type { Immunization } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { inTransaction } from '../../kernel/store/index.ts';
import { vietnamDay, vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import {
  type Body,
  dayIn,
  LONGEST_TEXT,
  memberOfUnit,
  programmeOf,
  refusal,
  textOf,
  todayOf,
} from './asking.ts';
import { tasksThroughEyes, throughEyes } from './eyes.ts';
import {
  countsOf,
  LISTS,
  type ListName,
  sessionRows,
  villagesOf,
  type WorkRow,
  worklistOf,
} from './lists.ts';
import { planSession } from './session-plan.ts';
import { givenOf } from './stock/follow.ts';
import { findLot, holdLot, type LotKey, refuseUnusable } from './stock/ledger.ts';
import { enrol, leave, recordCall, recordDose, recordReaction, type Writing } from './write.ts';

const PAGE = 50;
/** Screening before injection (Decision 1575/QĐ-BYT, 2023): outside of these a dose is put off, °C. */
const FIT_TEMPERATURE = { above: 35.5, below: 37.5 };
const PLAUSIBLE_TEMPERATURE = { from: 30, to: 45 };
const RESULTS: readonly CallResult[] = ['agreed', 'later', 'moved', 'died', 'unreachable', 'refused'];

type Query = Record<string, string | undefined>;
interface Ask {
  Params: { key: string; patient: string; dose: string };
  Querystring: Query;
  Body: Body | undefined;
}

export function stationRoutes(app: FastifyInstance, kernel: Kernel): void {
  listRoutes(app, kernel);
  personRoutes(app, kernel);
  doseRoutes(app, kernel);
}

function listRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<Ask>('/api/programmes', async (request) => {
    const { unit } = memberOfUnit(kernel, request);
    const day = todayOf(kernel);
    const counts = new Map((await countsOf(kernel.pool, unit, day)).map((one) => [one.programme, one]));
    await kernel.gate.session(request).note('read', `programmes of ${unit}`, null);
    const none = {
      enrolled: 0,
      due: 0,
      week: 0,
      overdue: 0,
      calls: 0,
      later: 0,
      invite: 0,
      silent: 0,
      targets: [],
    };
    return {
      rows: (await programmesOn(kernel, day)).map(({ programme }) => ({
        key: programme.key,
        title: programme.title,
        description: programme.description,
        version: programme.version,
        hasDoses: givesDoses({ programme }),
        ...none,
        ...counts.get(programme.key),
      })),
    };
  });

  app.get<Ask>('/api/programmes/:key/worklist', async (request) => {
    const { unit } = memberOfUnit(kernel, request);
    const open = await programmeOf(kernel, request.params.key);
    const { programme } = open;
    const page = pageOf(request.query.cursor);
    const list = listOf(request.query.list);
    const query = {
      unit,
      programme: programme.key,
      list,
      day: todayOf(kernel),
      village: (request.query.village ?? '').slice(0, LONGEST_TEXT),
      text: (request.query.q ?? '').slice(0, LONGEST_TEXT).trim(),
      first: page * PAGE,
      count: PAGE,
    };
    const found = await worklistOf(kernel.pool, query);
    const rows = await throughEyes(
      { kernel, session: fhirSession(kernel, request), open, unit },
      found.rows,
      list,
    );
    await noteAll(kernel, request, rows, `programme ${programme.key} ${list}`);
    return {
      rows: rows.map((row) => withForms(row, open)),
      // How many there are of one name would say of somebody who is not shown that he is in.
      ...(query.text === '' ? { total: found.total } : {}),
      ...(found.total > (page + 1) * PAGE ? { next: String(page + 1) } : {}),
    };
  });

  app.get<Ask>('/api/programmes/:key/villages', async (request) => {
    const { unit } = memberOfUnit(kernel, request);
    return {
      rows: await villagesOf(
        kernel.pool,
        unit,
        (await programmeOf(kernel, request.params.key)).programme.key,
      ),
    };
  });

  app.get<Ask>('/api/programmes/:key/session', async (request) => {
    const { unit } = memberOfUnit(kernel, request);
    const open = await programmeOf(kernel, request.params.key);
    const { programme, products } = open;
    const day = dayIn(request.query.day ?? todayOf(kernel), 'day');
    const village = (request.query.village ?? '').slice(0, LONGEST_TEXT);
    const hasDoses = givesDoses(open);
    const asked = { unit, programme: programme.key, day, village, withActs: !hasDoses };
    const found = await sessionRows(kernel.pool, asked);
    const rows = await tasksThroughEyes({ kernel, session: fhirSession(kernel, request), open, unit }, found);
    await noteAll(kernel, request, rows, `session ${programme.key} ${day}`);
    return { day, hasDoses, ...planSession(rows, products) };
  });
}

/** Whether a session of it is for doses alone: who follows everybody of an age by a schedule. */
const givesDoses = ({ programme }: Pick<OpenProgramme, 'programme'>) =>
  programme.enrolment.automatic && programme.series.length > 0;

function withForms(row: WorkRow, { programme }: OpenProgramme): WorkRow {
  const tasks = row.tasks.map((task) => {
    const form = programme.acts.find(({ key }) => task.key === `act:${key}`)?.form;
    return form ? { ...task, form } : task;
  });
  return { ...row, tasks };
}

function personRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<Ask>('/api/programmes/people/:patient', async (request) => {
    memberOfUnit(kernel, request);
    const programmes = await programmesOn(kernel, todayOf(kernel));
    const types = [...new Set(programmes.flatMap(({ asker }) => asker.types))];
    const person = await readPerson(kernel.gate.session(request), request.params.patient, types);
    const now = kernel.settings.now();
    const rows = programmes.map((one) => {
      const course = courseOf(
        one,
        one.asker.factsOf(person.patient, person.resources, now),
        dayOf(todayOf(kernel))!,
      );
      return {
        key: one.programme.key,
        title: one.programme.title,
        ...course.membership,
        tasks: course.tasks.length,
        silence: course.silence,
      };
    });
    return { rows };
  });

  app.get<Ask>('/api/programmes/:key/people/:patient', async (request) => {
    memberOfUnit(kernel, request);
    const open = await programmeOf(kernel, request.params.key);
    const { facts, name } = await factsOf(kernel, request, open);
    const { programme } = open;
    // The screen computes the standing itself, by the same function as the server.
    return { facts, programme, products: [...open.products.values()], name, day: todayOf(kernel) };
  });

  app.post<Ask>('/api/programmes/:key/people/:patient/enrol', async (request) => {
    const writing = writingOf(kernel, request);
    const open = await programmeOf(kernel, request.params.key);
    const { facts } = await factsOf(kernel, request, open);
    const { membership } = courseOf(open, facts, dayOf(writing.day)!);
    if (membership.state === 'enrolled')
      throw refusal(
        'patient',
        'Người này đang được theo dõi trong chương trình rồi.',
        'This person is followed in the programme already.',
      );
    if (membership.state === 'excluded')
      throw refusal(
        'patient',
        `Không ghi danh được: ${membership.reason}.`,
        `Cannot be enrolled: ${membership.reason}.`,
      );
    const episode = await enrol(writing, open.programme, request.params.patient);
    return { enrolment: episode.id };
  });

  app.post<Ask>('/api/programmes/:key/people/:patient/leave', async (request) => {
    const writing = writingOf(kernel, request);
    const open = await programmeOf(kernel, request.params.key);
    const { facts } = await factsOf(kernel, request, open);
    const { enrolment } = courseOf(open, facts, dayOf(writing.day)!).membership;
    if (!enrolment)
      throw refusal(
        'patient',
        'Người này không được ghi danh nên không có gì để kết thúc.',
        'There is no enrolment to end.',
      );
    await leave(writing, enrolment);
    return { enrolment };
  });

  app.post<Ask>('/api/programmes/:key/people/:patient/calls', async (request) => {
    const writing = writingOf(kernel, request);
    const { programme } = await programmeOf(kernel, request.params.key);
    const body = request.body ?? {};
    const result = RESULTS.find((one) => one === body.result);
    if (!result)
      throw refusal('result', 'Hãy chọn kết quả cuộc gọi.', `result is one of ${RESULTS.join(', ')}.`);
    const next = textOf(body, 'next');
    if (next !== '' && dayIn(next, 'next') <= writing.day)
      throw refusal('next', 'Ngày gọi lại phải sau hôm nay.', 'The next call must be after today.');
    if (result === 'later' && next === '')
      throw refusal(
        'next',
        'Hẹn lại thì ghi ngày gọi lại, để đến ngày đó danh sách nhắc.',
        'A call that ends with "later" needs the day of the next one.',
      );
    const about = textOf(body, 'about');
    if (about !== '' && ![...programme.acts, ...programme.series].some(({ key }) => key === about))
      throw refusal(
        'about',
        `Chương trình không có việc "${about}".`,
        `The programme has no act or series "${about}".`,
      );
    const task = await recordCall(writing, programme, request.params.patient, {
      result,
      next,
      about,
      note: textOf(body, 'note'),
    });
    return { call: task.id };
  });
}

function doseRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.post<Ask>('/api/programmes/:key/people/:patient/doses', async (request) => {
    const writing = writingOf(kernel, request);
    const open = await programmeOf(kernel, request.params.key);
    const dose = readDose(request.body ?? {}, open, writing.day);
    await refuseHeld(
      kernel,
      { unit: writing.actor.unit!, product: dose.product, lot: dose.lot },
      writing.day,
    );
    const { facts } = await factsOf(kernel, request, open);
    const course = courseOf(open, facts, dayOf(writing.day)!);
    const written = await recordDose(writing, course, request.params.patient, dose);
    return {
      dose: written.id,
      watchUntil: vietnamInstant(new Date(kernel.settings.now().getTime() + WATCH_MS)),
    };
  });

  app.post<Ask>('/api/programmes/doses/:dose/reactions', async (request) => {
    const writing = writingOf(kernel, request);
    const body = request.body ?? {};
    const text = textOf(body, 'text');
    if (text === '') throw refusal('text', 'Hãy ghi phản ứng thấy được.', 'Say what was seen.');
    const dose = await writing.session.read('Immunization', request.params.dose);
    const isSerious = body.isSerious === true;
    const onset = onsetOf(body, writing.day);
    const outcome = OUTCOMES.find((one) => one === (body.outcome ?? 'ongoing'));
    if (!outcome)
      throw refusal(
        'outcome',
        'Hãy chọn diễn biến của phản ứng.',
        `outcome is one of ${OUTCOMES.join(', ')}.`,
      );
    const event = await recordReaction(writing, dose, { text, isSerious, onset, outcome });
    return { reaction: event.id, held: isSerious ? await holdOf(kernel, dose, text, writing) : [] };
  });
}

/** http://terminology.hl7.org/CodeSystem/adverse-event-outcome */
const OUTCOMES = ['resolved', 'recovering', 'ongoing', 'resolvedWithSequelae', 'fatal', 'unknown'] as const;

/** When it began: an ISO day, today unless said. */
function onsetOf(body: Body, today: string): string {
  const onset = textOf(body, 'onset') || today;
  if (dayIn(onset, 'onset') <= today) return onset;
  throw refusal('onset', 'Ngày phản ứng bắt đầu không thể ở sau hôm nay.', 'The reaction began after today.');
}

/** After a severe reaction nothing more is given of the lot (Decree 165/2026 articles 50–52; Circular 34/2018). */
async function holdOf(
  kernel: Kernel,
  dose: Immunization,
  text: string,
  { actor, day }: Writing,
): Promise<string[]> {
  const given = givenOf(dose);
  if (given === null) return [];
  const by = { who: actor.name, now: kernel.settings.now() };
  return inTransaction(kernel.pool, async (client) => {
    for (const product of given.products) {
      const key = { unit: actor.unit!, product, lot: given.lot };
      if ((await findLot(client, key)) === null) continue;
      await holdLot(
        client,
        key,
        `Phản ứng nặng sau tiêm ngày ${day.split('-').reverse().join('/')}: ${text}`,
        by,
      );
      return [given.lot];
    }
    return [];
  });
}

/** A lot of the own stock that is on hold or expired is not given. */
async function refuseHeld(kernel: Kernel, { unit, product, lot }: LotKey, today: string): Promise<void> {
  const { rows } = await kernel.pool.query<{ lot: string; hold: string; expires: string }>(
    'select lot, hold, expires::text as expires from programmes.lot where unit = $1 and product = $2 and lot = $3',
    [unit, product, lot],
  );
  if (rows[0]) refuseUnusable(rows[0], today);
}

/** Watched at least so long after an injection (Circular 34/2018 article 7; Decision 1575/QĐ-BYT). */
const WATCH_MS = 30 * 60_000;

function readDose(body: Body, { products }: OpenProgramme, today: string) {
  const product = products.get(textOf(body, 'product'));
  if (!product) throw refusal('product', 'Hãy chọn vắc xin.', 'product is none of the catalogue.');
  const lot = textOf(body, 'lot');
  if (lot === '') throw refusal('lot', 'Hãy ghi số lô.', 'The lot number is missing.');
  const expires = dayIn(textOf(body, 'expires'), 'expires');
  if (expires < today)
    throw refusal(
      'expires',
      'Lô này đã hết hạn: không được tiêm. Hãy lấy lô khác.',
      'The lot is expired and must not be given.',
    );
  if (body.isFit !== true)
    throw refusal(
      'isFit',
      'Chưa khám sàng lọc hoặc chưa đủ điều kiện tiêm.',
      'A dose is given after screening found the person fit.',
    );
  const { temperature = null } = body;
  if (temperature !== null) checkTemperature(temperature);
  return {
    product: product.code,
    name: product.name,
    route: product.route,
    lot,
    expires,
    site: textOf(body, 'site'),
    isFit: true,
    temperature: temperature as number | null,
  };
}

function checkTemperature(value: unknown): void {
  const isNumber =
    typeof value === 'number' && value >= PLAUSIBLE_TEMPERATURE.from && value <= PLAUSIBLE_TEMPERATURE.to;
  if (!isNumber)
    throw refusal('temperature', 'Thân nhiệt không hợp lý.', 'temperature is a number of degrees Celsius.');
  if (value <= FIT_TEMPERATURE.above || value >= FIT_TEMPERATURE.below)
    throw refusal(
      'temperature',
      'Thân nhiệt từ 37,5 °C trở lên hoặc từ 35,5 °C trở xuống: hoãn tiêm.',
      'The dose is put off at 37.5 °C and above, or 35.5 °C and below.',
    );
}

async function factsOf(
  kernel: Kernel,
  request: FastifyRequest<Ask>,
  open: OpenProgramme,
): Promise<{ facts: Facts; name: string }> {
  const { patient, resources } = await readPerson(
    kernel.gate.session(request),
    request.params.patient,
    open.asker.types,
  );
  return {
    facts: open.asker.factsOf(patient, resources, kernel.settings.now()),
    name: patient.name?.[0]?.text ?? '',
  };
}

const fhirSession = (kernel: Kernel, request: FastifyRequest) => kernel.gate.session(request) as FhirSession;

function writingOf(kernel: Kernel, request: FastifyRequest): Writing {
  const actor = memberOfUnit(kernel, request);
  const now = kernel.settings.now();
  return { session: kernel.gate.session(request), actor, now: vietnamInstant(now), day: vietnamDay(now) };
}

function listOf(given: string | undefined): ListName {
  const found = LISTS.find((one) => one === (given ?? 'due'));
  if (found) return found;
  throw new Failure('invalid-parameter', 'Danh sách này không có. Hãy mở lại từ đầu.', {
    textEn: `list is one of ${LISTS.join(', ')}.`,
    expression: 'list',
  });
}

function pageOf(text = '0'): number {
  const page = Number(text);
  if (Number.isSafeInteger(page) && page >= 0 && page < 100_000) return page;
  throw new Failure('invalid-parameter', 'Số trang không hợp lệ. Hãy mở lại từ trang đầu.', {
    textEn: 'This page does not exist.',
    expression: 'cursor',
  });
}

/** Every person that is shown gets a line of the audit. */
async function noteAll(
  kernel: Kernel,
  request: FastifyRequest,
  rows: readonly { patient: string }[],
  what: string,
): Promise<void> {
  const session = kernel.gate.session(request);
  await Promise.all(
    [...new Set(rows.map(({ patient }) => patient))].map((patient) => session.note('read', what, patient)),
  );
}

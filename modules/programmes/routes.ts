/** Routes of the station, /api/programmes/…: lists by the unit of who asks, panels and writing through the record. */
import type { FastifyInstance } from 'fastify';
import {
  type CallResult,
  courseOf,
  coverageOn,
  dayOf,
  dayText,
  type OpenProgramme,
  programmesOn,
  readPerson,
} from '../../engines/programmes/index.ts';
import { requireCare } from '../../kernel/access/care-acts.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import {
  type Ask,
  dayIn,
  factsOf,
  fhirSession,
  LONGEST_TEXT,
  memberOfUnit,
  noteShown,
  pageOf,
  programmeOf,
  refusal,
  textOf,
  todayOf,
  writingOf,
} from './asking.ts';
import { campaignRoutes } from './campaign/routes.ts';
import { provinceRoutes } from './coverage/province.ts';
import { coverageRoutes } from './coverage/routes.ts';
import { doseRoutes } from './dose-routes.ts';
import { throughEyes } from './eyes.ts';
import { countsOf, LISTS, type ListName, villagesOf, type WorkRow, worklistOf } from './lists.ts';
import { mistakenRoutes } from './mistaken.ts';
import { notGivenRoutes } from './not-given.ts';
import { givesDoses, sessionRoutes } from './session-routes.ts';
import { watchRoutes } from './watch.ts';
import { enrol, leave, recordCall } from './write.ts';

const PAGE = 50;
const RESULTS: readonly CallResult[] = ['agreed', 'later', 'moved', 'died', 'unreachable', 'refused'];

export function stationRoutes(app: FastifyInstance, kernel: Kernel): void {
  listRoutes(app, kernel);
  personRoutes(app, kernel);
  doseRoutes(app, kernel);
  sessionRoutes(app, kernel);
  coverageRoutes(app, kernel);
  provinceRoutes(app, kernel);
  campaignRoutes(app, kernel);
  notGivenRoutes(app, kernel);
  mistakenRoutes(app, kernel);
  watchRoutes(app, kernel);
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
        campaign: programme.campaign && {
          from: dayText(programme.campaign.from),
          to: dayText(programme.campaign.to),
        },
        hasCoverage: coverageOn(kernel.content, programme, day) !== null,
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
    await noteShown(kernel, request, rows, `programme ${programme.key} ${list}`);
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
}

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
    // Who is not in the reader's care has doses that are not seen: nothing may be given on such a standing.
    const isWhole = await kernel.gate.session(request).cares(request.params.patient);
    return { facts, programme, products: [...open.products.values()], name, day: todayOf(kernel), isWhole };
  });

  app.post<Ask>('/api/programmes/:key/people/:patient/enrol', async (request) => {
    const writing = writingOf(kernel, request);
    const open = await programmeOf(kernel, request.params.key);
    const { facts } = await factsOf(kernel, request, open);
    await requireCare(kernel, writing.session, 'enrol', request.params.patient);
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

function listOf(given: string | undefined): ListName {
  const found = LISTS.find((one) => one === (given ?? 'due'));
  if (found) return found;
  throw new Failure('invalid-parameter', 'Danh sách này không có. Hãy mở lại từ đầu.', {
    textEn: `list is one of ${LISTS.join(', ')}.`,
    expression: 'list',
  });
}

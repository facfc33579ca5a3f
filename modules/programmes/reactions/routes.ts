/** Reactions after doses: written from the dose, listed with the serious ones first, reported within their hours. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { programmeCs } from '../../../engines/programmes/index.ts';
import type { Role } from '../../../kernel/access/contract.ts';
import type { AdverseEvent, Immunization, Patient, Resource, Task } from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { inTransaction } from '../../../kernel/store/index.ts';
import { findLot, holdLot } from '../../stock/index.ts';
import { type Ask, type Body, dayIn, memberOfUnit, READERS, refusal, textOf, writingOf } from '../asking.ts';
import { givenOf } from '../stock/follow.ts';
import { vaccinesOf } from '../stock/keeper.ts';
import type { Writing } from '../write.ts';
import { REPORT, recordReaction, reportBy } from './write.ts';

/** http://terminology.hl7.org/CodeSystem/adverse-event-outcome */
const OUTCOMES = ['resolved', 'recovering', 'ongoing', 'resolvedWithSequelae', 'fatal', 'unknown'] as const;
/** Shown at once of each kind; older ones are found in the record. */
const MOST = '200';

/** What is known of the dose: nobody types it again. */
export interface SuspectDose {
  vaccine: string;
  lot: string;
  expires: string | null;
  site: string;
  given: string;
}

export interface ReactionRow {
  id: string;
  patient: string;
  name: string;
  /** Vaccine and lot. */
  dose: string;
  text: string;
  onset: string;
  outcome: string;
  isSerious: boolean;
  /** The Task by which it is reported; null = it needs no report. */
  report: { id: string; until: string; isDone: boolean; note: string } | null;
}

export function reactionRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<Ask>('/api/programmes/doses/:dose', async (request): Promise<SuspectDose> => {
    memberOfUnit(kernel, request);
    const dose = await kernel.gate.session(request).read('Immunization', request.params.dose);
    return {
      vaccine: dose.vaccineCode.text ?? dose.vaccineCode.coding?.[0]?.display ?? '',
      lot: dose.lotNumber ?? '',
      expires: dose.expirationDate ?? null,
      site: dose.site?.text ?? dose.site?.coding?.[0]?.display ?? '',
      given: dose.occurrenceDateTime ?? '',
    };
  });

  app.post<Ask>('/api/programmes/doses/:dose/reactions', async (request) => {
    const writing = writingOf(kernel, request);
    const input = readReaction(request.body ?? {}, writing.day);
    const dose = await writing.session.read('Immunization', request.params.dose);
    const rows = kernel.content.inForce('vaccines/reaction-reports', writing.day);
    const until = reportBy(rows, input.isSerious, writing.now);
    const reaction = await recordReaction(writing, dose, input, until);
    const held = input.isSerious ? await holdOf(kernel, dose, input.text, writing) : [];
    if (input.isSerious) kernel.events.publish(`programmes/${writing.actor.unit}`, { reaction });
    return { reaction, held, reportBy: until };
  });

  app.get<Ask>('/api/programmes/reactions', (request) => listOf(kernel, request));

  app.post<Ask & { Params: { task: string } }>(
    '/api/programmes/reactions/:task/reported',
    async (request) => {
      const { session, now } = writingOf(kernel, request as FastifyRequest<Ask>);
      const note = textOf(request.body ?? {}, 'note');
      if (note === '')
        throw refusal(
          'note',
          'Hãy ghi đã báo cho ai, bằng cách nào.',
          'Say to whom it was reported, and how.',
        );
      const task = await session.read('Task', request.params.task);
      if (!isReport(task))
        throw refusal(
          'task',
          'Đây không phải việc báo cáo phản ứng.',
          'This Task is no report of a reaction.',
        );
      if (task.status === 'completed')
        throw refusal('task', 'Phản ứng này đã được báo cáo.', 'This reaction has been reported.');
      await session.update<Task>({
        ...task,
        status: 'completed',
        executionPeriod: { end: now },
        note: [...(task.note ?? []), { text: note, time: now }],
      });
      return { task: task.id };
    },
  );
}

const isReport = ({ code }: Task) =>
  (code?.coding ?? []).some(({ system, code: one }) => system === programmeCs.task && one === REPORT);

function readReaction(body: Body, today: string) {
  const text = textOf(body, 'text');
  if (text === '') throw refusal('text', 'Hãy ghi phản ứng thấy được.', 'Say what was seen.');
  const outcome = OUTCOMES.find((one) => one === (body.outcome ?? 'ongoing'));
  if (!outcome)
    throw refusal('outcome', 'Hãy chọn diễn biến của phản ứng.', `outcome is one of ${OUTCOMES.join(', ')}.`);
  return { text, isSerious: body.isSerious === true, onset: onsetOf(body, today), outcome };
}

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
    for (const item of given.items) {
      const key = { ...vaccinesOf(actor.unit!), item, lot: given.lot };
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

/** Reads the reactions of the province by its policy; persons who are not in its care stand there without their names. */
const DISEASE_CONTROL: Role = 'surveillance';

/** Serious ones first, and of those the ones that are not reported yet; then by day. */
async function listOf(kernel: Kernel, request: FastifyRequest<Ask>): Promise<{ rows: ReactionRow[] }> {
  const { unit } = kernel.gate.require(request, ...READERS, DISEASE_CONTROL);
  const session = kernel.gate.session(request);
  const of = (seriousness: string) =>
    session.search('AdverseEvent', [
      ['seriousness', seriousness],
      ['_sort', '-date'],
      ['_include', 'AdverseEvent:subject'],
      ['_count', MOST],
    ]);
  const [serious, others, reports] = await Promise.all([
    of('serious'),
    of('non-serious'),
    session.search('Task', [
      ['code', `${programmeCs.task}|${REPORT}`],
      ['owner', `Organization/${unit}`],
      ['_sort', '-authored-on'],
      ['_count', MOST],
    ]),
  ]);
  const names = new Map(
    ([...serious.included, ...others.included] as Resource[])
      .filter((one): one is Patient => one.resourceType === 'Patient')
      .map((one) => [one.id, one.name?.[0]?.text ?? '']),
  );
  const tasks = new Map(reports.matches.map((task) => [task.focus?.reference ?? '', task]));
  const rows = [...serious.matches, ...others.matches]
    .filter(isAfterDose)
    .map((event) => rowOf(event, names, tasks.get(`AdverseEvent/${event.id}`)));
  return { rows: rows.sort((a, b) => rank(a) - rank(b)) };
}

const rank = ({ isSerious, report }: ReactionRow) =>
  report !== null && !report.isDone ? 0 : isSerious ? 1 : 2;

const isAfterDose = ({ suspectEntity = [] }: AdverseEvent) =>
  suspectEntity.some(({ instance }) => instance.reference?.startsWith('Immunization/'));

function rowOf(
  event: AdverseEvent,
  names: ReadonlyMap<string | undefined, string>,
  task: Task | undefined,
): ReactionRow {
  const patient = event.subject.reference?.split('/')[1] ?? '';
  return {
    id: event.id ?? '',
    patient,
    name: names.get(patient) ?? '',
    dose: event.suspectEntity?.[0]?.instance.display ?? '',
    text: event.event?.text ?? event.event?.coding?.[0]?.display ?? '',
    onset: event.date ?? event.recordedDate ?? '',
    outcome: event.outcome?.coding?.[0]?.code ?? '',
    isSerious: event.seriousness?.coding?.[0]?.code === 'serious',
    report: task
      ? {
          id: task.id ?? '',
          until: task.restriction?.period?.end ?? '',
          isDone: task.status === 'completed',
          note: task.note?.at(-1)?.text ?? '',
        }
      : null,
  };
}

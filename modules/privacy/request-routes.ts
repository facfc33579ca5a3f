/** Requests under Law 91/2025: asked by citizens at `/api/citizen/requests`, worked on at `/api/privacy/requests`. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { auditLine } from '../../kernel/access/audit.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Task } from '../../kernel/fhir/types.ts';
import { vietnamDay, vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { type Context, personAsked } from './context.ts';
import { lineOf, RIGHT_SYSTEM, rightsOf, STEPS, type Step, stepped, taskOf } from './requests.ts';

type Query = { Querystring: Record<string, string | undefined> };

/** Pushed to the data protection officer with every request. */
export const REQUESTS_TOPIC = 'privacy-requests';
const PAGE = '50';
const LONGEST_TEXT = 2000;

export function requestRoutes(app: FastifyInstance, context: Context): void {
  citizenSide(app, context);
  officerSide(app, context);
}

function citizenSide(app: FastifyInstance, context: Context): void {
  const { kernel } = context;

  app.post('/api/citizen/requests', async (request) => {
    const body = (request.body ?? {}) as Record<string, unknown>;
    const { actor, patient, self } = await personAsked(context, request, body.patient);
    const right = rightsOf(context.inForce('access/rights')).find(({ code }) => code === body.right);
    if (!right) throw wrong('right', 'Hãy chọn một quyền trong danh sách.', 'right is not in the list.');
    const text = typeof body.text === 'string' ? body.text.trim().slice(0, LONGEST_TEXT) : '';
    const look = typeof body.look === 'string' ? { look: body.look.slice(0, 500) } : {};
    if (right.code === 'unknown-look' && !('look' in look))
      throw wrong('look', 'Thiếu lượt xem cần báo.', 'look is missing.');
    const at = vietnamInstant(kernel.settings.now());
    // The officer's list is the program's: what a citizen asks for cannot be changed by anyone's role but the officer's.
    const task = await kernel.gate
      .system('citizen-portal')
      .create(taskOf({ right, patient, by: self, at, text, ...look }));
    await kernel.store.audit([auditLine(actor, 'create', `Task/${task.id}`, patient)]);
    kernel.events.publish(REQUESTS_TOPIC, { id: task.id });
    return lineFor(context, task);
  });

  app.get<Query>('/api/citizen/requests', async (request) => {
    const { actor, patient } = await personAsked(context, request, request.query.patient);
    await kernel.store.audit([auditLine(actor, 'search', 'Task', patient)]);
    const { matches } = await kernel.gate.system('citizen-portal').search('Task', [
      ['patient', `Patient/${patient}`],
      ['code', `${RIGHT_SYSTEM}|`],
      ['_sort', '-authored-on'],
      ['_count', '200'],
    ]);
    const rights = rightsOf(context.inForce('access/rights'));
    return {
      rows: matches.map((task) => lineFor(context, task)),
      rights: rights.map(({ code, words, wordsEn, days }) => ({ code, vi: words, en: wordsEn, days })),
    };
  });
}

function officerSide(app: FastifyInstance, context: Context): void {
  const { kernel } = context;

  app.get<Query>('/api/privacy/requests', async (request) => {
    const actor = kernel.gate.require(request, 'privacy-officer');
    const { state, cursor } = request.query;
    const status = state === 'done' ? 'completed,rejected' : 'requested,accepted,on-hold';
    const params: [string, string][] = [
      ['code', `${RIGHT_SYSTEM}|`],
      ['status', status],
      ['_sort', state === 'done' ? '-authored-on' : 'authored-on'],
      ['_count', PAGE],
    ];
    const asked = cursor === undefined ? params : ([...new URLSearchParams(cursor)] as [string, string][]);
    if (
      cursor !== undefined &&
      !asked.some(([name, value]) => name === 'code' && value === `${RIGHT_SYSTEM}|`)
    )
      throw wrong('cursor', 'Dấu trang không hợp lệ.', 'The page mark is not valid.');
    const { matches, next } = await kernel.gate.system('privacy-board').search('Task', asked);
    const names = await context.namesOf(matches.flatMap((task) => task.for?.reference ?? []));
    const persons = new Set(matches.flatMap((task) => task.for?.reference?.replace(/^Patient\//, '') ?? []));
    await kernel.store.audit([...persons].map((patient) => auditLine(actor, 'search', 'Task', patient)));
    return {
      rows: matches.map((task) => ({
        ...lineFor(context, task),
        name: names.get(task.for?.reference ?? '') ?? '',
      })),
      ...(next === undefined ? {} : { next }),
    };
  });

  app.post<{ Params: { id: string } }>('/api/privacy/requests/:id', async (request: FastifyRequest) => {
    const actor = kernel.gate.require(request, 'privacy-officer');
    const { id } = request.params as { id: string };
    const { step, note } = (request.body ?? {}) as Record<string, unknown>;
    if (typeof step !== 'string' || !Object.hasOwn(STEPS, step))
      throw wrong('step', 'Bước xử lý không có.', `step is one of ${Object.keys(STEPS).join(', ')}.`);
    const written = typeof note === 'string' ? note.trim().slice(0, LONGEST_TEXT) : '';
    if (step !== 'accept' && written.length < 10)
      throw wrong(
        'note',
        'Hãy ghi nội dung trả lời (ít nhất 10 ký tự).',
        'Write the answer (at least 10 characters).',
      );
    const system = kernel.gate.system('privacy-board');
    const task: Task = await system.read('Task', id);
    if (!task.code?.coding?.some(({ system: of }) => of === RIGHT_SYSTEM)) throw notThere(id);
    if (task.status === 'completed' || task.status === 'rejected')
      throw new Failure('conflict', 'Yêu cầu này đã xử lý xong.', { textEn: 'The request is done already.' });
    const at = vietnamInstant(kernel.settings.now());
    const next = stepped(task, step as Step, written, actor.name, at);
    const done = await system.update<Task>(next, Number(task.meta?.versionId));
    const patient = task.for?.reference?.replace(/^Patient\//, '') ?? null;
    await kernel.store.audit([auditLine(actor, 'update', `Task/${id}`, patient)]);
    return lineFor(context, done);
  });
}

function lineFor(context: Context, task: Task) {
  const { content, settings } = context.kernel;
  const holidays = new Set(content.table('access/holidays').map((row) => row.day!));
  return lineOf(task, rightsOf(context.inForce('access/rights')), holidays, vietnamDay(settings.now()));
}

function notThere(id: string): Failure {
  return new Failure('not-found', `Không có yêu cầu ${id.slice(0, 64)}.`, {
    textEn: `No request ${id.slice(0, 64)}.`,
  });
}

function wrong(expression: string, text: string, textEn: string): Failure {
  return new Failure('invalid-parameter', text, { textEn, expression });
}

/** `$viewdefinition-run` and `$viewdefinition-export` over HTTP (SQL on FHIR v2). */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Content } from '../../../kernel/content/content.ts';
import { Failure } from '../../../kernel/failure.ts';
import { AtWork } from '../../../kernel/fhir/bulk/at-work.ts';
import type { ExportFiles } from '../../../kernel/fhir/bulk/export-files.ts';
import type { ExportResult } from '../../../kernel/fhir/bulk/manifest.ts';
import { takeForLater } from '../../../kernel/fhir/http/async.ts';
import { bodyOf, JSON_TYPES, param, queryOf, requireMediaType } from '../../../kernel/fhir/http/request.ts';
import type { Jobs } from '../../../kernel/fhir/jobs/jobs.ts';
import { readJson } from '../../../kernel/fhir/json/read.ts';
import type { FhirGate } from '../../../kernel/fhir/record.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { Store } from '../../../kernel/store/contract.ts';
import { compileView } from '../compile.ts';
import type { ViewDefinition } from '../view-table.ts';
import { type Given, givenOf, oneView, readViewAsk, type ViewAsk } from './ask.ts';
import { exportViews, type NamedView, namedViews } from './export.ts';
import { type RowText, rowText } from './formats.ts';
import { type Rows, rowsOf } from './rows.ts';
import { findView } from './stored.ts';

export interface ViewRoutes {
  gate: FhirGate;
  content: Content;
  store: Pick<Store, 'countOf'>;
  jobs: Jobs;
  files: ExportFiles;
  /**
   * Epoch milliseconds: nothing that was written then or before can still appear. What runs is waited for.
   * @param waiting told again and again meanwhile; what it throws ends the wait
   */
  settledUntil(waiting: () => Promise<void>): Promise<number>;
}

/** More resources than this are exported, not answered, unless a limit, persons or groups are given. */
const MOST = 1_000_000;

interface Parts extends ViewRoutes {
  atWork: AtWork;
}

/** Registers both below `/fhir`. ViewDefinition is no type of R4: its addresses name views of the content and Libraries. */
export function viewRoutes(app: FastifyInstance, given: ViewRoutes): void {
  const parts: Parts = { ...given, atWork: new AtWork() };
  app.addHook('onClose', () => parts.atWork.stop());
  const method: HTTPMethods[] = ['GET', 'POST'];
  const config = { otherFormats: true };
  const run = (request: FastifyRequest, reply: FastifyReply) => handleRun(parts, request, reply);
  for (const url of ['/$viewdefinition-run', '/ViewDefinition/$viewdefinition-run'])
    app.route({ method, url, config, handler: run });
  for (const type of ['ViewDefinition', 'Library']) {
    app.route({
      method,
      url: `/${type}/:id/$viewdefinition-run`,
      config,
      handler: (request, reply) => handleRun(parts, request, reply, `${type}/${param(request, 'id')}`),
    });
  }
  for (const url of ['/$viewdefinition-export', '/ViewDefinition/$viewdefinition-export'])
    app.post(url, (request, reply) => handleExport(parts, request, reply));
}

function givenBy(request: FastifyRequest): Given[] {
  const given: Given[] = queryOf(request).map(([name, value]) => ({ name, value }));
  if (request.method === 'POST' && bodyOf(request).length > 0) {
    requireMediaType(request, JSON_TYPES);
    given.push(...givenOf(readJson(bodyOf(request))));
  }
  return given;
}

async function handleRun(
  parts: ViewRoutes,
  request: FastifyRequest,
  reply: FastifyReply,
  reference?: string,
) {
  const ask = readViewAsk('run', givenBy(request), request.headers.accept);
  if (reference !== undefined) {
    if (ask.views.length > 0) throw oneView('viewReference');
    ask.views.push({ reference });
  }
  const [given, ...more] = ask.views;
  if (!given || more.length > 0) throw oneView('viewResource');
  const session = parts.gate.session(request);
  const view = await findView({ session, content: parts.content }, given);
  const { columns } = compileView(view);
  await refuseLarge(parts, session, view, ask);
  const pages = rowsOf(session, view, ask);
  // A failure before the first row still has its status.
  const first = await pages.next();
  // Parquet is refused where it is read.
  const text = rowText(ask.format as 'ndjson' | 'csv' | 'json', columns, ask.header);
  return reply
    .code(200)
    .header('Content-Type', text.type)
    .send(Readable.from(bytesOf(text, first.done ? null : first.value, pages), { objectMode: false }));
}

async function* bytesOf(
  text: RowText,
  first: Rows | null,
  rest: AsyncGenerator<Rows>,
): AsyncGenerator<Buffer> {
  let waiting = text.head + (first ? text.page(first.rows, true) : '');
  let some = first !== null && first.rows.length > 0;
  for await (const { rows } of rest) {
    if (waiting !== '') yield Buffer.from(waiting);
    waiting = text.page(rows, !some);
    some ||= rows.length > 0;
  }
  yield Buffer.from(waiting + text.tail);
}

async function refuseLarge(
  { store }: ViewRoutes,
  session: FhirSession,
  view: ViewDefinition,
  ask: ViewAsk,
): Promise<void> {
  const bounded =
    ask.resources || ask.limit !== undefined || ask.patients.length > 0 || ask.groups.length > 0;
  if (bounded || session.reach('search', view.resource) !== 'province') return;
  if ((await store.countOf([view.resource])) <= MOST) return;
  throw new Failure(
    'too-large',
    `Có hơn ${MOST} ${view.resource}: hãy dùng $viewdefinition-export, hoặc _limit.`,
    {
      textEn: `There are more than ${MOST} ${view.resource}: use $viewdefinition-export, or _limit.`,
    },
  );
}

async function handleExport(parts: Parts, request: FastifyRequest, reply: FastifyReply) {
  const ask = readViewAsk('export', givenBy(request));
  if (ask.views.length === 0) throw oneView('view');
  const session = parts.gate.session(request);
  const places = { session, content: parts.content };
  const found = await Promise.all(
    ask.views.map(async (given) => ({ name: given.name, view: await findView(places, given) })),
  );
  for (const { view } of found) {
    compileView(view);
    if (session.reach('search', view.resource) === 'none') throw mayNot(view.resource);
  }
  const views = namedViews(found);
  return takeForLater(
    parts,
    request,
    reply,
    async (job) => {
      const started = new Date();
      const writer = await parts.files.writer(job.id);
      try {
        const report = (progress: string) => {
          parts.atWork.check();
          return job.report(progress);
        };
        const until = await parts.atWork.run(async () => {
          const settled = await parts.settledUntil(() => report('settling'));
          await exportViews({ session, ask, writer, until: settled, report }, views);
          return settled;
        });
        return {
          status: 200,
          body: Buffer.from(JSON.stringify(resultOf(ask, views, writer.files, started, until))),
        };
      } catch (error) {
        await parts.files.remove(job.id);
        throw error;
      }
    },
    'export',
  );
}

function resultOf(
  ask: ViewAsk,
  views: readonly NamedView[],
  files: ExportResult['files'],
  started: Date,
  until: number,
): ExportResult {
  const ended = new Date();
  return {
    transactionTime: new Date(until).toISOString(),
    files,
    parameters: [
      ...(ask.tracking === undefined ? [] : [{ name: 'clientTrackingId', valueString: ask.tracking }]),
      { name: '_format', valueCode: ask.format },
      { name: 'exportStartTime', valueInstant: started.toISOString() },
      { name: 'exportEndTime', valueInstant: ended.toISOString() },
      { name: 'exportDuration', valueInteger: Math.round((ended.getTime() - started.getTime()) / 1000) },
    ],
    outputs: views.map(({ name }) => name),
  };
}

function mayNot(type: string): Failure {
  return new Failure('forbidden', `Bạn không được tìm ${type}.`, { textEn: `You may not search ${type}.` });
}

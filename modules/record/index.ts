/** The lifelong record: timeline and trends of a citizen, and the plain tables of the whole record. */
import { contentForm } from '../../engines/forms/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Encounter, Immunization, Observation, Resource } from '../../kernel/fhir/types.ts';
import type { Kernel, Module, RecordSession } from '../../kernel/kernel.ts';
import { relativesOf } from './relatives.ts';
import { PATIENT_SUMMARY, summaryRoutes } from './summary/operation.ts';
import { startTables } from './tables.ts';
import { timelineOf } from './timeline.ts';
import { trendsOf } from './trends.ts';

export { DIAGNOSED_BETWEEN } from './diagnoses.ts';
export { markInstant, type PageMark, readPageMark, writePageMark } from './page-mark.ts';
export { afterTables, beforeTables } from './tables.ts';

const PAGE = 20;
const TREND_OBSERVATIONS = 500;
const READERS = ['doctor', 'nurse', 'laboratory', 'station-head', 'reception'] as const;
const INSIDE_VISIT = ['Condition', 'Observation', 'ServiceRequest', 'MedicationRequest'];

export const record: Module = {
  name: 'record',
  operations: [PATIENT_SUMMARY],
  fhir: summaryRoutes,
  async start(kernel) {
    await startTables(kernel);
  },
  routes(app, kernel) {
    app.get<{ Params: { patient: string }; Querystring: { cursor?: string } }>(
      '/api/record/:patient/timeline',
      async (request) => {
        kernel.gate.require(request, ...READERS);
        return readTimeline(
          kernel,
          kernel.gate.session(request),
          request.params.patient,
          request.query.cursor,
        );
      },
    );

    app.get<{ Params: { patient: string } }>('/api/record/:patient/trends', async (request) => {
      kernel.gate.require(request, ...READERS);
      const session = kernel.gate.session(request);
      const query = params({
        patient: request.params.patient,
        _sort: '-date',
        _count: String(TREND_OBSERVATIONS),
      });
      const found = await session.search('Observation', query);
      return { trends: trendsOf(found.matches as Observation[]), complete: found.next === undefined };
    });

    app.get<{ Params: { patient: string } }>('/api/record/:patient/relatives', async (request) => {
      kernel.gate.require(request, ...READERS);
      return { rows: await relativesOf(kernel.gate.session(request), request.params.patient) };
    });

    app.get<{ Params: { type: string; id: string; version: string } }>(
      '/api/record/source/:type/:id/_history/:version',
      async (request) => {
        kernel.gate.require(request, ...READERS);
        const version = Number(request.params.version);
        if (!Number.isSafeInteger(version) || version < 1) {
          throw new Failure('invalid-parameter', 'Số phiên bản không hợp lệ.', {
            textEn: 'This is no version number.',
            expression: 'version',
          });
        }
        const type = request.params.type as Resource['resourceType'];
        const stored = await kernel.gate.session(request).readStored(type, request.params.id, version);
        return JSON.parse(stored.body.toString('utf8')) as Resource;
      },
    );
  },
};

const params = (pairs: Record<string, string>): [string, string][] => Object.entries(pairs);

/** A page of visits with what was written in them, and the doses given and forms filled in between the page's ends. */
async function readTimeline(
  kernel: Kernel,
  session: RecordSession,
  patient: string,
  next: string | undefined,
) {
  const first = params({ patient, _sort: '-date', _count: String(PAGE) });
  for (const type of INSIDE_VISIT) first.push(['_revinclude', `${type}:encounter`]);
  const visits = await session.search('Encounter', next ?? first);
  const oldest = (visits.matches as Encounter[]).at(-1)?.period?.start;
  const newest = next ? (visits.matches as Encounter[])[0]?.period?.start : undefined;
  const window = params({ patient, _sort: '-date', _count: '200' });
  // The last page has no lower end: everything older belongs to it.
  if (visits.next && oldest) window.push(['date', `ge${oldest}`]);
  if (newest) window.push(['date', `lt${newest}`]);
  const doses = await session.search('Immunization', window);
  const forms = await formsIn(session, window);
  const resources = [
    ...visits.matches,
    ...visits.included,
    ...(doses.matches as Immunization[]),
    ...forms,
  ] as Resource[];
  const [names, titles] = await Promise.all([
    unitNames(kernel, visits.matches as Encounter[]),
    formTitles(kernel, session, forms),
  ]);
  const rows = timelineOf(resources, names, titles);
  // What is hidden from a reader is not counted: that it exists would be told by it. Care is no secret.
  return { rows, cares: await session.cares(patient), ...(visits.next ? { next: visits.next } : {}) };
}

/** Forms filled in between the page's ends, with the Observations that came of them. */
async function formsIn(session: RecordSession, window: readonly [string, string][]): Promise<Resource[]> {
  if (session.reach('search', 'QuestionnaireResponse') === 'none') return [];
  const query = window.map(([name, value]): [string, string] => [
    name === 'date' ? 'authored' : name,
    name === '_sort' ? '-authored' : value,
  ]);
  query.push(['status', 'completed,amended'], ['_revinclude', 'Observation:derived-from']);
  const found = await session.search('QuestionnaireResponse', query);
  return [...found.matches, ...found.included] as Resource[];
}

/** What forms are called, by the address that a response names: of the content, else of the record. */
async function formTitles(
  { content }: Kernel,
  session: RecordSession,
  forms: readonly Resource[],
): Promise<Map<string, string>> {
  const named = forms.flatMap((one) =>
    one.resourceType === 'QuestionnaireResponse' && one.questionnaire ? [one.questionnaire] : [],
  );
  const titles = new Map<string, string>();
  const unknown: string[] = [];
  for (const canonical of new Set(named)) {
    const [url = '', version = ''] = canonical.split('|');
    const title = contentForm(content, url, version, '')?.title;
    if (title) titles.set(canonical, title);
    else unknown.push(canonical);
  }
  if (unknown.length === 0) return titles;
  const { matches } = await session.search('Questionnaire', [
    ['url', [...new Set(unknown.map((one) => one.split('|')[0]!))].join(',')],
    ['_count', '200'],
  ]);
  for (const { url, version, title } of matches) if (title) titles.set(`${url}|${version}`, title);
  return titles;
}

async function unitNames(kernel: Kernel, visits: Encounter[]): Promise<Map<string, string>> {
  const ids = [...new Set(visits.map((visit) => visit.serviceProvider?.reference?.split('/')[1] ?? ''))];
  const rows = await kernel.pool.query<{ id: string; name: string }>(
    'select resource_key as id, name from views.unit where resource_key = any($1)',
    [ids],
  );
  return new Map(rows.rows.map((row) => [row.id, row.name]));
}

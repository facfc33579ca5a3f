/** `$populate`: a response that begins with what the record knows, read in the name of who fills it. */
import type { RecordSession } from '../../kernel/access/contract.ts';
import { Failure, type Issue } from '../../kernel/failure.ts';
import { isResourceName } from '../../kernel/fhir/definitions/index.ts';
import { compilePath, Work } from '../../kernel/fhir/path/index.ts';
import type {
  Bundle,
  BundleEntry,
  Coding,
  Observation,
  Questionnaire,
  QuestionnaireResponse,
  Reference,
  Resource,
  ResourceType,
} from '../../kernel/fhir/types.ts';
import { EXT, type Extended, extensionsOf } from './extension.ts';
import { isOfOther } from './extract/subject.ts';
import { beginOf, linkPeriodOf } from './form/observed.ts';
import { openWith } from './form/open.ts';
import type { FormStart } from './form/types.ts';
import { withUnanswered } from './form/unanswered.ts';
import { type Plan, planForm } from './plan.ts';

export interface PopulateAsk {
  session: RecordSession;
  /** Resources by the name under which the form's expressions know them: `patient`, `encounter`, `user` … */
  context: Readonly<Record<string, Resource | readonly Resource[]>>;
  now: Date;
  /** Whom the response is about, where that is not `context.patient`. */
  subject?: Reference;
  /** False: only what is handed in is used, and nothing is read. */
  reads?: boolean;
  /** Questions without an answer stand in the response, too. */
  unanswered?: boolean;
}

export interface Populated {
  response: QuestionnaireResponse;
  /** What could not be found out, as warnings. */
  issues: readonly Issue[];
}

/** Searches of one form, and rounds of those that stand on the answers of others. */
const MOST_QUERIES = 50;
const ROUNDS = 5;
/** Resources that one search brings. */
const MOST_FOUND = 200;

/** What the client may not see fills nothing in: every read goes through its session. */
export async function populateForm(form: Questionnaire, ask: PopulateAsk): Promise<Populated> {
  const plan = planForm(form);
  const issues: Issue[] = [];
  const known = new Map<string, Resource | null>();
  const reads = ask.reads !== false;
  const observed = reads ? await observationsOf(plan, ask, issues) : [];
  const context = reads ? { ...(await queriedFirst(plan, ask, issues)), ...ask.context } : ask.context;
  const start: FormStart = {
    context,
    now: ask.now,
    found: (query) => (known.has(query) ? known.get(query)! : undefined),
    observation: (codes, since) => newest(observed, codes, since),
  };
  let form_ = openWith(plan, start);
  for (let round = 0; round < ROUNDS && reads; round++) {
    const wanted = form_.wanted().filter((query) => !known.has(query));
    if (wanted.length === 0) break;
    for (const query of wanted)
      known.set(query, known.size < MOST_QUERIES ? await answer(ask.session, query, issues) : null);
    form_ = openWith(plan, start);
  }
  for (const [rule, why] of form_.engine.failures)
    issues.push({
      severity: 'warning',
      code: 'processing',
      text: `${rule.place}: ${why}`,
      textEn: why,
      expression: rule.place,
    });
  const response = form_.response('in-progress');
  const item = ask.unanswered ? withUnanswered(form_.engine.root, form_.language) : (response.item ?? []);
  const about = ask.subject ? { subject: ask.subject } : {};
  return { response: { ...response, ...about, ...(item.length > 0 ? { item } : {}) }, issues };
}

/** `sourceQueries`: answers to the queries that a contained Bundle lists, by the name of that Bundle. */
async function queriedFirst(
  { questionnaire }: Plan,
  { session, context, now }: PopulateAsk,
  issues: Issue[],
): Promise<Record<string, Bundle>> {
  const found: Record<string, Bundle> = {};
  for (const { valueReference } of extensionsOf(questionnaire as Extended, EXT.sourceQueries)) {
    const name = valueReference?.reference?.replace(/^#/, '') ?? '';
    const batch = questionnaire.contained?.find(({ id }) => id === name);
    if (batch?.resourceType !== 'Bundle') continue;
    const entry: BundleEntry[] = [];
    for (const { request, fullUrl } of (batch.entry ?? []).slice(0, MOST_QUERIES)) {
      const query = filledQuery(request?.url ?? '', context, now, issues);
      const resource = query === null ? null : await answer(session, query, issues);
      entry.push({ ...(fullUrl ? { fullUrl } : {}), ...(resource ? { resource } : {}) });
    }
    found[name] = { resourceType: 'Bundle', type: 'batch-response', ...(entry.length > 0 ? { entry } : {}) };
  }
  return found;
}

/** The query with its gaps filled from what was handed in; null where one stays open: it would ask about everybody. */
function filledQuery(
  url: string,
  context: PopulateAsk['context'],
  now: Date,
  issues: Issue[],
): string | null {
  try {
    let isOpen = false;
    const filled = url.replace(/\{\{(.*?)\}\}/g, (_, text: string) => {
      const variables = new Map(Object.keys(context).map((name) => [name, null]));
      const path = compilePath(text.trim(), { type: null, constants: new Map(), variables });
      const variable = (name: string) => ([] as unknown[]).concat(context[name] ?? []);
      const values = path.step([], new Work(undefined, { now, variable })).map(String);
      isOpen ||= values.length === 0;
      return values.map(encodeURIComponent).join(',');
    });
    return isOpen ? null : filled;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    issues.push(...error.issues.map((one): Issue => ({ ...one, severity: 'warning' })));
    return null;
  }
}

const READ = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/;

/** `Type/id`, or `Type?criteria` as a searchset; null for what the client may not see. */
async function answer(session: RecordSession, query: string, issues: Issue[]): Promise<Resource | null> {
  try {
    const [, type, id] = READ.exec(query) ?? [];
    if (type !== undefined && isResourceName(type))
      return (await session.read(type as ResourceType, id!)) as Resource;
    const at = query.indexOf('?');
    const name = query.slice(0, at < 0 ? undefined : at);
    if (!isResourceName(name))
      throw new Failure('invalid-parameter', `"${query}" không phải một tìm kiếm.`, {
        textEn: `"${query}" is no search.`,
      });
    const params = [...new URLSearchParams(at < 0 ? '' : query.slice(at + 1).replaceAll('+', '%2B'))] as [
      string,
      string,
    ][];
    const counted = params.some(([one]) => one === '_count')
      ? params
      : [...params, ['_count', String(MOST_FOUND)] as [string, string]];
    const { matches, included, total, next } = await session.search(name as ResourceType, counted);
    const count = total ?? (next === undefined ? matches.length : undefined);
    return bundleOf([...matches, ...included] as Resource[], count);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    issues.push(...error.issues.map((one): Issue => ({ ...one, severity: 'warning' })));
    return null;
  }
}

/** @param total how many match; undefined when only the first of them were read */
function bundleOf(resources: readonly Resource[], total: number | undefined): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(total === undefined ? {} : { total }),
    ...(resources.length > 0 ? { entry: resources.map((resource) => ({ resource })) } : {}),
  };
}

/** Observations of the person by the codes of the form, newest first. */
async function observationsOf(
  plan: Plan,
  { session, context, now, subject }: PopulateAsk,
  issues: Issue[],
): Promise<Observation[]> {
  const person = subject?.reference ?? personOf(context.patient);
  if (person === null) return [];
  const asked = plan.questions.all.flatMap((question) => {
    const isAsked = question.item.code?.length && !isOfOther(question);
    const period = isAsked ? linkPeriodOf(question) : null;
    const since = period && beginOf(period, now);
    return since ? [{ since, codes: question.item.code! }] : [];
  });
  if (asked.length === 0) return [];
  const tokens = new Set(asked.flatMap(({ codes }) => codes.map(tokenOf)));
  const since = asked.map((one) => one.since).sort()[0]!;
  try {
    const { matches } = await session.search('Observation', [
      ['patient', person],
      ['combo-code', [...tokens].join(',')],
      ['date', `ge${since.slice(0, 10)}`],
      ['status', 'final,amended,corrected,preliminary'],
      ['_sort', '-date'],
      ['_count', '500'],
    ]);
    return matches;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    issues.push(...error.issues.map((one): Issue => ({ ...one, severity: 'warning' })));
    return [];
  }
}

function personOf(patient: Resource | readonly Resource[] | undefined): string | null {
  const one = Array.isArray(patient) ? patient[0] : (patient as Resource | undefined);
  return one?.resourceType === 'Patient' && one.id ? `Patient/${one.id}` : null;
}

const tokenOf = ({ system, code }: Coding) =>
  system === undefined ? (code ?? '') : `${system}|${code ?? ''}`;

const instantOf = (one: Observation) =>
  Date.parse(
    one.effectiveDateTime ??
      one.effectiveInstant ??
      one.effectivePeriod?.end ??
      one.effectivePeriod?.start ??
      one.issued ??
      '',
  ) || 0;

function newest(all: readonly Observation[], codes: readonly Coding[], since: string): Observation | null {
  const has = (one: { code?: { coding?: Coding[] } }) =>
    one.code?.coding?.some((own) =>
      codes.some((code) => code.code === own.code && (code.system ?? own.system) === own.system),
    ) === true;
  const from = Date.parse(since);
  const fitting = all.filter(
    (one) => instantOf(one) >= from && (has(one) || one.component?.some(has) === true),
  );
  return fitting.reduce<Observation | null>(
    (best, one) => (best && instantOf(best) >= instantOf(one) ? best : one),
    null,
  );
}

/** A form made ready to be filled in: which version, what it begins with, what was answered before. */
import { isOwnVisit, launchedBy } from '../../../engines/forms/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import type {
  Encounter,
  Questionnaire,
  QuestionnaireResponse,
  Resource,
} from '../../../kernel/fhir/types.ts';
import type { Actor, Kernel, RecordSession } from '../../../kernel/kernel.ts';
import { vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import { OF_UNIT, type OpenedForm } from '../contract.ts';
import { canonicalOf, type Definitions, splitCanonical } from '../definitions.ts';
import { type Draft, draftsFor } from '../drafts/draft.ts';
import { viewOf } from '../drafts/routes.ts';
import { aboutQuery, assertAbout, readUnit } from './about.ts';
import { visitOn } from './visit.ts';

export interface OpenAsk {
  key: string;
  /** Patient id, or `OF_UNIT`. */
  patient: string;
  /** '' = of no visit. */
  encounter: string;
  /** Response to amend; '' = a new one. */
  answer: string;
  /** Version that was begun in the browser; '' = the one in force. */
  version: string;
}

/** What the record gives a new response. */
export type Populate = (
  form: Questionnaire,
  about: { session: RecordSession; context: Record<string, Resource> },
) => Promise<QuestionnaireResponse>;

/** Fails with `not-found` for a form or a person that is not there, `forbidden` for a person who is closed to the actor. */
export async function openForFilling(
  kernel: Kernel,
  definitions: Definitions,
  populate: Populate,
  session: RecordSession,
  ask: OpenAsk,
): Promise<OpenedForm> {
  const about = await contextOf(session, ask);
  const amended = ask.answer === '' ? null : await session.read('QuestionnaireResponse', ask.answer);
  const { form, draft, newest } = await formFor(kernel, definitions, session.actor, ask, amended);
  assertAbout(form, ask.patient);
  const visit = await visitAsked(session, form, ask, amended, kernel.settings.now());
  const context = visit ? { ...about, encounter: visit } : about;
  const previous = await previousOf(session, ask, form, amended);
  return {
    form,
    canonical: canonicalOf(form),
    newer: newest && newest !== (form.version ?? '') ? newest : null,
    start: amended ?? (draft ? draft.body! : await populate(form, { session, context })),
    draft: draft ? viewOf(draft) : null,
    previous,
    context,
    answerVersion: amended ? Number(amended.meta?.versionId) : null,
  };
}

async function contextOf(session: RecordSession, ask: OpenAsk): Promise<Record<string, Resource>> {
  const { practitioner } = session.actor;
  const user =
    practitioner === null ? null : await session.read('Practitioner', practitioner).catch(() => null);
  const filler: Record<string, Resource> = user ? { user } : {};
  if (ask.patient === OF_UNIT) return { organization: await readUnit(session), ...filler };
  const patient = await session.read('Patient', ask.patient);
  const encounter: Encounter | null =
    ask.encounter === '' ? null : await session.read('Encounter', ask.encounter);
  if (encounter && encounter.subject?.reference !== `Patient/${ask.patient}`)
    throw new Failure('invalid-parameter', 'Lượt khám này không phải của người bệnh đã chọn.', {
      textEn: 'The encounter is not of this patient.',
      expression: 'encounter',
    });
  return { patient, ...(encounter ? { encounter } : {}), ...filler };
}

/**
 * The visit that the answers will belong to, for a form that knows of visits and was opened without one: they are judged with it
 * when they are stored (engines/forms/launched). None of a response that made its visit itself.
 */
async function visitAsked(
  session: RecordSession,
  form: Questionnaire,
  ask: OpenAsk,
  amended: QuestionnaireResponse | null,
  now: Date,
): Promise<Encounter | null> {
  if (ask.encounter !== '' || ask.patient === OF_UNIT || !launchedBy(form).has('encounter')) return null;
  const named = amended ? amended.encounter?.reference : await visitOn(session, ask.patient, vietnamDay(now));
  const [, id] = /^Encounter\/([^/]+)$/.exec(named ?? '') ?? [];
  const visit = id === undefined ? null : await session.read('Encounter', id).catch(nothing);
  return visit && amended && isOwnVisit(visit, amended) ? null : visit;
}

function nothing(error: unknown): null {
  if (error instanceof Failure) return null;
  throw error;
}

/** A draft goes on with the version it was begun with, a response with its own; otherwise the version in force. */
async function formFor(
  kernel: Kernel,
  definitions: Definitions,
  actor: Actor,
  ask: OpenAsk,
  amended: QuestionnaireResponse | null,
): Promise<{ form: Questionnaire; draft: Draft | null; newest: string | null }> {
  const inForce = await definitions.find(ask.key, vietnamDay(kernel.settings.now()));
  const url = amended?.questionnaire ? splitCanonical(amended.questionnaire)[0] : (inForce?.url ?? '');
  const whose = { account: actor.id, patient: ask.patient, url, answer: ask.answer };
  const [draft = null] = url === '' ? [] : await draftsFor(kernel.pool, whose);
  const begun = draft?.form ?? amended?.questionnaire ?? (ask.version ? `${url}|${ask.version}` : null);
  const pinned = begun === null ? null : await definitions.pinned(begun);
  const form = pinned ?? (draft || amended ? null : (inForce?.form ?? null));
  if (!form) throw notThere(begun ?? ask.key);
  return { form, draft, newest: amended ? null : (inForce?.version ?? null) };
}

async function previousOf(
  session: RecordSession,
  ask: OpenAsk,
  form: Questionnaire,
  amended: QuestionnaireResponse | null,
): Promise<QuestionnaireResponse | null> {
  const { matches } = await session.search('QuestionnaireResponse', [
    aboutQuery(session.actor, ask.patient),
    ['questionnaire', form.url ?? ''],
    ['status', 'completed,amended'],
    ['_sort', '-authored'],
    ['_count', '2'],
  ]);
  return matches.find(({ id }) => id !== amended?.id) ?? null;
}

export function notThere(what: string): Failure {
  return new Failure('not-found', `Không có biểu mẫu ${what.slice(0, 100)} đang có hiệu lực.`, {
    textEn: `No form ${what.slice(0, 100)} is in force.`,
  });
}

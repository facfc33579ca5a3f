/** Answered forms of a person: the list, one to read with its history, finishing and amending. */
import { Failure } from '../../../kernel/failure.ts';
import type { Questionnaire, QuestionnaireResponse } from '../../../kernel/fhir/types.ts';
import type { Actor, Kernel, RecordSession } from '../../../kernel/kernel.ts';
import { vietnamDay, vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import { type AnswerRow, type AnswerView, OF_UNIT } from '../contract.ts';
import { canonicalOf, type Definitions, splitCanonical } from '../definitions.ts';
import { removeDraft } from '../drafts/draft.ts';
import { aboutOf, aboutQuery, assertAbout, unitPart } from './about.ts';
import { peopleMadeBy } from './made.ts';
import { notThere } from './open.ts';
import { visitOn } from './visit.ts';

const PAGE = '50';
/** Versions of one response that are shown. */
const SHOWN_VERSIONS = 20;

/** The response and everything extracted from it, written in one transaction. */
export type Commit = (
  session: RecordSession,
  form: Questionnaire,
  response: QuestionnaireResponse,
  reason?: string,
) => Promise<QuestionnaireResponse>;

export interface FinishAsk {
  /** `url|version`. */
  form: string;
  patient: string;
  encounter: string;
  response: QuestionnaireResponse;
}

/** Fails with what the record refuses, each fault with its place in the response. */
export async function finish(
  kernel: Kernel,
  definitions: Definitions,
  commit: Commit,
  session: RecordSession,
  ask: FinishAsk,
): Promise<QuestionnaireResponse> {
  const form = await definitions.pinned(ask.form);
  if (!form) throw notThere(ask.form);
  assertAbout(form, ask.patient);
  const { id: _, meta: __, ...given } = ask.response;
  const now = kernel.settings.now();
  const written = await commit(session, form, {
    ...given,
    questionnaire: canonicalOf(form),
    status: 'completed',
    authored: vietnamInstant(now),
    ...(ask.patient === OF_UNIT ? await unitPart(session) : await personPart(session, ask, now)),
  });
  await removeDraft(kernel.pool, {
    account: session.actor.id,
    patient: ask.patient,
    form: ask.form,
    answer: '',
  });
  return written;
}

async function personPart(
  session: RecordSession,
  ask: FinishAsk,
  now: Date,
): Promise<Pick<QuestionnaireResponse, 'subject' | 'encounter' | 'author'>> {
  const visit =
    ask.encounter === ''
      ? await visitOn(session, ask.patient, vietnamDay(now))
      : `Encounter/${ask.encounter}`;
  return {
    subject: { reference: `Patient/${ask.patient}` },
    ...(visit === null ? {} : { encounter: { reference: visit } }),
    ...authorOf(session.actor),
  };
}

/**
 * The next version of a finished response, status `amended`; who it is about and when it was first written stay.
 * @param seen version that the caller had open
 */
export async function amend(
  kernel: Kernel,
  definitions: Definitions,
  commit: Commit,
  session: RecordSession,
  ask: { id: string; seen: number; response: QuestionnaireResponse },
): Promise<QuestionnaireResponse> {
  const standing = await seenStanding(session, ask);
  const form = await definitions.pinned(standing.questionnaire ?? '');
  if (!form) throw notThere(standing.questionnaire ?? '');
  const written = await commit(session, form, {
    ...standing,
    status: 'amended',
    item: ask.response.item,
    authored: vietnamInstant(kernel.settings.now()),
    ...(await authorAgain(session, standing)),
  } as QuestionnaireResponse);
  const patient = aboutOf(standing);
  const form_ = standing.questionnaire ?? '';
  await removeDraft(kernel.pool, { account: session.actor.id, patient, form: form_, answer: ask.id });
  return written;
}

/** @throws Failure `version-conflict` when another has written since, `conflict` for one that is cancelled */
async function seenStanding(
  session: RecordSession,
  ask: { id: string; seen: number },
): Promise<QuestionnaireResponse> {
  const standing = await session.read('QuestionnaireResponse', ask.id);
  if (Number(standing.meta?.versionId) !== ask.seen)
    throw new Failure(
      'version-conflict',
      'Người khác vừa sửa phiếu này. Chưa ghi gì của bạn; hãy mở lại phiếu.',
      {
        textEn: 'Someone else has just amended this response. Nothing of yours was written.',
      },
    );
  if (standing.status === 'entered-in-error')
    throw new Failure('conflict', 'Phiếu này đã được huỷ vì ghi nhầm, không sửa được.', {
      textEn: 'The response was entered in error.',
    });
  return standing;
}

/** Ends a response that was entered in error: everything that came of it is taken back, its versions stay to be read. */
export async function cancel(
  kernel: Kernel,
  definitions: Definitions,
  commit: Commit,
  session: RecordSession,
  ask: { id: string; seen: number; reason: string },
): Promise<QuestionnaireResponse> {
  const standing = await seenStanding(session, ask);
  const form = await definitions.pinned(standing.questionnaire ?? '');
  if (!form) throw notThere(standing.questionnaire ?? '');
  const cancelled: QuestionnaireResponse = {
    ...standing,
    status: 'entered-in-error',
    authored: vietnamInstant(kernel.settings.now()),
    ...(await authorAgain(session, standing)),
  };
  return commit(session, form, cancelled, ask.reason);
}

/** Who writes the next version: of a form about the unit in the role there. */
const authorAgain = async (session: RecordSession, standing: QuestionnaireResponse) =>
  aboutOf(standing) === OF_UNIT ? await unitPart(session) : authorOf(session.actor);

function authorOf(actor: Actor): Pick<QuestionnaireResponse, 'author'> {
  return actor.practitioner === null
    ? {}
    : { author: { reference: `Practitioner/${actor.practitioner}`, display: actor.name } };
}

/** A page of what a person has answered, newest first. @param ask.q words of the form's title */
export async function answersOf(
  definitions: Definitions,
  session: RecordSession,
  ask: { patient: string; urls: readonly string[] | null; cursor: string },
): Promise<{ rows: AnswerRow[]; next?: string }> {
  if (ask.urls?.length === 0) return { rows: [] };
  const about = aboutQuery(session.actor, ask.patient);
  const asked: [string, string][] =
    ask.cursor === ''
      ? [
          about,
          ['status', 'completed,amended'],
          ...(ask.urls ? [['questionnaire', ask.urls.join(',')] as [string, string]] : []),
          ['_sort', '-authored'],
          ['_count', PAGE],
        ]
      : ([...new URLSearchParams(ask.cursor)] as [string, string][]);
  if (!asked.some(([name, value]) => name === about[0] && value === about[1]))
    throw new Failure('invalid-parameter', 'Dấu trang không hợp lệ. Hãy mở lại danh sách.', {
      textEn: 'The cursor is not of this list.',
      expression: 'cursor',
    });
  const { matches, next } = await session.search('QuestionnaireResponse', asked);
  const titles = new Map<string, string>();
  for (const canonical of new Set(matches.flatMap(({ questionnaire }) => questionnaire ?? [])))
    titles.set(canonical, (await definitions.pinned(canonical))?.title ?? splitCanonical(canonical)[0]);
  return {
    rows: matches.map((one) => ({
      id: one.id!,
      version: Number(one.meta?.versionId),
      form: one.questionnaire ?? '',
      title: titles.get(one.questionnaire ?? '') ?? '',
      status: one.status,
      at: one.authored ?? one.meta?.lastUpdated ?? '',
      author: one.author?.display ?? one.author?.reference ?? '',
      encounter: one.encounter?.reference?.replace('Encounter/', '') ?? null,
    })),
    ...(next === undefined ? {} : { next }),
  };
}

/** @param version an earlier one; null = the newest */
export async function showAnswer(
  definitions: Definitions,
  session: RecordSession,
  ask: { id: string; version: number | null },
): Promise<AnswerView> {
  const newest = await session.read('QuestionnaireResponse', ask.id);
  const last = Number(newest.meta?.versionId);
  const versions: QuestionnaireResponse[] = [newest];
  for (let at = last - 1; at > 0 && at > last - SHOWN_VERSIONS; at -= 1) {
    const { body } = await session.readStored('QuestionnaireResponse', ask.id, at);
    versions.push(JSON.parse(body.toString('utf8')) as QuestionnaireResponse);
  }
  const response = versions.find(({ meta }) => Number(meta?.versionId) === ask.version) ?? newest;
  const form = await definitions.pinned(response.questionnaire ?? '');
  if (!form) throw notThere(response.questionnaire ?? '');
  return {
    form,
    response,
    patient: aboutOf(response),
    history: versions.map((one) => ({
      version: Number(one.meta?.versionId),
      at: one.authored ?? one.meta?.lastUpdated ?? '',
      status: one.status,
      author: one.author?.display ?? '',
    })),
    mayAmend:
      session.reach('update', 'QuestionnaireResponse') !== 'none' && newest.status !== 'entered-in-error',
    people: newest.status === 'entered-in-error' ? [] : await peopleMadeBy(session, form, response),
  };
}

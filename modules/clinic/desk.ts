/** One person at work on one visit: what every act needs, and how each act reads, writes and answers. */
import { Failure } from '../../kernel/failure.ts';
import type { Terminology } from '../../kernel/fhir/terminology/index.ts';
import type { Bundle } from '../../kernel/fhir/types.ts';
import type { Kernel, RecordSession } from '../../kernel/kernel.ts';
import { vietnamDay, vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import type { Writer } from './consultation/bundle.ts';
import type { VisitView } from './contract.ts';
import { versionOf } from './text.ts';
import { visitView } from './visit/view.ts';
import { readAgain, readVisit, type Visit } from './visit/visit.ts';

export interface Desk {
  kernel: Kernel;
  terminology: Terminology;
  session: RecordSession;
  encounter: string;
}

export const today = (desk: Desk): string => vietnamDay(desk.kernel.settings.now());

export const now = (desk: Desk): string => vietnamInstant(desk.kernel.settings.now());

export function load(desk: Desk): Promise<Visit> {
  return readVisit(desk.session, desk.encounter, today(desk));
}

export function view(desk: Desk, visit: Visit): VisitView {
  return visitView(visit, {
    content: desk.kernel.content,
    terminology: desk.terminology,
    day: today(desk),
    practitioner: desk.session.actor.practitioner,
  });
}

/** Fails with `forbidden` for an account that belongs to no practitioner. */
export function writerOf(desk: Desk): Writer {
  const { actor } = desk.session;
  if (!actor.practitioner) {
    throw new Failure(
      'forbidden',
      'Tài khoản này chưa gắn với nhân viên y tế nên không ghi được hồ sơ khám.',
      {
        textEn: 'This account belongs to no practitioner.',
      },
    );
  }
  return {
    practitioner: { id: actor.practitioner, name: actor.name },
    now: now(desk),
    content: desk.kernel.content,
    terminology: desk.terminology,
  };
}

/** Fails with `version-conflict` when the visit is newer than what the caller saw; `details.current` is the visit now. */
export function requireVersion(desk: Desk, visit: Visit, seen: number): void {
  if (versionOf(visit.encounter) !== seen) throw conflict(view(desk, visit));
}

/**
 * Writes the Bundle and answers with the visit as it now stands: what the Bundle changed is read again. When someone else wrote in between, nothing is
 * written and the answer is the same conflict as of `requireVersion`.
 * @param isDone tells whether what stands now is this very act, sent twice at once: then it is answered, not refused
 */
export async function commit(
  desk: Desk,
  visit: Visit,
  bundle: Bundle,
  isDone: (now: Visit) => boolean = () => false,
): Promise<VisitView> {
  try {
    await desk.session.transaction(bundle);
  } catch (error) {
    if (!isVersionConflict(error)) throw error;
    const now = await load(desk);
    if (!isDone(now)) throw conflict(view(desk, now));
    return view(desk, now);
  }
  return view(desk, await readAgain(desk.session, visit, today(desk), typesIn(bundle)));
}

/** Types that a Bundle writes. */
function typesIn({ entry = [] }: Bundle): Set<string> {
  return new Set(entry.flatMap(({ request }) => request?.url?.split(/[/?]/, 1)[0] ?? []));
}

export function isVersionConflict(error: unknown): boolean {
  return error instanceof Failure && error.code === 'version-conflict';
}

function conflict(current: VisitView): Failure {
  return new Failure(
    'version-conflict',
    'Người khác vừa ghi vào lượt khám này. Chưa ghi gì của bạn; xem hai bản rồi chọn.',
    {
      textEn: 'Someone else has just written in this visit. Nothing of yours was written.',
      details: { current },
    },
  );
}

/** The acts on a person's allergies. Each reads what is known, decides, writes one transaction and answers what stands. */
import { Failure } from '../../../kernel/failure.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import type { AllergyIntolerance, Bundle, Patient } from '../../../kernel/fhir/types.ts';
import type { Kernel, RecordSession } from '../../../kernel/kernel.ts';
import { foldText } from '../../../kernel/text/fold.ts';
import { vietnamDay, vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import { saysNone, stands } from '../../people/index.ts';
import { type Draft, draftBundle } from '../bundle.ts';
import type { AllergiesView, AllergyInput, AllergyRow } from '../contract.ts';
import { versionOf } from '../text.ts';
import {
  allergiesView,
  allergyRow,
  changedAllergy,
  enteredInError,
  newAllergy,
  noAllergy,
  type Recording,
  refuted,
} from './allergy.ts';
import { readAllergy } from './input.ts';

/** One person at work on the allergies of another. */
export interface AllergyDesk {
  kernel: Kernel;
  session: RecordSession;
  patient: string;
}

interface KnownOf {
  patient: Patient;
  all: AllergyIntolerance[];
  standing: AllergyIntolerance[];
}

/** Fails with `not-found`, `forbidden`. */
export async function showAllergies(desk: AllergyDesk): Promise<AllergiesView> {
  return allergiesView(desk.patient, (await load(desk)).all);
}

/**
 * Records an allergy; the statement that there is none is refuted in the same transaction. The substance that already
 * stands is a `version-conflict` with that row in `details.current`, to be changed instead.
 */
export async function recordAllergy(desk: AllergyDesk, body: unknown): Promise<AllergiesView> {
  const known = await load(desk);
  const input = read(desk, known, body);
  const twin = twinOf(known, input);
  if (twin) throw alreadyThere(allergyRow(twin));
  const draft = draftBundle();
  draft.create(newAllergy(input, recordingOf(desk, known)), openTwin(desk, input));
  for (const none of known.standing.filter(saysNone)) draft.update(refuted(none));
  const answer = await commit(desk, draft.bundle(), null);
  if (!answer.entry?.[0]?.response?.status?.startsWith('201')) {
    const now = twinOf(await load(desk), input);
    if (now) throw alreadyThere(allergyRow(now));
  }
  return showAllergies(desk);
}

/** Writes over the version that the caller saw. */
export async function changeAllergy(
  desk: AllergyDesk,
  id: string,
  seen: number,
  body: unknown,
): Promise<AllergiesView> {
  recorderOf(desk);
  const known = await load(desk);
  const input = read(desk, known, body);
  const allergy = standingOf(known, id);
  requireSeen(allergy, seen);
  const twin = twinOf(known, input);
  if (twin && twin.id !== id) throw alreadyThere(allergyRow(twin));
  return write(desk, (draft) => draft.update(changedAllergy(allergy, input)), id);
}

/** Marks an allergy, or the statement that there is none, as entered in error; it is not deleted. */
export async function removeAllergy(desk: AllergyDesk, id: string, seen: number): Promise<AllergiesView> {
  recorderOf(desk);
  const allergy = standingOf(await load(desk), id);
  requireSeen(allergy, seen);
  return write(desk, (draft) => draft.update(enteredInError(allergy)), id);
}

/** Records that no allergy is known. Said before it changes nothing; while an allergy stands it is a `conflict`. */
export async function recordNone(desk: AllergyDesk): Promise<AllergiesView> {
  const known = await load(desk);
  const recording = recordingOf(desk, known);
  const view = allergiesView(desk.patient, known.all);
  if (view.state === 'none') return view;
  if (view.state === 'some') throw someStand(view);
  const draft = draftBundle();
  // Asked again inside the commit: an allergy that another program has just recorded keeps this one out.
  draft.create(noAllergy(recording), { patient: `Patient/${desk.patient}`, 'clinical-status': 'active' });
  try {
    await desk.session.transaction(draft.bundle());
  } catch (error) {
    if (!(error instanceof Failure && error.code === 'multiple-matches')) throw error;
  }
  const after = await showAllergies(desk);
  if (after.state === 'some') throw someStand(after);
  return after;
}

async function load(desk: AllergyDesk): Promise<KnownOf> {
  const [persons, all] = await desk.session.searchAbout(desk.patient, [['Patient'], ['AllergyIntolerance']]);
  const patient = persons[0] ?? (await desk.session.read('Patient', desk.patient));
  // A closed record is told to be closed whatever it holds: that something is hidden is itself hidden.
  if (all.length === 0 && !(await desk.session.cares(desk.patient))) throw withheld();
  return { patient, all, standing: all.filter(stands) };
}

function withheld(): Failure {
  return new Failure(
    'forbidden',
    'Dị ứng của người này đang đóng với bạn. Hãy tiếp đón họ tại đơn vị, hoặc mở hồ sơ vì lý do chuyên môn.',
    { textEn: 'The allergies of this person are closed to you: check them in, or open the record.' },
  );
}

function read(desk: AllergyDesk, known: KnownOf, body: unknown): AllergyInput {
  const { content, settings } = desk.kernel;
  return readAllergy(body, { content, day: vietnamDay(settings.now()), born: known.patient.birthDate });
}

/** Fails with `forbidden` for an account that belongs to no practitioner. */
function recorderOf(desk: AllergyDesk): Recording['by'] {
  const { actor } = desk.session;
  if (actor.practitioner) return { id: actor.practitioner, name: actor.name };
  throw new Failure('forbidden', 'Tài khoản này chưa gắn với nhân viên y tế nên không ghi được dị ứng.', {
    textEn: 'This account belongs to no practitioner.',
  });
}

function recordingOf(desk: AllergyDesk, { patient }: KnownOf): Recording {
  const security = patient.meta?.security ?? [];
  return {
    patient: desk.patient,
    label: security.length > 0 ? { meta: { security } } : {},
    by: recorderOf(desk),
    now: vietnamInstant(desk.kernel.settings.now()),
  };
}

async function write(desk: AllergyDesk, fill: (draft: Draft) => void, id: string): Promise<AllergiesView> {
  const draft = draftBundle();
  fill(draft);
  await commit(desk, draft.bundle(), id);
  return showAllergies(desk);
}

/** @param id the allergy that is written over; someone who wrote it in between is told like one who wrote before */
async function commit(desk: AllergyDesk, bundle: Bundle, id: string | null): Promise<Bundle> {
  try {
    return await desk.session.transaction(bundle);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'version-conflict' || id === null) throw error;
    throw conflict(standingOf(await load(desk), id));
  }
}

function twinOf(known: KnownOf, input: AllergyInput): AllergyIntolerance | undefined {
  return known.standing.find((one) => {
    const row = allergyRow(one).input;
    if (input.substance !== '' && row.substance !== '') return row.substance === input.substance;
    return !saysNone(one) && foldText(row.text) === foldText(input.text);
  });
}

/** Words cannot be asked for inside the commit; codes can. */
function openTwin(desk: AllergyDesk, input: AllergyInput): Record<string, string> | undefined {
  if (input.substance === '') return undefined;
  return {
    patient: `Patient/${desk.patient}`,
    'clinical-status': 'active',
    code: `${cs.ingredient}|${input.substance}`,
  };
}

/** Fails with `not-found` for an allergy that the person never had, `conflict` for one that no longer stands. */
function standingOf(known: KnownOf, id: string): AllergyIntolerance {
  const allergy = known.all.find((one) => one.id === id);
  if (allergy && stands(allergy)) return allergy;
  if (!allergy) {
    throw new Failure('not-found', 'Người bệnh này không có dị ứng đó.', {
      textEn: 'This person has no such allergy.',
    });
  }
  throw new Failure('conflict', 'Người khác vừa gỡ dòng dị ứng này. Chưa ghi gì của bạn; hãy xem lại.', {
    textEn: 'Someone else has just removed this allergy. Nothing of yours was written.',
    expression: 'AllergyIntolerance.verificationStatus',
  });
}

function requireSeen(allergy: AllergyIntolerance, seen: number): void {
  if (versionOf(allergy) !== seen) throw conflict(allergy);
}

function conflict(allergy: AllergyIntolerance): Failure {
  return new Failure(
    'version-conflict',
    'Người khác vừa sửa dị ứng này. Chưa ghi gì của bạn; xem hai bản rồi chọn.',
    {
      textEn: 'Someone else has just changed this allergy. Nothing of yours was written.',
      details: { current: allergyRow(allergy) },
    },
  );
}

function alreadyThere(current: AllergyRow): Failure {
  return new Failure(
    'version-conflict',
    `Hồ sơ đã ghi dị ứng ${current.input.text}. Chưa ghi gì của bạn; xem hai bản rồi chọn.`,
    {
      textEn: `An allergy to ${current.input.text} is already recorded. Nothing of yours was written.`,
      expression: 'text',
      details: { current },
    },
  );
}

function someStand(view: AllergiesView): Failure {
  const names = view.rows.map((row) => row.input.text).join(', ');
  return new Failure(
    'conflict',
    `Hồ sơ đang ghi dị ứng ${names}. Gỡ dòng ghi nhầm trước khi ghi "không dị ứng".`,
    { textEn: `Allergies are recorded: ${names}.`, details: { current: view } },
  );
}

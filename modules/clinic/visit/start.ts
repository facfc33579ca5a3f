/** Calling a patient in: the visit begins, and it is one doctor's. */
import { Failure } from '../../../kernel/failure.ts';
import type { Bundle, Encounter } from '../../../kernel/fhir/types.ts';
import { draftBundle } from '../bundle.ts';
import { startOfStatus } from '../finish/finish.ts';
import { attendingOf, PARTICIPATION } from '../text.ts';
import type { Visit } from './visit.ts';

/** True when the visit is already this doctor's: starting again changes nothing. */
export function isAlreadyMine(visit: Visit, practitioner: string): boolean {
  return visit.encounter.status === 'in-progress' && attendingOf(visit.encounter)?.id === practitioner;
}

/**
 * Fails with `conflict` when another doctor sees the patient, unless a reason for taking over is given, and when the
 * visit is over.
 */
export function startBundle(
  visit: Visit,
  by: { id: string; name: string },
  now: string,
  takeOverReason: string,
): Bundle {
  const { encounter } = visit;
  const other = attendingOf(encounter);
  if (encounter.status === 'in-progress' && other && takeOverReason === '') {
    const since = startOfStatus(encounter)?.slice(11, 16) ?? '';
    throw new Failure(
      'conflict',
      `${other.name || 'Bác sĩ khác'} đang khám người bệnh này từ ${since}. Chọn người khác, hoặc ghi lý do để nhận thay.`,
      {
        textEn: `${other.name || 'Another doctor'} is already seeing this patient.`,
        details: { doctor: other },
      },
    );
  }
  if (!['arrived', 'triaged', 'in-progress', 'onleave'].includes(encounter.status ?? '')) {
    throw new Failure('conflict', 'Lượt khám đã kết thúc hoặc đã hủy nên không bắt đầu được.', {
      textEn: `The visit is ${encounter.status}.`,
    });
  }
  const draft = draftBundle();
  draft.update(startedEncounter(encounter, by, now));
  return draft.bundle();
}

function startedEncounter(encounter: Encounter, by: { id: string; name: string }, now: string): Encounter {
  const earlier = (encounter.participant ?? []).map((one) =>
    isAttending(one) && !one.period?.end ? { ...one, period: { ...one.period, end: now } } : one,
  );
  const attending = {
    type: [{ coding: [{ system: PARTICIPATION, code: 'ATND', display: 'attender' }] }],
    period: { start: now },
    individual: { reference: `Practitioner/${by.id}`, display: by.name },
  };
  if (encounter.status === 'in-progress') return { ...encounter, participant: [...earlier, attending] };
  return {
    ...encounter,
    status: 'in-progress',
    statusHistory: [
      ...(encounter.statusHistory ?? []),
      { status: encounter.status, period: { start: startOfStatus(encounter), end: now } },
    ],
    participant: [...earlier, attending],
  };
}

function isAttending(participant: NonNullable<Encounter['participant']>[number]): boolean {
  return participant.type?.some((type) => type.coding?.some((coding) => coding.code === 'ATND')) ?? false;
}

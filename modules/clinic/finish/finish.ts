/** The end of a visit: outcome, follow-up, charges and the insurer's share, all in one transaction. */
import { Failure } from '../../../kernel/failure.ts';
import { cs, ext } from '../../../kernel/fhir/systems.ts';
import type { Terminology } from '../../../kernel/fhir/terminology/index.ts';
import type { Appointment, Bundle, Encounter } from '../../../kernel/fhir/types.ts';
import { addDays, isDay } from '../../../kernel/text/vietnam-time.ts';
import type { Bill } from '../../billing/index.ts';
import { draftBundle } from '../bundle.ts';
import { diagnosesOf } from '../consultation/diagnoses.ts';
import type { FinishInput } from '../contract.ts';
import { readFields } from '../fields.ts';
import { objectOf } from '../http.ts';
import { extensionOf, nameOf, patientReference, withExtension } from '../text.ts';
import type { Visit } from '../visit/visit.ts';

const LONGEST_FOLLOW_UP_DAYS = 366;
/** KET_QUA_DTRI: death in the facility, death outside (Decision 3176/QĐ-BYT). */
const DEATHS = new Set(['5', '8']);

/** Fails with `business-rule`, one issue a field. */
export function readFinish(body: unknown, visit: Visit, terminology: Terminology, day: string): FinishInput {
  const given = objectOf(body);
  const fields = readFields();
  const input: FinishInput = {
    outcome: fields.text(given, 'outcome'),
    dischargeType: fields.text(given, 'dischargeType'),
    followUp: fields.text(given, 'followUp') || null,
    followUpReason: fields.text(given, 'followUpReason'),
  };
  if (terminology.validate(cs.outcome, input.outcome, day).result !== 'valid') {
    fields.fault('outcome', 'Chọn kết quả điều trị trong danh mục.', 'Choose the outcome from the list.');
  }
  if (terminology.validate(cs.dischargeType, input.dischargeType, day).result !== 'valid') {
    fields.fault(
      'dischargeType',
      'Chọn loại ra viện trong danh mục.',
      'Choose the kind of discharge from the list.',
    );
  }
  if (input.followUp !== null) checkFollowUp(input.followUp, day, fields.fault);
  if (input.followUp !== null && DEATHS.has(input.outcome)) {
    fields.fault(
      'followUp',
      'Kết quả là tử vong nên không có hẹn tái khám: bỏ ngày hẹn, hoặc chọn lại kết quả.',
      'There is no follow-up after death.',
    );
  }
  if (diagnosesOf(visit.encounter, visit.conditions).length === 0) {
    fields.fault('diagnoses', 'Ghi bệnh chính và lưu trước khi kết thúc.', 'State the main diagnosis first.');
  }
  const waiting = visit.orders.filter((order) => order.status === 'active');
  if (waiting.length > 0) {
    const names = waiting.map((order) => nameOf(order.code) || 'không tên').join(', ');
    fields.fault(
      'orders',
      `Còn chỉ định chưa có kết quả: ${names}. Nhập kết quả hoặc hủy chỉ định.`,
      `Orders without result: ${names}.`,
    );
  }
  fields.done();
  return input;
}

function checkFollowUp(
  followUp: string,
  day: string,
  fault: (field: string, vi: string, en: string) => void,
): void {
  if (!isDay(followUp)) fault('followUp', `Ngày "${followUp}" không có thật.`, `"${followUp}" is not a day.`);
  else if (followUp <= day)
    fault('followUp', 'Ngày hẹn phải sau hôm nay.', 'The follow-up must be after today.');
  else if (followUp > addDays(day, LONGEST_FOLLOW_UP_DAYS)) {
    fault('followUp', 'Ngày hẹn xa quá một năm. Xem lại năm.', 'The follow-up is more than a year away.');
  }
}

/** The Encounter as it stands when the visit is over. */
export function finishedEncounter(
  visit: Visit,
  input: FinishInput,
  now: string,
  terminology: Terminology,
): Encounter {
  const day = now.slice(0, 10);
  const { encounter } = visit;
  const named = (system: string, code: string) => ({
    system,
    code,
    display: terminology.lookup(system, code, day)?.display ?? '',
  });
  return {
    ...encounter,
    status: 'finished',
    statusHistory: [
      ...(encounter.statusHistory ?? []),
      { status: encounter.status, period: { start: startOfStatus(encounter), end: now } },
    ],
    period: { ...encounter.period, end: now },
    participant: encounter.participant?.map((one) =>
      one.period?.end ? one : { ...one, period: { ...one.period, end: now } },
    ),
    location: encounter.location?.map((one) =>
      one.status === 'active' ? { ...one, status: 'completed' as const } : one,
    ),
    extension: withExtension(encounter, { url: ext.outcome, valueCoding: named(cs.outcome, input.outcome) }),
    hospitalization: {
      ...encounter.hospitalization,
      dischargeDisposition: { coding: [named(cs.dischargeType, input.dischargeType)] },
    },
  };
}

/** When the present status began: the end of the last one, or the arrival. */
export function startOfStatus(encounter: Encounter): string | undefined {
  return encounter.statusHistory?.at(-1)?.period?.end ?? encounter.period?.start;
}

/** Bill and appointment stand beside the finished Encounter; a failure of one leaves the visit as it was. */
export function finishBundle(visit: Visit, finished: Encounter, input: FinishInput, bill: Bill): Bundle {
  const draft = draftBundle();
  draft.update(finished);
  if (input.followUp) draft.create(followUp(visit, input, input.followUp));
  for (const resource of bill.resources) draft.create(resource);
  return draft.bundle();
}

/** A day without an hour: the appointment stands at the opening of the station. */
function followUp(visit: Visit, input: FinishInput, day: string): Appointment {
  const main = diagnosesOf(visit.encounter, visit.conditions)[0];
  const room = visit.encounter.location?.[0]?.location;
  return {
    resourceType: 'Appointment',
    ...visit.label,
    status: 'booked',
    description: 'Tái khám',
    start: `${day}T07:30:00+07:00`,
    end: `${day}T08:00:00+07:00`,
    ...(input.followUpReason ? { comment: input.followUpReason } : {}),
    ...(main ? { reasonReference: [{ reference: `Condition/${main.id}` }] } : {}),
    participant: [
      { actor: patientReference(visit.encounter), status: 'accepted' },
      ...(room ? [{ actor: { reference: room.reference }, status: 'accepted' as const }] : []),
    ],
  };
}

/** True when the visit stands finished in just this way. */
export function isFinishedSo(
  { encounter }: Visit,
  input: Pick<FinishInput, 'outcome' | 'dischargeType'>,
): boolean {
  const outcome = extensionOf(encounter, ext.outcome)?.valueCoding?.code;
  const discharge = encounter.hospitalization?.dischargeDisposition?.coding?.[0]?.code;
  return encounter.status === 'finished' && outcome === input.outcome && discharge === input.dischargeType;
}

/** Fails with `conflict` unless this is the same act again. */
export function requireSameFinish(visit: Visit, input: Pick<FinishInput, 'outcome' | 'dischargeType'>): void {
  if (isFinishedSo(visit, input)) return;
  throw new Failure('conflict', 'Lượt khám đã kết thúc trước đó nên không sửa được nữa.', {
    textEn: 'The visit is already finished.',
  });
}

/** Everything the record knows that a check-in depends on, and what it decides: who is refused, which card, which category. */
import type { RecordSession } from '../../../kernel/access/contract.ts';
import type { Content } from '../../../kernel/content/content.ts';
import { Failure } from '../../../kernel/failure.ts';
import { cs, sid } from '../../../kernel/fhir/systems.ts';
import type { Coverage, Encounter, Location, Organization, Patient } from '../../../kernel/fhir/types.ts';
import type { Remark } from '../../../kernel/text/remark.ts';
import { firstDayOf, vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import {
  type CoverageFacts,
  cardRemarks,
  coverageFacts,
  coverageOf,
  coverageOn,
  defaultCategory,
  type Entitlement,
  entitlementOn,
  isSameCard,
  isValidOn,
} from '../../insurance/index.ts';
import { nameOf, openVisitOf } from '../../people/index.ts';
import { codeOf, dayOfVisit, idOf } from '../text.ts';
import type { CheckInRequest } from './check-in-request.ts';

export interface Arrival {
  patient: Patient;
  room: Location;
  unit: Organization;
  coverages: Coverage[];
  /** Visits of the person here that are not over, newest first. */
  openVisits: Encounter[];
}

/** The states of a visit that is not over. */
export const OPEN = 'planned,arrived,triaged,in-progress,onleave';

/** Fails with `not-found`, `gone`, `forbidden`, and `business-rule` when the room is not of the actor's unit. */
export async function readArrival(
  request: Pick<CheckInRequest, 'patient' | 'room'>,
  session: RecordSession,
): Promise<Arrival> {
  const [patient, room] = await Promise.all([
    session.read('Patient', request.patient),
    session.read('Location', request.room),
  ]);
  const unitId = idOf(room.managingOrganization);
  const { actor } = session;
  if (unitId === '' || (actor.unit !== null && actor.unit !== unitId)) throw otherUnit(room);
  const [unit, coverages, visits] = await Promise.all([
    session.read('Organization', unitId),
    session.search('Coverage', [
      ['beneficiary', `Patient/${request.patient}`],
      ['_count', '50'],
    ]),
    session.search('Encounter', [
      ['patient', `Patient/${request.patient}`],
      ['service-provider', `Organization/${unitId}`],
      ['status', OPEN],
      ['_count', '20'],
    ]),
  ]);
  return { patient, room, unit, coverages: coverages.matches, openVisits: visits.matches };
}

function otherUnit(room: Location): Failure {
  return new Failure(
    'business-rule',
    `Phòng ${room.name ?? room.id} không thuộc đơn vị của bạn: chọn phòng khác.`,
    {
      textEn: 'The room does not belong to your unit.',
      expression: 'room',
    },
  );
}

/** Code of the insurer's list, 5 characters; the Organization id when it has none. */
export function facilityCode(unit: Organization): string {
  return unit.identifier?.find((each) => each.system === sid.cskcb)?.value ?? unit.id ?? '';
}

export interface Decided {
  category: string;
  entitlement: Entitlement;
  /** What counts as the card: what was shown now, else the card on file; null without insurance. */
  card: CoverageFacts | null;
}

/**
 * Card and category of the visit with the entitlement that follows. Pure.
 * Fails with `business-rule` at `category` when the kind of facility has no usual category.
 */
export function decideEntitlement(
  request: CheckInRequest,
  arrival: Arrival,
  today: string,
  content: Content,
): Decided {
  const card = cardOf(request, arrival, today, content);
  const type = codeOf(arrival.unit.type?.[0], cs.facilityType);
  const category =
    request.category ?? defaultCategory(type, card !== null && isValidOn(card, today), today, content);
  if (category === null) {
    throw new Failure(
      'business-rule',
      'Chọn mã đối tượng đến khám (đúng tuyến, chuyển tuyến, tự đến, cấp cứu …).',
      {
        textEn: 'Choose the patient category.',
        expression: 'category',
      },
    );
  }
  const visit = {
    category,
    setting: 'outpatient',
    arrivedOn: today,
    insuredTotal: null,
    copaidThisYear: null,
  } as const;
  return { category, card, entitlement: entitlementOn(card, visit, today, content) };
}

function cardOf(
  request: Pick<CheckInRequest, 'coverage' | 'withoutInsurance'>,
  { patient, coverages }: Arrival,
  today: string,
  content: Content,
): CoverageFacts | null {
  if (request.withoutInsurance) return null;
  const said = request.coverage;
  if (said) {
    const previous = coverages.find((each) => isSameCard(said, each));
    return coverageFacts(coverageOf(said, patient.id ?? '', previous));
  }
  const onFile = coverageOn(coverages, today, content);
  return onFile ? coverageFacts(onFile) : null;
}

/** Fails with `business-rule` for a dead person or a record that was merged into another. */
export function refuseGone(patient: Patient): void {
  const name = nameOf(patient);
  if (patient.deceasedBoolean || patient.deceasedDateTime) {
    const day =
      patient.deceasedDateTime && firstDayOf(patient.deceasedDateTime).split('-').reverse().join('/');
    throw new Failure(
      'business-rule',
      `Hồ sơ ghi ${name} đã mất${day ? ` ngày ${day}` : ''}, không tiếp đón được. Xem lại có chọn đúng người không; nếu hồ sơ sai, báo trưởng trạm sửa.`,
      { textEn: 'The record says that this person has died.', expression: 'patient' },
    );
  }
  const replaced = patient.link?.find((each) => each.type === 'replaced-by');
  if (replaced) {
    throw new Failure('business-rule', `Hồ sơ này của ${name} đã gộp vào hồ sơ khác: dùng hồ sơ còn lại.`, {
      textEn: 'This record was merged into another.',
      expression: 'patient',
      details: { replacedBy: idOf(replaced.other) },
    });
  }
}

/** Today's open visits here. Those of other days are only remarked upon. */
export function todaysOpen(visits: Encounter[], today: string): Encounter[] {
  return visits.filter((visit) => (dayOfVisit(visit) || today) === today);
}

/** Fails with `conflict` (details: the visits) unless the desk has seen and confirmed each of them. */
export function refuseSecondVisit(open: Encounter[], confirmed: string[]): void {
  const unseen = open.filter((visit) => !confirmed.includes(visit.id ?? ''));
  if (unseen.length === 0) return;
  const [first] = unseen.map(openVisitOf);
  const named = [
    ...(first?.ticket ? [`số ${first.ticket}`] : []),
    ...(first?.start?.includes('T') ? [`lúc ${vietnamInstant(new Date(first.start)).slice(11, 16)}`] : []),
  ].join(', ');
  throw new Failure(
    'conflict',
    `Hôm nay người này đã có lượt khám chưa xong ở đây${named && ` (${named})`}. Chưa tạo lượt mới.`,
    {
      textEn: 'This person already has an open visit here today. Nothing was created.',
      expression: 'patient',
      details: { kind: 'open-visit', openVisits: unseen.map(openVisitOf) },
    },
  );
}

/** What the desk should look at: the card, visits that were never finished. */
export function remarksOf(
  arrival: Arrival,
  card: CoverageFacts | null,
  today: string,
  content: Content,
): Remark[] {
  return [
    ...(card ? cardRemarks(card, arrival.patient.birthDate, today, content) : []),
    ...oldVisitRemarks(arrival.openVisits, today),
  ];
}

/** Open visits of earlier days, as a remark for the desk. */
export function oldVisitRemarks(visits: Encounter[], today: string): Remark[] {
  return visits
    .filter((visit) => (dayOfVisit(visit) || today) < today)
    .map((visit) => {
      const day = dayOfVisit(visit).split('-').reverse().join('/');
      return {
        code: 'old-open-visit',
        vi: `Còn lượt khám ngày ${day} chưa kết thúc: nhắc bác sĩ kết thúc.`,
        en: `The visit of ${day} was never finished.`,
      };
    });
}

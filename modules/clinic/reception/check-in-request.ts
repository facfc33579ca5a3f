/** The request of a check-in, read and checked field by field. Pure. */
import type { Content } from '../../../kernel/content/content.ts';
import { type CoverageFacts, categoryOn } from '../../insurance/index.ts';
import { checkInsuranceNumber, readDate, showDate } from '../../people/index.ts';
import { type Fields, readFields } from '../fields.ts';

export type IdentifiedBy = 'qr-cccd' | 'qr-bhyt' | 'typed' | 'search';

export interface CheckInRequest {
  /** Patient id. */
  patient: string;
  /** Location id. */
  room: string;
  reason: string;
  urgent: boolean;
  identifiedBy: IdentifiedBy;
  /** MA_DOITUONG_KCB; null = the usual one of the facility. */
  category: string | null;
  /** MA_LOAI_KCB of `catalog/loai-kcb`. */
  visitType: string;
  /** What the card in hand says; null = use the card on file, or none. */
  coverage: CoverageFacts | null;
  /** True: the visit is not an insurance visit, whatever card is on file. */
  withoutInsurance: boolean;
  /** Ids of today's open visits here that the desk has seen and wants another one beside. */
  confirmedOpenVisits: string[];
}

const IDENTIFIED_BY: readonly string[] = ['qr-cccd', 'qr-bhyt', 'typed', 'search'];
const ID = /^[A-Za-z0-9.-]{1,64}$/;
const EXAMINATION = '01';

/**
 * @param body `{patient, room, reason, priority: EM|R, identifiedBy, category, visitType, coverage: {...}, withoutInsurance,
 *   confirmedOpenVisits}`; ids may be given as references
 * Fails with `business-rule` and every fault at its field.
 */
export function readCheckIn(body: Record<string, unknown>, today: string, content: Content): CheckInRequest {
  const fields = readFields();
  const request: CheckInRequest = {
    patient: readId(fields, body, 'patient', 'Chưa chọn người bệnh.'),
    room: readId(fields, body, 'room', 'Chưa chọn phòng khám.'),
    reason: readReason(fields, body),
    urgent: readUrgent(fields, body),
    identifiedBy: readIdentifiedBy(fields, body),
    category: readCategory(fields, body, today, content),
    visitType: readVisitType(fields, body, today, content),
    coverage: readCoverage(fields, body.coverage),
    withoutInsurance: body.withoutInsurance === true,
    confirmedOpenVisits: readIds(body.confirmedOpenVisits),
  };
  fields.done();
  return request;
}

function readId(fields: Fields, body: Record<string, unknown>, name: string, missing: string): string {
  const id = fields.text(body, name).split('/').at(-1) ?? '';
  if (!ID.test(id)) fields.fault(name, missing, `${name} is missing or is no id.`);
  return id;
}

const LONGEST_REASON = 500;

function readReason(fields: Fields, body: Record<string, unknown>): string {
  const reason = fields.text(body, 'reason').replace(/\s+/g, ' ');
  if (reason === '') fields.fault('reason', 'Chưa ghi lý do đến khám.', 'The reason for coming is missing.');
  if (reason.length > LONGEST_REASON) {
    fields.fault('reason', `Lý do quá dài: tối đa ${LONGEST_REASON} ký tự.`, 'The reason is too long.');
  }
  return reason;
}

function readUrgent(fields: Fields, body: Record<string, unknown>): boolean {
  const priority = fields.text(body, 'priority') || 'R';
  if (priority !== 'EM' && priority !== 'R') {
    fields.fault('priority', 'Mức ưu tiên phải là EM (cấp cứu) hoặc R (thường).', 'priority is EM or R.');
  }
  return priority === 'EM';
}

function readIdentifiedBy(fields: Fields, body: Record<string, unknown>): IdentifiedBy {
  const how = fields.text(body, 'identifiedBy') || 'search';
  if (!IDENTIFIED_BY.includes(how)) {
    fields.fault(
      'identifiedBy',
      'Cách nhận diện không hợp lệ.',
      `identifiedBy is one of ${IDENTIFIED_BY.join(', ')}.`,
    );
  }
  return how as IdentifiedBy;
}

function readCategory(
  fields: Fields,
  body: Record<string, unknown>,
  today: string,
  content: Content,
): string | null {
  const category = fields.text(body, 'category');
  if (category === '') return null;
  if (!categoryOn(category, today, content)) {
    fields.fault(
      'category',
      `Mã đối tượng ${category} không có trong danh mục ngày ${showDate(today)}: chọn mã khác.`,
      `Patient category ${category} is not in force.`,
    );
  }
  return category;
}

function readVisitType(
  fields: Fields,
  body: Record<string, unknown>,
  today: string,
  content: Content,
): string {
  const type = fields.text(body, 'visitType') || EXAMINATION;
  if (!content.inForce('catalog/loai-kcb', today).some((row) => row.code === type)) {
    fields.fault(
      'visitType',
      `Loại hình khám ${type} không có trong danh mục.`,
      `Visit type ${type} is not in force.`,
    );
  }
  return type;
}

function readCoverage(fields: Fields, value: unknown): CoverageFacts | null {
  if (typeof value !== 'object' || value === null) return null;
  const body = value as Record<string, unknown>;
  const number = checkInsuranceNumber(fields.text(body, 'cardNumber', 'coverage.cardNumber'));
  for (const error of number.errors) fields.fault('coverage.cardNumber', error.vi, error.en);
  const day = (name: string) => readDay(fields, body, name);
  const facts: CoverageFacts = {
    cardNumber: number.cardNumber ?? number.insuranceNumber,
    validFrom: day('validFrom'),
    validTo: day('validTo'),
    active: true,
    registeredFacility: readFacility(fields, body) ?? number.facility,
    fiveYearsOn: day('fiveYearsOn'),
    exemptFrom: day('exemptFrom'),
    livingArea: readArea(fields, body),
  };
  if (facts.validFrom && facts.validTo && facts.validFrom > facts.validTo) {
    fields.fault(
      'coverage.validTo',
      'Thẻ hết hạn trước ngày bắt đầu: xem lại.',
      'The card ends before it begins.',
    );
  }
  return facts;
}

function readDay(fields: Fields, body: Record<string, unknown>, name: string): string | null {
  const typed = fields.text(body, name, `coverage.${name}`);
  if (typed === '') return null;
  const date = readDate(typed);
  if (date?.length === 10) return date;
  fields.fault(
    `coverage.${name}`,
    `Không có ngày “${typed}”: nhập đủ ngày/tháng/năm.`,
    `${name} is no whole date.`,
  );
  return null;
}

function readFacility(fields: Fields, body: Record<string, unknown>): string | null {
  const code = fields.text(body, 'registeredFacility', 'coverage.registeredFacility').toUpperCase();
  if (code === '' || /^[0-9A-Z]{5}$/.test(code)) return code || null;
  fields.fault(
    'coverage.registeredFacility',
    'Mã nơi đăng ký khám gồm 5 ký tự.',
    'A facility code has 5 characters.',
  );
  return null;
}

/** K1–K3; digits that some cards carry are not stored, their meaning is not verified. */
function readArea(fields: Fields, body: Record<string, unknown>): string | null {
  const area = fields.text(body, 'livingArea', 'coverage.livingArea').toUpperCase();
  return /^K[123]$/.test(area) ? area : null;
}

function readIds(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

/** The audit in words: acts, records, purposes and outcomes as an administrator reads them. */
import type { AuditRow } from '../../../kernel/access/audit-reading.ts';
import { formatDate, t } from '../../../web/ui/index.ts';

export function outcomeText(outcome: AuditRow['outcome']): string {
  const words: Record<AuditRow['outcome'], string> = {
    ok: t('operations.audit.ok', 'Được'),
    refused: t('operations.audit.refused', 'Bị từ chối'),
    failed: t('operations.audit.failed', 'Không thành'),
  };
  return words[outcome];
}

/** An act without a word of its own stands as it was written. */
export function actionText(action: string): string {
  const words: Record<string, string> = {
    read: t('operations.audit.read', 'Xem'),
    search: t('operations.audit.search', 'Tìm'),
    create: t('operations.audit.create', 'Ghi mới'),
    update: t('operations.audit.update', 'Sửa'),
    delete: t('operations.audit.delete', 'Xoá'),
    print: t('operations.audit.print', 'In'),
    export: t('operations.audit.export', 'Xuất tệp'),
    password: t('operations.audit.password', 'Đổi mật khẩu'),
    'sign-in': t('operations.audit.sign-in', 'Đăng nhập'),
    'sign-out': t('operations.audit.sign-out', 'Đăng xuất'),
    'break-glass': t('operations.audit.break-glass', 'Mở hồ sơ đóng'),
    'not-duplicate': t('operations.audit.not-duplicate', 'Ghi là hai người khác nhau'),
  };
  return words[action] ?? action;
}

/** Codes of HL7 PurposeOfUse in words; a person's own reason stands as it was given. */
export function purposeText(why: string): string {
  const words: Record<string, string> = {
    TREAT: t('operations.audit.for-treatment', 'để khám, chữa bệnh'),
    HPAYMT: t('operations.audit.for-payment', 'để thanh toán BHYT'),
    PUBHLTH: t('operations.audit.for-public-health', 'để giám sát dịch bệnh'),
    HOPERAT: t('operations.audit.for-operations', 'để điều hành, quản trị'),
    demo: t('operations.audit.for-demo', 'dựng tỉnh mẫu'),
  };
  return words[why] ?? why;
}

/** What was touched, in words; an address that has none stands as it was written. */
export function whatText(what: string): string {
  for (const [form, words] of NAMED) {
    const found = form.exec(what);
    if (found) return words(...found.slice(1).map(dayFirst));
  }
  return recordText(what) ?? what;
}

/** `2026-11-22` as people write it, wherever it stands. */
function dayFirst(text = ''): string {
  return text.replace(/\d{4}-\d{2}-\d{2}/g, (day) => formatDate(day));
}

/** What the screens and papers of the house write (`session.note`). */
const NAMED: readonly [RegExp, (...parts: string[]) => string][] = [
  [/^session$/, () => t('operations.audit.session', 'Phiên làm việc')],
  [/^AuditEvent\b/, () => t('operations.audit.itself', 'Nhật ký truy cập')],
  [/^wall (.+)$/, (day = '') => t('operations.audit.wall', 'Tường điều hành ngày {day}', { day })],
  [
    /^visits behind the wall (.+?)\s*$/,
    (of = '') => t('operations.audit.drill', 'Lượt khám sau con số: {of}', { of }),
  ],
  [
    /^notifiable cases (\S+)\.\.(\S+)$/,
    (from = '', to = '') =>
      t('operations.audit.cases', 'Ca bệnh phải báo cáo từ {from} đến {to}', { from, to }),
  ],
  [
    /^people behind (.+)$/,
    (of = '') => t('operations.audit.people', 'Người sau con số của báo cáo: {of}', { of }),
  ],
  [/^numbers of (.+)$/, (of = '') => t('operations.audit.numbers', 'Số liệu của đơn vị {of}', { of })],
  [
    /^reports? from a (\S+) file$/,
    (kind = '') => t('operations.audit.report-file', 'Báo cáo từ tệp {kind}', { kind }),
  ],
  [/^reports (\S+)$/, (of = '') => t('operations.audit.reports', 'Danh sách báo cáo tháng {of}', { of })],
  [/^report (.+)$/, (of = '') => t('operations.audit.report', 'Báo cáo {of}', { of })],
  [/^reminder of reports (.+)$/, (of = '') => t('operations.audit.reminder', 'Nhắc báo cáo {of}', { of })],
  [/^indicator (.+)$/, (of = '') => t('operations.audit.indicator', 'Chỉ số {of}', { of })],
  [/^pivot (?:of )?(.+)$/, (of = '') => t('operations.audit.pivot', 'Bảng xoay {of}', { of })],
  [/^register (.+)$/, (of = '') => t('operations.audit.register', '{of}', { of })],
  [/^insurance file (.+)$/, (of = '') => t('operations.audit.claim', 'Hồ sơ BHYT {of}', { of })],
  [/^prescription (.+)$/, (of = '') => t('operations.audit.prescription', 'Đơn thuốc {of}', { of })],
  [/^statement of charges (.+)$/, (of = '') => t('operations.audit.charges', 'Bảng kê chi phí {of}', { of })],
  [/^ticket (.+)$/, (of = '') => t('operations.audit.ticket', 'Phiếu số {of}', { of })],
  [/^Patient: (.+)$/, (of = '') => t('operations.audit.person-search', 'Người có “{of}”', { of })],
  [/^Patient\/[^ :]+: /, () => t('operations.audit.whole', 'Hồ sơ của người bệnh')],
];

/** `Encounter/x và 7 bản ghi`, `Observation?code=…`: the type in words, and how many others with it. */
function recordText(what: string): string | null {
  const type = typeText(/^([A-Z][A-Za-z]+)(?=[/?]|$)/.exec(what)?.[1] ?? '');
  if (!type) return null;
  const others = Number(/ và (\d+) bản ghi$/.exec(what)?.[1] ?? 0);
  return others > 0 ? t('operations.audit.and-more', '{type} và {n} bản ghi', { type, n: others }) : type;
}

function typeText(type: string): string | undefined {
  const words: Record<string, string> = {
    Patient: t('operations.type.patient', 'Người bệnh'),
    Encounter: t('operations.type.encounter', 'Lượt khám'),
    Observation: t('operations.type.observation', 'Chỉ số, kết quả'),
    Condition: t('operations.type.condition', 'Chẩn đoán'),
    ServiceRequest: t('operations.type.order', 'Chỉ định'),
    DiagnosticReport: t('operations.type.report', 'Phiếu kết quả'),
    MedicationRequest: t('operations.type.medication', 'Đơn thuốc'),
    AllergyIntolerance: t('operations.type.allergy', 'Dị ứng'),
    Immunization: t('operations.type.immunization', 'Mũi tiêm'),
    Coverage: t('operations.type.coverage', 'Thẻ BHYT'),
    Claim: t('operations.type.claim', 'Bảng kê BHYT'),
    ChargeItem: t('operations.type.charge', 'Khoản chi phí'),
    Appointment: t('operations.type.appointment', 'Hẹn khám'),
    Group: t('operations.type.household', 'Hộ gia đình'),
    Organization: t('operations.type.unit', 'Đơn vị'),
    Location: t('operations.type.room', 'Phòng, địa điểm'),
    Practitioner: t('operations.type.staff', 'Nhân viên'),
    PractitionerRole: t('operations.type.role', 'Vai trò nhân viên'),
    Basic: t('operations.type.basic', 'Bản ghi hệ thống'),
  };
  return words[type];
}

import type { Role } from '../../../kernel/access/contract.ts';
import { t } from '../i18n/language.ts';

/** A role in words. */
export function roleName(role: Role): string {
  return namesOfRoles()[role] ?? role;
}

/** Roles that accounts of staff may have; citizens and machines come by other ways. */
export function staffRoles(): Role[] {
  const roles = Object.keys(namesOfRoles()) as Role[];
  return roles.filter((role) => role !== 'citizen' && role !== 'system-client');
}

/** A role without a name here does not compile. */
function namesOfRoles(): Record<Role, string> {
  return {
    reception: t('role.reception', 'Tiếp đón'),
    nurse: t('role.nurse', 'Điều dưỡng'),
    doctor: t('role.doctor', 'Bác sĩ'),
    laboratory: t('role.laboratory', 'Xét nghiệm'),
    cashier: t('role.cashier', 'Thu ngân'),
    'station-head': t('role.station-head', 'Trưởng trạm'),
    insurance: t('role.insurance', 'Giám định bảo hiểm'),
    surveillance: t('role.surveillance', 'Giám sát dịch'),
    'province-operator': t('role.province-operator', 'Điều hành tỉnh'),
    administrator: t('role.administrator', 'Quản trị'),
    'privacy-officer': t('role.privacy-officer', 'Phụ trách bảo vệ dữ liệu cá nhân'),
    'content-officer': t('role.content-officer', 'Soạn biểu mẫu và quy định'),
    citizen: t('role.citizen', 'Người dân'),
    'system-client': t('role.system-client', 'Hệ thống khác'),
  };
}

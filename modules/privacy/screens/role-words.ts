import { t } from '../../../web/ui/index.ts';

/** Roles as a citizen calls them. */
export function roleWords(roles: readonly string[]): string {
  const words: Record<string, string> = {
    reception: t('privacy.role.reception', 'Tiếp đón'),
    nurse: t('privacy.role.nurse', 'Điều dưỡng'),
    doctor: t('privacy.role.doctor', 'Bác sĩ'),
    laboratory: t('privacy.role.laboratory', 'Xét nghiệm'),
    cashier: t('privacy.role.cashier', 'Thu ngân'),
    'station-head': t('privacy.role.station-head', 'Trưởng trạm'),
    insurance: t('privacy.role.insurance', 'Giám định bảo hiểm'),
    surveillance: t('privacy.role.surveillance', 'Giám sát dịch bệnh'),
    administrator: t('privacy.role.administrator', 'Quản trị hệ thống'),
    'privacy-officer': t('privacy.role.privacy-officer', 'Người phụ trách bảo vệ dữ liệu'),
    'content-officer': t('privacy.role.content-officer', 'Người soạn biểu mẫu'),
    citizen: t('privacy.role.citizen', 'Người dân'),
  };
  return roles.flatMap((role) => words[role] ?? []).join(', ');
}

import { t } from '../../../web/ui/index.ts';

/** What a movement of the card is called. */
export function kindWord(kind: string): string {
  const words: Record<string, string> = {
    receipt: t('medicines.kind.receipt', 'Nhập'),
    issue: t('medicines.kind.issue', 'Xuất, trả'),
    waste: t('medicines.kind.waste', 'Hủy (vỡ, hỏng, hết hạn)'),
    count: t('medicines.kind.count', 'Kiểm kê'),
    dispense: t('medicines.kind.dispense', 'Cấp theo đơn'),
    'dispense-void': t('medicines.kind.dispense-void', 'Cấp ghi nhầm, trả lại kho'),
    hold: t('medicines.kind.hold', 'Giữ lô, không cấp'),
    release: t('medicines.kind.release', 'Cho cấp lại'),
  };
  return words[kind] ?? kind;
}

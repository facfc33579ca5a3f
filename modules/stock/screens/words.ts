import { t } from '../../../web/ui/index.ts';

/** What a movement is called. */
export function kindWord(kind: string): string {
  const words: Record<string, string> = {
    receipt: t('stock.kind.receipt', 'Nhập'),
    issue: t('stock.kind.issue', 'Xuất, trả'),
    waste: t('stock.kind.waste', 'Hủy (vỡ, hỏng, hết hạn, đông băng)'),
    count: t('stock.kind.count', 'Kiểm kê'),
    dose: t('stock.kind.dose', 'Tiêm'),
    'dose-void': t('stock.kind.dose-void', 'Mũi ghi nhầm, trả lại kho'),
    dispense: t('stock.kind.dispense', 'Cấp theo đơn'),
    'dispense-void': t('stock.kind.dispense-void', 'Cấp ghi nhầm, trả lại kho'),
    hold: t('stock.kind.hold', 'Giữ lô, không dùng'),
    release: t('stock.kind.release', 'Cho dùng lại'),
  };
  return words[kind] ?? kind;
}

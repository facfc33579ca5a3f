import { Badge, formatDate, Text, TwoLines, t } from '../../../web/ui/index.ts';
import type { LotRow } from '../shelves.ts';

/** Until when a lot is good, or why nothing is given of it. */
export function LotState({ lot }: { lot: Pick<LotRow, 'hold' | 'expires' | 'isExpired' | 'isSoon'> }) {
  if (lot.hold) return <TwoLines first={t('stock.held', 'đang giữ, không dùng')} second={lot.hold} />;
  if (lot.isExpired)
    return (
      <Badge tone="danger">{t('stock.expired', 'hết hạn {day}', { day: formatDate(lot.expires) })}</Badge>
    );
  return lot.isSoon ? (
    <Badge tone="look">{formatDate(lot.expires)}</Badge>
  ) : (
    <Text>{formatDate(lot.expires)}</Text>
  );
}

/** Whether a paid dose waits for its money, waits to be given, was given or cancelled. */
import { Badge, t } from '../../../web/ui/index.ts';
import type { PaidListRow } from '../paid/routes.ts';

export function PaidState({ row }: { row: Pick<PaidListRow, 'state' | 'billState'> }) {
  if (row.state === 'cancelled')
    return <Badge tone="neutral">{t('programmes.paid.state.cancelled', 'đã huỷ')}</Badge>;
  if (row.state === 'fulfilled')
    return <Badge tone="done">{t('programmes.paid.state.given', 'đã tiêm')}</Badge>;
  return row.billState === 'balanced' ? (
    <Badge tone="info">{t('programmes.paid.state.paid', 'đã thu tiền')}</Badge>
  ) : (
    <Badge tone="look">{t('programmes.paid.state.unpaid', 'chưa thu tiền')}</Badge>
  );
}

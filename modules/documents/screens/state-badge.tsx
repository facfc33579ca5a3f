import { Badge, t } from '../../../web/ui/index.ts';
import type { PaperRow } from '../issued.ts';

export function StateBadge({ row }: { row: Pick<PaperRow, 'state'> }) {
  switch (row.state) {
    case 'current':
      return <Badge tone="done">{t('documents.state.current', 'Còn hiệu lực')}</Badge>;
    case 'superseded':
      return <Badge>{t('documents.state.superseded', 'Đã thay thế')}</Badge>;
    case 'cancelled':
      return <Badge tone="danger">{t('documents.state.cancelled', 'Đã huỷ')}</Badge>;
  }
}

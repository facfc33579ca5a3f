/** What was given and the stock does not explain, with what is to be done about it. */
import { formatNumber, Notice, Row, Stack, Text, t } from '../../../web/ui/index.ts';
import type { Unexplained as Line } from '../shelves.ts';

export function Unexplained({ title, rows }: { title: string; rows: readonly (Line & { name: string })[] }) {
  if (rows.length === 0) return null;
  return (
    <Notice tone="look" title={title}>
      <Stack gap={4}>
        {rows.map((row) => (
          <Row key={`${row.item} ${row.lot} ${row.state}`} gap={8} wrap>
            <Text>{`${row.name}, ${t('stock.lot-of', 'lô {lot}', { lot: row.lot || '–' })}: ${formatNumber(row.amount)}`}</Text>
            <Text tone="soft">
              {row.state === 'short'
                ? t('stock.short', 'đã dùng khi kho ghi không đủ: kiểm kê lại')
                : t('stock.unknown', 'lô chưa nhập kho: nhập phiếu hoặc sửa số lô đã ghi')}
            </Text>
          </Row>
        ))}
      </Stack>
    </Notice>
  );
}

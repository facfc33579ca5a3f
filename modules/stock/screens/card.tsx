/** The card: what came and went, the newest first, with what was left after it. */
import {
  Empty,
  formatDateTime,
  formatNumber,
  Stack,
  Table,
  type TableColumn,
  TwoLines,
  t,
  useList,
} from '../../../web/ui/index.ts';
import type { MovementRow } from '../card.ts';
import { MoreRows } from './more-rows.tsx';
import { kindWord } from './words.ts';

interface Props {
  /** Where the card is read, with what it is of. */
  address: string;
  /** Key under which it is refreshed. */
  name: readonly string[];
  unit: string;
  /** Of one lot: its number stands over the card already. */
  ofLot?: boolean;
}

export function StockCard({ address, name, unit, ofLot = false }: Props) {
  const list = useList<MovementRow>([...name], address);
  return (
    <Stack gap={8}>
      <Table
        label={t('stock.card', 'Thẻ kho')}
        rows={list.rows}
        rowKey={(row) => row.id}
        empty={<Empty title={t('stock.card.none', 'Chưa có nhập xuất nào')}>{null}</Empty>}
        columns={columns(unit).filter(({ key }) => !(ofLot && key === 'lot'))}
      />
      <MoreRows list={list} />
    </Stack>
  );
}

const columns = (unit: string): TableColumn<MovementRow>[] => [
  { key: 'at', title: t('stock.at', 'Lúc'), narrow: 12, draw: (row) => formatDateTime(row.at) },
  {
    key: 'kind',
    title: t('stock.act', 'Việc'),
    narrow: 8,
    draw: (row) => (
      <TwoLines
        first={kindWord(row.kind)}
        second={[row.why, row.who.includes('/') ? '' : row.who].filter(Boolean).join(', ')}
      />
    ),
  },
  { key: 'lot', title: t('stock.lot', 'Số lô'), narrow: 4, draw: (row) => row.lot },
  {
    key: 'amount',
    title: t('stock.change', 'Nhập (+), xuất (−)'),
    align: 'right',
    narrow: 6,
    named: true,
    draw: (row) =>
      row.amount === 0 ? '' : `${row.amount > 0 ? '+' : '−'}${formatNumber(Math.abs(row.amount))}`,
  },
  {
    key: 'balance',
    title: t('stock.left', 'Còn lại'),
    align: 'right',
    narrow: 6,
    named: true,
    draw: (row) => `${formatNumber(row.balance)} ${unit}`,
  },
];

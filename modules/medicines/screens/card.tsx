/** One medicine: its lots with what can be done to them, who fetches it in the days to come, and its card of movements. */
import { useState } from 'react';
import {
  Badge,
  Button,
  ButtonLink,
  Dialog,
  Empty,
  formatDate,
  formatDateTime,
  formatNumber,
  Grid,
  KEYS,
  type ListRead,
  Loaded,
  NextPageFailed,
  navigate,
  Page,
  Panel,
  Row,
  refresh,
  type ScreenProps,
  Stack,
  StatTile,
  Table,
  Text,
  TwoLines,
  t,
  useKeys,
  useList,
  useMe,
  usePush,
  useQuery,
} from '../../../web/ui/index.ts';
import type { NeedRow } from '../routes.ts';
import type { MovementRow } from '../shelves.ts';
import type { StockRow } from '../stock-routes.ts';
import { LotForm } from './lot-form.tsx';
import { ReceiptForm } from './receipt-form.tsx';
import { kindWord } from './words.ts';

export default function CardScreen({ params }: ScreenProps) {
  const medicine = params.medicine ?? '';
  const me = useMe();
  const read = useQuery<StockRow>(
    ['medicines', 'one', medicine],
    `/api/medicines/stock/one?medicine=${encodeURIComponent(medicine)}`,
  );
  const [receiving, setReceiving] = useState(false);
  usePush(me.unit ? `medicines/${me.unit}` : null, () => refresh(['medicines']));
  useKeys([{ key: KEYS.next, label: t('medicines.receive', 'Nhập thuốc'), run: () => setReceiving(true) }]);
  const row = read.data;
  return (
    <Page
      title={row?.name ?? t('medicines.card', 'Thẻ kho')}
      acts={
        <Row gap={8}>
          <ButtonLink to="/kho-thuoc">{t('medicines.stock', 'Kho thuốc')}</ButtonLink>
          <Button kind="primary" onPress={() => setReceiving(true)}>
            {t('medicines.receive', 'Nhập thuốc')}
          </Button>
        </Row>
      }
    >
      <Loaded read={read}>
        {(found) => (
          <Stack gap={16}>
            <Tiles row={found} />
            <Lots row={found} />
            <People medicine={medicine} unit={found.unit} />
            <Card medicine={medicine} unit={found.unit} />
          </Stack>
        )}
      </Loaded>
      <Dialog
        title={t('medicines.receive', 'Nhập thuốc')}
        opened={receiving}
        onClose={() => setReceiving(false)}
        width={620}
      >
        {receiving && row && (
          <ReceiptForm
            scanned={{ medicine: row.medicine, name: row.name, unit: row.unit }}
            onDone={() => setReceiving(false)}
          />
        )}
      </Dialog>
    </Page>
  );
}

function Tiles({ row }: { row: StockRow }) {
  return (
    <Grid min={180}>
      <StatTile
        label={t('medicines.tile.usable', 'Cấp được ({unit})', { unit: row.unit })}
        value={formatNumber(row.usable)}
      />
      <StatTile
        label={t('medicines.tile.need', 'Sắp cần ({unit})', { unit: row.unit })}
        value={formatNumber(row.need.amount)}
        source={t('medicines.people', '{count} người', { count: formatNumber(row.need.people) })}
      />
      <StatTile
        label={t('medicines.tile.runs-out', 'Thiếu từ ngày')}
        value={row.need.runsOut ? formatDate(row.need.runsOut) : t('medicines.not-short', 'không thiếu')}
        {...(row.need.runsOut ? { tone: 'look' as const } : {})}
      />
    </Grid>
  );
}

function Lots({ row }: { row: StockRow }) {
  const [lot, setLot] = useState<StockRow['lots'][number] | null>(null);
  return (
    <Panel title={t('medicines.lots', 'Các lô, hạn gần trước')} flush>
      <Table
        label={t('medicines.lots', 'Các lô, hạn gần trước')}
        rows={row.lots}
        rowKey={(one) => one.lot}
        tone={(one) => (one.hold || one.isExpired ? 'look' : undefined)}
        empty={<Empty title={t('medicines.lots.none', 'Kho chưa nhập lô nào của thuốc này')}>{null}</Empty>}
        columns={[
          {
            key: 'lot',
            title: t('medicines.lot', 'Số lô'),
            narrow: 6,
            draw: (one) => <Text strong>{one.lot}</Text>,
          },
          {
            key: 'expires',
            title: t('medicines.expires', 'Hạn dùng'),
            narrow: 6,
            draw: (one) => <LotState lot={one} />,
          },
          {
            key: 'balance',
            title: t('medicines.col.balance', 'Trong kho'),
            align: 'right',
            narrow: 6,
            draw: (one) => `${formatNumber(one.balance)} ${row.unit}`,
          },
          {
            key: 'act',
            title: t('medicines.col.act', 'Việc'),
            narrow: 6,
            draw: (one) => (
              <Button small onPress={() => setLot(one)}>
                {t('medicines.open-lot', 'Mở lô')}
              </Button>
            ),
          },
        ]}
      />
      <Dialog
        title={lot ? `${row.name}, ${t('medicines.lot-of', 'lô {lot}', { lot: lot.lot })}` : ''}
        opened={lot !== null}
        onClose={() => setLot(null)}
        width={620}
      >
        {lot && <LotForm lot={lot} unit={row.unit} onDone={() => setLot(null)} />}
      </Dialog>
    </Panel>
  );
}

function LotState({ lot }: { lot: StockRow['lots'][number] }) {
  if (lot.hold) return <TwoLines first={t('medicines.held', 'đang giữ, không cấp')} second={lot.hold} />;
  if (lot.isExpired)
    return (
      <Badge tone="danger">{t('medicines.expired', 'hết hạn {day}', { day: formatDate(lot.expires) })}</Badge>
    );
  return lot.isSoon ? (
    <Badge tone="look">{formatDate(lot.expires)}</Badge>
  ) : (
    <Text>{formatDate(lot.expires)}</Text>
  );
}

function People({ medicine, unit }: { medicine: string; unit: string }) {
  const list = useList<NeedRow>(
    ['medicines', 'people', medicine],
    `/api/medicines/stock/people?medicine=${encodeURIComponent(medicine)}`,
  );
  return (
    <Panel title={t('medicines.who-needs', 'Người sẽ lĩnh')} flush>
      <Table
        label={t('medicines.who-needs', 'Người sẽ lĩnh')}
        rows={list.rows}
        rowKey={(row) => `${row.patient} ${row.day}`}
        empty={
          <Empty title={t('medicines.who-needs.none', 'Chưa có ai cần lĩnh thuốc này')}>
            {t('medicines.who-needs.hint', 'Tính từ đơn cuối của người đang được trạm theo dõi.')}
          </Empty>
        }
        columns={[
          {
            key: 'day',
            title: t('medicines.col.day', 'Ngày lĩnh'),
            narrow: 4,
            draw: (row) => formatDate(row.day),
          },
          {
            key: 'name',
            title: t('medicines.col.name', 'Họ tên'),
            narrow: 8,
            draw: (row) => row.fullName,
          },
          {
            key: 'amount',
            title: t('medicines.received-amount', 'Số lượng'),
            align: 'right',
            narrow: 4,
            draw: (row) => `${formatNumber(row.amount)} ${unit}`,
          },
          {
            key: 'act',
            title: t('medicines.col.act', 'Việc'),
            narrow: 8,
            draw: (row) => (
              <Button small onPress={() => navigate(`/cap-thuoc/${encodeURIComponent(row.patient)}`)}>
                {t('medicines.finish', 'Cấp thuốc')}
              </Button>
            ),
          },
        ]}
      />
      <More list={list} />
    </Panel>
  );
}

function Card({ medicine, unit }: { medicine: string; unit: string }) {
  const list = useList<MovementRow>(
    ['medicines', 'card', medicine],
    `/api/medicines/stock/card?medicine=${encodeURIComponent(medicine)}`,
  );
  return (
    <Panel title={t('medicines.card', 'Thẻ kho')} flush>
      <Table
        label={t('medicines.card', 'Thẻ kho')}
        rows={list.rows}
        rowKey={(row) => row.id}
        empty={<Empty title={t('medicines.card.none', 'Chưa có nhập xuất nào')}>{null}</Empty>}
        columns={[
          {
            key: 'at',
            title: t('medicines.col.at', 'Lúc'),
            narrow: 12,
            draw: (row) => formatDateTime(row.at),
          },
          {
            key: 'kind',
            title: t('medicines.col.act', 'Việc'),
            narrow: 8,
            draw: (row) => (
              <TwoLines
                first={kindWord(row.kind)}
                second={[row.why, row.who.includes('/') ? '' : row.who].filter(Boolean).join(', ')}
              />
            ),
          },
          { key: 'lot', title: t('medicines.lot', 'Số lô'), narrow: 4, draw: (row) => row.lot },
          {
            key: 'amount',
            title: t('medicines.col.change', 'Nhập (+), xuất (−)'),
            align: 'right',
            narrow: 6,
            named: true,
            draw: (row) =>
              row.amount === 0 ? '' : `${row.amount > 0 ? '+' : '−'}${formatNumber(Math.abs(row.amount))}`,
          },
          {
            key: 'balance',
            title: t('medicines.col.after', 'Còn lại'),
            align: 'right',
            narrow: 6,
            named: true,
            draw: (row) => `${formatNumber(row.balance)} ${unit}`,
          },
        ]}
      />
      <More list={list} />
    </Panel>
  );
}

function More({ list }: { list: ListRead<unknown> }) {
  if (list.nextFailed) return <NextPageFailed nextFailed={list.nextFailed} />;
  if (!list.more) return null;
  return (
    <Row gap={8}>
      <Button small onPress={list.more}>
        {t('medicines.more', 'Xem thêm')}
      </Button>
    </Row>
  );
}

/** One medicine: its lots with what can be done to them, who fetches it in the days to come, and its card of movements. */
import { useState } from 'react';
import {
  Button,
  ButtonLink,
  Dialog,
  Empty,
  formatDate,
  formatNumber,
  Grid,
  KEYS,
  Loaded,
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
  t,
  useKeys,
  useList,
  useMe,
  usePush,
  useQuery,
} from '../../../web/ui/index.ts';
import { LotForm, LotState, MoreRows, StockCard } from '../../stock/screens/door.ts';
import type { NeedRow } from '../routes.ts';
import type { StockRow } from '../stock-routes.ts';
import { ReceiptForm, STOCK } from './receipt-form.tsx';

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
            scanned={{ item: row.medicine, name: row.name, unit: row.unit }}
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
        {lot && (
          <LotForm
            stock={STOCK}
            lot={lot}
            unit={row.unit}
            onSaved={() => {
              void refresh(['medicines']);
              setLot(null);
            }}
          />
        )}
      </Dialog>
    </Panel>
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
      <MoreRows list={list} />
    </Panel>
  );
}

function Card({ medicine, unit }: { medicine: string; unit: string }) {
  return (
    <Panel title={t('medicines.card', 'Thẻ kho')} flush>
      <StockCard
        address={`${STOCK}/card?item=${encodeURIComponent(medicine)}`}
        name={['medicines', 'card', medicine]}
        unit={unit}
      />
    </Panel>
  );
}

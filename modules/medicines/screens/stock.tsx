/** Medicines of the station beside the need of those whom it follows: what runs out first stands first. */
import { useState } from 'react';
import {
  Badge,
  Button,
  ButtonLink,
  type Column,
  Dialog,
  Empty,
  FilterChips,
  formatDate,
  formatNumber,
  KEYS,
  ListPanel,
  navigate,
  Page,
  Row,
  refresh,
  SearchField,
  Stack,
  Text,
  TwoLines,
  t,
  useKeys,
  useList,
  useMe,
  usePush,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import { ScanPackage, Unexplained } from '../../stock/screens/door.ts';
import type { ScannedMedicine, StockPage, StockRow } from '../stock-routes.ts';
import { ReceiptForm, STOCK } from './receipt-form.tsx';

export default function MedicineStockScreen() {
  const me = useMe();
  const [shown, setShown] = useUrlState('loc', 'all');
  const [text, setText] = useState('');
  const [receiving, setReceiving] = useState<Partial<ScannedMedicine> | null>(null);
  const query = new URLSearchParams({ show: shown, ...(text ? { q: text } : {}) }).toString();
  const list = useList<StockRow>(['medicines', 'stock', query], `${STOCK}?${query}`);
  const about = useQuery<StockPage>(['medicines', 'stock', 'about'], STOCK);
  usePush(me.unit ? `medicines/${me.unit}` : null, () => refresh(['medicines']));
  useKeys([{ key: KEYS.next, label: t('medicines.receive', 'Nhập thuốc'), run: () => setReceiving({}) }]);
  const counts = about.data?.counts;
  return (
    <Page
      title={t('medicines.stock', 'Kho thuốc')}
      acts={
        <Row gap={8}>
          <ButtonLink to="/cap-thuoc">{t('medicines.title', 'Cấp thuốc')}</ButtonLink>
          <Button kind="primary" onPress={() => setReceiving({})}>
            {t('medicines.receive', 'Nhập thuốc')}
          </Button>
        </Row>
      }
      fill
    >
      <FilterChips
        label={t('medicines.lists', 'Danh sách')}
        chips={[
          {
            value: 'all',
            label: t('medicines.show.all', 'Tất cả'),
            ...(counts ? { count: counts.all } : {}),
          },
          {
            value: 'short',
            label: t('medicines.show.short', 'Sẽ thiếu'),
            ...(counts ? { count: counts.short } : {}),
          },
          {
            value: 'expiring',
            label: t('medicines.show.expiring', 'Sắp hết hạn'),
            ...(counts ? { count: counts.expiring } : {}),
          },
        ]}
        value={shown}
        onChange={setShown}
      />
      <Unexplained
        title={t('medicines.unexplained', 'Thuốc đã cấp chưa khớp với kho')}
        rows={about.data?.unexplained ?? []}
      />
      <ListPanel
        id="medicine-stock"
        label={t('medicines.stock', 'Kho thuốc')}
        list={list}
        columns={columns(about.data?.horizon ?? 0)}
        rowKey={(row) => row.medicine}
        rowHeight={56}
        tone={(row) => (row.need.runsOut ? 'look' : undefined)}
        onOpen={(row) => navigate(`/kho-thuoc/${encodeURIComponent(row.medicine)}`)}
        bar={
          <Row gap={12} align="end" wrap>
            <SearchField
              label={t('medicines.find', 'Tìm tên thuốc, số lô')}
              width="240px"
              value={text}
              onChange={setText}
            />
            <ScanPackage<ScannedMedicine>
              stock={STOCK}
              label={t('medicines.scan', 'Quét mã trên hộp để nhập')}
              onScan={setReceiving}
            />
          </Row>
        }
        empty={
          <Empty title={t('medicines.stock.empty', 'Không có thuốc nào trong danh sách này')}>
            {t(
              'medicines.stock.empty-hint',
              'Nhập thuốc (F8) hoặc quét mã trên hộp; từ đó mỗi lần cấp tự trừ vào lô của nó.',
            )}
          </Empty>
        }
      />
      <Dialog
        title={t('medicines.receive', 'Nhập thuốc')}
        opened={receiving !== null}
        onClose={() => setReceiving(null)}
        width={620}
      >
        {receiving && <ReceiptForm scanned={receiving} onDone={() => setReceiving(null)} />}
      </Dialog>
    </Page>
  );
}

/** @param horizon days that the need is told for */
function columns(horizon: number): Column<StockRow>[] {
  return [
    {
      key: 'name',
      title: t('medicines.col.medicine', 'Thuốc'),
      width: '2fr',
      draw: (row) => (
        <TwoLines first={row.name} second={[row.contains, row.form].filter(Boolean).join(' · ')} />
      ),
    },
    {
      key: 'usable',
      title: t('medicines.col.balance', 'Trong kho'),
      width: '1fr',
      named: true,
      draw: (row) => <Balance row={row} />,
    },
    {
      key: 'expires',
      title: t('medicines.col.first-expiry', 'Hạn gần nhất'),
      width: '1fr',
      named: true,
      draw: (row) => <FirstExpiry row={row} />,
    },
    {
      key: 'need',
      title: t('medicines.col.need', 'Cần {days} ngày tới', { days: String(horizon || '…') }),
      width: '1fr',
      named: true,
      draw: (row) =>
        row.need.amount === 0 ? (
          <Text tone="soft">–</Text>
        ) : (
          <TwoLines
            first={`${formatNumber(row.need.amount)} ${row.unit}`}
            second={t('medicines.people', '{count} người', { count: formatNumber(row.need.people) })}
          />
        ),
    },
    {
      key: 'runs-out',
      title: t('medicines.col.runs-out', 'Đủ đến'),
      width: '190px',
      named: true,
      draw: (row) =>
        row.need.runsOut ? (
          <Badge tone="look">
            {t('medicines.runs-out', 'thiếu từ {day}', { day: formatDate(row.need.runsOut) })}
          </Badge>
        ) : (
          <Text tone="soft">{row.need.amount > 0 ? t('medicines.enough', 'đủ') : '–'}</Text>
        ),
    },
  ];
}

function Balance({ row }: { row: StockRow }) {
  const blocked = row.balance - row.usable;
  return (
    <TwoLines
      first={`${formatNumber(row.usable)} ${row.unit}`}
      second={
        blocked > 0
          ? t('medicines.blocked', 'ngoài ra {amount} giữ hoặc hết hạn', { amount: formatNumber(blocked) })
          : ''
      }
    />
  );
}

function FirstExpiry({ row }: { row: StockRow }) {
  const lot = row.lots.find(({ balance }) => balance > 0);
  if (!lot) return <Text tone="soft">–</Text>;
  return (
    <Stack gap={0}>
      {lot.isExpired || lot.isSoon ? (
        <Badge tone={lot.isExpired ? 'danger' : 'look'}>
          {lot.isExpired
            ? t('medicines.expired', 'hết hạn {day}', { day: formatDate(lot.expires) })
            : formatDate(lot.expires)}
        </Badge>
      ) : (
        <Text>{formatDate(lot.expires)}</Text>
      )}
      <Text size={12} tone="soft">
        {t('medicines.lot-of', 'lô {lot}', { lot: lot.lot })}
      </Text>
    </Stack>
  );
}

/** Who waits for medicine at the counter, whose is used up soon, who has not come; Enter opens the hand-over. */
import { useState } from 'react';
import {
  Badge,
  ButtonLink,
  type Column,
  Empty,
  FilterChips,
  formatAge,
  formatDate,
  formatNumber,
  formatSex,
  ListPanel,
  navigate,
  Page,
  refresh,
  SearchField,
  Text,
  TwoLines,
  t,
  useList,
  useMe,
  usePush,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { PickUpList, PickUpRow } from '../pick-ups.ts';

export default function PickUpsScreen() {
  const me = useMe();
  const [chosen, setChosen] = useUrlState('loc', 'waiting');
  const [text, setText] = useState('');
  const query = new URLSearchParams({ list: chosen, ...(text ? { q: text } : {}) }).toString();
  const list = useList<PickUpRow>(['medicines', 'pick-ups', query], `/api/medicines/pick-ups?${query}`);
  const counted = useQuery<{ counts: Record<PickUpList, number> }>(
    ['medicines', 'pick-ups', 'counts'],
    '/api/medicines/pick-ups',
  );
  usePush(me.unit ? `medicines/${me.unit}` : null, () => refresh(['medicines']));
  const count = (one: PickUpList) => (counted.data ? { count: counted.data.counts[one] } : {});
  return (
    <Page
      title={t('medicines.title', 'Cấp thuốc')}
      acts={<ButtonLink to="/kho-thuoc">{t('medicines.stock', 'Kho thuốc')}</ButtonLink>}
      fill
    >
      <FilterChips
        label={t('medicines.lists', 'Danh sách')}
        chips={[
          { value: 'waiting', label: t('medicines.list.waiting', 'Đơn chờ cấp'), ...count('waiting') },
          { value: 'due', label: t('medicines.list.due', 'Đến hẹn lĩnh'), ...count('due') },
          { value: 'late', label: t('medicines.list.late', 'Trễ hẹn lĩnh'), ...count('late') },
        ]}
        value={chosen}
        onChange={setChosen}
      />
      <ListPanel
        id="medicine-pick-ups"
        label={t('medicines.title', 'Cấp thuốc')}
        list={list}
        columns={columns(chosen)}
        rowKey={(row) => `${row.patient} ${row.number} ${row.lines[0]?.request ?? ''}`}
        rowHeight={56}
        onOpen={(row) => navigate(`/cap-thuoc/${encodeURIComponent(row.patient)}`)}
        bar={
          <SearchField
            label={t('medicines.find-person', 'Tìm họ tên')}
            width="260px"
            value={text}
            onChange={setText}
          />
        }
        empty={
          <Empty title={t('medicines.nobody', 'Không có ai trong danh sách này')}>
            {t(
              'medicines.nobody.hint',
              'Danh sách lập từ đơn đã ký và những lần đã cấp. Hãy chọn danh sách khác ở trên.',
            )}
          </Empty>
        }
      />
    </Page>
  );
}

function columns(list: string): Column<PickUpRow>[] {
  return [
    {
      key: 'name',
      title: t('medicines.col.name', 'Họ tên'),
      width: '1.3fr',
      draw: (row) => (
        <TwoLines
          first={row.fullName}
          second={`${formatSex(row.gender ?? '')}, ${formatAge(row.birthDate)}`}
        />
      ),
    },
    {
      key: 'medicines',
      title: t('medicines.col.medicines', 'Thuốc'),
      width: '2.4fr',
      draw: (row) => <Medicines row={row} />,
    },
    {
      key: 'authored',
      title: t('medicines.col.prescription', 'Đơn'),
      width: '170px',
      draw: (row) => <TwoLines first={formatDate(row.authored)} second={row.number} />,
    },
    {
      key: 'next',
      title:
        list === 'waiting'
          ? t('medicines.col.state', 'Tình trạng')
          : t('medicines.col.used-up', 'Hết thuốc ngày'),
      width: '180px',
      draw: (row) =>
        list === 'waiting' ? (
          <Badge tone="info">{t('medicines.waits', 'chờ cấp lần đầu')}</Badge>
        ) : (
          <UsedUp row={row} />
        ),
    },
  ];
}

function Medicines({ row }: { row: PickUpRow }) {
  const words = row.lines.map(({ name }) => name).join(' · ');
  const amounts = row.lines
    .filter(({ amount }) => amount > 0)
    .map(({ amount, unit }) => `${formatNumber(amount)} ${unit}`)
    .join(' · ');
  return (
    <TwoLines
      first={words}
      title={words}
      second={amounts || t('medicines.new-prescription', 'đơn đã lĩnh hết: cần khám và kê đơn mới')}
    />
  );
}

function UsedUp({ row }: { row: PickUpRow }) {
  if (row.lateDays === 0) return <Text>{formatDate(row.next)}</Text>;
  return (
    <Badge tone="look">
      {t('medicines.late-days', '{day}, trễ {days} ngày', {
        day: formatDate(row.next),
        days: String(row.lateDays),
      })}
    </Badge>
  );
}

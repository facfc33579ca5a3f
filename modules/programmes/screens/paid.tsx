/** Doses that the patient pays for: who comes today and later, who has not paid, what was bought and has no time yet. */
import { useState } from 'react';
import {
  ButtonLink,
  type Column,
  Dialog,
  Empty,
  FilterChips,
  formatDateTime,
  formatMoney,
  ListPanel,
  navigate,
  Page,
  Row,
  refresh,
  SearchField,
  TwoLines,
  t,
  useKeys,
  useList,
  useMe,
  usePush,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { PaidListRow } from '../paid/routes.ts';
import { PaidDialog } from './paid-dialog.tsx';
import { PaidState } from './paid-state.tsx';
import { nameColumn } from './person-columns.tsx';

export default function PaidScreen() {
  const me = useMe();
  const [list, setList] = useUrlState('loc', 'today');
  const [text, setText] = useState('');
  const [opened, setOpened] = useState<PaidListRow | null>(null);
  const query = new URLSearchParams({ list, ...(text ? { q: text } : {}) }).toString();
  const read = useList<PaidListRow>(
    ['programmes', 'paid', query],
    `/api/programmes/paid/reservations?${query}`,
  );
  usePush(me.unit ? `programmes/${me.unit}` : null, () => refresh(['programmes', 'paid']));
  useKeys([
    {
      key: 'Alt+N',
      label: t('programmes.paid.new', 'Đặt lịch mới'),
      run: () => navigate('/tiem-dich-vu/dat-lich'),
    },
  ]);
  return (
    <Page
      title={t('programmes.paid', 'Tiêm dịch vụ')}
      acts={
        <Row gap={8} wrap>
          <ButtonLink to="/tiem-dich-vu/gia">{t('programmes.paid.prices', 'Bảng giá')}</ButtonLink>
          <ButtonLink kind="primary" to="/tiem-dich-vu/dat-lich">
            {t('programmes.paid.new', 'Đặt lịch mới')}
          </ButtonLink>
        </Row>
      }
      fill
    >
      <FilterChips
        label={t('programmes.lists', 'Danh sách')}
        chips={LISTS().map(([value, label]) => ({ value, label }))}
        value={list}
        onChange={setList}
      />
      <ListPanel
        id="paid-doses"
        label={t('programmes.paid', 'Tiêm dịch vụ')}
        list={read}
        columns={columns()}
        rowKey={(row) => `${row.bill} ${row.appointment} ${row.product}`}
        rowHeight={56}
        onOpen={setOpened}
        bar={
          <SearchField
            label={t('programmes.paid.find', 'Tìm họ tên, số phiếu')}
            width="260px"
            value={text}
            onChange={setText}
          />
        }
        empty={
          <Empty title={t('programmes.paid.none', 'Không có mũi tiêm dịch vụ nào trong danh sách này')}>
            {t(
              'programmes.paid.none-hint',
              'Đặt lịch giữ một liều trong kho vắc xin dịch vụ và một giờ tiêm; mũi tiêm ghi vào cùng sổ với tiêm chủng mở rộng.',
            )}
          </Empty>
        }
      />
      <Dialog
        title={opened ? `${opened.fullName}: ${opened.vaccine}` : ''}
        opened={opened !== null}
        onClose={() => setOpened(null)}
        width={640}
      >
        {opened && <PaidDialog row={opened} onDone={() => setOpened(null)} />}
      </Dialog>
    </Page>
  );
}

const LISTS = (): [string, string][] => [
  ['today', t('programmes.paid.today', 'Hôm nay')],
  ['coming', t('programmes.paid.coming', 'Sắp tới')],
  ['unpaid', t('programmes.paid.unpaid', 'Chưa thu tiền')],
  ['unused', t('programmes.paid.unused', 'Đã mua, chưa hẹn')],
  ['missed', t('programmes.paid.missed', 'Lỡ hẹn')],
  ['done', t('programmes.paid.done', 'Đã tiêm')],
  ['cancelled', t('programmes.paid.cancelled', 'Đã huỷ')],
];

function columns(): Column<PaidListRow>[] {
  return [
    nameColumn('1.4fr'),
    {
      key: 'vaccine',
      title: t('programmes.session.vaccine', 'Vắc xin'),
      width: '1.6fr',
      draw: (row) => <TwoLines first={row.vaccine} second={row.number} />,
    },
    {
      key: 'time',
      title: t('programmes.paid.time', 'Giờ hẹn'),
      width: '150px',
      named: true,
      draw: (row) => (row.starts ? formatDateTime(row.starts) : '–'),
    },
    {
      key: 'total',
      title: t('programmes.paid.total', 'Phiếu thu'),
      width: '130px',
      align: 'right',
      number: true,
      draw: (row) => formatMoney(row.total),
    },
    {
      key: 'state',
      title: t('programmes.col.state', 'Tình trạng'),
      width: '1.1fr',
      draw: (row) => <PaidState row={row} />,
    },
  ];
}

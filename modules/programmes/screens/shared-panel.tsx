/** Doses of a person that go to another register by themselves: what was taken, what waits, what somebody has to look at. */
import {
  Badge,
  formatDate,
  formatDateTime,
  Panel,
  Table,
  TwoLines,
  t,
  useQuery,
} from '../../../web/ui/index.ts';
import type { SharedRead } from '../link/routes.ts';

export function SharedPanel({ patient }: { patient: string }) {
  const read = useQuery<SharedRead>(
    ['programmes', 'shared', patient],
    `/api/programmes/link/people/${encodeURIComponent(patient)}/shared`,
  );
  const rows = read.data?.rows ?? [];
  if (rows.length === 0) return null;
  return (
    <Panel title={t('programmes.shared', 'Tự động gửi sang nơi khác')} flush>
      <Table
        label={t('programmes.shared', 'Tự động gửi sang nơi khác')}
        rows={rows}
        rowKey={(row) => row.dose}
        columns={[
          {
            key: 'vaccine',
            title: t('programmes.session.vaccine', 'Vắc xin'),
            draw: (row) => <TwoLines first={row.vaccine} second={formatDate(row.day.slice(0, 10))} />,
          },
          {
            key: 'state',
            title: t('programmes.col.state', 'Tình trạng'),
            draw: (row) => <TwoLines first={<State row={row} />} second={row.said} />,
          },
          {
            key: 'at',
            title: t('programmes.shared.at', 'Lúc'),
            narrow: 6,
            draw: (row) => formatDateTime(row.at),
          },
        ]}
      />
    </Panel>
  );
}

function State({ row: { state, tries } }: { row: SharedRead['rows'][number] }) {
  const n = String(tries);
  switch (state) {
    case 'sent':
      return <Badge tone="done">{t('programmes.shared.sent', 'nơi khác đã nhận')}</Badge>;
    case 'waiting':
      return tries === 0 ? (
        <Badge>{t('programmes.shared.waiting', 'đang chờ gửi')}</Badge>
      ) : (
        <Badge tone="look">{t('programmes.shared.again', 'chưa gửi được, đã thử {n} lần', { n })}</Badge>
      );
    case 'asks':
      return <Badge tone="danger">{t('programmes.shared.asks', 'cần người xem')}</Badge>;
    case 'given-up':
      return (
        <Badge tone="danger">{t('programmes.shared.given-up', 'không gửi được sau {n} lần', { n })}</Badge>
      );
    case 'withdrawn':
      return <Badge>{t('programmes.shared.withdrawn', 'không gửi: mũi đã huỷ')}</Badge>;
  }
}

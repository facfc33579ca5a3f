/** Today's list at the right: who came, their number, where they are. Pushed, not polled. */
import {
  AgeOfData,
  Badge,
  type Column,
  DataList,
  Empty,
  formatTime,
  navigate,
  Panel,
  refresh,
  Text,
  type Tone,
  t,
  useMe,
  usePush,
  useQuery,
} from '../../../../web/ui/index.ts';
import type { QueueRow } from '../../reception/queue.ts';

export function Arrivals() {
  const { unit } = useMe();
  const read = useQuery<{ rows: QueueRow[] }>(['arrivals', unit], '/api/clinic/queue');
  usePush(unit ? `clinic/arrivals/${unit}` : null, () => {
    void refresh(['arrivals', unit]);
    void refresh(['rooms']);
  });
  const rows = read.data?.rows ?? [];
  const waiting = rows.filter((row) => row.status === 'arrived' || row.status === 'triaged').length;
  return (
    <Panel
      title={
        read.data
          ? t('reception.today', 'Hôm nay: {n} lượt, {waiting} đang chờ', { n: rows.length, waiting })
          : t('reception.today.list', 'Lượt khám hôm nay')
      }
      beside={<AgeOfData readAt={read.readAt} fresh={300} />}
      flush
      fill
    >
      <DataList<QueueRow>
        id="reception.arrivals"
        label={t('reception.today.list', 'Lượt khám hôm nay')}
        columns={columns()}
        rows={rows}
        rowKey={(row) => row.encounter}
        tone={(row) => (row.urgent && row.status === 'arrived' ? 'danger' : undefined)}
        onOpen={(row) => navigate(`/ho-so/${encodeURIComponent(row.patient.id)}`)}
        loading={read.loading}
        error={read.error}
        refresh={read.refresh}
        empty={
          <Empty title={t('reception.today.empty', 'Chưa có ai đến')}>
            {t('reception.today.empty.hint', 'Quét thẻ ở ô bên trái: người được cấp số hiện ngay ở đây.')}
          </Empty>
        }
      />
    </Panel>
  );
}

/** The panel is narrow: the name stands on the first line of a row, the rest on the second. */
function columns(): Column<QueueRow>[] {
  return [
    {
      key: 'ticket',
      title: t('reception.ticket', 'Số'),
      width: '52px',
      number: true,
      named: false,
      draw: (row) => <Text strong>{row.ticket}</Text>,
    },
    {
      key: 'name',
      title: t('reception.name', 'Họ tên'),
      width: '3fr',
      draw: (row) => (
        <Text oneLine strong>
          {row.patient.name}
        </Text>
      ),
    },
    {
      key: 'status',
      title: t('reception.status', 'Trạng thái'),
      width: '118px',
      draw: (row) => <Badge tone={toneOf(row.status)}>{statusName(row.status)}</Badge>,
    },
    {
      key: 'time',
      title: t('reception.time', 'Giờ đến'),
      width: '52px',
      number: true,
      named: false,
      draw: (row) => <Text tone="soft">{formatTime(row.start)}</Text>,
    },
  ];
}

function toneOf(status: QueueRow['status']): Tone {
  if (status === 'in-progress') return 'info';
  if (status === 'finished') return 'done';
  return 'neutral';
}

function statusName(status: QueueRow['status']): string {
  switch (status) {
    case 'arrived':
    case 'triaged':
      return t('reception.status.waiting', 'Đang chờ');
    case 'in-progress':
      return t('reception.status.seeing', 'Đang khám');
    case 'finished':
      return t('reception.status.done', 'Đã xong');
    default:
      return t('reception.status.away', 'Tạm vắng');
  }
}

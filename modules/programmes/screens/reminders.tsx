/** The queue of reminders of the station: what waits, what the gateway took, what was stopped and why. */
import {
  Badge,
  ButtonLink,
  type Column,
  Empty,
  formatDateTime,
  ListPanel,
  navigate,
  Page,
  type Tone,
  TwoLines,
  t,
  useList,
  useQuery,
} from '../../../web/ui/index.ts';
import type { ReminderRow } from '../reminders/routes.ts';
import { NoGateway } from './remind-form.tsx';

const ADDRESS = '/api/programmes/reminders';

export default function RemindersScreen() {
  const list = useList<ReminderRow>(['programmes', 'reminders'], ADDRESS);
  const first = useQuery<{ hasGateway: boolean }>(['programmes', 'reminders', 'gateway'], ADDRESS);
  return (
    <Page
      title={t('programmes.reminders', 'Lời nhắc hẹn')}
      acts={<ButtonLink to="/chuong-trinh">{t('programmes.title', 'Chương trình')}</ButtonLink>}
      fill
    >
      {first.data && !first.data.hasGateway && <NoGateway />}
      <ListPanel
        id="reminders"
        label={t('programmes.reminders', 'Lời nhắc hẹn')}
        list={list}
        columns={columns()}
        rowKey={(row) => row.id}
        rowHeight={56}
        onOpen={(row) => navigate(`/theo-doi/${encodeURIComponent(row.patient)}`)}
        empty={
          <Empty title={t('programmes.reminders.none', 'Chưa có lời nhắc nào')}>
            {t(
              'programmes.reminders.none-hint',
              'Mở một danh sách của chương trình (Đến hạn, Quá hạn…) rồi bấm Nhắc hẹn.',
            )}
          </Empty>
        }
      />
    </Page>
  );
}

function columns(): Column<ReminderRow>[] {
  return [
    {
      key: 'name',
      title: t('programmes.col.name', 'Họ tên'),
      width: '1.1fr',
      draw: (row) => <TwoLines first={row.name} second={row.programme} />,
    },
    {
      key: 'text',
      title: t('programmes.reminders.text', 'Lời nhắc'),
      width: '2.4fr',
      draw: (row) => row.text,
    },
    {
      key: 'asked',
      title: t('programmes.reminders.asked', 'Lập lúc'),
      width: '150px',
      draw: (row) => formatDateTime(row.asked),
    },
    {
      key: 'status',
      title: t('programmes.col.state', 'Tình trạng'),
      width: '1.2fr',
      draw: (row) => <State row={row} />,
    },
  ];
}

const TONES: Record<string, Tone> = { active: 'info', completed: 'done', revoked: 'neutral' };

function State({ row }: { row: ReminderRow }) {
  return (
    <TwoLines
      first={<Badge tone={TONES[row.status] ?? 'neutral'}>{stateWord(row.status)}</Badge>}
      second={row.reason}
    />
  );
}

function stateWord(status: string): string {
  if (status === 'completed') return t('programmes.reminders.sent', 'cổng đã nhận');
  if (status === 'revoked') return t('programmes.reminders.stopped', 'đã dừng');
  return t('programmes.reminders.waiting', 'đang chờ');
}

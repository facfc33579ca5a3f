/** What the rules found in the audit: read with its lines, taken up, closed with a reason. */
import {
  Badge,
  type Column,
  Dialog,
  Facts,
  formatDate,
  formatDateTime,
  Loaded,
  Stack,
  Text,
  type Tone,
  TwoLines,
  t,
  useQuery,
} from '../../../web/ui/index.ts';
import { BoardAnswer } from './board-answer.tsx';
import { BoardList } from './board-list.tsx';
import { said } from './said.ts';

interface Alert {
  id: string;
  severity: 'low' | 'medium' | 'high';
  day: string;
  account: string;
  /** Of who has the account, and of the person; null when they are not known. */
  name: string | null;
  patient: string | null;
  patientName: string | null;
  firstAt: string;
  lastAt: string;
  times: number;
  state: 'open' | 'reviewing' | 'closed';
  note: string | null;
  vi: string;
  en: string;
}

/** A line of the audit, in words. */
interface Line {
  id: string;
  at: string;
  act: { vi: string; en: string };
  purpose: { vi: string; en: string; reason: string | null };
}

export function Alerts() {
  return (
    <BoardList<Alert>
      name="canh-bao"
      label={t('privacy.alerts', 'Cảnh báo')}
      say={t(
        'privacy.alerts.say',
        'Máy đọc nhật ký và chỉ ra lượt xem nên hỏi lại: xem người nhà, đồng nghiệp, quá nhiều hồ sơ, ngoài giờ. Cảnh báo chưa phải là lỗi; hãy hỏi rồi ghi vì sao đóng.',
      )}
      address="/api/privacy/alerts"
      topic="privacy-alerts"
      states={[
        ...STATES.map((value) => ({ value, label: stateWords(value) })),
        { value: 'all', label: t('privacy.state.all', 'Tất cả') },
      ]}
      columns={columns()}
      empty={{
        title: t('privacy.alerts.none', 'Không có cảnh báo nào'),
        hint: t(
          'privacy.alerts.none.hint',
          'Cảnh báo do máy lập từ nhật ký truy cập, vài giây sau khi việc xảy ra.',
        ),
      }}
      draw={(alert, close) => <One alert={alert} onClose={close} />}
    />
  );
}

const STATES = ['open', 'reviewing', 'closed'] as const;

function stateWords(state: Alert['state']): string {
  const words = {
    open: t('privacy.alert.open', 'Mới'),
    reviewing: t('privacy.alert.reviewing', 'Đang xem xét'),
    closed: t('privacy.alert.closed', 'Đã đóng'),
  };
  return words[state];
}

function severityBadge({ severity }: Alert) {
  const tones: Record<Alert['severity'], Tone> = { high: 'danger', medium: 'look', low: 'neutral' };
  const words = {
    high: t('privacy.alert.high', 'Nặng'),
    medium: t('privacy.alert.medium', 'Vừa'),
    low: t('privacy.alert.low', 'Nhẹ'),
  };
  return <Badge tone={tones[severity]}>{words[severity]}</Badge>;
}

function personOf({ patient, patientName }: Alert): string {
  return patientName ?? patient ?? t('privacy.alert.many', 'nhiều người');
}

function columns(): Column<Alert>[] {
  return [
    {
      key: 'what',
      title: t('privacy.alert.what', 'Dấu hiệu'),
      draw: (row) => (
        <TwoLines first={said(row)} second={t('privacy.alert.times', '{n} lần', { n: row.times })} />
      ),
      width: '2fr',
    },
    {
      key: 'who',
      title: t('privacy.alert.who', 'Tài khoản'),
      draw: (row) => <TwoLines first={row.name ?? row.account} second={row.account} />,
      width: '1fr',
    },
    { key: 'patient', title: t('privacy.openings.patient', 'Hồ sơ'), draw: personOf, width: '1fr' },
    {
      key: 'when',
      title: t('privacy.alert.when', 'Lần cuối'),
      draw: (row) => formatDateTime(row.lastAt),
      width: '160px',
    },
    { key: 'severity', title: t('privacy.alert.severity', 'Mức'), draw: severityBadge, width: '110px' },
    {
      key: 'state',
      title: t('privacy.state', 'Trạng thái'),
      draw: (row) => stateWords(row.state),
      width: '140px',
    },
  ];
}

function One(props: { alert: Alert; onClose: () => void }) {
  const { alert } = props;
  const read = useQuery<Alert & { lines: Line[] }>(
    ['privacy-alert', alert.id],
    `/api/privacy/alerts/${alert.id}`,
  );
  return (
    <Dialog title={said(alert)} opened onClose={props.onClose} width={640}>
      <Stack gap={12}>
        <Facts
          items={[
            [t('privacy.alert.who', 'Tài khoản'), [alert.name, alert.account].filter(Boolean).join(', ')],
            [t('privacy.alert.day', 'Ngày'), formatDate(alert.day)],
            [t('privacy.openings.patient', 'Hồ sơ'), personOf(alert)],
          ]}
        />
        <Loaded read={read}>
          {({ lines }) => (
            <Stack gap={4}>
              {lines.slice(0, MOST_LINES).map((line) => (
                <Text key={line.id} size={13}>
                  {[formatDateTime(line.at), said(line.act), said(line.purpose), line.purpose.reason]
                    .filter(Boolean)
                    .join(' · ')}
                </Text>
              ))}
              {lines.length > MOST_LINES && (
                <Text tone="soft">
                  {t('privacy.alert.more', 'và {n} dòng nữa trong nhật ký', { n: lines.length - MOST_LINES })}
                </Text>
              )}
            </Stack>
          )}
        </Loaded>
        {alert.state !== 'closed' && <Close alert={alert} onClose={props.onClose} />}
        {alert.state === 'closed' && alert.note !== null && <Text as="p">{alert.note}</Text>}
      </Stack>
    </Dialog>
  );
}

const MOST_LINES = 10;

function Close(props: { alert: Alert; onClose: () => void }) {
  const { alert } = props;
  const choices = STATES.filter(
    (state) => state === 'closed' || (state === 'reviewing' && alert.state === 'open'),
  );
  return (
    <BoardAnswer
      label={t('privacy.alert.work', 'Xử lý cảnh báo')}
      draft={`privacy.alert.${alert.id}`}
      address={`/api/privacy/alerts/${alert.id}`}
      step="state"
      stepLabel={t('privacy.alert.work', 'Xử lý cảnh báo')}
      choices={choices.map((value) => ({ value, label: stateWords(value) }))}
      first={alert.state === 'open' ? 'reviewing' : 'closed'}
      note="note"
      noteLabel={t('privacy.alert.note', 'Nhận xét')}
      least={(state) => (state === 'closed' ? 5 : 0)}
      short={t('privacy.alert.note.short', 'Ghi rõ vì sao đóng cảnh báo.')}
      list="canh-bao"
      onClose={props.onClose}
    />
  );
}

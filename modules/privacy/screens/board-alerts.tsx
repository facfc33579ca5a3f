/** What the rules found in the audit: read with its lines, taken up, closed with a reason. */
import { useState } from 'react';
import type { AuditRow } from '../../../kernel/access/audit-reading.ts';
import {
  api,
  Badge,
  Button,
  type Column,
  Dialog,
  Empty,
  Facts,
  FilterChips,
  Form,
  formatDate,
  formatDateTime,
  ListPanel,
  Loaded,
  RadioList,
  refresh,
  Stack,
  Text,
  TextField,
  type Tone,
  TwoLines,
  t,
  useForm,
  useList,
  usePush,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import { said } from './said.ts';

interface Alert {
  id: string;
  severity: 'low' | 'medium' | 'high';
  day: string;
  account: string;
  patient: string | null;
  firstAt: string;
  lastAt: string;
  times: number;
  state: 'open' | 'reviewing' | 'closed';
  note: string | null;
  vi: string;
  en: string;
}

export function Alerts() {
  const [state, setState] = useUrlState('canh-bao', 'open');
  const [opened, setOpened] = useState<Alert | null>(null);
  const query = new URLSearchParams(state === 'all' ? {} : { state }).toString();
  const list = useList<Alert>(['privacy-alerts'], `/api/privacy/alerts?${query}`);
  usePush('privacy-alerts', () => void refresh(['privacy-alerts']));
  return (
    <>
      <ListPanel
        id="privacy-alerts"
        label={t('privacy.alerts', 'Cảnh báo')}
        list={list}
        columns={columns()}
        rowKey={(row) => row.id}
        rowHeight={52}
        onOpen={setOpened}
        bar={
          <FilterChips
            label={t('privacy.state', 'Trạng thái')}
            value={state}
            onChange={setState}
            chips={[
              ...STATES.map((value) => ({ value, label: stateWords(value) })),
              { value: 'all', label: t('privacy.state.all', 'Tất cả') },
            ]}
          />
        }
        empty={
          <Empty title={t('privacy.alerts.none', 'Không có cảnh báo nào')}>
            {t(
              'privacy.alerts.none.hint',
              'Cảnh báo do máy lập từ nhật ký truy cập, vài giây sau khi việc xảy ra.',
            )}
          </Empty>
        }
      />
      {opened && <One alert={opened} onClose={() => setOpened(null)} />}
    </>
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
    { key: 'who', title: t('privacy.alert.who', 'Tài khoản'), draw: (row) => row.account, width: '1fr' },
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
  const read = useQuery<Alert & { lines: AuditRow[] }>(
    ['privacy-alert', alert.id],
    `/api/privacy/alerts/${alert.id}`,
  );
  return (
    <Dialog title={said(alert)} opened onClose={props.onClose} width={640}>
      <Stack gap={12}>
        <Facts
          items={[
            [t('privacy.alert.who', 'Tài khoản'), alert.account],
            [t('privacy.alert.day', 'Ngày'), formatDate(alert.day)],
            [t('privacy.openings.patient', 'Hồ sơ'), alert.patient ?? t('privacy.alert.many', 'nhiều người')],
          ]}
        />
        <Loaded read={read}>
          {({ lines }) => (
            <Stack gap={4}>
              {lines.slice(0, MOST_LINES).map((line) => (
                <Text key={line.id} size={13}>
                  {`${formatDateTime(line.at)} · ${line.action} · ${line.what.slice(0, 80)} · ${line.why.slice(0, 80)}`}
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
  const form = useForm({
    draft: `privacy.alert.${alert.id}`,
    initial: { state: alert.state === 'open' ? 'reviewing' : 'closed', note: '' },
    check: ({ state, note }): Record<string, string> =>
      state === 'closed' && note.trim().length < 5
        ? { note: t('privacy.alert.note.short', 'Ghi rõ vì sao đóng cảnh báo.') }
        : {},
    send: (values) => api.post(`/api/privacy/alerts/${alert.id}`, values),
    onDone: () => {
      void refresh(['privacy-alerts']);
      props.onClose();
    },
  });
  const choices = STATES.filter(
    (state) => state === 'closed' || (state === 'reviewing' && alert.state === 'open'),
  );
  return (
    <Form form={form} label={t('privacy.alert.work', 'Xử lý cảnh báo')} finish={t('privacy.save', 'Ghi')}>
      <RadioList
        label={t('privacy.alert.work', 'Xử lý cảnh báo')}
        choices={choices.map((value) => ({ value, label: stateWords(value) }))}
        {...form.field('state')}
      />
      <TextField label={t('privacy.alert.note', 'Nhận xét')} lines={3} {...form.field('note')} />
      <Button kind="primary" submit busy={form.busy}>
        {t('privacy.save', 'Ghi')}
      </Button>
    </Form>
  );
}

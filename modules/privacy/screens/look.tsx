/** One reader on one day: who, where, what, why; the single acts; "I do not know this". */
import { useState } from 'react';
import {
  api,
  Badge,
  Button,
  Dialog,
  Form,
  formatDate,
  formatTime,
  Loaded,
  Panel,
  Row,
  refresh,
  Stack,
  Text,
  TextField,
  t,
  toast,
  useForm,
  useQuery,
} from '../../../web/ui/index.ts';
import type { LookRow } from '../looks-routes.ts';
import { roleWords } from './role-words.ts';
import { said } from './said.ts';

export function Look(props: { row: LookRow; patient: string }) {
  const { row } = props;
  const [opened, setOpened] = useState(false);
  const [reporting, setReporting] = useState(false);
  const times =
    row.first.slice(0, 16) === row.last.slice(0, 16)
      ? formatTime(row.first)
      : `${formatTime(row.first)}–${formatTime(row.last)}`;
  return (
    <Panel level={3} {...(row.emergency ? { tone: 'danger' as const } : {})}>
      <Stack gap={8}>
        <Row spread wrap align="start">
          <Stack gap={0}>
            <Text strong size={16}>
              {row.own ? t('privacy.you', 'Bạn ({name})', { name: row.name }) : readerOf(row)}
            </Text>
            <Text tone="soft">{[roleWords(row.roles), row.unitName].filter(Boolean).join(' · ')}</Text>
          </Stack>
          <Row gap={8} wrap>
            {row.emergency && <Badge tone="danger">{t('privacy.emergency', 'Cấp cứu')}</Badge>}
            {row.refused > 0 && (
              <Badge tone="look">{t('privacy.refused', 'Bị từ chối {n} lần', { n: row.refused })}</Badge>
            )}
            <Text tone="soft">{times}</Text>
          </Row>
        </Row>
        <Text as="p">{row.acts.map(said).join('; ')}</Text>
        <Text as="p" tone="soft">
          {t('privacy.why', 'Để: {why}', { why: row.why.map(said).join(', ') })}
          {row.reason === null
            ? ''
            : `. ${t('privacy.reason', 'Lý do ghi lại: {reason}', { reason: row.reason })}`}
        </Text>
        <div className="yb-no-print">
          <Row wrap>
            <Button kind="quiet" onPress={() => setOpened(!opened)}>
              {opened
                ? t('privacy.close-lines', 'Thu gọn')
                : t('privacy.lines', 'Xem từng lần ({n})', { n: row.lines })}
            </Button>
            {!row.own && (
              <Button kind="quiet" onPress={() => setReporting(true)}>
                {t('privacy.unknown', 'Tôi không biết lượt này')}
              </Button>
            )}
          </Row>
        </div>
        {opened && <Lines row={row} patient={props.patient} />}
      </Stack>
      {reporting && <Report row={row} patient={props.patient} onClose={() => setReporting(false)} />}
    </Panel>
  );
}

function readerOf({ name, program }: LookRow): string {
  return program ? said(program) : name;
}

interface LineRow {
  id: string;
  at: string;
  act: { vi: string; en: string };
  why: { vi: string; en: string };
  refused: boolean;
}

function Lines(props: { row: LookRow; patient: string }) {
  const { day, who } = props.row;
  const query = new URLSearchParams({ patient: props.patient, day, who });
  const lines = useQuery<{ rows: LineRow[]; next?: string }>(
    ['citizen-lines', query.toString()],
    `/api/citizen/looks/lines?${query}`,
  );
  return (
    <Loaded read={lines}>
      {({ rows, next }) => (
        <ul>
          {rows.map((line) => (
            <li key={line.id}>
              <Text>
                {`${formatTime(line.at)} · ${said(line.act)}${line.refused ? ` · ${t('privacy.line-refused', 'bị từ chối')}` : ''}`}
              </Text>
            </li>
          ))}
          {next !== undefined && (
            <li>
              <Text tone="soft">{t('privacy.lines.first', 'Đây là 100 lần mới nhất trong ngày.')}</Text>
            </li>
          )}
        </ul>
      )}
    </Loaded>
  );
}

function Report(props: { row: LookRow; patient: string; onClose: () => void }) {
  const { row } = props;
  const look = [readerOf(row), row.unitName, formatDate(row.day)].filter(Boolean).join(', ');
  const form = useForm({
    draft: null,
    initial: { text: '' },
    send: ({ text }) =>
      api.post('/api/citizen/requests', { patient: props.patient, right: 'unknown-look', look, text }),
    onDone: () => {
      props.onClose();
      void refresh(['citizen-requests']);
      toast({
        text: t('privacy.reported', 'Đã gửi. Câu trả lời hiện ở mục "Quyền của tôi" trong 2 ngày làm việc.'),
      });
    },
  });
  return (
    <Dialog title={t('privacy.report', 'Báo lượt xem lạ')} opened onClose={props.onClose}>
      <Form form={form} label={t('privacy.report', 'Báo lượt xem lạ')} finish={t('privacy.send', 'Gửi')}>
        <Text as="p">
          {t(
            'privacy.report.say',
            'Lượt xem: {look}. Người phụ trách bảo vệ dữ liệu sẽ hỏi cơ sở và trả lời bạn.',
            { look },
          )}
        </Text>
        <TextField
          label={t('privacy.report.text', 'Bạn muốn nói thêm gì? (không bắt buộc)')}
          lines={3}
          autoFocus
          {...form.field('text')}
        />
        <Button kind="primary" submit busy={form.busy}>
          {t('privacy.send', 'Gửi')}
        </Button>
      </Form>
    </Dialog>
  );
}

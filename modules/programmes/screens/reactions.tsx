/** Reactions after doses: serious ones that wait to be reported first. */
import { useState } from 'react';
import {
  api,
  Badge,
  Button,
  ButtonLink,
  Dialog,
  Empty,
  Form,
  formatDate,
  formatDateTime,
  Link,
  Loaded,
  Notice,
  Page,
  Panel,
  Row,
  refresh,
  Stack,
  Table,
  Text,
  TextField,
  t,
  toast,
  useForm,
  useMe,
  usePush,
  useQuery,
} from '../../../web/ui/index.ts';
import type { ReactionRow } from '../reactions/routes.ts';
import { outcomeWord } from './reaction-form.tsx';

export default function ReactionsScreen() {
  const me = useMe();
  const read = useQuery<{ rows: ReactionRow[] }>(['programmes', 'reactions'], '/api/programmes/reactions');
  const [reporting, setReporting] = useState<ReactionRow | null>(null);
  usePush(me.unit ? `programmes/${me.unit}` : null, () => refresh(['programmes', 'reactions']));
  return (
    <Page
      title={t('programmes.reactions', 'Phản ứng sau tiêm')}
      acts={<ButtonLink to="/chuong-trinh">{t('programmes.title', 'Chương trình')}</ButtonLink>}
    >
      <Loaded read={read}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title={t('programmes.reactions.none', 'Chưa ghi phản ứng nào')}>
              {t(
                'programmes.reactions.none-hint',
                'Mở người đã tiêm, bấm Phản ứng cạnh mũi tiêm: vắc xin, lô, giờ tiêm có sẵn.',
              )}
            </Empty>
          ) : (
            <ReactionTable rows={rows} onReport={setReporting} />
          )
        }
      </Loaded>
      <Dialog
        title={t('programmes.reactions.report', 'Đã báo cáo')}
        opened={reporting !== null}
        onClose={() => setReporting(null)}
      >
        {reporting && <ReportForm row={reporting} onDone={() => setReporting(null)} />}
      </Dialog>
    </Page>
  );
}

function ReactionTable({ rows, onReport }: { rows: ReactionRow[]; onReport: (row: ReactionRow) => void }) {
  const waiting = rows.filter(({ report }) => report !== null && !report.isDone);
  return (
    <Stack gap={16}>
      {waiting.length > 0 && (
        <Notice
          tone="danger"
          title={t('programmes.reactions.waiting', '{count} phản ứng nặng chờ báo cáo', {
            count: String(waiting.length),
          })}
        />
      )}
      <Panel title={t('programmes.reactions', 'Phản ứng sau tiêm')} flush>
        <Table
          label={t('programmes.reactions', 'Phản ứng sau tiêm')}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'who',
              title: t('programmes.col.name', 'Họ tên'),
              draw: (row) => (
                <Stack gap={0}>
                  <Link to={`/ho-so/${encodeURIComponent(row.patient)}`}>{row.name}</Link>
                  <Text size={12} tone="soft">
                    {row.dose}
                  </Text>
                </Stack>
              ),
            },
            {
              key: 'what',
              title: t('programmes.reaction', 'Phản ứng sau tiêm'),
              draw: (row) => (
                <Stack gap={4}>
                  <Text>{row.text}</Text>
                  <Row gap={4} wrap>
                    {row.isSerious && (
                      <Badge tone="danger">{t('programmes.reactions.serious', 'nặng')}</Badge>
                    )}
                    <Text size={12} tone="soft">
                      {outcomeWord(row.outcome)}
                    </Text>
                  </Row>
                </Stack>
              ),
            },
            {
              key: 'onset',
              title: t('programmes.reaction.onset', 'Bắt đầu ngày'),
              draw: (row) => formatDate(row.onset.slice(0, 10)),
            },
            {
              key: 'report',
              title: t('programmes.reactions.report-col', 'Báo cáo'),
              draw: (row) => <Report row={row} onReport={onReport} />,
            },
          ]}
        />
      </Panel>
    </Stack>
  );
}

function Report({ row, onReport }: { row: ReactionRow; onReport: (row: ReactionRow) => void }) {
  const { report } = row;
  if (report === null) return <Text tone="soft">–</Text>;
  if (report.isDone) return <Text>{report.note}</Text>;
  return (
    <Stack gap={4}>
      <Badge tone="danger">
        {t('programmes.reactions.until', 'trước {time}', { time: formatDateTime(report.until) })}
      </Badge>
      <Row gap={4} wrap>
        <Button small onPress={() => onReport(row)}>
          {t('programmes.reactions.report', 'Đã báo cáo')}
        </Button>
        <ButtonLink small to={`/bieu-mau/phan-ung-sau-tiem?nguoi=${encodeURIComponent(row.patient)}`}>
          {t('programmes.form', 'Điền phiếu')}
        </ButtonLink>
      </Row>
    </Stack>
  );
}

function ReportForm({ row, onDone }: { row: ReactionRow; onDone: () => void }) {
  const form = useForm<{ note: string }, { task: string }>({
    draft: null,
    initial: { note: '' },
    check: ({ note }) =>
      note.trim() === ''
        ? { note: t('programmes.reactions.note-missing', 'Ghi đã báo cho ai, bằng cách nào.') }
        : {},
    send: (values) =>
      api.post(`/api/programmes/reactions/${encodeURIComponent(row.report!.id)}/reported`, values),
    onDone: () => {
      toast(t('programmes.reactions.reported', 'Đã ghi việc báo cáo'));
      void refresh(['programmes']);
      onDone();
    },
  });
  return (
    <Form
      form={form}
      label={t('programmes.reactions.report', 'Đã báo cáo')}
      finish={t('programmes.reactions.save', 'Lưu')}
    >
      <Stack gap={12}>
        <Text>{`${row.name}: ${row.text}`}</Text>
        <TextField
          label={t('programmes.reactions.note', 'Báo cho ai, bằng cách nào')}
          hint={t('programmes.reactions.note-hint', 'Ví dụ: CDC tỉnh, điện thoại trực; phiếu gửi kèm')}
          required
          {...form.field('note')}
        />
        <Row gap={8}>
          <Button kind="primary" submit busy={form.busy}>
            {t('programmes.reactions.save', 'Lưu')}
          </Button>
        </Row>
      </Stack>
    </Form>
  );
}

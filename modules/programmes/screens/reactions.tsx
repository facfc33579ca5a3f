/** Reactions after doses: serious ones that wait to be reported first. */
import { useState } from 'react';
import {
  api,
  Badge,
  Button,
  ButtonLink,
  type Column,
  Dialog,
  Empty,
  Form,
  formatDate,
  formatDateTime,
  hasRole,
  KEYS,
  ListPanel,
  Notice,
  navigate,
  Page,
  Row,
  refresh,
  Stack,
  Text,
  TextField,
  TwoLines,
  t,
  toast,
  useForm,
  useList,
  useMe,
  usePush,
} from '../../../web/ui/index.ts';
import type { ReactionRow } from '../reactions/routes.ts';
import { outcomeWord } from './reaction-form.tsx';

export default function ReactionsScreen() {
  const me = useMe();
  const list = useList<ReactionRow>(['programmes', 'reactions'], '/api/programmes/reactions');
  const [reporting, setReporting] = useState<ReactionRow | null>(null);
  usePush(me.unit ? `programmes/${me.unit}` : null, () => refresh(['programmes', 'reactions']));
  const waiting = list.rows.filter(waits);
  return (
    <Page
      title={t('programmes.reactions', 'Phản ứng sau tiêm')}
      acts={
        hasRole(me, ['surveillance']) ? null : (
          <ButtonLink to="/chuong-trinh">{t('programmes.title', 'Chương trình')}</ButtonLink>
        )
      }
      fill
    >
      {waiting.length > 0 && (
        <Notice
          tone="danger"
          title={t('programmes.reactions.waiting', '{count} phản ứng nặng chờ báo cáo', {
            count: String(waiting.length),
          })}
        />
      )}
      <ListPanel
        id="reactions"
        label={t('programmes.reactions', 'Phản ứng sau tiêm')}
        list={list}
        columns={columns()}
        rowKey={(row) => row.id}
        rowHeight={56}
        onOpen={(row) =>
          waits(row) ? setReporting(row) : row.name && navigate(`/ho-so/${encodeURIComponent(row.patient)}`)
        }
        acts={[
          {
            key: KEYS.next,
            label: t('programmes.reactions.report', 'Đã báo cáo'),
            run: (row) => (waits(row) ? setReporting(row) : undefined),
          },
        ]}
        empty={
          <Empty title={t('programmes.reactions.none', 'Chưa ghi phản ứng nào')}>
            {t(
              'programmes.reactions.none-hint',
              'Mở người đã tiêm, bấm Phản ứng cạnh mũi tiêm: vắc xin, lô, giờ tiêm có sẵn.',
            )}
          </Empty>
        }
      />
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

const waits = ({ report }: ReactionRow) => report !== null && !report.isDone;

function columns(): Column<ReactionRow>[] {
  return [
    {
      key: 'who',
      title: t('programmes.col.name', 'Họ tên'),
      width: '1.4fr',
      draw: (row) => (
        <TwoLines
          first={row.name || t('programmes.reactions.nameless', 'Không thuộc diện xem tên')}
          second={row.dose}
        />
      ),
    },
    {
      key: 'what',
      title: t('programmes.reaction', 'Phản ứng sau tiêm'),
      width: '2fr',
      draw: (row) => <TwoLines first={row.text} second={outcomeWord(row.outcome)} />,
    },
    {
      key: 'onset',
      title: t('programmes.reaction.onset', 'Bắt đầu ngày'),
      width: '120px',
      draw: (row) => formatDate(row.onset.slice(0, 10)),
    },
    {
      key: 'weight',
      title: t('programmes.reactions.weight', 'Mức độ'),
      width: '110px',
      draw: (row) =>
        row.isSerious ? <Badge tone="danger">{t('programmes.reactions.serious', 'nặng')}</Badge> : '–',
    },
    {
      key: 'report',
      title: t('programmes.reactions.report-col', 'Báo cáo'),
      width: '1.2fr',
      draw: (row) => <Report row={row} />,
    },
  ];
}

function Report({ row: { report } }: { row: ReactionRow }) {
  if (report === null) return <>–</>;
  if (report.isDone)
    return <TwoLines first={t('programmes.reactions.done', 'đã báo cáo')} second={report.note} />;
  return (
    <Badge tone="danger">
      {t('programmes.reactions.until', 'trước {time}', { time: formatDateTime(report.until) })}
    </Badge>
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
          <ButtonLink to={`/bieu-mau/phan-ung-sau-tiem?nguoi=${encodeURIComponent(row.patient)}`}>
            {t('programmes.form', 'Điền phiếu')}
          </ButtonLink>
        </Row>
      </Stack>
    </Form>
  );
}

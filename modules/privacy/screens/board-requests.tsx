/** Requests of citizens with their clocks, the most urgent first. */
import { useState } from 'react';
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
  ListPanel,
  RadioList,
  refresh,
  Stack,
  Text,
  TextField,
  TwoLines,
  t,
  useForm,
  useList,
  usePush,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { RequestLine, Step } from '../requests.ts';
import { said } from './said.ts';
import { statusTone, statusWords } from './status-words.ts';

type Line = RequestLine & { name: string };

export function BoardRequests() {
  const [state, setState] = useUrlState('xong', '');
  const [opened, setOpened] = useState<Line | null>(null);
  const query = new URLSearchParams(state ? { state } : {}).toString();
  const list = useList<Line>(['privacy-requests'], `/api/privacy/requests?${query}`);
  usePush('privacy-requests', () => void refresh(['privacy-requests']));
  return (
    <>
      <ListPanel
        id="privacy-requests"
        label={t('privacy.of-citizens', 'Yêu cầu của người dân')}
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
              { value: '', label: t('privacy.open', 'Chưa xong') },
              { value: 'done', label: t('privacy.done', 'Đã xong') },
            ]}
          />
        }
        empty={
          <Empty title={t('privacy.requests.empty', 'Không có yêu cầu nào')}>
            {t('privacy.requests.empty.hint', 'Yêu cầu mới của người dân hiện ở đây ngay khi gửi.')}
          </Empty>
        }
      />
      {opened && <Work line={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

function columns(): Column<Line>[] {
  return [
    {
      key: 'what',
      title: t('privacy.requests.what', 'Yêu cầu'),
      draw: (row) => <TwoLines first={said(row)} second={row.look ?? row.text} />,
      width: '2fr',
    },
    { key: 'who', title: t('privacy.requests.who', 'Người dân'), draw: (row) => row.name, width: '1.2fr' },
    {
      key: 'asked',
      title: t('privacy.requests.asked', 'Ngày gửi'),
      draw: (row) => formatDate(row.askedOn),
      width: '110px',
    },
    {
      key: 'due',
      title: t('privacy.requests.due', 'Hạn'),
      draw: (row) => (
        <TwoLines
          first={formatDate(row.status === 'requested' ? row.answerDue : row.due)}
          second={leftWords(row)}
        />
      ),
      width: '190px',
    },
    {
      key: 'status',
      title: t('privacy.state', 'Trạng thái'),
      draw: (row) => <Badge tone={statusTone(row)}>{statusWords(row.status)}</Badge>,
      width: '130px',
    },
  ];
}

function leftWords({ left }: Line): string {
  if (left === null) return '';
  if (left < 0) return t('privacy.overdue', 'quá {n} ngày làm việc', { n: -left });
  return t('privacy.left', 'còn {n} ngày làm việc', { n: left });
}

function Work(props: { line: Line; onClose: () => void }) {
  const { line } = props;
  const done = line.status === 'completed' || line.status === 'rejected';
  return (
    <Dialog title={said(line)} opened onClose={props.onClose} width={560}>
      <Stack gap={12}>
        <Facts
          items={[
            [t('privacy.requests.who', 'Người dân'), line.name],
            [
              t('privacy.requests.text', 'Nội dung'),
              line.look === null ? line.text : `${line.look}. ${line.text}`,
            ],
            [t('privacy.requests.answer-due', 'Trả lời trước hết'), formatDate(line.answerDue)],
            [t('privacy.requests.act-due', 'Làm xong trước hết'), formatDate(line.due)],
          ]}
        />
        {line.notes.map((note) => (
          <Text as="p" key={note.at}>{`${formatDate(note.at.slice(0, 10))} · ${note.by}: ${note.text}`}</Text>
        ))}
        {!done && <WorkForm line={line} onClose={props.onClose} />}
      </Stack>
    </Dialog>
  );
}

function WorkForm(props: { line: Line; onClose: () => void }) {
  const { line } = props;
  const form = useForm({
    draft: `privacy.request.${line.id}`,
    initial: { step: (line.status === 'requested' ? 'accept' : 'complete') as string, note: '' },
    check: ({ step, note }): Record<string, string> =>
      step !== 'accept' && note.trim().length < 10
        ? { note: t('privacy.note.short', 'Ghi rõ nội dung trả lời, ít nhất 10 ký tự.') }
        : {},
    send: (values) => api.post(`/api/privacy/requests/${line.id}`, values),
    onDone: () => {
      void refresh(['privacy-requests']);
      props.onClose();
    },
  });
  const steps: { value: Step; label: string }[] = [
    ...(line.status === 'requested'
      ? [{ value: 'accept' as const, label: t('privacy.step.accept', 'Đã nhận, đang làm') }]
      : []),
    { value: 'complete', label: t('privacy.step.complete', 'Đã làm xong') },
    { value: 'extend', label: t('privacy.step.extend', 'Gia hạn, nói rõ vì sao') },
    { value: 'refuse', label: t('privacy.step.refuse', 'Từ chối, nêu căn cứ') },
  ];
  return (
    <Form form={form} label={t('privacy.work', 'Xử lý yêu cầu')} finish={t('privacy.save', 'Ghi')}>
      <RadioList label={t('privacy.work', 'Xử lý yêu cầu')} choices={steps} {...form.field('step')} />
      <TextField label={t('privacy.note', 'Trả lời người dân')} lines={4} {...form.field('note')} />
      <Button kind="primary" submit busy={form.busy}>
        {t('privacy.save', 'Ghi')}
      </Button>
    </Form>
  );
}

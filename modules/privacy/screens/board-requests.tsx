/** Requests of citizens with their clocks, the most urgent first. */
import {
  Badge,
  type Column,
  Dialog,
  Facts,
  formatDate,
  Stack,
  Text,
  TwoLines,
  t,
} from '../../../web/ui/index.ts';
import type { RequestLine, Step } from '../requests.ts';
import { BoardAnswer } from './board-answer.tsx';
import { BoardList } from './board-list.tsx';
import { said } from './said.ts';
import { statusTone, statusWords } from './status-words.ts';

type Line = RequestLine & { name: string };

export function BoardRequests() {
  return (
    <BoardList<Line>
      name="yeu-cau"
      label={t('privacy.of-citizens', 'Yêu cầu của người dân')}
      say={t(
        'privacy.requests.say',
        'Người dân dùng quyền của mình theo Luật 91/2025. Hạn tính theo ngày làm việc; gấp nhất ở trên.',
      )}
      address="/api/privacy/requests"
      topic="privacy-requests"
      states={[
        { value: 'open', label: t('privacy.open', 'Chưa xong') },
        { value: 'done', label: t('privacy.done', 'Đã xong') },
      ]}
      columns={columns()}
      empty={{
        title: t('privacy.requests.empty', 'Không có yêu cầu nào'),
        hint: t('privacy.requests.empty.hint', 'Yêu cầu mới của người dân hiện ở đây ngay khi gửi.'),
      }}
      draw={(line, close) => <Work line={line} onClose={close} />}
    />
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
  const steps: { value: Step; label: string }[] = [
    ...(line.status === 'requested'
      ? [{ value: 'accept' as const, label: t('privacy.step.accept', 'Đã nhận, đang làm') }]
      : []),
    { value: 'complete', label: t('privacy.step.complete', 'Đã làm xong') },
    { value: 'extend', label: t('privacy.step.extend', 'Gia hạn, nói rõ vì sao') },
    { value: 'refuse', label: t('privacy.step.refuse', 'Từ chối, nêu căn cứ') },
  ];
  return (
    <BoardAnswer
      label={t('privacy.work', 'Xử lý yêu cầu')}
      draft={`privacy.request.${line.id}`}
      address={`/api/privacy/requests/${line.id}`}
      step="step"
      stepLabel={t('privacy.work', 'Xử lý yêu cầu')}
      choices={steps}
      first={line.status === 'requested' ? 'accept' : 'complete'}
      note="note"
      noteLabel={t('privacy.note', 'Trả lời người dân')}
      least={(step) => (step === 'accept' ? 0 : 10)}
      short={t('privacy.note.short', 'Ghi rõ nội dung trả lời, ít nhất 10 ký tự.')}
      list="yeu-cau"
      onClose={props.onClose}
    />
  );
}

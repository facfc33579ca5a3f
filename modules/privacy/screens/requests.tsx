/** What the citizen asks for under the law, and how far it is. */
import {
  api,
  Badge,
  Button,
  Empty,
  Form,
  formatDate,
  Loaded,
  Panel,
  Row,
  refresh,
  SelectField,
  Stack,
  Text,
  TextField,
  t,
  toast,
  useForm,
  useQuery,
} from '../../../web/ui/index.ts';
import type { RequestLine } from '../requests.ts';
import type { PersonLine } from './person-line.ts';
import { said } from './said.ts';
import { statusTone, statusWords } from './status-words.ts';

interface Answer {
  rows: RequestLine[];
  rights: { code: string; vi: string; en: string; days: number }[];
}

export function Requests(props: { person: PersonLine }) {
  const { patient } = props.person;
  const read = useQuery<Answer>(
    ['citizen-requests', patient],
    `/api/citizen/requests?patient=${encodeURIComponent(patient)}`,
  );
  return (
    <Loaded read={read}>
      {({ rows, rights }) => (
        <Stack gap={16}>
          <Ask patient={patient} rights={rights} />
          <Panel title={t('privacy.requests', 'Yêu cầu đã gửi')}>
            {rows.length === 0 ? (
              <Empty title={t('privacy.requests.none', 'Bạn chưa gửi yêu cầu nào')} />
            ) : (
              <Stack gap={16}>
                {rows.map((row) => (
                  <Asked key={row.id} row={row} />
                ))}
              </Stack>
            )}
          </Panel>
        </Stack>
      )}
    </Loaded>
  );
}

function Ask(props: { patient: string; rights: Answer['rights'] }) {
  const form = useForm({
    draft: `privacy.ask.${props.patient}`,
    initial: { right: '', text: '' },
    check: ({ right }): Record<string, string> =>
      right === '' ? { right: t('privacy.no-right', 'Hãy chọn một yêu cầu.') } : {},
    send: ({ right, text }) =>
      api.post<RequestLine>('/api/citizen/requests', { patient: props.patient, right, text }),
    onDone: ({ answerDue }) => {
      void refresh(['citizen-requests', props.patient]);
      toast({
        text: t('privacy.asked', 'Đã gửi. Bạn được trả lời chậm nhất ngày {day}.', {
          day: formatDate(answerDue),
        }),
      });
    },
  });
  const choices = props.rights
    .filter(({ code }) => code !== 'unknown-look')
    .map((right) => ({
      value: right.code,
      label: t('privacy.right', '{right} (trong {days} ngày làm việc)', {
        right: said(right),
        days: right.days,
      }),
    }));
  return (
    <Panel title={t('privacy.ask', 'Gửi yêu cầu')}>
      <Form form={form} label={t('privacy.ask', 'Gửi yêu cầu')} finish={t('privacy.send', 'Gửi')}>
        <SelectField
          label={t('privacy.ask.right', 'Bạn muốn')}
          required
          choices={choices}
          empty={t('privacy.choose', 'Chọn…')}
          {...form.field('right')}
        />
        <TextField
          label={t('privacy.ask.text', 'Nói rõ hơn (không bắt buộc)')}
          lines={3}
          {...form.field('text')}
        />
        <Button kind="primary" submit busy={form.busy}>
          {t('privacy.send', 'Gửi')}
        </Button>
      </Form>
    </Panel>
  );
}

function Asked({ row }: { row: RequestLine }) {
  return (
    <Stack gap={4}>
      <Row gap={8} wrap>
        <Text strong>{said(row)}</Text>
        <Badge tone={statusTone(row)}>{statusWords(row.status)}</Badge>
      </Row>
      {row.look !== null && <Text as="p">{row.look}</Text>}
      {row.text !== row.vi && <Text as="p">{row.text}</Text>}
      <Text size={13} tone="soft">
        {t('privacy.clocks', 'Gửi {asked} · trả lời trước hết {answer} · làm xong trước hết {due}', {
          asked: formatDate(row.askedOn),
          answer: formatDate(row.answerDue),
          due: formatDate(row.due),
        })}
      </Text>
      {row.notes.map((note) => (
        <Text as="p" key={note.at}>
          {t('privacy.answer', 'Trả lời: {text}', { text: note.text })}
        </Text>
      ))}
    </Stack>
  );
}

/** What the protocol proposes, with its reason; each step is accepted, or rejected with one's own reason, and stays so to be read. */
import { useState } from 'react';
import type { Course } from '../../../engines/programmes/browser.ts';
import {
  api,
  Badge,
  Button,
  Dialog,
  formatDateTime,
  Notice,
  Row,
  Stack,
  Text,
  TextField,
  t,
  toast,
  today,
  useMutation,
  useQuery,
} from '../../../web/ui/index.ts';
import type { Answer, StepAnswer } from '../steps/contract.ts';

type Step = Course['advice'][number];

const LEAST_REASON = 5;

export function Steps(props: { programme: string; patient: string; advice: readonly Step[] }) {
  const { programme, patient, advice } = props;
  const address = `/api/programmes/${programme}/people/${encodeURIComponent(patient)}/steps`;
  const [refused, setRefused] = useState<Step | null>(null);
  const read = useQuery<{ rows: StepAnswer[] }>(['programmes', programme, 'steps', patient], address);
  const send = useMutation(
    (body: { step: string; answer: Answer; reason: string }) => api.post(address, body),
    { refreshes: [['programmes']], onDone: () => toast(t('programmes.step.saved', 'Đã ghi')) },
  );
  const last = (step: string) => read.data?.rows.find((row) => row.step === step);
  return (
    <>
      {send.error && <Notice tone="danger" title={send.error.message} />}
      {advice.map((step) => (
        <Notice key={step.key} tone={toneOf(step)} title={step.title}>
          <Stack gap={8}>
            <Text>{step.reason}</Text>
            <LastAnswer answer={last(step.key)} />
            {last(step.key)?.at.slice(0, 10) !== today() && (
              <Row gap={8} wrap>
                <Button
                  busy={send.busy}
                  onPress={() =>
                    void send.run({ step: step.key, answer: 'accepted', reason: '' }).catch(() => undefined)
                  }
                >
                  {t('programmes.step.accept', 'Làm theo')}
                </Button>
                <Button kind="quiet" onPress={() => setRefused(step)}>
                  {t('programmes.step.reject', 'Không làm theo…')}
                </Button>
              </Row>
            )}
          </Stack>
        </Notice>
      ))}
      {refused && (
        <Refusal
          step={refused}
          busy={send.busy}
          onClose={() => setRefused(null)}
          onReason={(reason) =>
            void send
              .run({ step: refused.key, answer: 'rejected', reason })
              .then(() => setRefused(null))
              .catch(() => undefined)
          }
        />
      )}
    </>
  );
}

const toneOf = ({ priority }: Step) =>
  priority === 'routine' ? 'info' : priority === 'urgent' ? 'look' : 'danger';

function LastAnswer({ answer }: { answer: StepAnswer | undefined }) {
  if (!answer) return null;
  return (
    <Row gap={8} wrap>
      <Badge tone={answer.answer === 'accepted' ? 'done' : 'neutral'}>
        {answer.answer === 'accepted'
          ? t('programmes.step.accepted', 'Làm theo')
          : t('programmes.step.rejected', 'Không làm theo')}
      </Badge>
      <Text tone="soft">
        {[formatDateTime(answer.at), answer.by, answer.reason].filter(Boolean).join(' · ')}
      </Text>
    </Row>
  );
}

function Refusal(props: {
  step: Step;
  busy: boolean;
  onClose: () => void;
  onReason: (reason: string) => void;
}) {
  const [reason, setReason] = useState('');
  return (
    <Dialog
      title={t('programmes.step.why', 'Vì sao không làm theo?')}
      opened
      onClose={props.onClose}
      acts={
        <Button
          kind="primary"
          busy={props.busy}
          disabled={reason.trim().length < LEAST_REASON}
          onPress={() => props.onReason(reason.trim())}
        >
          {t('programmes.step.save', 'Ghi lý do')}
        </Button>
      }
    >
      <Stack gap={12}>
        <Text>{props.step.title}</Text>
        <TextField
          label={t('programmes.step.reason', 'Lý do')}
          hint={t(
            'programmes.step.reason-hint',
            'Ví dụ: huyết áp đo tại nhà đã đạt; người bệnh đang có thai',
          )}
          value={reason}
          onChange={setReason}
        />
      </Stack>
    </Dialog>
  );
}

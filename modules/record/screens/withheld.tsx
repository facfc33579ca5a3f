/** What policy keeps from this reader, said plainly, and the way to open it for a stated reason. */
import { useState } from 'react';
import {
  api,
  Button,
  Dialog,
  Form,
  language,
  Notice,
  RadioList,
  refresh,
  Stack,
  Text,
  TextField,
  t,
  useForm,
  useQuery,
} from '../../../web/ui/index.ts';

const SHORTEST_REASON = 10;

export function Withheld(props: { patient: string }) {
  const [asking, setAsking] = useState(false);
  return (
    <Notice
      tone="look"
      title={t('record.withheld', 'Hồ sơ đang đóng với bạn')}
      acts={<Button onPress={() => setAsking(true)}>{t('record.open', 'Mở vì lý do chuyên môn')}</Button>}
    >
      {t(
        'record.withheld.why',
        'Người này không đang được đơn vị bạn chăm sóc. Hồ sơ tự mở khi họ được tiếp đón tại đơn vị.',
      )}
      {asking && <OpenDialog patient={props.patient} onClose={() => setAsking(false)} />}
    </Notice>
  );
}

/** Said of every record in the same words, so that it tells of nobody whether anything is hidden. */
export function MayBeHidden(props: { patient: string }) {
  const [asking, setAsking] = useState(false);
  return (
    <Stack gap={4}>
      <Text tone="soft">
        {t(
          'record.hidden',
          'Thông tin nhạy cảm của nơi khác và phần mà người dân hạn chế không hiện ở đây. Câu này có ở mọi hồ sơ.',
        )}
      </Text>
      <Button kind="quiet" onPress={() => setAsking(true)}>
        {t('record.hidden.open', 'Cấp cứu cần xem hết: mở kèm lý do')}
      </Button>
      {asking && <OpenDialog patient={props.patient} onClose={() => setAsking(false)} />}
    </Stack>
  );
}

/** `GET /api/access/break-glass/reasons`. */
interface Reasons {
  rows: { code: string; words: string; wordsEn: string }[];
  minutes: number;
}

function OpenDialog(props: { patient: string; onClose: () => void }) {
  const reasons = useQuery<Reasons>(['break-glass-reasons'], '/api/access/break-glass/reasons');
  const form = useForm({
    draft: `record.open.${props.patient}`,
    initial: { code: '', reason: '' },
    check: ({ code, reason }): Record<string, string> => ({
      ...(code === '' && { code: t('record.open.no-kind', 'Chọn loại lý do.') }),
      ...(reason.trim().length < SHORTEST_REASON && {
        reason: t('record.open.short', 'Ghi rõ lý do, ít nhất 10 ký tự.'),
      }),
    }),
    send: ({ code, reason }) => api.post('/api/access/break-glass', { patient: props.patient, code, reason }),
    onDone: () => {
      props.onClose();
      void refresh(['person', props.patient]);
      void refresh(['timeline', props.patient]);
      void refresh(['trends', props.patient]);
    },
  });
  return (
    <Dialog title={t('record.open.title', 'Mở hồ sơ ngoài phạm vi chăm sóc')} opened onClose={props.onClose}>
      <Form
        form={form}
        label={t('record.open.title', 'Mở hồ sơ ngoài phạm vi chăm sóc')}
        finish={t('record.open.do', 'Mở hồ sơ')}
      >
        <Text tone="soft">
          {t(
            'record.open.note',
            'Mở trong {n} phút. Người dân thấy ngay lần mở này cùng lý do, và người phụ trách bảo vệ dữ liệu được báo.',
            { n: reasons.data?.minutes ?? 60 },
          )}
        </Text>
        <RadioList
          label={t('record.open.kind', 'Loại lý do')}
          choices={(reasons.data?.rows ?? []).map((one) => ({
            value: one.code,
            label: language() === 'en' ? one.wordsEn : one.words,
          }))}
          {...form.field('code')}
        />
        {form.errors.code && <Notice tone="danger" title={form.errors.code} />}
        <TextField
          label={t('record.open.reason', 'Ghi cụ thể')}
          required
          lines={3}
          autoFocus
          {...form.field('reason')}
        />
        <Button kind="primary" submit busy={form.busy}>
          {t('record.open.do', 'Mở hồ sơ')}
        </Button>
      </Form>
    </Dialog>
  );
}

/** What came of a call, and when to call again. */

import type { CallResult } from '../../../engines/programmes/browser.ts';
import {
  api,
  Button,
  type CallOptions,
  DateField,
  Form,
  RadioList,
  Row,
  refresh,
  Stack,
  TextField,
  t,
  toast,
  useForm,
} from '../../../web/ui/index.ts';
import { CALL_RESULTS, callWord } from './words.ts';

interface CallValues {
  result: string;
  next: string | null;
  note: string;
}

export function CallForm(props: { programme: string; patient: string; about?: string; onDone: () => void }) {
  const form = useForm<CallValues, { call: string }>({
    draft: null,
    initial: { result: '', next: null, note: '' },
    check: ({ result, next }) => ({
      ...(result ? {} : { result: t('programmes.call.missing', 'Chọn kết quả cuộc gọi.') }),
      ...(result === 'later' && !next
        ? { next: t('programmes.call.next-missing', 'Hẹn lại thì ghi ngày gọi lại.') }
        : {}),
    }),
    send: ({ next, ...values }) =>
      api.post(
        `/api/programmes/${props.programme}/people/${encodeURIComponent(props.patient)}/calls`,
        { ...values, next: next ?? '', about: props.about ?? '' },
        NO_OPTIONS,
      ),
    onDone: (_, { result }) => {
      toast(t('programmes.call.saved', 'Đã ghi: {result}', { result: callWord(result as CallResult) }));
      void refresh(['programmes']);
      props.onDone();
    },
  });
  return (
    <Form
      form={form}
      label={t('programmes.call', 'Ghi cuộc gọi')}
      finish={t('programmes.call.save', 'Lưu cuộc gọi')}
    >
      <Stack gap={12}>
        <RadioList
          label={t('programmes.call.result', 'Kết quả')}
          choices={CALL_RESULTS.map((value) => ({ value, label: callWord(value) }))}
          {...form.field('result')}
        />
        <DateField
          label={t('programmes.call.next', 'Gọi lại hoặc hẹn đến ngày')}
          hint={t('programmes.call.next-hint', 'Đến ngày này mới nhắc lại; để trống nếu không hẹn')}
          expect="future"
          full
          {...form.field('next')}
        />
        <TextField label={t('programmes.call.note', 'Ghi chú')} {...form.field('note')} />
        <Row gap={8}>
          <Button kind="primary" submit busy={form.busy}>
            {t('programmes.call.save', 'Lưu cuộc gọi')}
          </Button>
        </Row>
      </Stack>
    </Form>
  );
}

const NO_OPTIONS: CallOptions = {};

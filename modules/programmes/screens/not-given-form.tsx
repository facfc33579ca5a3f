/** A dose that is not given: why, and when the person is asked again. */
import {
  api,
  Button,
  DateField,
  Form,
  Row,
  refresh,
  SelectField,
  Stack,
  TextField,
  t,
  toast,
  useForm,
} from '../../../web/ui/index.ts';
import { namedIn, useChoices } from './choices.ts';

interface Values {
  reason: string;
  next: string | null;
  note: string;
}

export function NotGivenForm(props: {
  programme: string;
  patient: string;
  product: string;
  onDone: () => void;
}) {
  const choices = useChoices();
  const reasons = choices.data?.reasons ?? [];
  const kindOf = (reason: string) => reasons.find(({ code }) => code === reason)?.kind;
  const form = useForm<Values, { notGiven: string }>({
    draft: null,
    initial: { reason: '', next: null, note: '' },
    check: ({ reason, next }) => ({
      ...(reason ? {} : { reason: t('programmes.not-given.missing', 'Chọn lý do không tiêm.') }),
      ...(kindOf(reason) === 'postponed' && !next
        ? { next: t('programmes.not-given.next-missing', 'Hoãn thì hẹn ngày tiêm bù.') }
        : {}),
    }),
    send: ({ next, ...values }) =>
      api.post(`/api/programmes/${props.programme}/people/${encodeURIComponent(props.patient)}/not-given`, {
        ...values,
        next: next ?? '',
        product: props.product,
      }),
    onDone: () => {
      toast(t('programmes.not-given.saved', 'Đã ghi: không tiêm'));
      void refresh(['programmes']);
      props.onDone();
    },
  });
  return (
    <Form
      form={form}
      label={t('programmes.not-given', 'Không tiêm')}
      finish={t('programmes.not-given.save', 'Lưu lý do')}
    >
      <Stack gap={12}>
        <SelectField
          label={t('programmes.not-given.reason', 'Lý do không tiêm')}
          required
          empty="–"
          choices={reasons.map((one) => ({ value: one.code, label: namedIn(one) }))}
          {...form.field('reason')}
        />
        <DateField
          label={t('programmes.not-given.next', 'Hẹn ngày')}
          hint={t('programmes.not-given.next-hint', 'Bắt buộc khi hoãn; để trống nếu không mời lại')}
          expect="future"
          full
          {...form.field('next')}
        />
        <TextField label={t('programmes.call.note', 'Ghi chú')} {...form.field('note')} />
        <Row gap={8}>
          <Button kind="primary" submit busy={form.busy}>
            {t('programmes.not-given.save', 'Lưu lý do')}
          </Button>
        </Row>
      </Stack>
    </Form>
  );
}

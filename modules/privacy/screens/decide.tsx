/** One decision in three steps: about what, who and until when, and what it does in words before it is made. */
import { useEffect, useState } from 'react';
import {
  api,
  Button,
  CheckBox,
  CodeSearch,
  DateField,
  Dialog,
  Form,
  Notice,
  RadioList,
  Stack,
  Text,
  t,
  useForm,
} from '../../../web/ui/index.ts';
import { decided } from './decided.ts';
import type { PersonLine } from './person-line.ts';
import { said } from './said.ts';

interface Values {
  category: string;
  who: 'everyone' | 'reader';
  reader: { code: string; label: string } | null;
  until: string | null;
  childAgreed: boolean;
}

interface Preview {
  vi: string;
  en: string;
  childMustAgree: boolean;
}

const ALL = 'all';

export function Decide(props: {
  effect: 'deny' | 'permit';
  person: PersonLine;
  categories: { code: string; vi: string; en: string }[];
  onClose: () => void;
}) {
  const { effect, person } = props;
  const [step, setStep] = useState(1);
  const [preview, setPreview] = useState<Preview | null>(null);
  const title =
    effect === 'deny' ? t('privacy.restrict', 'Hạn chế người xem') : t('privacy.grant', 'Cho thêm người xem');
  const asked = (values: Values) => ({
    patient: person.patient,
    effect,
    category: values.category === ALL ? null : values.category,
    reader: values.who === 'reader' ? (values.reader?.code ?? null) : null,
    until: values.until,
    childAgreed: values.childAgreed,
  });
  const form = useForm<Values>({
    draft: null,
    initial: {
      category: ALL,
      who: effect === 'permit' ? 'reader' : 'everyone',
      reader: null,
      until: null,
      childAgreed: false,
    },
    check: (values) =>
      step === 2 && values.who === 'reader' && values.reader === null
        ? { reader: t('privacy.no-reader', 'Hãy tìm và chọn cơ sở hoặc nhân viên y tế.') }
        : {},
    send: async (values) => {
      if (step === 1) return setStep(2);
      if (step === 2) {
        setPreview(await api.post<Preview>('/api/citizen/consents/preview', asked(values)));
        return setStep(3);
      }
      await api.post('/api/citizen/consents', asked(values));
      decided(person.patient);
      props.onClose();
    },
  });
  return (
    <Dialog title={title} opened onClose={props.onClose}>
      <Form
        form={form}
        label={title}
        finish={step === 3 ? t('privacy.agree', 'Đồng ý') : t('privacy.next', 'Tiếp')}
      >
        <Text tone="soft">{t('privacy.step', 'Bước {n}/3', { n: step })}</Text>
        {step === 1 && <What form={form} categories={props.categories} effect={effect} />}
        {step === 2 && <Who form={form} person={person} effect={effect} />}
        {step === 3 && preview && <Summary form={form} preview={preview} effect={effect} />}
        <Button kind="primary" submit wide busy={form.busy}>
          {step === 3 ? t('privacy.agree', 'Đồng ý') : t('privacy.next', 'Tiếp')}
        </Button>
        {step > 1 && (
          <Button kind="quiet" onPress={() => setStep(step - 1)}>
            {t('privacy.back', 'Quay lại')}
          </Button>
        )}
      </Form>
    </Dialog>
  );
}

type DecideForm = ReturnType<typeof useForm<Values>>;

function What(props: {
  form: DecideForm;
  categories: { code: string; vi: string; en: string }[];
  effect: string;
}) {
  const choices = [
    { value: ALL, label: t('privacy.whole', 'Toàn bộ hồ sơ') },
    ...props.categories.map((one) => ({ value: one.code, label: said(one) })),
  ];
  const label =
    props.effect === 'deny'
      ? t('privacy.what.deny', 'Bạn muốn che thông tin nào?')
      : t('privacy.what.permit', 'Bạn cho xem thông tin nào?');
  return <RadioList label={label} choices={choices} {...props.form.field('category')} />;
}

function Who(props: { form: DecideForm; person: PersonLine; effect: string }) {
  const { form, person } = props;
  const find = async (typed: string, signal: AbortSignal) => {
    const query = new URLSearchParams({ q: typed, patient: person.patient });
    return (
      await api.get<{ rows: { code: string; label: string }[] }>(`/api/citizen/readers?${query}`, { signal })
    ).rows;
  };
  return (
    <Stack gap={16}>
      {props.effect === 'deny' && (
        <RadioList
          label={t('privacy.who.deny', 'Che với ai?')}
          choices={[
            { value: 'everyone', label: t('privacy.everyone', 'Mọi cơ sở và nhân viên y tế') },
            { value: 'reader', label: t('privacy.one', 'Một cơ sở hoặc một người') },
          ]}
          value={form.values.who}
          onChange={(who) => form.set('who', who as Values['who'])}
        />
      )}
      {form.values.who === 'reader' && (
        <CodeSearch
          label={t('privacy.reader', 'Tên cơ sở hoặc nhân viên y tế')}
          name="reader"
          required
          ranked
          least={2}
          search={find}
          value={form.values.reader}
          onChoose={({ code, label }) => form.set('reader', { code, label })}
          onClear={() => form.set('reader', null)}
          draw={({ label }) => label}
          {...(form.errors.reader === undefined ? {} : { error: form.errors.reader })}
        />
      )}
      <DateField
        label={t('privacy.until', 'Đến hết ngày (để trống: cho đến khi bạn rút lại)')}
        expect="future"
        full
        {...form.field('until')}
      />
    </Stack>
  );
}

function Summary(props: { form: DecideForm; preview: Preview; effect: string }) {
  const { form, preview } = props;
  useEffect(() => document.getElementById('quyet-dinh')?.focus(), []);
  return (
    <Stack gap={12}>
      <div id="quyet-dinh" tabIndex={-1}>
        <Notice tone="info" title={said(preview)}>
          {props.effect === 'deny'
            ? t(
                'privacy.summary.deny',
                'Khi cấp cứu vẫn mở được hồ sơ và bạn thấy ngay lần mở đó. Nơi đã ghi thông tin vẫn xem được phần của mình. Bạn rút lại bất cứ lúc nào.',
              )
            : t(
                'privacy.summary.permit',
                'Đây là dữ liệu sức khỏe, thuộc loại nhạy cảm. Mọi lần họ xem đều hiện ở mục "Ai đã xem". Bạn rút lại bất cứ lúc nào.',
              )}
        </Notice>
      </div>
      {preview.childMustAgree && (
        <CheckBox
          label={t('privacy.child', 'Tôi đã hỏi, và trẻ đã đồng ý')}
          checked={form.values.childAgreed}
          onChange={(agreed) => form.set('childAgreed', agreed)}
        />
      )}
    </Stack>
  );
}

import { useState } from 'react';
import { api } from '../ui/data/api.ts';
import { passkeysWork } from '../ui/data/passkey.ts';
import { Notice } from '../ui/feedback/notice.tsx';
import { Skeleton } from '../ui/feedback/state.tsx';
import { Button } from '../ui/form/button.tsx';
import { Form } from '../ui/form/form.tsx';
import { TextField } from '../ui/form/text-field.tsx';
import { useForm } from '../ui/form/use-form.ts';
import { t } from '../ui/i18n/language.ts';
import { Stack } from '../ui/layout/layout.tsx';
import { Text } from '../ui/layout/text.tsx';
import { ExternalProviders } from './external-providers.tsx';
import { PasskeyButton } from './passkey-button.tsx';
import { type Entered, enter, type Ways } from './session-calls.ts';

type OnEntered = (answer: Entered) => void | Promise<void>;

/** Citizens: a code on the phone that the record knows, or a passkey. One question a screen. */
export function CitizenSignIn(props: { ways: Ways | null; onEntered: OnEntered }) {
  const { ways } = props;
  const [sentTo, setSentTo] = useState<string | null>(null);
  if (!ways) return <Skeleton lines={4} />;
  if (!ways.citizenCode) {
    return (
      <Stack>
        <Notice
          tone="look"
          title={t('citizen.no-codes', 'Tỉnh chưa nối cổng nhắn tin nên chưa gửi được mã đăng nhập.')}
        >
          {t(
            'citizen.no-codes-what',
            'Ai đã có khóa truy cập vẫn đăng nhập được. Người khác xin hỏi trạm y tế.',
          )}
        </Notice>
        {ways.passkey && passkeysWork() && <PasskeyButton onEntered={props.onEntered} />}
        <ExternalProviders who="citizen" />
      </Stack>
    );
  }
  if (sentTo !== null)
    return (
      <CodeForm
        phone={sentTo}
        minutes={ways.minutes}
        onEntered={props.onEntered}
        onBack={() => setSentTo(null)}
      />
    );
  return (
    <Stack>
      <NumberForm onSent={setSentTo} />
      {ways.passkey && passkeysWork() && <PasskeyButton onEntered={props.onEntered} />}
      <ExternalProviders who="citizen" />
    </Stack>
  );
}

function NumberForm(props: { onSent: (phone: string) => void }) {
  const form = useForm({
    draft: null,
    initial: { number: '', phone: '' },
    check: ({ number, phone }) => ({
      ...(number.replace(/\D/g, '').length !== 12 && {
        number: t('citizen.number-missing', 'Ghi đủ 12 chữ số trên thẻ căn cước.'),
      }),
      ...(phone.replace(/\D/g, '').length < 10 && {
        phone: t('citizen.phone-missing', 'Ghi số điện thoại di động, 10 chữ số.'),
      }),
    }),
    send: (values) => api.post('/api/access/citizen/code', values, { impatient: true }),
    onDone: (_, { phone }) => props.onSent(phone),
  });
  return (
    <Form
      form={form}
      label={t('citizen.sign-in', 'Người dân đăng nhập')}
      finish={t('citizen.send', 'Gửi mã')}
    >
      <TextField
        label={t('citizen.number', 'Số định danh cá nhân (căn cước)')}
        inputMode="numeric"
        autoFocus
        maxLength={20}
        {...form.field('number')}
      />
      <TextField
        label={t('citizen.phone', 'Số điện thoại')}
        hint={t('citizen.phone-hint', 'Số đã ghi trong hồ sơ sức khỏe; đổi số thì báo trạm y tế.')}
        type="tel"
        autoComplete="tel"
        maxLength={20}
        onEnter={() => void form.submit()}
        {...form.field('phone')}
      />
      <Button kind="primary" submit wide busy={form.busy}>
        {t('citizen.send', 'Gửi mã')}
      </Button>
    </Form>
  );
}

function CodeForm(props: { phone: string; minutes: number; onEntered: OnEntered; onBack: () => void }) {
  const form = useForm({
    draft: null,
    initial: { code: '' },
    check: ({ code }) =>
      code.replace(/\D/g, '').length === 6 ? {} : { code: t('code.six', 'Mã gồm 6 chữ số.') },
    send: async ({ code }) =>
      props.onEntered(await enter('citizen/sign-in', { code: code.replace(/\s/g, '') })),
  });
  return (
    <Form
      form={form}
      label={t('citizen.code-form', 'Nhập mã đã nhận')}
      finish={t('shell.sign-in', 'Đăng nhập')}
    >
      <Text as="p">
        {t(
          'citizen.sent',
          'Nếu hai số đúng với hồ sơ, một mã 6 chữ số đang được gửi tới {phone}. Mã dùng trong {minutes} phút.',
          { phone: props.phone, minutes: props.minutes },
        )}
      </Text>
      <TextField
        label={t('citizen.code', 'Mã trong tin nhắn')}
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
        maxLength={7}
        onEnter={() => void form.submit()}
        {...form.field('code')}
      />
      <Button kind="primary" submit wide busy={form.busy}>
        {t('shell.sign-in', 'Đăng nhập')}
      </Button>
      <Button kind="quiet" wide onPress={props.onBack}>
        {t('citizen.again', 'Chưa nhận được? Ghi lại số')}
      </Button>
    </Form>
  );
}
